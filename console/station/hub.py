"""The hub: takes the adapters' batches, keeps the latest of each record, tells the consoles.

Everything runs on the station's one event loop, and nothing here waits: a console that does not
keep up has its own bounded memory (`subscription`), and an adapter's batch is taken whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from adapters.clock import Clock
from adapters.contract import Batch
from adapters.records import EventRecord, Key, Record, ScopeState
from adapters.text import clean
from console.station.admission import admit
from console.station.rings import Ring
from console.station.scopes import Change, ScopeEntry
from console.station.subscription import Subscription

STATION = "station"
"""The source of what the station says of itself."""
HEARD_EVERY = 5.0
"""Seconds between two Scope records that say only when a scope was heard last."""
SILENT_AFTER = 180.0
"""Seconds without event, bookmark or heartbeat after which a watch is not trusted any more."""
RECORD_LIMIT = 200_000
"""State records kept of one adapter instance; what is more is left out, and that is said."""
SCOPE_LIMIT = 1_000
"""Scopes kept of one adapter instance."""

_set = msgspec.structs.force_setattr


class Hub:
    """One colony's records. `subscribe` gives a console its view of them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._scopes: dict[tuple[str, str], ScopeEntry] = {}
        self._owner: dict[Key, ScopeEntry] = {}
        self._rings: dict[tuple[str, str], Ring] = {}
        self._counts: dict[str, int] = {}
        self._subscriptions: set[Subscription] = set()
        self._listeners: list[Callable[[Change], None]] = []
        self._own = self._entry(STATION, "scopes")
        self._stand(self._own, ScopeState.LIVE, "", 0.0)

    # What comes in

    def take(self, source: str, batch: Batch) -> list[str]:
        """Take *batch* of the adapter instance *source*; return what was wrong with it."""
        scope, problem = self._scope_of(source, clean(batch.scope))
        if scope is None:
            return [problem]
        problems: list[str] = []
        scope.interval = batch.interval
        if batch.begin:
            scope.seen = set()
        change = Change(scope)
        if batch.upserts:
            records, problems = admit(batch.upserts)
            left_out = self._upsert(scope, records, change)
            if left_out:
                problems.append(
                    f"{scope.name}: {left_out} records beyond the limit of {RECORD_LIMIT} "
                    "an adapter, left out"
                )
        for key in batch.gone:
            self._remove(
                scope,
                Key(source, clean(key.kind), clean(key.namespace), clean(key.name)),
                change,
            )
        if batch.end and scope.seen is not None:
            for key in [key for key in scope.records if key not in scope.seen]:
                self._remove(scope, key, change)
            scope.seen = None
        self._tell(change)
        # That nothing was heard is no word of the real system: what is known is as old as before.
        told = batch.state not in (ScopeState.STALE, ScopeState.NEVER) or bool(batch.upserts)
        heard = told and not batch.unheard
        self._stand(scope, batch.state, clean(batch.detail), batch.interval, heard=heard)
        if scope.seen is None and batch.state is ScopeState.LIVE:
            self._complete(scope)
        return problems

    def publish(self, name: str, records: Iterable[Record], gone: Iterable[Key] = ()) -> None:
        """Take what the station says of itself: *records* of its own scope *name*."""
        scope = self._entry(STATION, name)
        change = Change(scope)
        copies, problems = admit(list(records))
        if problems:
            raise ValueError(problems[0])
        self._upsert(scope, copies, change)
        for key in gone:
            self._remove(scope, key, change)
        self._tell(change)
        self._counted(scope)
        self._complete(scope)

    def stale(self, source: str, detail: str) -> None:
        """Say that nothing of *source* can be trusted from now on: it is down."""
        for scope in self.scopes(source):
            if scope.state in (ScopeState.LIVE, ScopeState.STALE):
                self._stand(scope, ScopeState.STALE, detail, scope.interval, heard=False)
            scope.seen = None

    def overdue(self) -> list[ScopeEntry]:
        """Make stale what was silent for too long, and return it.

        A watch counts as silent after `SILENT_AFTER` seconds, a sampled scope after 1.9 times its
        interval.
        """
        now = self._clock.monotonic()
        late = []
        for scope in self._scopes.values():
            limit = scope.interval * 1.9 or SILENT_AFTER
            if scope.source == STATION or scope.state is not ScopeState.LIVE:
                continue
            if now - scope.monotonic > limit:
                late.append(scope)
        self._counted(self._own)
        for scope in late:
            silent = f"nothing heard for {now - scope.monotonic:.0f} s"
            self._stand(scope, ScopeState.STALE, silent, scope.interval, heard=False)
        return late

    # What goes out

    def subscribe(self) -> Subscription:
        """Return a view that is told of every change from now on, wanting nothing yet."""
        subscription = Subscription(self)
        self._subscriptions.add(subscription)
        return subscription

    def listen(self, listener: Callable[[Change], None]) -> None:
        """Tell *listener* of every change from now on, before any console; it must not wait."""
        self._listeners.append(listener)

    def unsubscribe(self, subscription: Subscription) -> None:
        """Tell *subscription* no more."""
        self._subscriptions.discard(subscription)

    def get(self, key: Key) -> Record | None:
        """Return the latest record called *key*."""
        scope = self._owner.get(key)
        return None if scope is None else scope.records.get(key)

    def of_kind(self, kind: str, source: str = "") -> list[Record]:
        """Return the latest records of *kind*, of one source or of all."""
        return [
            record
            for scope in self._scopes.values()
            if kind in scope.kinds and (not source or scope.source in (source, STATION))
            for key, record in scope.records.items()
            if key.kind == kind and (not source or key.source == source)
        ]

    def latest(self, kind: str, source: str = "") -> list[Record]:
        """Return what is kept of *kind*, state or event (the oldest first). For any thread: each
        scope and each ring is copied in one step.
        """
        rings = [ring for (of, kept), ring in list(self._rings.items())
                 if kept == kind and source in ("", of)]  # fmt: skip
        found: list[Record] = [event for ring in rings for event in ring.all()]
        for scope in list(self._scopes.values()):
            if kind in scope.kinds and (not source or scope.source in (source, STATION)):
                held = list(scope.records.values())
                found += [one for one in held if one.kind == kind and source in ("", one.source)]
        return found

    def scopes(self, source: str = "") -> list[ScopeEntry]:
        """Return the scopes of *source*, or all."""
        return [s for s in self._scopes.values() if not source or s.source == source]

    def scope_of(self, key: Key) -> ScopeEntry | None:
        """Return the scope that brought the record called *key*."""
        return self._owner.get(key)

    def events(self, scope: ScopeEntry, kind: str) -> Iterator[EventRecord]:
        """Yield the kept events of *kind* that *scope* brought, oldest first."""
        ring = self._rings.get((scope.source, kind))
        if ring is not None:
            yield from ring.of(scope)

    def counts(self) -> dict[str, int]:
        """Return how many state records each source has."""
        return dict(self._counts)

    # Inside

    def _counted(self, scope: ScopeEntry) -> None:
        """Tell how many records the station's own *scope* has, where that is not what was told."""
        told = scope.announced
        if told is None or told.records != scope.count:
            scope.announced = None
            self._stand(scope, ScopeState.LIVE, "", 0.0)

    def _complete(self, scope: ScopeEntry) -> None:
        """Note that *scope* is known as a whole, and tell it so where that is new.

        A console that knew it from an earlier station waits for that: only so it learns which of
        its records are gone, and until then it holds them, and their age, for those of before.
        """
        if not scope.complete:
            scope.complete = True
            for subscription in self._subscriptions:
                subscription.renew(scope)

    def _entry(self, source: str, name: str) -> ScopeEntry:
        scope = self._scopes.get((source, name))
        if scope is None:
            scope = self._scopes[source, name] = ScopeEntry(source, name)
        return scope

    def _scope_of(self, source: str, name: str) -> tuple[ScopeEntry | None, str]:
        scope = self._scopes.get((source, name))
        if scope is None:
            if sum(1 for held, _ in self._scopes if held == source) >= SCOPE_LIMIT:
                return None, f"more than {SCOPE_LIMIT} scopes; {name!r} is left out"
            scope = self._entry(source, name)
        return scope, ""

    def _upsert(self, scope: ScopeEntry, records: Sequence[Record], change: Change) -> int:
        """Keep *records*, which are ours, and note what is new; return how many had no room."""
        now = self._clock.now()
        source = scope.source
        own = source == STATION
        held = scope.records
        seen = scope.seen
        owner = self._owner
        count = self._counts.get(source, 0)
        left_out = 0
        for record in records:
            kind = type(record).__name__
            if not own:
                _set(record, "source", source)
            key = record.key
            if isinstance(record, EventRecord):
                scope.kinds.add(kind)
                ring = self._rings.get((source, kind))
                if ring is None:
                    ring = self._rings[source, kind] = Ring()
                if ring.put(key, record, scope, now):
                    change.events.append(record)
                continue
            before = held.get(key)
            if before is None:
                other = owner.get(key)
                if other is not None:
                    change.before[key] = other.records.pop(key)
                elif count >= RECORD_LIMIT:
                    left_out += 1
                    continue
                else:
                    count += 1
                owner[key] = scope
                scope.kinds.add(kind)
            elif seen is not None and not scope.interval:
                # A list read again brings mostly what is known; only the rest is told. (A sample
                # is told although it is equal: its age is counted from its receipt.)
                _set(record, "received", before.received)
                if record == before:
                    seen.add(key)
                    continue
                change.before[key] = before
            else:
                change.before[key] = before
            _set(record, "received", now)
            held[key] = record
            change.upserts[key] = record
            if seen is not None:
                seen.add(key)
        self._counts[source] = count
        return left_out

    def _remove(self, scope: ScopeEntry, key: Key, change: Change) -> None:
        record = scope.records.pop(key, None)
        if record is None:
            return
        del self._owner[key]
        self._counts[scope.source] -= 1
        change.upserts.pop(key, None)
        change.gone[key] = record

    def _tell(self, change: Change) -> None:
        if change:
            for listener in self._listeners:
                listener(change)
            for subscription in self._subscriptions:
                subscription.offer(change)

    def _stand(
        self,
        scope: ScopeEntry,
        state: ScopeState,
        detail: str,
        interval: float,
        *,
        heard: bool = True,
    ) -> None:
        """Note how *scope* stands, and tell it where a person would see a difference."""
        now = self._clock.now()
        if scope.since is None or state is not scope.state:
            scope.since = now
        if heard:
            scope.heard = now
            scope.monotonic = self._clock.monotonic()
        scope.state, scope.detail, scope.interval = state, detail, interval
        told = scope.announced
        if (
            told is None
            or told.state is not state
            or told.detail != detail
            or told.interval != interval
            or (told.records == 0) != (scope.count == 0)
            or (heard and now - (told.heard or 0.0) >= HEARD_EVERY)
        ):
            record = scope.announced = scope.record(now)
            change = Change(self._own)
            self._upsert(self._own, [record], change)
            self._tell(change)
