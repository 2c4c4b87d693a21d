"""A stage that fails, hangs or is answered with nonsense: how the action ends, and what is told."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from fake_colony import OXYGEN, Station

from adapters.contract import AdapterError, Progress, Reached, Refused
from adapters.records import ActionState


@pytest.mark.parametrize(
    ("method", "state", "outcome"),
    [
        ("prepare", "failed", "AttributeError: 'NoneType' object .*; nothing was sent"),
        ("send", "unknown", "AttributeError: 'NoneType' object .*"),
        ("verify", "timed out", "accepted, but its effect was not seen within 60 s; .*TypeError.*"),
    ],
)
async def test_an_adapter_that_answers_nonsense(
    station: Station, method: str, state: str, outcome: str
) -> None:
    async def nonsense(*arguments: object) -> None:
        return None

    setattr(station.action, method, (lambda *_: 7) if method == "verify" else nonsense)
    status = await station.act()
    assert status.state.value == state
    assert re.fullmatch(outcome, status.outcome)
    assert station.commanding.in_flight() == 0


@pytest.mark.parametrize(
    ("error", "state", "raised"),
    [
        (Refused("it is paused"), "refused", Refused),
        (AdapterError("no answer"), "failed", AdapterError),
        (ValueError("odd\x1b[2J"), "failed", AdapterError),
    ],
)
async def test_a_simulation_that_fails(
    station: Station, error: Exception, state: str, raised: type[Exception]
) -> None:
    def fail() -> None:
        raise error

    station.action.on_simulate = fail
    with pytest.raises(raised) as caught:
        await station.simulate()
    assert "\x1b" not in str(caught.value)
    (status,) = station.commanding.statuses()
    assert status.state.value == state
    assert (await station.log.read("SELECT state FROM stages"))[-1] == (state,)


@pytest.mark.parametrize(
    ("stage", "state", "outcome"),
    [
        ("simulate", "timed out", "simulating app.restart: no answer within 15 s"),
        ("prepare", "timed out", "the last check: no answer within 15 s; nothing was sent"),
    ],
)
async def test_a_stage_that_hangs_times_out(
    station: Station, stage: str, state: str, outcome: str
) -> None:
    setattr(station.action, f"on_{stage}", asyncio.Event().wait)
    begun = station.clock.time
    if stage == "simulate":
        with pytest.raises(AdapterError, match="no answer within 15 s"):
            await station.simulate()
    else:
        await station.act()
    (status,) = station.commanding.statuses()
    assert (status.state.value, status.outcome) == (state, outcome)
    assert station.clock.time - begun == 15
    assert station.world.sends == 0


async def test_a_form_that_hangs_times_out(station: Station) -> None:
    async def hang(draft: object) -> Any:
        await asyncio.Event().wait()

    station.action.form = hang  # type: ignore[method-assign,assignment]
    with pytest.raises(AdapterError, match=r"the form of app.restart: no answer within 15 s"):
        await station.wait(station.commanding.form("app.restart", {"app": OXYGEN}))


@pytest.mark.parametrize("error", [Refused("the outcome is another"), AdapterError("403")])
async def test_the_last_check_can_stop_it(station: Station, error: Exception) -> None:
    def fail() -> None:
        raise error

    station.action.on_prepare = fail
    status = await station.act()
    assert status.state.value == ("refused" if isinstance(error, Refused) else "failed")
    assert status.outcome == f"{error}; nothing was sent"
    assert station.world.sends == 0
    assert status.undo == ()


async def test_the_real_system_refuses(station: Station) -> None:
    def refuse(intent: str) -> None:
        raise Refused("409: it was changed meanwhile")

    station.action.on_send = refuse
    status = await station.act()
    assert status.state is ActionState.REFUSED
    assert status.outcome == "409: it was changed meanwhile; nothing changed"
    assert "reconcile" not in station.action.calls


async def test_an_effect_that_does_not_come(station: Station) -> None:
    station.action.looks = (Progress(Reached.NOT_VERIFIED, "the rollout is stuck: pull fails"),)
    status = await station.act()
    assert status.state is ActionState.NOT_VERIFIED
    assert status.outcome == "the rollout is stuck: pull fails"
    assert status.undo


async def test_a_watch_that_ends_without_a_verdict_is_not_a_success(station: Station) -> None:
    station.action.looks = (Progress(Reached.WAITING, "1 of 3"),)
    status = await station.act()
    assert status.state is ActionState.NOT_VERIFIED


async def test_a_watch_that_breaks_is_begun_again_within_the_window(station: Station) -> None:
    station.action.looks = (Progress(Reached.WAITING, "1 of 3"), AdapterError("no answer"))
    begun = station.clock.time
    status = await station.act()
    assert status.state is ActionState.TIMED_OUT
    assert "not seen within 60 s; last seen: its effect cannot be seen: no answer" in status.outcome
    assert station.clock.time - begun == 60
    assert station.action.calls.count("verify") > 3
    assert status.undo


async def test_an_adapter_that_goes_away_meanwhile(station: Station) -> None:
    simulated = await station.simulate()
    station.offers.clear()
    await station.approve(simulated)
    await station.drain()
    status = station.status(simulated.id)
    assert status.state is ActionState.FAILED
    assert "tycho does not offer app.restart any more; nothing was sent" in status.outcome
