"""Approved by one person: with the word that is asked for, over what was seen, and once."""

from __future__ import annotations

import asyncio

import pytest
from fake_colony import OXYGEN, Station, settle

from adapters.contract import AdapterError, Progress, Reached, Refused, Significance
from adapters.records import ActionState
from console.station import lifecycle


@pytest.mark.parametrize(
    ("significance", "said", "goes"),
    [
        (Significance.ROUTINE, "", True),
        (Significance.CAUTION, "", False),
        (Significance.CAUTION, False, False),
        (Significance.CAUTION, "n", False),
        (Significance.CAUTION, "y", True),
        (Significance.CAUTION, " Yes ", True),
        (Significance.CAUTION, True, True),
        (Significance.CAUTION, "oxygen", True),
        (Significance.CRITICAL, "y", False),
        (Significance.CRITICAL, True, False),
        (Significance.CRITICAL, "", False),
        (Significance.CRITICAL, "Oxygen", False),
        (Significance.CRITICAL, "oxygen", True),
    ],
)
async def test_confirmation_grows_with_significance(
    station: Station, significance: Significance, said: str | bool, goes: bool
) -> None:
    station.action.significance_now = significance
    simulated = await station.simulate()
    if goes:
        assert (await station.approve(simulated, said)).state is ActionState.APPROVED
        await station.drain()
    else:
        with pytest.raises(Refused, match=r"confirm"):
            await station.approve(simulated, said)
        assert station.status(simulated.id).state is ActionState.SIMULATED
        assert station.world.sends == 0
        decision = await station.log.read("SELECT decision, actor FROM approvals")
        assert decision == [("refused", "ana")]


async def test_a_critical_action_without_a_name_asks_for_its_target(station: Station) -> None:
    station.action.significance_now = Significance.CRITICAL
    station.action.preview = {"confirm": ""}
    simulated = await station.simulate()
    with pytest.raises(Refused, match=OXYGEN):
        await station.approve(simulated, "")
    await station.approve(simulated, OXYGEN)
    await station.drain()


async def test_another_digest_is_refused(station: Station) -> None:
    simulated = await station.simulate()
    for wrong in ("", "0" * 64, simulated.digest.upper(), simulated.digest[:-1], "ü"):
        with pytest.raises(Refused, match="what you saw is not what would be sent"):
            await station.commanding.approve(simulated.id, wrong, "y", "", "ana")
    assert station.world.sends == 0


async def test_it_is_approved_once(station: Station) -> None:
    simulated = await station.simulate()
    both = [
        asyncio.ensure_future(
            station.commanding.approve(simulated.id, simulated.digest, "y", "", who)
        )
        for who in ("ana", "ben")
    ]
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(each, Refused) for each in results) == 1
    await station.drain()
    with pytest.raises(Refused, match="it is verified already"):
        await station.approve(simulated)
    assert station.world.effects == {simulated.id: 1}


async def test_an_old_simulation_is_not_approved(station: Station) -> None:
    simulated = await station.simulate()
    station.clock.time += lifecycle.WINDOWS[ActionState.SIMULATED] + 1
    with pytest.raises(Refused, match="too old"):
        await station.approve(simulated)
    station.clock.turn()
    await settle()
    status = station.status(simulated.id)
    assert (status.state, status.outcome) == (
        ActionState.CANCELLED,
        "nobody approved it in time",
    )


async def test_one_action_a_target_at_a_time(station: Station) -> None:
    first, second = await station.simulate(), await station.simulate()
    station.action.looks = (AdapterError("no look"),)
    await station.approve(first)
    with pytest.raises(Refused, match=f"{first.id} .*under way on {OXYGEN}"):
        await station.approve(second)
    with pytest.raises(Refused, match=first.id):
        await station.simulate()
    other = await station.simulate("water/recycler")
    await station.approve(other)
    assert station.commanding.in_flight() == 2
    await station.drain()
    station.action.looks = (Progress(Reached.VERIFIED, "done"),)
    await station.approve(second)
    await station.drain()


async def test_two_approvals_at_once_on_one_target(station: Station) -> None:
    both = [await station.simulate(), await station.simulate()]
    asked = [
        asyncio.ensure_future(station.commanding.approve(one.id, one.digest, "y", "", "ana"))
        for one in both
    ]
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each).__name__ for each in results] == ["ActionStatus", "Refused"]
    await station.drain()
    assert station.world.sends == 1
