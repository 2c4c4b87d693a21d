"""A passphrase goes to its adapter, and nowhere else."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from served_colony import Colony
from station_helpers import NoSettings, running

from adapters.clock import SystemClock
from adapters.contract import Adapter, Batch, Context, Refused
from console.feed.client import FeedRefused
from console.feed.messages import Ask
from console.station.isolated import Isolated
from console.station.topics import Unlock

SECRET = "correct horse battery"


class Keys(Adapter):
    """Has one key, and says too much when it is asked to."""

    Settings = NoSettings

    async def records(self) -> AsyncIterator[Batch]:
        yield Batch("keys", begin=True, end=True)
        await self.context.clock.sleep(3600)

    async def unlock(self, key: str, passphrase: str) -> str:
        if key == "broken":
            raise ValueError(f"MAC of {passphrase}")
        if key == "leaks":
            raise Refused(f"not {passphrase}")
        if key == "talks":
            return f"opened with {passphrase}"
        if passphrase != SECRET:
            raise Refused(f"the passphrase of {key} is wrong")
        return f"{key} is open\x1b"


@pytest.fixture
async def colony(tmp_path: Path) -> AsyncIterator[Colony]:
    adapter = Isolated("main", lambda: Keys("main", NoSettings(), Context()))
    async with running(tmp_path, adapter, clock=SystemClock()) as (station, path):
        made = Colony(station, path, adapter)
        yield made
        for feed in made.feeds:
            await feed.close()


async def test_it_is_opened(colony: Colony, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    feed = await colony.feed()
    assert await feed.ask("unlock", source="main", key="ops", passphrase=SECRET) == "ops is open␛"
    assert "the key ops of main was unlocked by" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("key", "passphrase", "said"),
    [
        ("ops", "battery staple", "the passphrase of ops is wrong"),
        ("broken", SECRET, "main: unlocking failed: ValueError"),
        ("leaks", SECRET, "it was not unlocked: try again"),
    ],
)
async def test_no_error_tells_it(
    colony: Colony, caplog: pytest.LogCaptureFixture, key: str, passphrase: str, said: str
) -> None:
    caplog.set_level(logging.DEBUG)
    feed = await colony.feed()
    with pytest.raises(FeedRefused, match=said) as caught:
        await feed.ask("unlock", source="main", key=key, passphrase=passphrase)
    assert passphrase not in f"{caught.value}{caplog.text}"


async def test_no_answer_tells_it(colony: Colony) -> None:
    feed = await colony.feed()
    said = await feed.ask("unlock", source="main", key="talks", passphrase=SECRET)
    assert SECRET not in said


async def test_who_looks_on_opens_nothing(colony: Colony) -> None:
    feed = await colony.feed(read_only=True)
    with pytest.raises(FeedRefused, match="you are a viewer here: that needs the commander role"):
        await feed.ask("unlock", source="main", key="ops", passphrase=SECRET)


async def test_what_is_wrong_with_the_question_does_not_tell_it(colony: Colony) -> None:
    feed = await colony.feed()
    with pytest.raises(FeedRefused, match=r"^unlock: ") as caught:
        await feed.ask("unlock", source="main", key=3, passphrase=SECRET)
    assert SECRET not in str(caught.value)
    with pytest.raises(FeedRefused, match="no adapter is called 'nope'"):
        await feed.ask("unlock", source="nope", key="ops", passphrase=SECRET)


def test_no_message_shows_it() -> None:
    ask = Ask(1, "unlock", {"source": "main", "key": "ops", "passphrase": SECRET})
    unlock = msgspec.convert(ask.arguments, Unlock)
    for shown in (repr(ask), str(ask), repr(unlock), f"{[ask, unlock]}"):
        assert SECRET not in shown
        assert "unlock" in shown.lower()


async def test_an_adapter_without_keys_has_none() -> None:
    class Plain(Keys):
        unlock = Adapter.unlock

    with pytest.raises(Refused, match="main: no key is called 'ops'"):
        await Plain("main", NoSettings(), Context()).unlock("ops", SECRET)
