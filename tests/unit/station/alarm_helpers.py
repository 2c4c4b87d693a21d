"""What the tests of alarms share: a hub that is fed by hand, looked at when a test says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from adapters.contract import Batch
from adapters.records import (
    AdapterState,
    AdapterStatus,
    Alarm,
    AlarmState,
    App,
    Battery,
    Health,
    Key,
    Pool,
    ScopeState,
)
from console.station.alarms.book import Book
from console.station.alarms.engine import Engine
from console.station.alarms.rules import DEFAULTS, Rule
from console.station.hub import Hub

EPOCH = 1_900_000_000.0
POOL = "pool-full:main:metallb/edge"


class HandClock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> float:
        return EPOCH + self.passed

    def monotonic(self) -> float:
        return 1000.0 + self.passed

    async def sleep(self, seconds: float) -> None:
        self.passed += seconds


class Watched:
    """A hub, its alarms, and what was published of them last, by name."""

    def __init__(self, rules: Iterable[Rule] = DEFAULTS, clock: HandClock | None = None) -> None:
        self.clock = clock or HandClock()
        self.hub = Hub(self.clock)
        self.told: dict[str, Alarm] = {}
        self.publishes = 0
        self.book = Book(self.clock.now, self._publish)
        self.engine = Engine(self.hub, self.clock, rules, self.book)
        self.hub.listen(self.engine.offer)

    def _publish(self, alarms: Iterable[Alarm], gone: Iterable[Key]) -> None:
        self.publishes += 1
        for one in alarms:
            self.told[one.name] = one
        for key in gone:
            self.told.pop(key.name, None)
        self.hub.publish("alarms", alarms, gone)

    def put(self, *records: Any, scope: str = "things", source: str = "main", **more: Any) -> None:
        """Feed *records* of one scope."""
        problems = self.hub.take(source, Batch(scope=scope, upserts=records, **more))
        assert not problems

    def whole(self, *records: Any, scope: str = "things", source: str = "main") -> None:
        """Feed a whole snapshot of one scope."""
        self.put(*records, scope=scope, source=source, begin=True, end=True)

    def stand(self, state: ScopeState, scope: str = "things", detail: str = "") -> None:
        """Let a scope be in *state*."""
        self.hub.take("main", Batch(scope=scope, state=state, detail=detail))

    def look(self, seconds: float = 0.0) -> dict[str, AlarmState]:
        """Let *seconds* pass, a look each; return where each alarm stands."""
        self.engine.look()
        for _ in range(int(seconds)):
            self.clock.passed += 1
            self.engine.look()
        return {name: one.state for name, one in self.told.items()}


def pool(used: int | None, name: str = "edge", total: int = 100) -> Pool:
    free = None if used is None else total - used
    return Pool(namespace="metallb", name=name, assigned=used, available=free)


def app(health: Health, name: str = "oxygen", **more: Any) -> App:
    given = {"desired": 3, "ready": 3, "namespace": "life", **more}
    return App(name=name, health=health, **given)


def battery(charge: float | None, **more: Any) -> Battery:
    return Battery(namespace="north", name="b1", charge=charge, online=True, **more)


def adapter(state: AdapterState, name: str = "main", **more: Any) -> AdapterStatus:
    return AdapterStatus(source="station", name=name, state=state, **more)
