"""What the station's tests share: a clock that is turned, adapters that are played."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.clock import Clock
from adapters.contract import Action, Adapter, Answer, Batch, Context, Finding
from adapters.records import App, Event
from console.station.ending import Starter
from console.station.server import listen
from console.station.station import Plan, Station


@pytest.fixture
def short() -> Iterator[Path]:
    """A directory whose path leaves room for a socket's; pytest's own are too deep."""
    with tempfile.TemporaryDirectory(prefix="c-") as path:
        yield Path(path)


EPOCH = 1_900_000_000.0


class TurnedClock:
    """A clock that stands until it is turned."""

    def __init__(self, epoch: float = EPOCH) -> None:
        self._epoch = epoch
        self._elapsed = 0.0
        self._waits: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    def now(self) -> float:
        return self._epoch + self._elapsed

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waits, (self._elapsed + seconds, next(self._numbers), future))
        await future

    async def turn(self, seconds: float) -> None:
        """Let *seconds* go by, waking who waits, each at its own moment."""
        await settle()
        until = self._elapsed + seconds
        while self._waits and self._waits[0][0] <= until:
            at, _, future = heapq.heappop(self._waits)
            if future.done():
                continue
            self._elapsed = max(self._elapsed, at)
            future.set_result(None)
            await settle()
        self._elapsed = until
        await settle()


async def settle(rounds: int = 60) -> None:
    """Let everything that can run now run."""
    for _ in range(rounds):
        await asyncio.sleep(0)


async def until(true: Callable[[], Any], seconds: float = 10.0) -> None:
    """Wait until *true*, for what goes through a socket; fails after *seconds*."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - what is waited for is in another process
            await asyncio.sleep(0.002)


class NoSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing to set."""


class Played(Adapter):
    """An adapter whose stream is what the test puts into it; an exception there is raised."""

    Settings = NoSettings

    def __init__(self, name: str = "main", clock: Clock | None = None) -> None:
        context = Context(clock=clock) if clock is not None else Context()
        super().__init__(name, NoSettings(), context)
        self.queue: asyncio.Queue[Batch | BaseException | None] = asyncio.Queue()
        self.runs = 0
        self.closed = False
        self.offered: Sequence[Action] = ()
        self.answer: Callable[[str, Mapping[str, str]], Any] | None = None
        self.findings: Sequence[Finding] = ()

    def put(self, *batches: Batch | BaseException | None) -> None:
        for batch in batches:
            self.queue.put_nowait(batch)

    async def records(self) -> AsyncIterator[Batch]:
        self.runs += 1
        while True:
            batch = await self.queue.get()
            if batch is None:
                return
            if isinstance(batch, BaseException):
                raise batch
            yield batch

    async def query(self, topic: str, arguments: Mapping[str, str]) -> Answer:
        if self.answer is None:
            return await super().query(topic, arguments)
        found = self.answer(topic, arguments)
        return await found if asyncio.iscoroutine(found) else found

    def actions(self) -> Sequence[Action]:
        return self.offered

    async def diagnose(self) -> Sequence[Finding]:
        return self.findings

    async def close(self) -> None:
        self.closed = True


def app(name: str, namespace: str = "life-support", **fields: Any) -> App:
    return App(namespace=namespace, name=name, **fields)


def event(name: str, namespace: str = "life-support", **fields: Any) -> Event:
    return Event(namespace=namespace, name=name, **fields)


def listed(*records: Any, scope: str = "apps", **fields: Any) -> Batch:
    """Return a whole snapshot in one batch."""
    return Batch(scope=scope, upserts=records, begin=True, end=True, **fields)


@contextlib.asynccontextmanager
async def running(
    folder: Path, *adapters: Adapter, clock: Clock, **plan: Any
) -> AsyncIterator[tuple[Station, Path]]:
    """Run a station in this process, serving at a socket in *folder*."""
    told = {"starter": Starter.OPERATOR, "colony": "tycho", "digest": "d" * 64, **plan}
    station = Station(
        Plan(
            adapters={one.name: ("played", one) for one in adapters},
            log=folder / "log.sqlite",
            seed=1,
            **told,
        ),
        clock,
    )
    path = folder / "s.sock"
    await station.start(listen(path, shared=False), path)
    try:
        yield station, path
    finally:
        station.hurry.set()
        await station.close("the test is over")
