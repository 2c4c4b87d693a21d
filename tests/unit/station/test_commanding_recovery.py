"""What a station makes of an action that the one before it left unfinished."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from ended_stations import live, rest
from fake_colony import OXYGEN, ManualClock, Station, World, copy_log, settle

from adapters.contract import AdapterError, Progress, Reached, Refused
from adapters.records import ActionState


async def test_recovery_says_unknown_while_nobody_answers_and_blocks_the_target(
    tmp_path: Path,
) -> None:
    world, clock = World(), ManualClock()
    first = await live(
        tmp_path / "0" / "log", world, clock, ("after-send", 1), "answered", first=True
    )
    world.unreachable = 4
    second = Station(copy_log(first.path, tmp_path / "1"), world, clock)
    await second.log.open()
    (left,) = await second.commanding.recover()
    await settle()
    status = second.status(left.name)
    assert status.state is ActionState.UNKNOWN
    assert status.progress.startswith("tycho: no answer from the API server; asking again in")
    assert second.commanding.in_flight() == 0
    with pytest.raises(Refused, match=f"{left.name} .*is unknown"):
        await second.simulate()
    await rest(second)
    assert second.status(left.name).state is ActionState.VERIFIED
    assert second.states(left.name).count("unknown") == 1
    await second.simulate()
    assert await second.commanding.recover() == ()
    for station in (first, second):
        await station.stop()


async def test_recovery_waits_for_the_adapter(tmp_path: Path) -> None:
    world, clock = World(), ManualClock()
    first = await live(tmp_path / "log", world, clock, ("after-send", 1), "answered", first=True)
    second = Station(copy_log(first.path, tmp_path / "1"), world, clock)
    offers, second.offers[:] = list(second.offers), []
    await second.start()
    await settle()
    (status,) = second.commanding.statuses()
    assert status.state is ActionState.UNKNOWN
    assert "tycho is not there to be asked" in status.stages[-1].detail
    second.offers[:] = offers
    await rest(second)
    assert second.status(status.name).state is ActionState.VERIFIED
    assert "send" not in second.action.calls
    for station in (first, second):
        await station.stop()


async def test_an_effect_whose_window_ended_meanwhile_gets_a_last_look(tmp_path: Path) -> None:
    world, clock = World(), ManualClock()
    first = await live(tmp_path / "log", world, clock, ("after-receipt", 1), "answered", True)
    clock.time += 3600
    second = await live(copy_log(first.path, tmp_path / "1"), world, clock, ("", 0), "", False)
    assert second.commanding.statuses()[0].state is ActionState.VERIFIED
    second.action.looks = ()
    for station in (first, second):
        await station.stop()


async def test_an_envelope_that_was_changed_on_the_disk_stops_everything(tmp_path: Path) -> None:
    world, clock = World(), ManualClock()
    first = await live(tmp_path / "log", world, clock, ("after-envelope", 1), "answered", True)
    path = copy_log(first.path, tmp_path / "1")
    with sqlite3.connect(path) as db:
        db.execute("UPDATE envelopes SET body = x'00'")
    db.close()
    second = Station(path, world, clock)
    await second.start()
    with pytest.raises(Refused, match=r"the envelope of .* is not the one that its entry says"):
        await second.simulate()
    assert "send" not in second.action.calls
    for station in (first, second):
        await station.stop()


async def test_closing_in_mid_action_loses_nothing(tmp_path: Path) -> None:
    world, clock = World(), ManualClock()
    first = await Station(tmp_path / "log", world, clock).start()

    async def hang(intent: str) -> None:
        world.take(intent)
        await asyncio.Event().wait()

    first.action.on_send = hang
    await first.approve(await first.simulate())
    await settle()
    assert first.commanding.in_flight() == 1
    await first.stop()
    second = await Station(tmp_path / "log", world, clock).start()
    await rest(second)
    (status,) = second.commanding.statuses()
    assert status.state is ActionState.VERIFIED
    assert world.effects == {status.name: 1}
    assert second.log.head.size == len(status.stages)
    await second.stop()


async def test_a_watch_that_fails_after_a_restart_times_out(tmp_path: Path) -> None:
    world, clock = World(), ManualClock()
    first = await live(tmp_path / "0" / "log", world, clock, ("after-receipt", 1), "answered", True)
    second = Station(copy_log(first.path, tmp_path / "1"), world, clock)
    second.action.looks = (Progress(Reached.WAITING, "1 of 3"), AdapterError("gone"))
    await second.start()
    await rest(second)
    (status,) = second.commanding.statuses()
    assert status.state is ActionState.TIMED_OUT
    assert status.target == OXYGEN
    for station in (first, second):
        await station.stop()
