"""A broken glass: it stands in for the second person, for its owner and for a while."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fake_colony import TWO, ManualClock, Station, copy_log, run
from two_people import ANA, BEN, leaves, station

from adapters.contract import Refused, Significance
from adapters.records import ActionState

__all__ = ["station"]


async def smash(station: Station, reason: str = "nobody answers", minutes: float = 10) -> Any:
    return await station.wait(station.commanding.glasses.smash("ana", ANA, reason, minutes))


async def test_a_broken_glass_stands_in_for_the_second_person_and_nothing_else(
    station: Station,
) -> None:
    station.action.significance_now = Significance.CRITICAL
    station.commanding._approving.policy = TWO._replace(
        second_person=frozenset({Significance.CRITICAL})
    )
    glass = await smash(station)
    assert glass.until == station.clock.time + 600
    simulated = await station.simulate(uid=ANA)
    with pytest.raises(Refused, match="confirm by typing oxygen"):
        await station.approve(simulated)
    with pytest.raises(Refused, match="what you saw"):
        await station.approve(msgspec.structs.replace(simulated, digest="0" * 64), "oxygen")
    await station.approve(simulated, "oxygen")
    await station.drain()
    status = station.status(simulated.id)
    assert status.state is ActionState.VERIFIED
    assert [(each.who, each.glass) for each in status.approvals if each.decision == "approved"] == [
        ("ana", True)
    ]
    assert "BREAK-GLASS: nobody answers" in status.stages[2].detail
    said = [each for each in await leaves(station) if "glass" in each]
    assert len(said) == 1
    assert (await leaves(station))[0]["event"] == "break-glass"


async def test_a_second_person_is_that_with_a_broken_glass_too(station: Station) -> None:
    await smash(station)
    simulated = await station.simulate(uid=BEN)
    await station.approve(simulated, who="ben")
    await station.approve(simulated, who="ana")
    await station.drain()
    status = station.status(simulated.id)
    assert [(each.who, each.glass) for each in status.approvals] == [("ben", False), ("ana", False)]
    assert not any("glass" in each for each in await leaves(station))


async def test_a_glass_is_its_owners_and_for_a_while(station: Station) -> None:
    await smash(station)
    simulated = await station.simulate(uid=BEN)
    assert (await station.approve(simulated, who="ben")).state is ActionState.REQUESTED
    own = await station.simulate("water/recycler", uid=ANA)
    station.clock.time += 601
    assert (await station.approve(own)).state is ActionState.REQUESTED
    assert station.commanding.glasses.all() == []


@pytest.mark.parametrize(
    ("reason", "minutes", "said"),
    [
        ("", 5, "needs a reason"), (" \n", 5, "needs a reason"), ("x", 31, "30 minutes at most"),
        ("x", 0, "30 minutes at most"), ("x", -1, "30 minutes at most"),
        ("x", float("nan"), "30 minutes at most"), ("x", float("inf"), "30 minutes at most"),
    ],
)  # fmt: skip
async def test_a_glass_that_stays_whole(
    station: Station, reason: str, minutes: float, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        await smash(station, reason, minutes)
    assert station.commanding.glasses.all() == []


async def test_a_policy_may_have_no_glass_or_a_thicker_one(tmp_path: Path) -> None:
    for policy, said in (
        (TWO._replace(break_glass=False), "no break-glass"),
        (TWO._replace(break_glass_minutes=5.0), "5 minutes at most, and not 10"),
    ):
        station = await Station(tmp_path / said / "log", policy=policy).start()
        with pytest.raises(Refused, match=said):
            await smash(station)
        await station.stop()


async def test_a_glass_outlives_the_station_and_can_be_mended(tmp_path: Path) -> None:
    clock = ManualClock()
    first = await Station(tmp_path / "log", None, clock, policy=TWO).start()
    glass = await smash(first)
    second = await Station(copy_log(first.path, tmp_path / "1"), None, clock, policy=TWO).start()
    assert second.commanding.glasses.all() == [glass]
    await run(clock, asyncio.ensure_future(second.commanding.glasses.mend("ana", ANA)))
    assert second.commanding.glasses.all() == []
    with pytest.raises(Refused, match="your glass is whole"):
        await second.commanding.glasses.mend("ana", ANA)
    third = await Station(copy_log(second.path, tmp_path / "2"), None, clock, policy=TWO).start()
    assert third.commanding.glasses.all() == []
    for each in (first, second, third):
        await each.stop()
