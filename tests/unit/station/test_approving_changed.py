"""The second look: a target that is not what it was when it was asked for is not touched."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from fake_colony import TWO, Station
from two_people import ANA, requested, station

from adapters.contract import AdapterError, Draft, Preview, Refused, Significance
from adapters.records import ActionState
from console.station.policy import Rule

__all__ = ["station"]


def made_again(station: Station) -> None:
    (oxygen, *rest) = station.apps
    station.apps = [msgspec.structs.replace(oxygen, uid="u1-again"), *rest]


def another_template(station: Station) -> None:
    station.action.preview = {"binds": {"uid": "u1", "template": "xyz"}}


def another_outcome(station: Station) -> None:
    station.action.preview = {"outcome": "xyz"}


def nothing_left(station: Station) -> None:
    station.action.preview = {"nothing": "it is so already"}


def refused(station: Station) -> None:
    def no() -> None:
        raise Refused("it is paused")

    station.action.on_simulate = no


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (made_again, "was deleted and made again"),
        (another_template, "another template"),
        (another_outcome, "another outcome"),
        (nothing_left, "it is so already"),
        (refused, "it is paused"),
    ],
)
async def test_a_target_that_changed_meanwhile_is_not_touched(
    station: Station, change: Any, said: str
) -> None:
    simulated = await requested(station)
    change(station)
    with pytest.raises(Refused, match=f"it changed since it was asked for: .*{said}"):
        await station.approve(simulated, who="ben")
    status = station.status(simulated.id)
    assert status.state is ActionState.REFUSED
    assert "simulate again" in status.outcome
    assert not station.world.sends


async def test_the_second_look_is_told_what_was_approved(station: Station) -> None:
    """What a simulation chooses by itself, as the price of a call, is no change of the target."""
    drafts: list[Draft] = []
    simulate = station.action.simulate

    async def looked(draft: Draft) -> Preview:
        drafts.append(draft)
        return await simulate(draft)

    station.action.simulate = looked  # type: ignore[method-assign]
    simulated = await requested(station)
    await station.approve(simulated, who="ben")
    await station.drain()
    first, second = drafts
    assert first.approved is None
    assert second.approved is not None
    assert second.approved.binds == simulated.preview.binds


async def test_what_a_policy_makes_of_it_is_approved_too(station: Station) -> None:
    simulated = await requested(station)
    rule = Rule(significance=Significance.CRITICAL)
    station.commanding._approving.policy = TWO._replace(rules=(rule,))
    raised = await station.simulate(uid=ANA)
    assert raised.preview.binds == simulated.preview.binds
    assert raised.digest != simulated.digest
    with pytest.raises(Refused, match="it changed since it was asked for: another significance"):
        await station.approve(simulated, who="ben")


async def test_a_real_system_that_does_not_answer_leaves_the_request(station: Station) -> None:
    simulated = await requested(station)

    def silent() -> None:
        raise AdapterError("no answer")

    station.action.on_simulate = silent
    with pytest.raises(AdapterError, match="no answer"):
        await station.approve(simulated, who="ben")
    assert station.status(simulated.id).state is ActionState.REQUESTED
    station.action.on_simulate = None
    await station.approve(simulated, who="ben")
    await station.drain()
    assert station.status(simulated.id).state is ActionState.VERIFIED
