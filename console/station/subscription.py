"""One console's view of the hub: conflated, bounded, and never short of a removal.

Between two deliveries, state records of one key become one; removals are kept until they are
told. Event records are all kept, up to a bound, and what goes beyond is counted. A console that
reads nothing for long costs a bounded amount: past it, what is pending in a scope is forgotten
and the scope's present state is sent whole instead.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Protocol

from adapters.records import EventRecord, Key, Record
from console.feed.messages import Interest, Parcel
from console.station.interests import Interests
from console.station.scopes import Change, ScopeEntry

EVENTS = 2_000
"""Event records of one scope that may wait for one console."""
TOMBSTONES = 5_000
"""Removals of one scope that may wait before its whole state is sent instead."""
PARCEL = 1_000
"""Records in one parcel."""


class Source(Protocol):
    """What a subscription reads its snapshots from."""

    def scopes(self, source: str = "") -> list[ScopeEntry]:
        """Return all scopes."""
        ...

    def events(self, scope: ScopeEntry, kind: str) -> Iterator[EventRecord]:
        """Yield the kept events of one scope."""
        ...


class _Pending:
    """What waits to be told of one scope; `whole` asks for its snapshot instead."""

    __slots__ = ("events", "gone", "lost", "scope", "upserts", "whole")

    def __init__(self, scope: ScopeEntry) -> None:
        self.scope = scope
        self.upserts: dict[Key, Record] = {}
        self.gone: dict[Key, None] = {}
        self.events: deque[Record] = deque()
        self.lost = 0
        self.whole = False

    def make_whole(self) -> None:
        self.whole = True
        self.upserts.clear()
        self.gone.clear()
        self.events.clear()


class Subscription:
    """What one console is told. `ready` is set while something waits."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._interests = Interests()
        self._wanting = False
        self._pending: dict[tuple[str, str], _Pending] = {}
        self.ready = asyncio.Event()

    def want(self, interests: Iterable[Interest]) -> None:
        """Replace what is wanted. Every scope in which that makes a difference is sent whole."""
        before, self._interests = self._interests, Interests(interests)
        first, self._wanting = not self._wanting, True
        for scope in self._source.scopes():
            empty = first and scope.complete and not scope.kinds
            if empty or not self._interests.same(before, scope.kinds):
                self._pend(scope).make_whole()
                self.ready.set()

    def renew(self, scope: ScopeEntry) -> None:
        """Send *scope* whole, if anything of it is wanted or it is empty."""
        if self._wanting and (not scope.kinds or self._interests.touches(scope.kinds)):
            self._pend(scope).make_whole()
            self.ready.set()

    def offer(self, change: Change) -> None:
        """Take note of *change* where it is wanted."""
        scope = change.scope
        wanted = self._interests
        if not wanted.touches(scope.kinds):
            return
        pending = self._pend(scope)
        if pending.whole:
            return
        if wanted.whole(scope.kinds):
            upserts, gone = change.upserts, change.gone
            events: Iterable[Record] = change.events
        else:
            upserts = {k: r for k, r in change.upserts.items() if wanted.wants(r)}
            gone = {k: r for k, r in change.gone.items() if wanted.wants(r)}
            for key, record in change.before.items():
                if key in change.upserts and key not in upserts and wanted.wants(record):
                    gone[key] = record
            events = [record for record in change.events if wanted.wants(record)]
        if gone:
            for key in gone:
                pending.upserts.pop(key, None)
                pending.gone[key] = None
            if len(pending.gone) > TOMBSTONES:
                pending.make_whole()
                self.ready.set()
                return
        if upserts:
            pending.upserts.update(upserts)
            if pending.gone:
                for key in upserts:
                    pending.gone.pop(key, None)
        for event in events:
            pending.events.append(event)
            if len(pending.events) > EVENTS:
                pending.events.popleft()
                pending.lost += 1
        if pending.upserts or pending.gone or pending.events:
            self.ready.set()

    def collect(self) -> list[Parcel]:
        """Return what waits, in parcels of at most `PARCEL` records, and wait anew."""
        pending, self._pending = self._pending, {}
        self.ready.clear()
        return [parcel for one in pending.values() for parcel in self._parcels(one)]

    def _pend(self, scope: ScopeEntry) -> _Pending:
        pending = self._pending.get(scope.key)
        if pending is None:
            pending = self._pending[scope.key] = _Pending(scope)
        return pending

    def _parcels(self, pending: _Pending) -> Iterator[Parcel]:
        scope = pending.scope
        records: list[Record]
        if pending.whole:
            records = [r for r in scope.records.values() if self._interests.wants(r)]
            for kind in sorted(scope.kinds):
                if self._interests.touches((kind,)):
                    records += [
                        event
                        for event in self._source.events(scope, kind)
                        if self._interests.wants(event)
                    ]
        else:
            records = [*pending.upserts.values(), *pending.events]
        if not (records or pending.gone or pending.whole or pending.lost):
            return
        for start in range(0, max(len(records), 1), PARCEL):
            first, last = start == 0, start + PARCEL >= len(records)
            yield Parcel(
                source=scope.source,
                scope=scope.name,
                upserts=tuple(records[start : start + PARCEL]),  # type: ignore[arg-type]
                gone=tuple(pending.gone) if first else (),
                begin=pending.whole and first,
                end=pending.whole and last,
                lost=pending.lost if first else 0,
            )
