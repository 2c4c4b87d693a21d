"""The station: one colony's adapters, its actions and their log, and the feed, put together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from adapters.clock import Clock, ShiftedClock
from adapters.contract import Action, Adapter, Finding, Found, Refused
from adapters.records import ActionStatus, App, LogHead, Quality, Record, Scope
from adapters.text import clean
from console import freshness
from console.feed.answers import Why
from console.feed.messages import VERSION, Hello, Welcome
from console.roles import Role, least
from console.station import retention, supporting, targets, why
from console.station.alarms.desk import Alarms
from console.station.alarms.rules import DEFAULTS, Rule
from console.station.anchoring import Anchoring
from console.station.commanding import Commanding
from console.station.ending import Ending, Starter
from console.station.hub import Hub
from console.station.ledger_feed import LedgerFeed
from console.station.log import Log
from console.station.members import Members
from console.station.policy import Policy
from console.station.server import Server
from console.station.supervisor import Supervisor
from console.station.supporting import Support
from console.station.topics import Topics
from console.station.witnessing import Witnessing
from console.station.world import HubWorld

ALARMS = "alarms.json"
"""The file beside the log that says where each alarm stands."""
PERSON = 64
"""Characters of the name of a person that a forced command passes."""
DRAIN = 150.0
"""Seconds that actions in flight have to end after the station was told to."""

_log = logging.getLogger("colony.station")


class Plan(NamedTuple):
    """What a station is made of.

    `log` is the file of the log of actions. `adapters` are (kind, adapter) by instance name.
    `members` says who is what, `policy` what needs two people.
    `alarms` are the rules of what is an alarm.
    `record` is whether verified deployments are written down where the colony records them.
    `anchor` is in how many seconds the log is anchored at most once; None: it is not. `origin` is
    what the log is called, "" for a name after the colony and the log's id. `retain_days` is how
    long the content of its entries is kept, 0 for ever. `witnesses` are (URL,
    verifier key) of who cosigns it. `support` tells what a support bundle takes from here.
    """

    colony: str
    digest: str
    adapters: Mapping[str, tuple[str, Adapter]]
    log: Path
    demo: bool = False
    read_only: bool = False
    production: bool = False
    shared: bool = False
    members: Members = Members()
    policy: Policy = Policy()
    alarms: tuple[Rule, ...] = DEFAULTS
    record: bool = False
    anchor: float | None = None
    origin: str = ""
    retain_days: int = 0
    witnesses: tuple[tuple[str, str], ...] = ()
    starter: Starter = Starter.OPERATOR
    seed: int | None = None
    support: Support = Support()


_NO_USER = str.maketrans({"@": " at ", "(": " ", ")": " "})
"""What somebody calls themself cannot pass for the user behind it, as in "ana (ops@host)"."""


class Station:
    """One running station. `start`, then `ending.wait`, then `close`."""

    def __init__(self, plan: Plan, clock: Clock) -> None:
        self.plan = plan
        self.clock = clock
        self.hub = Hub(clock)
        self.supervisor = Supervisor(plan.adapters, self.hub, clock, plan.seed)
        self.log = Log(plan.log, colony=plan.colony, origin=plan.origin, now=clock.now)
        self.commanding = Commanding(
            plan.colony,
            self.log,
            clock,
            self._offers,
            self.hub.of_kind,
            self._tell,
            read_only=plan.read_only,
            record=plan.record,
            policy=plan.policy,
            quality=self._quality,
        )
        self.anchoring: Anchoring | None = None
        if plan.anchor is not None:
            self.anchoring = Anchoring(
                self.log,
                self._origin,
                self.commanding.standing,
                clock,
                self.supervisor.query,
                every=plan.anchor,
                in_flight=self.commanding.in_flight,
                acts=not plan.read_only,
                told=lambda: self.ledger.stir(),
            )
        self.witnessing = Witnessing(
            self.log, plan.witnesses, clock, told=lambda: self.ledger.stir()
        )
        self.ledger = LedgerFeed(
            self.log,
            self.hub.publish,
            mismatch=lambda: self.anchoring.mismatch if self.anchoring else "",
            witnesses=lambda: self.witnessing.trouble,
            contradicts=lambda: self.witnessing.contradicts,
        )
        self.alarms = Alarms(
            self.hub,
            clock,
            self.commanding.journal,
            plan.log.with_name(ALARMS),
            plan.alarms,
        )
        self._tasks: list[asyncio.Task[None]] = []
        self.ending = Ending(clock, plan.starter, self.commanding.in_flight)
        self._topics = Topics(self.supervisor, self.commanding, self)
        self.server = Server(
            self.hub, self._topics, self.ending, clock, self._welcome, shared=plan.shared
        )
        self.hurry = asyncio.Event()
        """Set to end without waiting for actions: the log has where, the next station goes on."""
        self._started_at = clock.now()
        self._path: Path | None = None

    async def start(self, listening: socket.socket, path: Path) -> None:
        """Take up what the log holds, run the adapters, and serve at *listening*."""
        self._path = path
        self._log_trouble(await self.log.open())
        self.hub.publish("actions", [])
        self.alarms.start()
        self.supervisor.start()
        for status in await self.commanding.recover():
            _log.warning("action %s (%s) was %s", status.name, status.action, status.state)
        self._tasks.append(asyncio.create_task(self.ledger.run(), name="ledger"))
        self._tasks.append(asyncio.create_task(self.alarms.run(), name="alarms"))
        self._tasks.append(asyncio.create_task(self.witnessing.run(), name="witnessing"))
        if self.plan.retain_days and not self.plan.read_only:
            letting_go = retention.run(self.log, self.clock, self.plan.retain_days)
            self._tasks.append(asyncio.create_task(letting_go, name="retention"))
        if self.anchoring is not None:
            self._tasks.append(asyncio.create_task(self.anchoring.run(), name="anchoring"))
        await self.server.start(listening, path)

    async def close(self, reason: str, drain: float = DRAIN) -> None:
        """End: no new action, those in flight first, then everything else."""
        self.commanding.read_only = True
        if self.anchoring is not None:
            self._tasks.pop().cancel()
        self.server.leave()
        if self.commanding.in_flight() and not self.hurry.is_set():
            _log.warning("waiting for %d actions in flight", self.commanding.in_flight())
            drained = asyncio.ensure_future(self.commanding.drain())
            limit = asyncio.ensure_future(self.clock.sleep(drain))
            hurry = asyncio.ensure_future(self.hurry.wait())
            waits: set[asyncio.Future[Any]] = {drained, limit, hurry}
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
        await self.server.close(reason)
        await self.alarms.close()
        await self.commanding.close()
        for task in self._tasks:
            task.cancel()
        await self.supervisor.close()
        await self.log.close()

    # What topics ask

    async def head(self) -> LogHead:
        """Return where the log stands now."""
        return await self.ledger.look()

    def about(self) -> dict[str, Any]:
        """Return how the station is."""
        return {
            "colony": self.plan.colony,
            "mode": self._mode(read_only=False),
            "pid": os.getpid(),
            "started_at": self._started_at,
            "started_by": self.plan.starter.value,
            "socket": str(self._path or ""),
            "log": str(self.plan.log),
            "log_trouble": self.log.trouble,
            "connections": self.server.connections,
            "consoles": self.server.attended,
            "actions_in_flight": self.commanding.in_flight(),
            "ends_in": self.ending.linger,
            "stays": self.ending.stays,
            "adapters": {s.name: s.state.value for s in self.supervisor.statuses()},
            "records": sum(self.hub.counts().values()),
            "digest": self.plan.digest,
            "feed": VERSION,
        }

    async def why(self, reference: str) -> Why:
        """Return why the app that *reference* means is down; raises `Refused`."""
        app = targets.resolve(reference, self.hub.of_kind("App"))
        assert isinstance(app, App)  # noqa: S101  (what a record of this kind is)
        world = HubWorld(self.hub, self.clock.now())
        told = await self.supervisor.links(app, world)
        offered = {action.name for _, action in self._offers()}
        return why.answer(app, told, world, self._trust, offered)

    async def support(self) -> dict[str, Any]:
        """Return what a support bundle takes from here, without a secret."""
        found = [record for kind in supporting.KINDS for record in self.hub.of_kind(kind)]
        return await asyncio.to_thread(self.plan.support.told, found)

    def findings(self) -> list[Finding]:
        """Return what the station finds of itself."""
        trouble = self.log.trouble
        found = [
            Finding(
                "log of actions",
                Found.BAD if trouble else Found.GOOD,
                f"{trouble}; no action is taken" if trouble else str(self.plan.log),
                "mend the file or its disk; it is tried again with each action" if trouble else "",
            )
        ]
        if recovered := self.ledger.head.recovered:
            advice = "what was done then is not in the log: see for yourself what came of it"
            found.append(Finding("log recovered", Found.WARNING, recovered, advice))
        if self.anchoring is not None:
            found += self.anchoring.findings()
        found += self.witnessing.findings()
        found += self.alarms.findings()
        if self.plan.shared and not self.plan.members:
            found.append(
                Finding(
                    "who may act",
                    Found.WARNING,
                    "everybody who may connect is commander",
                    f'name them: [colonies.{self.plan.colony}.roles] commander = ["…"]',
                )
            )
        return found

    async def stop(self, who: str, *, force: bool, replace: bool) -> dict[str, Any]:
        """End the station; refuses while that would leave somebody or something behind."""
        flying = self.commanding.in_flight()
        if flying and not force:
            raise Refused(f"{flying} actions are in flight; wait for them, or use --force")
        if replace and (self.server.attended or self.ending.stays):
            raise Refused(
                f"{self.server.attended} consoles are attached"
                if self.server.attended
                else "it was started to stay (colony station)"
            )
        _log.info("told to stop by %s", who)
        self.server.leave()
        if force:
            self.hurry.set()
        # The answer goes out first: the connection that asked is closed with the others.
        asyncio.get_running_loop().call_later(0.05, self.ending.ask)
        return {"pid": os.getpid(), "actions_in_flight": flying, "stopping": True}

    # Inside

    def _welcome(self, who: str, uid: int, hello: Hello) -> Welcome:
        plan = self.plan
        person = clean(" ".join(hello.person.translate(_NO_USER).split()), PERSON)
        shifted = self.clock if isinstance(self.clock, ShiftedClock) else None
        return Welcome(
            version=VERSION,
            colony=plan.colony,
            mode=self._mode(read_only=hello.read_only),
            who=f"{person} ({who})" if person else who,
            role=self._role(uid, hello).value,
            uid=uid,
            epoch=shifted.epoch if shifted else 0.0,
            zero=shifted.zero if shifted else -1.0,
            pid=os.getpid(),
            started_at=self._started_at,
            digest=plan.digest,
            production=plan.production,
        )

    def _origin(self) -> str:
        return self.log.origin

    def _role(self, uid: int, hello: Hello) -> Role:
        """Return what a connection may do: what its user may, less what it says it does not want.

        A role that nobody knows takes everything away.
        """
        if hello.read_only or self.plan.read_only:
            return Role.VIEWER
        own = self.plan.members.role(uid)
        if not hello.role:
            return own
        return least(own, Role(hello.role)) if hello.role in tuple(Role) else Role.VIEWER

    def _mode(self, *, read_only: bool) -> str:
        if self.plan.demo:
            return "DEMO"
        return "READ-ONLY" if read_only or self.plan.read_only else "LIVE"

    def _offers(self) -> Iterator[tuple[str, Action]]:
        for name, adapter in self.supervisor.adapters.items():
            for action in adapter.actions():
                yield name, action

    def _tell(self, status: ActionStatus) -> None:
        self.hub.publish("actions", [status])

    def _quality(self, record: Record) -> Quality:
        return self._trust(record)[0]

    def _trust(self, record: Record) -> tuple[Quality, float | None]:
        scope = self.hub.scope_of(record.key)
        told: Scope | None = None if scope is None else scope.record(self.clock.now())
        return freshness.of_record(record, told, self.clock.now())

    def _log_trouble(self, trouble: str) -> None:
        if trouble:
            _log.error("no action can be taken: %s", trouble)


@contextlib.contextmanager
def signals(station: Station, numbers: Sequence[int]) -> Iterator[None]:
    """End *station* on any of the signals *numbers*; at once on a second one."""
    loop = asyncio.get_running_loop()

    def told() -> None:
        if station.ending.asked:
            station.hurry.set()
        station.ending.ask()

    for number in numbers:
        loop.add_signal_handler(number, told)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
