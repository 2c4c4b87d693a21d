"""The station ended at every point of an action, once and twice, whatever became of the sending.

Nothing is stopped in order: the log is copied as it lies on the disk at that moment, and another
station opens the copy. The real system outlives both.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from fake_colony import (
    OXYGEN,
    PEOPLE,
    TWO,
    ManualClock,
    Restart,
    Station,
    Transfer,
    World,
    copy_log,
    settle,
)

from adapters.contract import AdapterError, Progress, Reached, Refused
from adapters.records import ActionState
from console.station.faults import POINTS, Faults, Killed
from console.station.lifecycle import FOLLOWS
from console.station.policy import Policy

COMMITS = 7
"""Transactions of an action that goes through: one for each stage."""
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


@pytest.mark.parametrize("kind", [Restart, Transfer])
@pytest.mark.parametrize("away", [0, 3])
@pytest.mark.parametrize("sending", SENDINGS)
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: "-".join(map(str, moment)))
async def test_ended_once(
    tmp_path: Path, moment: tuple[str, int], sending: str, away: int, kind: type[Restart]
) -> None:
    await scenario(tmp_path, [moment], sending, away, kind)


@pytest.mark.parametrize("kind", [Restart, Transfer])
@pytest.mark.parametrize("first", ["after-approval", "after-envelope", "after-send", "after-final"])
@pytest.mark.parametrize("sending", ["answered", "lost", "died after"])
async def test_ended_again_while_recovering(
    tmp_path: Path, first: str, sending: str, kind: type[Restart]
) -> None:
    for number, second in enumerate(MOMENTS):
        await scenario(tmp_path / str(number), [(first, 1), second], sending, 1, kind)


async def test_every_point_is_passed(tmp_path: Path) -> None:
    """The points that a plain action or its recovery never pass would test nothing."""
    passed: Counter[str] = Counter()
    for policy, sending in ((TWO, "answered"), (Policy(), "lost")):
        hooks = KillAt()
        station = Station(tmp_path / sending / "log", hooks=hooks, policy=policy)
        arm(station, hooks, sending)
        await station.start()
        await act(station)
        passed += hooks.passed
        await station.stop()
    assert set(passed) == set(POINTS)


@pytest.mark.parametrize(
    ("moment", "state", "outcome"),
    [
        ("after-draft", "cancelled", "the station restarted"),
        ("after-simulated", "cancelled", "the station restarted"),
        (
            "after-approval",
            "failed",
            "the station ended before it was sent; nothing was sent",
        ),
        (
            "before-envelope",
            "failed",
            "the station ended before it was sent; nothing was sent",
        ),
        (
            "after-envelope",
            "failed",
            "the station ended while it was being sent; no trace of it; nothing was sent",
        ),
        ("after-send", "verified", "3 of 3 ready"),
        ("after-receipt", "verified", "3 of 3 ready"),
    ],
)
async def test_what_the_operator_is_told(
    tmp_path: Path, moment: str, state: str, outcome: str
) -> None:
    _, station = await scenario(tmp_path, [(moment, 1)], "answered", 0)
    (status,) = station.commanding.statuses()
    assert (status.state.value, status.outcome) == (state, outcome)


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


class FullAt(Faults):
    """The disk is full from the *number*th commit on, for *lasting* commits."""

    def __init__(self, number: int, lasting: int) -> None:
        self.full = range(number, number + lasting)
        self.commits = 0

    def at(self, point: str) -> None:
        if point == "before-commit":
            self.commits += 1
            if self.commits in self.full:
                raise sqlite3.OperationalError("database or disk is full")


@pytest.mark.parametrize("lasting", [1, 3, 1000])
@pytest.mark.parametrize("number", range(1, COMMITS + 1))
async def test_a_disk_that_fills_up(tmp_path: Path, number: int, lasting: int) -> None:
    hooks = FullAt(number, lasting)
    station = await Station(tmp_path / "log", hooks=hooks).start()
    before_sending = number <= 4

    async def ask() -> None:
        await station.approve(await station.simulate())

    if number <= 3:
        with pytest.raises(Refused, match="no action is taken until it can be written"):
            await ask()
    else:
        await ask()
    for _ in range(60):
        await settle()
        station.clock.turn()
    assert station.world.sends == (0 if before_sending else 1)
    for status in station.commanding.statuses():
        if not before_sending:
            assert status.state is ActionState.VERIFIED
        elif number == 4:
            assert status.state is ActionState.FAILED
            assert status.outcome.endswith("nothing was sent")
    if lasting < 1000:
        hooks.full = range(0)
        assert not station.commanding._journal.behind
        assert (await station.act("water/recycler")).state is ActionState.VERIFIED
        assert not station.commanding.trouble
        await station.log.verify()
        for (name,) in await station.log.read("SELECT id FROM intents"):
            logged = await station.commanding._journal.load(name)
            assert logged is not None
            assert logged.status(0).stages == station.status(name).stages
    else:
        assert station.commanding.trouble
        with pytest.raises(Refused, match="no action is taken until it can be written"):
            await station.simulate("water/recycler")
        assert station.world.sends == (0 if before_sending else 1)
    await station.stop()


async def test_an_effect_that_could_not_be_logged_is_found_again(tmp_path: Path) -> None:
    world, clock = World(), ManualClock()
    first = await Station(tmp_path / "0" / "log", world, clock, FullAt(5, 1000)).start()
    await first.approve(await first.simulate())
    await first.drain()
    assert first.commanding.statuses()[0].state is ActionState.VERIFIED
    assert first.commanding._journal.behind == 3
    second = await Station(copy_log(first.path, tmp_path / "1"), world, clock).start()
    await rest(second)
    assert second.commanding.statuses()[0].state is ActionState.VERIFIED
    assert world.sends == 1
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
