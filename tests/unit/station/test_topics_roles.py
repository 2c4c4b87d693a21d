"""What each role may ask: every topic that there is, one by one."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from station_helpers import Played, running

from adapters.clock import SystemClock
from console.feed.client import Feed, FeedError, FeedRefused
from console.roles import Role
from console.station.station import Station

NEEDS = {
    "query": Role.VIEWER,
    "why": Role.VIEWER,
    "doctor": Role.VIEWER,
    "action.list": Role.VIEWER,
    "action.form": Role.OPERATOR,
    "action.simulate": Role.OPERATOR,
    "action.approve": Role.OPERATOR,
    "action.decline": Role.OPERATOR,
    "action.cancel": Role.OPERATOR,
    "action.show": Role.VIEWER,
    "glass.break": Role.COMMANDER,
    "glass.mend": Role.COMMANDER,
    "glass.list": Role.VIEWER,
    "unlock": Role.COMMANDER,
    "log.page": Role.VIEWER,
    "log.checkpoint": Role.VIEWER,
    "log.proof": Role.VIEWER,
    "log.rotate": Role.COMMANDER,
    "log.note": Role.OPERATOR,
    "alarm.ack": Role.OPERATOR,
    "alarm.shelve": Role.OPERATOR,
    "alarm.unshelve": Role.OPERATOR,
    "station.status": Role.VIEWER,
    "station.support": Role.OPERATOR,
    "station.stop": Role.VIEWER,
}
"""The least role for each topic. Who may stop a station is its own user, whatever their role."""
ARGUMENTS: dict[str, dict[str, Any]] = {
    "query": {"source": "nobody", "topic": "x"},
    "why": {"app": "no/body"},
    "action.form": {"action": "x"},
    "action.simulate": {"action": "x"},
    "action.approve": {"id": "x", "digest": "x"},
    "action.decline": {"id": "x", "reason": "x"},
    "action.cancel": {"id": "x"},
    "action.show": {"id": "x"},
    "glass.break": {"reason": "dark", "minutes": 1},
    "unlock": {"source": "nobody", "key": "x", "passphrase": "x"},
    "log.proof": {"index": 0},
    "log.note": {"text": "x"},
    "alarm.ack": {"names": ["x"]},
    "alarm.shelve": {"name": "x", "minutes": 5, "reason": "x"},
    "alarm.unshelve": {"name": "x"},
}


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncIterator[tuple[Station, Path]]:
    async with running(tmp_path, Played("main"), clock=SystemClock()) as both:
        yield both


async def test_every_topic_says_whom_it_answers(shared: tuple[Station, Path]) -> None:
    assert shared[0]._topics.roles == NEEDS


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_may_what_it_may(shared: tuple[Station, Path], role: Role) -> None:
    """Asked over the feed, with arguments that are right: no is the role's, or something else's."""
    feed = await Feed.connect(shared[1], role=role.value)
    for topic, needed in NEEDS.items():
        if topic == "station.stop":
            continue
        said = ""
        try:
            await feed.ask(topic, **ARGUMENTS.get(topic, {}))
        except FeedRefused as error:
            said = str(error)
        no = f"you are {role.called} here: that needs the {needed} role"
        assert (said == no) is not role.may(needed), (topic, said)
    await feed.close()


async def test_what_a_role_may_not_leaves_no_entry(shared: tuple[Station, Path]) -> None:
    station, path = shared
    before = station.log.head.size
    feed = await Feed.connect(path, role="viewer")
    for topic, needed in NEEDS.items():
        if needed is not Role.VIEWER:
            with pytest.raises(FeedRefused, match="you are a viewer here"):
                await feed.ask(topic, **ARGUMENTS.get(topic, {}))
    assert station.log.head.size == before
    await feed.close()


async def test_a_read_only_console_is_told_so(shared: tuple[Station, Path]) -> None:
    feed = await Feed.connect(shared[1], read_only=True)
    said = "you are a viewer here: that needs the operator role; this console is read-only"
    with pytest.raises(FeedRefused, match=re.escape(said)):
        await feed.ask("log.note", text="x")
    await feed.close()


async def test_a_glass_is_broken_for_whoever_asks(shared: tuple[Station, Path]) -> None:
    feed = await Feed.connect(shared[1], person="ana")
    with pytest.raises(FeedError, match=r"glass\.break: Object contains unknown field uid"):
        await feed.ask("glass.break", reason="dark", minutes=5, uid=0)
    broken = await feed.ask("glass.break", reason="dark", minutes=5)
    assert (broken["uid"], broken["who"]) == (feed.welcome.uid, feed.welcome.who)
    assert [each["uid"] for each in await feed.ask("glass.list")] == [feed.welcome.uid]
    await feed.ask("glass.mend")
    assert await feed.ask("glass.list") == []
    await feed.close()
