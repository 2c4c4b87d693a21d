"""A clock that tests turn, a real system that counts effects, and a station around them."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from adapters.contract import (
    Action,
    AdapterError,
    Argument,
    Change,
    Draft,
    Envelope,
    Fate,
    Field,
    Form,
    Option,
    Preview,
    Progress,
    Reached,
    Receipt,
    Reconciled,
    Refused,
    Significance,
)
from adapters.records import ActionStatus, App, Quality, Record
from console.station import faults, signing
from console.station.commanding import Commanding
from console.station.log import Log
from console.station.policy import Policy

MORNING = 1_800_000_000.0


PEOPLE = {"ana": 1000, "ben": 1001, "root": 0}
"""Who says something here, with their uids."""
TWO = Policy(second_person=frozenset({Significance.CAUTION}), shared=True)
"""A policy that asks for a second person."""


class Inline(Executor):
    """Runs at once: the log's thread, where a test wants every step to be its own."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


class ManualClock:
    """Stands still until told; `run` turns it to the next thing that somebody waits for."""

    def __init__(self, start: float = MORNING) -> None:
        self.time = start
        self._waits: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time - MORNING

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waits.append((self.time + max(seconds, 0), next(self._numbers), future))
        await future

    def turn(self) -> bool:
        """Go to the next wait's end; False where nobody waits."""
        self._waits = [wait for wait in self._waits if not wait[2].done()]
        if not self._waits:
            return False
        at, _, future = min(self._waits, key=lambda wait: wait[:2])
        self.time = max(self.time, at)
        future.set_result(None)
        return True


async def settle() -> None:
    """Let everything run that can without time passing."""
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    await asyncio.sleep(0)
    while ready:  # noqa: ASYNC110  (there is no event for an idle loop)
        await asyncio.sleep(0)


async def run(clock: ManualClock, task: asyncio.Future[Any], turns: int = 500) -> Any:
    """Turn *clock* until *task* is done; return its result or raise what it raised."""
    for _ in range(turns):
        await settle()
        if task.done():
            return task.result()
        assert clock.turn(), "everybody waits and nobody for the clock"
    raise AssertionError(f"not done after {turns} turns of the clock")


class World:
    """The real system: takes envelopes, counts each intent's effects, and outlives stations."""

    def __init__(self) -> None:
        self.effects: dict[str, int] = {}
        self.pool: dict[str, int] = {}
        """What was taken and has no effect yet, and how many more questions it stays so."""
        self.reverts = False
        """Whether what leaves the pool comes to nothing."""
        self.came_to_nothing: set[str] = set()
        self.sends = 0
        self.unreachable = 0
        """How many more questions find nobody there."""

    def take(self, intent: str) -> None:
        self.effects[intent] = self.effects.get(intent, 0) + 1

    def ask(self, intent: str) -> None:
        """Let a question find the pool further on."""
        if intent in self.pool:
            self.pool[intent] -= 1
            if self.pool[intent] < 0:
                del self.pool[intent]
                if self.reverts:
                    self.came_to_nothing.add(intent)
                else:
                    self.take(intent)


class Restart(Action):
    """An action of a fake adapter; its attributes say how the world behaves."""

    name = "app.restart"
    title = "Restart an app"
    arguments = (
        Argument("app", "the app", kind="App"),
        Argument("to", "a revision", required=False),
    )
    applies_to = "App"

    def __init__(self, world: World, hooks: faults.Faults = faults.NONE) -> None:
        self.world = world
        self.hooks = hooks
        self.significance_now = Significance.CAUTION
        self.preview: dict[str, Any] = {}
        self.on_simulate: Callable[[], Any] | None = None
        self.on_prepare: Callable[[], Any] | None = None
        self.on_send: Callable[[str], Any] | None = None
        self.on_reconcile: Callable[[], Any] | None = None
        self.looks: tuple[Progress | Exception, ...] = (
            Progress(Reached.WAITING, "1 of 3", 0.33),
            Progress(Reached.FINAL, "3 of 3 new"),
            Progress(Reached.VERIFIED, "3 of 3 ready"),
        )
        self.calls: list[str] = []

    async def form(self, draft: Draft) -> Form:
        self.calls.append("form")
        return Form("Restart", (Field("to", "Revision", options=(Option("11", "the \x1bgood"),)),))

    async def simulate(self, draft: Draft) -> Preview:
        self.calls.append("simulate")
        await _do(self.on_simulate)
        fields: dict[str, Any] = {
            "title": f"Restart {draft.arguments['app']}",
            "simulated_by": "server dry run",
            "binds": {"uid": draft.target.uid if draft.target else "", "template": "abc"},
            "outcome": "abc",
            "changes": (Change("image", "a:2", "a:1"),),
            "significance": self.significance_now,
            "confirm": "oxygen",
            "undo": {"app": draft.arguments["app"], "to": "12"},
            "window": 60.0,
        }
        return Preview(**{**fields, **self.preview})

    async def prepare(self, draft: Draft, approved: Preview) -> Envelope:
        self.calls.append("prepare")
        await _do(self.on_prepare)
        return Envelope("PATCH /apps", b'{"x":1}', {"intent": draft.intent})

    async def send(self, envelope: Envelope) -> Receipt:
        self.calls.append("send")
        self.world.sends += 1
        if self.on_send is not None:
            answer = self.on_send(envelope.notes["intent"])
            if asyncio.iscoroutine(answer):
                await answer
        return self.accept(envelope.notes["intent"])

    def accept(self, intent: str) -> Receipt:
        """Take what was sent, as the world does even where nobody hears its answer."""
        self.world.take(intent)
        return Receipt("200 OK", {"generation": "7"})

    async def reconcile(self, envelope: Envelope) -> Reconciled:
        self.calls.append("reconcile")
        if self.world.unreachable:
            self.world.unreachable -= 1
            raise AdapterError("tycho: no answer from the API server")
        if self.on_reconcile is not None:
            answer = self.on_reconcile()
            if answer is not None:
                return answer
        if self.world.effects.get(envelope.notes["intent"]):
            return Reconciled(Fate.SENT, "its field manager is there", Receipt("found"))
        return Reconciled(Fate.NOT_SENT, "no trace of it")

    async def verify(self, envelope: Envelope, receipt: Receipt) -> AsyncIterator[Progress]:
        self.calls.append("verify")
        for look in self.looks:
            await asyncio.sleep(0)
            if isinstance(look, Exception):
                raise look
            yield look


class Transfer(Restart):
    """An action whose sending is only taken; its effect comes some questions later."""

    name = "app.transfer"
    title = "Transfer an app"
    exclusive = False

    def accept(self, intent: str) -> Receipt:
        self.world.pool.setdefault(intent, 2)
        return Receipt("0xabc is in the pool", included=False)

    async def reconcile(self, envelope: Envelope) -> Reconciled:
        intent = envelope.notes["intent"]
        self.world.ask(intent)
        if intent in self.world.pool and not self.world.unreachable and not self.on_reconcile:
            self.calls.append("reconcile")
            return Reconciled(Fate.PENDING, "0xabc is in no block yet", again=2.0)
        if intent in self.world.came_to_nothing:
            return Reconciled(Fate.FAILED, "0xabc reverted in block 7: NotOwner()")
        return await super().reconcile(envelope)


class Note(Restart):
    """Writes down what another action did."""

    name = "ledger.note"
    title = "Write down"
    arguments = (Argument("app", "the app", kind="App"), Argument("facts", "what", required=False))

    def recording(self, facts: Mapping[str, str]) -> Mapping[str, str] | None:
        self.calls.append("recording")
        return {"app": "water/recycler", "facts": ", ".join(map("=".join, facts.items()))}


RECORD = {"app": "life-support/oxygen-generator", "revision": "11"}
"""What a preview says is to be written down."""


async def _do(work: Callable[[], Any] | None) -> None:
    if work is not None:
        answer = work()
        if asyncio.iscoroutine(answer):
            await answer


APPS = (
    App(source="tycho", namespace="life-support", name="oxygen-generator", uid="u1"),
    App(source="tycho", namespace="water", name="recycler", uid="u2"),
    App(source="tycho", namespace="water", name="store", uid="u3", workload="StatefulSet"),
    App(source="tycho", namespace="water", name="store", uid="u4"),
    App(source="luna", namespace="life-support", name="airlock", uid="u5"),
)
OXYGEN = "life-support/oxygen-generator"


class Station:
    """Commanding over a log at *path*, with what it published."""

    def __init__(
        self,
        path: Path,
        world: World | None = None,
        clock: ManualClock | None = None,
        hooks: faults.Faults = faults.NONE,
        kind: type[Restart] = Restart,
        **options: Any,
    ) -> None:
        self.path = path
        self.world = world or World()
        self.clock = clock or ManualClock()
        self.action = kind(self.world, hooks)
        self.note = Note(self.world, hooks)
        self.offers: list[tuple[str, Action]] = [("tycho", self.action)]
        if options.get("record"):
            self.offers.append(("tycho", self.note))
            self.action.preview["record"] = RECORD
        self.apps: list[Record] = list(APPS)
        self.quality = Quality.FRESH
        self.told: list[ActionStatus] = []
        self.log = Log(path, hooks=hooks, executor=Inline())
        self.commanding = Commanding(
            "tycho",
            self.log,
            self.clock,
            lambda: self.offers,
            lambda kind: [app for app in self.apps if app.kind == kind],
            self.told.append,
            quality=lambda record: self.quality,
            hooks=hooks,
            **options,
        )

    async def start(self) -> Station:
        await self.log.open()
        await self.commanding.recover()
        return self

    async def stop(self) -> None:
        await self.commanding.close()
        await self.log.close()

    async def simulate(self, app: str = OXYGEN, **options: Any) -> Any:
        return await self.wait(
            self.commanding.simulate(self.action.name, {"app": app}, "why", "ana", **options)
        )

    async def approve(
        self, simulated: Any, confirm: str | bool = "y", who: str = "ana", **options: Any
    ) -> ActionStatus:
        options = {"uid": PEOPLE[who], **options}
        status: ActionStatus = await self.wait(
            self.commanding.approve(simulated.id, simulated.digest, confirm, "", who, **options)
        )
        return status

    async def drain(self) -> None:
        await self.wait(self.commanding.drain())

    async def wait(self, work: Any) -> Any:
        return await run(self.clock, asyncio.ensure_future(work))

    async def act(self, app: str = OXYGEN) -> ActionStatus:
        """Take an action from its draft to its end."""
        simulated = await self.simulate(app)
        await self.approve(simulated)
        await self.drain()
        return self.status(simulated.id)

    def status(self, name: str) -> ActionStatus:
        return next(status for status in self.commanding.statuses() if status.name == name)

    def record(self, name: str) -> ActionStatus:
        """Return the action that records the one called *name*."""
        return next(one for one in self.commanding.statuses() if one.records == name)

    def states(self, name: str) -> list[str]:
        return [stage.state.value for stage in self.status(name).stages]


def copy_log(path: Path, to: Path) -> Path:
    """Copy the log as it is on the disk now, as the end of the process would leave it."""
    to.mkdir(parents=True, exist_ok=True)
    for name in (path.name, path.name + "-wal", path.name + ".lock"):
        part = path.with_name(name)
        if part.exists():
            shutil.copy(part, to / name)
    keys = signing.folder(path)
    if keys.exists():
        shutil.copytree(keys, signing.folder(to / path.name), dirs_exist_ok=True)
    return to / path.name


__all__ = [
    "OXYGEN",
    "PEOPLE",
    "RECORD",
    "TWO",
    "Inline",
    "ManualClock",
    "Note",
    "Refused",
    "Restart",
    "Station",
    "Transfer",
    "World",
    "copy_log",
]
