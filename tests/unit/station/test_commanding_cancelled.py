"""Cancelled before it is sent, and what becomes of an action whose person goes away."""

from __future__ import annotations

import asyncio

import pytest
from fake_colony import OXYGEN, Station, run, settle

from adapters.contract import Refused
from adapters.records import ActionState


async def test_cancel_before_it_is_approved(station: Station) -> None:
    simulated = await station.simulate()
    status = await station.wait(station.commanding.cancel(simulated.id, "ben"))
    assert (status.state, status.outcome) == (ActionState.CANCELLED, "by ben")
    with pytest.raises(Refused, match="it is cancelled already"):
        await station.commanding.cancel(simulated.id, "ben")
    with pytest.raises(Refused, match="it is cancelled already"):
        await station.approve(simulated)


async def test_cancel_before_it_is_sent(station: Station) -> None:
    station.action.on_prepare = asyncio.Event().wait
    simulated = await station.simulate()
    await station.approve(simulated)
    await settle()
    begun = station.clock.time
    status = await station.wait(station.commanding.cancel(simulated.id, "ben"))
    assert (status.state, status.outcome) == (ActionState.CANCELLED, "by ben; nothing was sent")
    assert station.clock.time == begun
    assert station.world.sends == 0


async def test_cancel_while_it_is_simulated(station: Station) -> None:
    gate_open = asyncio.Event()
    station.action.on_simulate = gate_open.wait
    asked = asyncio.ensure_future(
        station.commanding.simulate("app.restart", {"app": OXYGEN}, "", "ana")
    )
    await settle()
    (status,) = station.commanding.statuses()
    cancelled = asyncio.ensure_future(station.commanding.cancel(status.name, "ben"))
    await settle()
    gate_open.set()
    with pytest.raises(Refused, match="was cancelled by ben"):
        await run(station.clock, asked)
    assert (await run(station.clock, cancelled)).state is ActionState.CANCELLED


async def test_cancel_after_it_was_sent_says_why_not(station: Station) -> None:
    holds = asyncio.Event()

    async def hold(intent: str) -> None:
        await holds.wait()

    station.action.on_send = hold
    simulated = await station.simulate()
    await station.approve(simulated)
    await settle()
    with pytest.raises(Refused, match="cannot be cancelled: it is submitted already"):
        await station.commanding.cancel(simulated.id, "ana")
    holds.set()
    await station.drain()
    with pytest.raises(Refused, match="it was sent; undo it instead"):
        await station.commanding.cancel(simulated.id, "ana")
    with pytest.raises(Refused, match="no action is called 'nope'"):
        await station.commanding.cancel("nope", "ana")


async def test_who_asks_and_goes_away_leaves_nothing_to_approve(station: Station) -> None:
    station.action.on_simulate = (holds := asyncio.Event()).wait
    asked = asyncio.ensure_future(
        station.commanding.simulate("app.restart", {"app": OXYGEN}, "", "ana")
    )
    await settle()
    asked.cancel()
    await settle()
    holds.set()
    await settle()
    (status,) = station.commanding.statuses()
    assert (status.state, status.outcome) == (ActionState.CANCELLED, "who asked for it went away")


async def test_who_approves_and_goes_away_has_approved(station: Station) -> None:
    simulated = await station.simulate()
    asked = asyncio.ensure_future(
        station.commanding.approve(simulated.id, simulated.digest, "y", "", "ana")
    )
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asked.cancel()
    await settle()
    await station.drain()
    assert station.status(simulated.id).state is ActionState.VERIFIED
