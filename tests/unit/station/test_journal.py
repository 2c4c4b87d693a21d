"""The actions' side of the log: what waits, in which order, and what is never written twice."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import pytest
from fake_colony import ManualClock, settle

from console.station.journal import Journal
from console.station.log import Leaf, Log, LogError


class Disk:
    """A log that fails or holds on when told to."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.fails = False
        self.opens = asyncio.Event()
        self.opens.set()

    async def append(self, leaf: Leaf) -> int:
        await self.opens.wait()
        if self.fails:
            raise LogError("the disk is full")
        self.written.append(leaf.data)
        return len(self.written)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def journal(disk: Disk, clock: ManualClock) -> Journal:
    return Journal(cast(Log, disk), clock)


def leaf(name: bytes) -> Leaf:
    return Leaf(name, 0.0)


async def test_what_happened_waits_and_comes_first(journal: Journal, disk: Disk) -> None:
    disk.fails = True
    await journal.keep(leaf(b"1"))
    await journal.keep(leaf(b"2"))
    assert journal.behind == 2
    with pytest.raises(LogError):
        await journal.must(leaf(b"never"))
    disk.fails = False
    await journal.must(leaf(b"3"))
    assert disk.written == [b"1", b"2", b"3"]
    assert journal.behind == 0
    await journal.close()


async def test_it_tries_again_by_itself(journal: Journal, disk: Disk, clock: ManualClock) -> None:
    disk.fails = True
    await journal.keep(leaf(b"1"))
    for _ in range(5):
        await settle()
        assert clock.turn()
    disk.fails = False
    await settle()
    clock.turn()
    await settle()
    assert disk.written == [b"1"]
    assert not clock.turn()
    await journal.close()


@pytest.mark.parametrize("way", ["must", "keep"])
async def test_who_goes_away_does_not_stop_a_write_half_way(
    journal: Journal, disk: Disk, way: str
) -> None:
    disk.opens.clear()
    caller = asyncio.ensure_future(getattr(journal, way)(leaf(b"1")))
    await settle()
    caller.cancel()
    await settle()
    assert caller.cancelled()
    disk.opens.set()
    await settle()
    await journal.must(leaf(b"2"))
    assert disk.written == [b"1", b"2"]
    await journal.close()


async def test_closing_waits_for_what_is_being_written(journal: Journal, disk: Disk) -> None:
    disk.opens.clear()
    caller = asyncio.ensure_future(journal.keep(leaf(b"1")))
    await settle()
    closing = asyncio.ensure_future(journal.close())
    await settle()
    assert not closing.done()
    disk.opens.set()
    await closing
    await caller
    assert disk.written == [b"1"]


async def test_a_log_without_it_says_so(tmp_path: Path, clock: ManualClock) -> None:
    log = Log(tmp_path / "log")
    await log.open()
    assert await Journal(log, clock).load("nope") is None
    assert await Journal(log, clock).recent(5) == []
    await log.close()
