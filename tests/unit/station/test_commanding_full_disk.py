"""The disk fills up at each commit of an action, for a while and for good."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from ended_stations import rest
from fake_colony import ManualClock, Station, World, copy_log, settle

from adapters.contract import Refused
from adapters.records import ActionState
from console.station.faults import Faults

COMMITS = 7
"""Transactions of an action that goes through: one for each stage."""


class FullAt(Faults):
    """The disk is full from the *number*th commit on, for *lasting* commits."""

    def __init__(self, number: int, lasting: int) -> None:
        self.full = range(number, number + lasting)
        self.commits = 0

    def at(self, point: str) -> None:
        if point == "before-commit":
            self.commits += 1
            if self.commits in self.full:
                raise sqlite3.OperationalError("database or disk is full")


@pytest.mark.parametrize("lasting", [1, 3, 1000])
@pytest.mark.parametrize("number", range(1, COMMITS + 1))
async def test_a_disk_that_fills_up(tmp_path: Path, number: int, lasting: int) -> None:
    hooks = FullAt(number, lasting)
    station = await Station(tmp_path / "log", hooks=hooks).start()
    before_sending = number <= 4

    async def ask() -> None:
        await station.approve(await station.simulate())

    if number <= 3:
        with pytest.raises(Refused, match="no action is taken until it can be written"):
            await ask()
    else:
        await ask()
    for _ in range(60):
        await settle()
        station.clock.turn()
    assert station.world.sends == (0 if before_sending else 1)
    for status in station.commanding.statuses():
        if not before_sending:
            assert status.state is ActionState.VERIFIED
        elif number == 4:
            assert status.state is ActionState.FAILED
            assert status.outcome.endswith("nothing was sent")
    if lasting < 1000:
        hooks.full = range(0)
        assert not station.commanding._journal.behind
        assert (await station.act("water/recycler")).state is ActionState.VERIFIED
        assert not station.commanding.trouble
        await station.log.verify()
        for (name,) in await station.log.read("SELECT id FROM intents"):
            logged = await station.commanding._journal.load(name)
            assert logged is not None
            assert logged.status(0).stages == station.status(name).stages
    else:
        assert station.commanding.trouble
        with pytest.raises(Refused, match="no action is taken until it can be written"):
            await station.simulate("water/recycler")
        assert station.world.sends == (0 if before_sending else 1)
    await station.stop()


async def test_an_effect_that_could_not_be_logged_is_found_again(tmp_path: Path) -> None:
    world, clock = World(), ManualClock()
    first = await Station(tmp_path / "0" / "log", world, clock, FullAt(5, 1000)).start()
    await first.approve(await first.simulate())
    await first.drain()
    assert first.commanding.statuses()[0].state is ActionState.VERIFIED
    assert first.commanding._journal.behind == 3
    second = await Station(copy_log(first.path, tmp_path / "1"), world, clock).start()
    await rest(second)
    assert second.commanding.statuses()[0].state is ActionState.VERIFIED
    assert world.sends == 1
    for station in (first, second):
        await station.stop()
