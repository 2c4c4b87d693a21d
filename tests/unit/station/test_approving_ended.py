"""A request that ends unapproved: declined, cancelled, or decided on by nobody in time."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from fake_colony import TWO, Station, settle
from two_people import ANA, BEN, leaves, requested, station

from adapters.contract import Refused
from adapters.records import ActionState
from console.roles import Role
from console.station.lifecycle import WINDOWS

__all__ = ["station"]


async def test_a_request_that_nobody_decides_on_ends_by_itself(station: Station) -> None:
    simulated = await requested(station)
    stage = station.status(simulated.id).stages[-1]
    assert stage.until == stage.at + WINDOWS[ActionState.REQUESTED]
    while station.clock.time < stage.until:
        assert station.clock.turn()
        await settle()
    status = station.status(simulated.id)
    assert status.state is ActionState.TIMED_OUT
    assert status.outcome == "no second person decided within 15 min; nothing was sent"
    with pytest.raises(Refused, match="it is timed out already"):
        await station.approve(simulated, who="ben")


async def test_a_late_approval_is_refused_even_before_the_clock_says_so(station: Station) -> None:
    simulated = await requested(station)
    station.clock.time += WINDOWS[ActionState.REQUESTED] + 1
    with pytest.raises(Refused, match=r"the request of .* is too old"):
        await station.approve(simulated, who="ben")


@pytest.mark.parametrize("first", ["end", "word"])
async def test_an_end_and_a_word_at_the_same_moment(tmp_path: Path, first: str) -> None:
    """Whichever comes first counts: what ends is not sent, and what is sent is not ended."""
    station = await Station(tmp_path / "log", policy=TWO).start()
    simulated = await station.simulate(uid=ANA)
    cancel = station.commanding.cancel(simulated.id, "ben", uid=BEN)
    word = station.commanding.approve(simulated.id, simulated.digest, "y", "", "ana", uid=ANA)
    both = (cancel, word) if first == "end" else (word, cancel)
    found = await station.wait(asyncio.gather(*both, return_exceptions=True))
    assert station.states(simulated.id)[-1] == "cancelled"
    assert not station.world.sends
    if first == "end":
        assert "cannot be approved: it is ending" in str(found[1])
        assert station.states(simulated.id) == ["draft", "simulated", "cancelled"]
    stages = [each["state"] for each in await leaves(station) if each["event"] == "stage"]
    assert stages == station.states(simulated.id), "the log has it as it was"
    await station.stop()


async def decline(station: Station, simulated: Any, reason: str, **options: Any) -> Any:
    given = {"uid": BEN, **options}
    return await station.wait(station.commanding.decline(simulated.id, reason, "ben", **given))


async def test_a_decline_has_a_reason(station: Station) -> None:
    simulated = await requested(station)
    with pytest.raises(Refused, match="declining needs a reason"):
        await decline(station, simulated, " ")
    status = await decline(
        station, simulated, "not in the\nmiddle of a landing", role=Role.OPERATOR
    )
    assert status.state is ActionState.REFUSED
    assert status.outcome == "declined by ben: not in the middle of a landing"
    assert status.approvals[-1].decision == "declined"
    with pytest.raises(Refused, match="cannot be declined: it is refused"):
        await decline(station, simulated, "twice")
    with pytest.raises(Refused, match="you are a viewer here: you may not decline"):
        await decline(station, simulated, "no", role=Role.VIEWER)


async def test_only_a_commander_cancels_what_is_anothers(station: Station) -> None:
    simulated = await requested(station)
    cancel = station.commanding.cancel
    with pytest.raises(Refused, match="is ana's: a commander may cancel it"):
        await station.wait(cancel(simulated.id, "ben", uid=BEN, role=Role.OPERATOR))
    await station.wait(cancel(simulated.id, "ana", uid=ANA, role=Role.OPERATOR))
    assert station.status(simulated.id).state is ActionState.CANCELLED
