"""A thousand stations ended by chance: several times over, with disks that fail in between.

Each seed is one run that can be had again: `seeded(N, path)`. What must hold is what `check` of
the ends that are told one by one asks for: at most one effect, each entry whole, a word on each
action, and that word true.
"""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from ended_stations import SENDINGS, KillAt, act, arm, check, rest
from fake_colony import TWO, ManualClock, Restart, Station, Transfer, World, copy_log

from adapters.contract import AdapterError
from adapters.records import ActionState
from console.station.faults import POINTS, Killed
from console.station.policy import Policy

SEEDS, BATCH = 1000, 50
AT_MOST = 4
"""Ends of one run, one after the other."""


class Mishaps(KillAt):
    """Ends the station at one point, and before that lets some commits fail as a full disk does."""

    def __init__(self, point: str, number: int, full: frozenset[int]) -> None:
        super().__init__(point, number)
        self.full = full

    def at(self, point: str) -> None:
        super().at(point)
        if point == "before-commit" and self.passed[point] in self.full:
            raise sqlite3.OperationalError("database or disk is full")


async def live(station: Station, hooks: Mishaps, sending: str, first: bool) -> None:
    """Run one station until it is done or dead."""
    arm(station, hooks, sending)
    try:
        await station.start()
        if first:
            await act(station)
        else:
            await rest(station)
    except Killed:
        pass
    except AdapterError:  # the disk was full: nothing was approved, and what there is goes on
        try:
            await rest(station)
        except Killed:
            pass


async def seeded(seed: int, directory: Path) -> tuple[str, int]:
    """Do the run of *seed*; return how its action ended, "" for none, and its effects."""
    chance = random.Random(seed)
    kind = chance.choice((Restart, Transfer))
    policy = chance.choice((Policy(), TWO))
    sending = chance.choice(SENDINGS)
    ends = chance.randint(1, AT_MOST)
    world, clock = World(), ManualClock()
    path = directory / "0" / "log.sqlite"
    stations: list[Station] = []
    for number in range(ends + 1):
        last = number == ends
        point = "" if last else chance.choice(POINTS)
        count = chance.randint(1, 8) if point.endswith("-commit") else chance.choice((1, 1, 1, 2))
        full = frozenset(chance.sample(range(1, 12), chance.choice((0, 0, 1, 3))))
        hooks = Mishaps(point, count, frozenset() if last else full)
        world.unreachable = chance.choice((0, 0, 1, 4))
        clock.time += chance.choice((0.0, 1.0, 30.0, 2000.0))
        station = Station(path, world, clock, hooks, kind=kind, policy=policy)
        stations.append(station)
        await live(station, hooks, sending, first=number == 0)
        path = copy_log(path, directory / str(number + 1))
    told = [[f"{each.name} {each.state}" for each in station.told] for station in stations]
    await check(stations[-1], world, told)
    statuses = stations[-1].commanding.statuses()
    for station in stations:
        await station.stop()
    assert len(statuses) <= 1
    return (statuses[0].state.value if statuses else ""), sum(world.effects.values())


@pytest.mark.parametrize("first", range(0, SEEDS, BATCH))
async def test_at_most_one_effect_by_chance(tmp_path: Path, first: int) -> None:
    came: Counter[str] = Counter()
    for seed in range(first, first + BATCH):
        try:
            state, effects = await seeded(seed, tmp_path / str(seed))
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
        came[f"{state}, {effects} effects"] += 1
    # By chance, but not by luck: each batch has some that came to their end and some that did not.
    assert came[f"{ActionState.VERIFIED}, 1 effects"]
    assert any(kind.endswith(" 0 effects") for kind in came)
