"""A sending that nobody answered: asked for, never repeated, never called unsent too soon."""

from __future__ import annotations

import asyncio

import pytest
from fake_colony import OXYGEN, Station, settle

from adapters.contract import Fate, Reconciled
from adapters.records import ActionState
from console.station import flight


@pytest.mark.parametrize("effect", [True, False])
async def test_a_broken_send_is_asked_for_and_not_repeated(station: Station, effect: bool) -> None:
    def breaks(intent: str) -> None:
        if effect:
            station.world.take(intent)
        raise ConnectionResetError("reset")

    station.action.on_send = breaks
    station.world.unreachable = 2
    status = await station.act()
    simulated = status.name
    assert station.world.sends == 1
    assert "unknown" in station.states(simulated)
    # Unknown is said once, and is not counted as in flight while nobody answers.
    while station.status(simulated).state is ActionState.UNKNOWN:
        await settle()
        station.clock.turn()
    await settle()
    await station.drain()
    status = station.status(simulated)
    if effect:
        assert status.state is ActionState.VERIFIED
    else:
        assert status.state is ActionState.FAILED
        assert "no trace of it; nothing was sent" in status.outcome
    assert station.world.effects.get(simulated, 0) == int(effect)
    assert any("asking again in" in each.progress for each in station.told)


async def test_a_send_that_hangs_is_asked_for(station: Station) -> None:
    async def hang(intent: str) -> None:
        station.world.take(intent)
        await asyncio.Event().wait()

    station.action.on_send = hang
    status = await station.act()
    assert status.state is ActionState.VERIFIED
    assert station.world.effects == {status.name: 1}
    assert station.status(status.name).stages[4].detail == "found"


async def test_a_send_that_cannot_be_stopped_is_never_called_unsent(station: Station) -> None:
    release = asyncio.Event()

    async def stubborn(intent: str) -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    station.action.on_send = stubborn
    simulated = await station.simulate()
    await station.approve(simulated)
    await station.drain()
    for _ in range(12):
        station.clock.turn()
        await settle()
    status = station.status(simulated.id)
    assert status.state is ActionState.UNKNOWN
    assert status.progress == f"no trace of it; look at {OXYGEN} yourself"
    assert station.action.calls.count("reconcile") == flight.LOOKS
    release.set()
    await settle()


async def test_not_sent_is_believed_when_said_twice(station: Station) -> None:
    """What was on its way when it was asked for the first time can still arrive."""
    intent = ""

    def breaks(name: str) -> None:
        nonlocal intent
        intent = name
        raise ConnectionResetError

    def late() -> Reconciled | None:
        if station.action.calls.count("reconcile") == 1:
            answer = Reconciled(Fate.NOT_SENT, "no trace of it")
            station.world.take(intent)
            return answer
        return None

    station.action.on_send, station.action.on_reconcile = breaks, late
    assert (await station.act()).state is ActionState.VERIFIED
