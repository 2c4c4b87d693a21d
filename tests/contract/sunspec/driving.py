"""Drives the adapter as the station would, round by round, on a clock that the test turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any, TypeVar, cast

import msgspec

from adapters.contract import Batch, Context
from adapters.records import Battery, Inverter, Plant, Record, Trend
from adapters.sunspec.adapter import SunSpecAdapter
from adapters.sunspec.settings import Settings

RecordT = TypeVar("RecordT", bound=Record)


class TurnedClock:
    """Time that stands still but for what is slept, and what the test adds."""

    def __init__(self, at: float) -> None:
        self.at = at
        self.began = at
        self.passed: Callable[[float], None] = lambda _: None
        """Called with the new time whenever it went on."""

    def now(self) -> float:
        """Seconds since the Unix epoch."""
        return self.at

    def monotonic(self) -> float:
        """Seconds since the test began."""
        return self.at - self.began

    async def sleep(self, seconds: float) -> None:
        """Let *seconds* go by at once."""
        self.turn(seconds)
        await asyncio.sleep(0)

    def turn(self, seconds: float) -> None:
        """Let *seconds* go by."""
        self.at += seconds
        self.passed(self.at)


class Drive:
    """One adapter, and what it said: the records of each scope, and each scope's last batch."""

    def __init__(self, port: int, clock: TurnedClock, **settings: Any) -> None:
        told = {"host": "127.0.0.1", "port": port, "timeout": 15.0, **settings}
        made = msgspec.convert(told, Settings)
        self.adapter = SunSpecAdapter("rim", made, Context(colony="tycho", clock=clock))
        self.scopes: dict[str, Batch] = {}
        self.held: dict[str, dict[tuple[str, str], Record]] = {}
        self._stream: AsyncGenerator[Batch, None] | None = None

    async def round(self) -> None:
        """Let it ask every unit once more."""
        if self._stream is None:
            self._stream = cast("AsyncGenerator[Batch, None]", self.adapter.records())
        while True:
            batch = await anext(self._stream)
            self._take(batch)
            if batch.scope == "plant" and batch.upserts:
                return

    async def until(self, done: Callable[[], bool], rounds: int = 20) -> None:
        """Let it ask until *done*; fail where that does not come in *rounds*."""
        for _ in range(rounds):
            await self.round()
            if done():
                return
        raise AssertionError(f"not in {rounds} rounds: {self.scopes}")

    def _take(self, batch: Batch) -> None:
        self.scopes[batch.scope] = batch
        if batch.begin:
            self.held[batch.scope] = {}
        held = self.held.setdefault(batch.scope, {})
        held.update({(record.kind, record.name): record for record in batch.upserts})

    def every(self, kind: type[RecordT]) -> list[RecordT]:
        """Return its records of *kind*, by unit."""
        return [
            record
            for scope in sorted(self.held)
            for record in self.held[scope].values()
            if isinstance(record, kind)
        ]

    def inverter(self, unit: int = 1) -> Inverter:
        """Return the inverter of *unit*."""
        return next(each for each in self.every(Inverter) if each.unit == unit)

    def battery(self, unit: int = 2) -> Battery:
        """Return the battery of *unit*."""
        return next(each for each in self.every(Battery) if each.unit == unit)

    @property
    def plant(self) -> Plant:
        """The plant."""
        return self.every(Plant)[0]

    @property
    def trend(self) -> Trend:
        """Its last hours."""
        return self.every(Trend)[0]

    async def close(self) -> None:
        """End it as the station would."""
        if self._stream is not None:
            await self._stream.aclose()
        await self.adapter.close()
