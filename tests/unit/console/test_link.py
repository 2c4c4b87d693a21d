"""The tie to the station: backoff, a retry by hand, subscriptions that survive a loss."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest

from console.feed.client import FeedClosed, FeedRefused
from console.feed.messages import Interest
from console.link import LONGEST_WAIT, Link, LinkState
from tests.ui.fakes import FakeClock, FakeStation


class Tied:
    """A link to a fake station, not running yet."""

    def __init__(self) -> None:
        self.station, self.clock = FakeStation(), FakeClock()
        self.link = Link(self.station.attach, self.clock, lambda _: None, lambda: None, seed=1)
        self.task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        self.task = asyncio.create_task(self.link.run())
        await settle()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture
async def tied() -> AsyncIterator[Tied]:
    made = Tied()
    yield made
    if made.task is not None:
        made.task.cancel()


async def test_what_is_wanted_is_wanted_again_after_a_loss(tied: Tied) -> None:
    link, station, clock = tied.link, tied.station, tied.clock
    await tied.run()
    await link.want([Interest("App"), Interest("App"), Interest("Pool")])
    assert station.feed.wanted == (Interest("App"), Interest("Pool"))
    station.feed.lose()
    await settle()
    assert link.state is LinkState.LOST
    clock.turn(1)
    await settle()
    assert link.state is LinkState.ATTACHED
    assert len(station.feeds) == 2
    assert station.feed.wanted == (Interest("App"), Interest("Pool"))


async def test_the_wait_grows_to_its_cap(tied: Tied) -> None:
    link, station, clock = tied.link, tied.station, tied.clock
    await tied.run()
    station.refuse = FeedRefused("no station answers")
    station.feed.lose()
    waits = []
    for _ in range(12):
        await settle()
        assert link.retry_at is not None
        waits.append(link.retry_at - clock.monotonic())
        clock.turn(waits[-1])
    assert waits[0] < 0.7
    assert all(later > 1.2 * earlier for earlier, later in itertools.pairwise(waits[:6]))
    assert max(waits) <= 1.2 * LONGEST_WAIT
    assert link.reason == "no station answers"


async def test_a_first_failure_waits_for_a_person(tied: Tied) -> None:
    link, station, clock = tied.link, tied.station, tied.clock
    station.refuse = OSError("no such file")
    await tied.run()
    assert (link.state, link.retry_at) == (LinkState.FAILED, None)
    clock.turn(1000)
    await settle()
    assert station.feeds == []
    station.refuse = None
    link.retry()
    await settle()
    assert link.state is LinkState.ATTACHED


async def test_an_error_of_any_kind_is_a_line(tied: Tied) -> None:
    tied.station.refuse = RuntimeError()
    await tied.run()
    assert tied.link.reason == "attaching failed: RuntimeError"


async def test_questions_without_a_station_are_refused(tied: Tied) -> None:
    with pytest.raises(FeedClosed, match="no station is attached"):
        await tied.link.ask("action.list")


async def test_a_first_attach_can_be_given_up_and_begun_anew(tied: Tied) -> None:
    link, station = tied.link, tied.station
    station.hold = asyncio.Event()
    await tied.run()
    assert link.state is LinkState.ATTACHING
    assert link.give_up()
    await settle()
    assert link.state is LinkState.FAILED
    assert link.reason.startswith("given up")
    assert not link.give_up()
    station.hold.set()
    link.retry()
    await settle()
    assert link.state is LinkState.ATTACHED
    assert not link.give_up()


async def test_who_ends_the_link_ends_what_it_attaches_too(tied: Tied) -> None:
    tied.station.hold = asyncio.Event()
    await tied.run()
    assert tied.task is not None
    tied.task.cancel()
    await settle()
    assert tied.task.cancelled()
    assert not tied.station.feeds
