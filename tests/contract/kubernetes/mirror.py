"""Keeps what an adapter's batches say, as the contract of `Batch` has it, for tests to look at."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from adapters.contract import Adapter, Batch
from adapters.records import EventRecord, Key, Record, ScopeState
from tests.contract.kubernetes.backend import Backend

RecordT = TypeVar("RecordT", bound=Record)


class Mirror:
    """The latest record by key, the state of each scope, and every tombstone and event."""

    def __init__(self) -> None:
        self.records: dict[Key, Record] = {}
        self.states: dict[str, list[ScopeState]] = {}
        self.details: dict[str, str] = {}
        self.tombstones: list[Key] = []
        self.events: list[EventRecord] = []
        self._scope_of: dict[Key, str] = {}
        self._snapshots: dict[str, set[Key]] = {}

    def take(self, batch: Batch) -> None:
        """Apply one batch."""
        scope = batch.scope
        states = self.states.setdefault(scope, [])
        if not states or states[-1] is not batch.state:
            states.append(batch.state)
        self.details[scope] = batch.detail
        if batch.begin:
            self._snapshots[scope] = set()
        for record in batch.upserts:
            if isinstance(record, EventRecord):
                self.events.append(record)
                continue
            self.records[record.key] = record
            self._scope_of[record.key] = scope
            if scope in self._snapshots:
                self._snapshots[scope].add(record.key)
        for key in batch.gone:
            self._drop(key)
        if batch.end:
            brought = self._snapshots.pop(scope, set())
            held = [key for key, of in self._scope_of.items() if of == scope]
            for key in held:
                if key not in brought:
                    self._drop(key)

    def _drop(self, key: Key) -> None:
        self.tombstones.append(key)
        self.records.pop(key, None)
        self._scope_of.pop(key, None)

    def state(self, scope: str) -> ScopeState:
        """Return how a scope stands."""
        states = self.states.get(scope)
        return states[-1] if states else ScopeState.NEVER

    def all(self, kind: type[RecordT], namespace: str) -> list[RecordT]:
        """Return the records of a kind in a namespace, by name."""
        found = [
            record
            for record in self.records.values()
            if isinstance(record, kind) and record.namespace == namespace
        ]
        return sorted(found, key=lambda record: record.name)

    def one(self, kind: type[RecordT], namespace: str, name: str) -> RecordT | None:
        """Return one record, None while it is not there."""
        for record in self.all(kind, namespace):
            if record.name == name:
                return record
        return None


class Observation:
    """A running adapter and what it has said; `mirror` holds that."""

    def __init__(self, adapter: Adapter, backend: Backend) -> None:
        self.adapter = adapter
        self.mirror = Mirror()
        self._backend = backend
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        async for batch in self.adapter.records():
            self.mirror.take(batch)

    async def until(self, look: Callable[[Mirror], Any], what: str) -> Any:
        """Return the first true thing that *look* returns; fail saying *what* did not come."""

        async def probe() -> Any:
            if self._task.done():
                self._task.result()
                raise AssertionError("records() ended by itself")
            return look(self.mirror)

        return await self._backend.settle(probe, what)

    async def end(self) -> None:
        """End the adapter as the station does."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self.adapter.close()


@contextlib.asynccontextmanager
async def observing(adapter: Adapter, backend: Backend) -> AsyncIterator[Observation]:
    """Run *adapter* against *backend*."""
    observation = Observation(adapter, backend)
    try:
        yield observation
    finally:
        await observation.end()
