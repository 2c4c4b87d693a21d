"""What was taken and has no effect yet: it stays submitted, and is asked for until it is in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fake_colony import OXYGEN, Restart, Station, Transfer, copy_log, settle

from adapters.contract import AdapterError, Fate, Progress, Reached, Reconciled, Refused
from adapters.records import ActionState
from console.station import flight


@pytest.fixture
async def station(tmp_path: Path) -> Any:
    made = await Station(tmp_path / "log.sqlite", kind=Transfer).start()
    yield made
    await made.stop()


async def sent(station: Station) -> str:
    """Approve an action and let it be sent; return its id."""
    simulated = await station.simulate()
    await station.approve(simulated)
    await settle()
    return str(simulated.id)


async def test_submitted_is_not_included(station: Station) -> None:
    name = await sent(station)
    assert station.status(name).state is ActionState.SUBMITTED
    assert station.status(name).progress == "0xabc is in no block yet"
    assert station.commanding.in_flight() == 1
    told = [each.progress for each in station.told]
    assert "0xabc is in the pool" in told


async def test_it_is_asked_for_as_often_as_the_adapter_says(station: Station) -> None:
    name = await sent(station)
    begun = station.clock.time
    await station.drain()
    assert station.clock.time - begun == 4.0
    expected = ["draft", "simulated", "approved", "submitted", "included", "final", "verified"]
    assert station.states(name) == expected
    assert station.world.sends == 1
    assert station.world.effects == {name: 1}


async def test_what_comes_to_nothing_has_failed(station: Station) -> None:
    station.world.reverts = True
    name = await sent(station)
    await station.drain()
    status = station.status(name)
    assert (status.state, status.outcome) == (
        ActionState.FAILED,
        "0xabc reverted in block 7: NotOwner()",
    )
    assert status.undo == ()
    assert station.world.effects == {}


async def test_past_its_window_it_is_unknown_and_asked_for_slowly_on(station: Station) -> None:
    station.action.preview["window"] = 60.0
    name = await sent(station)
    station.world.pool[name] = 100
    begun = station.clock.time
    while station.status(name).state is ActionState.SUBMITTED:
        assert station.clock.time - begun < 70
        station.clock.turn()
        await settle()
    assert station.clock.time - begun >= 60
    assert station.status(name).state is ActionState.UNKNOWN
    assert station.status(name).progress == "0xabc is in no block yet"
    assert station.commanding.in_flight() == 0
    asked = station.action.calls.count("reconcile")
    before = station.clock.time
    for _ in range(40):
        station.clock.turn()
        await settle()
    assert station.action.calls.count("reconcile") > asked + 5
    assert station.clock.time - before > 5 * flight.SLOWLY
    station.world.pool[name] = 0
    while station.status(name).state is not ActionState.VERIFIED:
        station.clock.turn()
        await settle()
    assert station.states(name)[3:6] == ["submitted", "unknown", "included"]
    assert station.world.effects == {name: 1}


async def test_from_unknown_it_may_have_failed_after_all(station: Station) -> None:
    name = await sent(station)
    station.world.reverts = True
    station.world.pool[name] = 35
    for _ in range(200):
        station.clock.turn()
        await settle()
    assert station.states(name)[-2:] == ["unknown", "failed"]


async def test_what_was_taken_is_never_called_unsent(station: Station) -> None:
    """A node that restarts forgets its pool, and another may still have what is in it."""
    name = await sent(station)
    del station.world.pool[name]
    for _ in range(60):
        station.clock.turn()
        await settle()
    assert station.status(name).state is ActionState.UNKNOWN
    assert station.status(name).progress == "no trace of it"
    station.world.take(name)
    while station.status(name).state is not ActionState.VERIFIED:
        station.clock.turn()
        await settle()


async def test_a_node_that_is_away_for_a_moment_leaves_it_submitted(station: Station) -> None:
    name = await sent(station)
    station.world.unreachable = 3
    station.clock.turn()
    await settle()
    assert station.status(name).state is ActionState.SUBMITTED
    assert station.status(name).progress.startswith("tycho: no answer from the API server; asking")
    await station.drain()
    assert "unknown" not in station.states(name)


async def test_a_receipt_that_is_not_in_yet_is_pending_too(station: Station) -> None:
    answers = [Reconciled(Fate.SENT, "seen", station.action.accept("x")) for _ in range(3)]
    station.action.on_reconcile = lambda: answers.pop() if answers else None
    name = await sent(station)
    assert station.status(name).state is ActionState.SUBMITTED
    await station.drain()
    assert station.status(name).state is ActionState.VERIFIED


async def test_a_restart_goes_on_asking_and_the_window_goes_on_too(tmp_path: Path) -> None:
    first = await Station(tmp_path / "0" / "log", kind=Transfer).start()
    first.action.preview["window"] = 600.0
    name = await sent(first)
    second = Station(copy_log(first.path, tmp_path / "1"), first.world, first.clock, kind=Transfer)
    second.clock.time += 650
    second.world.pool[name] = 1000
    await second.start()
    await settle()
    assert second.status(name).state is ActionState.SUBMITTED
    begun = second.clock.time
    while second.status(name).state is ActionState.SUBMITTED:
        second.clock.turn()
        await settle()
    assert second.clock.time - begun < 2 * flight.LAST_LOOK
    assert "send" not in second.action.calls
    for station in (first, second):
        await station.stop()


async def test_what_is_not_exclusive_goes_side_by_side(station: Station) -> None:
    first = await sent(station)
    second = await sent(station)
    assert {station.status(one).state for one in (first, second)} == {ActionState.SUBMITTED}
    await station.drain()
    assert station.world.effects == {first: 1, second: 1}


async def test_what_is_exclusive_goes_with_no_other_whichever_was_first(station: Station) -> None:
    restart = Restart(station.world)
    restart.looks = (Progress(Reached.WAITING, "1 of 3"), AdapterError("no answer"))
    station.offers.append(("tycho", restart))
    name = await sent(station)
    with pytest.raises(Refused, match=rf"{name} \(app\.transfer\) is under way"):
        await station.wait(station.commanding.simulate("app.restart", {"app": OXYGEN}, "", "ana"))
    await station.drain()
    simulated = await station.wait(
        station.commanding.simulate("app.restart", {"app": OXYGEN}, "", "ana")
    )
    await station.approve(simulated)
    with pytest.raises(Refused, match=rf"{simulated.id} \(app\.restart\) is under way"):
        await station.simulate()


async def test_after_a_restart_it_is_still_not_exclusive(tmp_path: Path) -> None:
    first = await Station(tmp_path / "0" / "log", kind=Transfer).start()
    name = await sent(first)
    second = Station(copy_log(first.path, tmp_path / "1"), first.world, first.clock, kind=Transfer)
    second.world.pool[name] = 100
    await second.start()
    await settle()
    await second.simulate()
    assert second.status(name).state is ActionState.SUBMITTED
    for station in (first, second):
        await station.stop()
