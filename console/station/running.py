"""Runs a station from a choice on the command line to its end."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from adapters.clock import Clock, ShiftedClock, SystemClock
from adapters.contract import Context, Significance
from console.choice import Choice
from console.configuration import ConfigurationProblem
from console.feed.messages import ENDED
from console.identity import DEFAULT_SCENARIO, Identity, identify
from console.roles import Role
from console.station import box as boxes
from console.station import diary
from console.station.alarms.rules import Rule as AlarmRule
from console.station.ending import Starter
from console.station.instances import build
from console.station.members import Members
from console.station.policy import Policy, Rule
from console.station.server import ServerError, listen
from console.station.station import ALARMS, Plan, Station, signals
from console.station.supporting import Support

if TYPE_CHECKING:
    from console.settings import ColonyTable

MORNING = 1_931_234_400.0
"""When a demo's colony wakes: 2031-03-14 06:00:00 UTC, whatever the hour here."""
ANCHORED = 60.0
"""Seconds in which a demo's log is anchored at most once: to be seen within a visit."""
PREDECESSOR = 12.0
"""Seconds to wait for the colony's last station to be gone."""

_log = logging.getLogger("colony.station")


class StartError(Exception):
    """A line for a person: the station cannot run; and the exit status that says so."""

    def __init__(self, message: str, status: int = os.EX_UNAVAILABLE) -> None:
        super().__init__(message)
        self.status = status


class Tells(Protocol):
    """Who is told how the start goes."""

    def starting(self, line: str) -> None:
        """Say what is being done."""
        ...

    def ready(self, line: str) -> None:
        """Say that the socket answers."""
        ...


async def run(choice: Choice, starter: Starter, tells: Tells) -> None:
    """Run a station until it ends.

    Raises `ConfigurationProblem`, `PathError` and `StartError`, before it was ready.
    """
    identity = identify(choice)
    diary.keep(identity.diary, foreground=starter is Starter.OPERATOR)
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(await _alone(identity))
        if choice.demo:
            morning = ShiftedClock(MORNING, time.monotonic())
            plan, box = await _demo(choice, identity, morning, starter, tells)
            clock: Clock = morning
            stack.push_async_callback(box.close)
        else:
            clock, box = SystemClock(), None
            plan = _configured(choice, identity, clock, starter)
        station = Station(plan, clock)
        if box is not None:
            box.died = station.supervisor.trouble
        try:
            listening = listen(identity.socket, shared=identity.shared)
        except ServerError as error:
            raise StartError(str(error)) from error
        stack.push_async_callback(_late_close, station)
        numbers = [signal.SIGTERM, signal.SIGINT]
        if starter is Starter.OPERATOR:
            numbers.append(signal.SIGHUP)
        with signals(station, numbers):
            await station.start(listening, identity.socket)
            tells.ready(f"the station of {plan.colony} is ready at {identity.socket}")
            _log.info("ready: colony %s, pid %d", plan.colony, os.getpid())
            await station.ending.wait()
            await station.close(ENDED)
        _log.info("ended")


async def _late_close(station: Station) -> None:
    """Let go of the socket whatever happened."""
    station.server.leave()


def _configured(choice: Choice, identity: Identity, clock: Clock, starter: Starter) -> Plan:
    from console.settings import load

    colony = load(choice.config, choice.colony)
    context = Context(colony=colony.name, clock=clock, secrets=colony.configuration.secrets)
    # Relative names in a configuration are meant from where it stands.
    with contextlib.suppress(OSError):
        os.chdir(colony.configuration.path.parent)
    tables = {name: (t.adapter, t.settings) for name, t in colony.table.adapters.items()}
    return Plan(
        colony=colony.name,
        digest=identity.digest,
        adapters=build(tables, context, colony.where),
        log=identity.folder / "log.sqlite",
        read_only=colony.table.read_only or choice.read_only,
        production=colony.table.production,
        shared=identity.shared,
        members=_members(colony.table),
        policy=_policy(colony.table, shared=identity.shared),
        alarms=_alarms(colony.table),
        record=colony.table.record,
        anchor=colony.table.log.anchor_minutes * 60.0 if colony.table.log.anchor else None,
        origin=colony.table.log.origin,
        retain_days=colony.table.log.retain_days,
        witnesses=tuple((each.url, each.key) for each in colony.table.log.witnesses),
        starter=starter,
        support=Support(
            colony.table.model_dump(), context.secrets, identity.diary, dict(os.environ)
        ),
    )


def _alarms(table: ColonyTable) -> tuple[AlarmRule, ...]:
    from console.settings_alarms import resolve

    return resolve(table.alarms)


def _members(table: ColonyTable) -> Members:
    named = {Role(name): map(str, who) for name, who in table.roles}
    return Members({role: frozenset(who) for role, who in named.items()})


def _policy(table: ColonyTable, *, shared: bool) -> Policy:
    told = table.policy
    rules = tuple(
        Rule(
            each.action,
            each.target,
            each.arguments,
            Significance(each.significance) if each.significance else None,
            each.second_person,
        )
        for each in told.rules
    )
    second = frozenset(map(Significance, told.second_person))
    return Policy(second, rules, told.break_glass, told.break_glass_minutes, shared)


async def _demo(
    choice: Choice, identity: Identity, clock: ShiftedClock, starter: Starter, tells: Tells
) -> tuple[Plan, boxes.Box]:
    tells.starting("the colony in a box")
    if starter is not Starter.OPERATOR:
        os.chdir("/")  # where the console happened to be is not to be kept busy
    # A new box is a new colony: what was done in an earlier one never happened here.
    for path in identity.folder.glob("log.sqlite*"):
        path.unlink(missing_ok=True)
    (identity.folder / ALARMS).unlink(missing_ok=True)
    scenario = choice.scenario or DEFAULT_SCENARIO
    try:
        box = await boxes.start(boxes.commands(choice.seed, scenario, clock.epoch, clock.zero))
    except boxes.BoxError as error:
        status = os.EX_USAGE if error.usage else os.EX_UNAVAILABLE
        raise StartError(str(error), status) from error
    try:
        tables = {
            name: (
                str(table.get("adapter", "")),
                {k: v for k, v in table.items() if k != "adapter"},
            )
            for name, table in box.adapters.items()
        }
        context = Context(colony=box.colony, clock=clock, seed=choice.seed)
        adapters = build(tables, context, "the colony in a box")
    except ConfigurationProblem:
        await box.close()
        raise
    plan = Plan(
        colony=box.colony,
        digest=identity.digest,
        adapters=adapters,
        log=identity.folder / "log.sqlite",
        demo=True,
        read_only=choice.read_only,
        record=True,
        anchor=ANCHORED,
        starter=starter,
        seed=choice.seed,
        support=Support({"adapters": box.adapters}, None, identity.diary, dict(os.environ)),
    )
    return plan, box


async def _alone(identity: Identity) -> contextlib.AbstractContextManager[None]:
    """Hold the colony's lock: one station a colony. Raises `StartError` if another keeps it."""
    held = os.open(identity.hold, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    deadline = time.monotonic() + PREDECESSOR
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except OSError:
            if time.monotonic() > deadline:
                pid = os.pread(held, 32, 0).decode("ascii", "replace").strip() or "unknown"
                os.close(held)
                raise StartError(
                    f"another station of {identity.colony} runs (pid {pid}): "
                    "`colony station stop`, or stop that process"
                ) from None
            await asyncio.sleep(0.1)
    os.ftruncate(held, 0)
    os.pwrite(held, f"{os.getpid()}\n".encode(), 0)
    return _held(held)


@contextlib.contextmanager
def _held(descriptor: int) -> Iterator[None]:
    try:
        yield
    finally:
        os.close(descriptor)
