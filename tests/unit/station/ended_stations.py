"""Stations that are ended at a point of an action, one after another on what the last one left.

Nothing is stopped in order: the log is copied as it lies on the disk at that moment, and another
station opens the copy. The real system outlives both.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from fake_colony import PEOPLE, ManualClock, Restart, Station, World, copy_log, settle

from adapters.records import ActionState
from console.station.faults import POINTS, Faults, Killed
from console.station.lifecycle import FOLLOWS

MOMENTS = [
    *((point, 1) for point in POINTS if point not in ("before-commit", "after-commit")),
    *((point, number) for point in ("before-commit", "after-commit") for number in range(1, 8)),
]
SENDINGS = ("answered", "lost", "taken", "died before", "died after")
"""What becomes of the sending: no answer and no effect, no answer and an effect, …"""


class KillAt(Faults):
    """Ends the station the *number*th time that *point* is passed; nothing of it works then."""

    def __init__(self, point: str = "", number: int = 1) -> None:
        self.point, self.left = point, number
        self.dead = False
        self.passed: Counter[str] = Counter()

    def at(self, point: str) -> None:
        assert point in POINTS
        self.passed[point] += 1
        if point == self.point:
            self.left -= 1
            if self.left == 0:
                self.die()
        if self.dead:
            raise Killed(point)

    def die(self) -> None:
        self.dead = True
        raise Killed(self.point or "sending")


def arm(station: Station, hooks: KillAt, sending: str) -> None:
    """Let the world treat what is sent as *sending* says."""

    def on_send(intent: str) -> None:
        if sending in ("taken", "died after"):
            station.action.accept(intent)
        if sending.startswith("died"):
            hooks.die()
        if sending in ("lost", "taken"):
            raise ConnectionResetError("reset")

    station.action.on_send = on_send


async def act(station: Station) -> None:
    try:
        simulated = await station.simulate(uid=PEOPLE["ana"])
        if (await station.approve(simulated)).state is ActionState.REQUESTED:
            await station.approve(simulated, who="ben")
        await rest(station)
    except Killed:
        pass


async def rest(station: Station) -> None:
    """Turn the clock until nothing of the station runs, and no request waits for anybody."""
    for _ in range(200):
        await settle()
        waits = any(one.state is ActionState.REQUESTED for one in station.commanding.statuses())
        flies = station.commanding._book._flights or station.commanding._recorder.under_way
        if not flies and not waits:
            return
        station.clock.turn()
    raise AssertionError("it goes on for ever")


async def live(
    path: Path,
    world: World,
    clock: ManualClock,
    moment: tuple[str, int],
    sending: str,
    first: bool,
    **options: Any,
) -> Station:
    """Run one station until it is done or dead."""
    hooks = KillAt(*moment)
    station = Station(path, world, clock, hooks, **options)
    arm(station, hooks, sending)
    try:
        await station.start()
        if first:
            await act(station)
        else:
            await rest(station)
    except Killed:
        pass
    return station


async def check(station: Station, world: World, told: list[list[str]]) -> None:
    """What must hold whatever happened."""
    assert world.sends <= 1
    assert all(count == 1 for count in world.effects.values())
    assert not station.log.trouble
    head = await station.log.verify()
    stages = await station.log.read("SELECT count(*) FROM stages")
    approvals = await station.log.read("SELECT count(*) FROM approvals WHERE decision = 'refused'")
    assert stages[0][0] + approvals[0][0] == head.size
    intents = await station.log.read("SELECT id FROM intents")
    assert world.effects.keys() <= {name for (name,) in intents}
    for (name,) in intents:
        status = (await station.commanding.show(name)).status
        path = [stage.state for stage in status.stages]
        assert all(b in FOLLOWS[a] for a, b in zip([None, *path], path, strict=False)), path
        assert status.state.ended, path
        assert status.outcome
        if world.effects.get(name):
            assert status.state is ActionState.VERIFIED, path
        else:
            unsent = (ActionState.CANCELLED, ActionState.FAILED)
            asked = path[-2:] == [ActionState.REQUESTED, ActionState.TIMED_OUT]
            assert asked or status.state in unsent, path
        assert any(line.startswith(f"{name} {status.state}") for line in told[-1])


async def scenario(
    tmp_path: Path,
    moments: list[tuple[str, int]],
    sending: str,
    away: int,
    kind: type[Restart] = Restart,
) -> tuple[World, Station]:
    world, clock = World(), ManualClock()
    path = tmp_path / "0" / "log.sqlite"
    stations: list[Station] = []
    for number, moment in enumerate([*moments, ("", 0)]):
        world.unreachable = away
        station = await live(path, world, clock, moment, sending, number == 0, kind=kind)
        stations.append(station)
        path = copy_log(path, tmp_path / str(number + 1))
    told = [[f"{each.name} {each.state}" for each in station.told] for station in stations]
    last = stations[-1]
    await check(last, world, told)
    for station in stations:
        await station.stop()
    return world, last
