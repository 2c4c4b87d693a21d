"""The console's memory: the latest record per key, events in bounded rings, what is dirty.

Ingest writes here and touches no widget; one painter takes the dirty keys and repaints what is
shown. Nothing here imports a screen or a network.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from adapters.clock import Clock, ShiftedClock, SystemClock
from adapters.records import (
    AdapterStatus,
    AnyRecord,
    App,
    EventRecord,
    Key,
    Quality,
    Record,
    Scope,
    ScopeState,
)
from console import freshness
from console.feed.messages import Interest, Parcel, Welcome
from console.index import Index
from console.joins import apps_named
from console.related import OWN_KINDS, STATION, Related

RING = 2000
"""Events kept of one kind; the oldest go first."""
TRANSITIONS = 500
"""Changes of state kept, for what changed in the last 30 minutes."""

ResultT = TypeVar("ResultT")
FollowerT = TypeVar("FollowerT", bound="Follower")
_NOBODY: Mapping[Any, Any] = MappingProxyType({})
ScopeName = tuple[str, str]
"""An adapter instance and the name of one of its scopes."""


class Follower(Protocol):
    """What is kept up with each change of the records of one kind; see `Store.following`."""

    def put(self, key: Key, before: AnyRecord | None, record: AnyRecord) -> None:
        """Take in that *key* is *record* now and was *before*."""

    def drop(self, key: Key, record: AnyRecord) -> None:
        """Take in that *record*, which was *key*, is gone."""


class Transition(NamedTuple):
    """A record that went from one state to another while this console watched."""

    at: float
    key: Key
    before: str
    after: str
    detail: str


def clock_of(welcome: Welcome) -> Clock:
    """Return the colony's clock, as the station's *welcome* describes it."""
    return colony_clock(welcome.epoch, welcome.zero)


def colony_clock(epoch: float, zero: float) -> Clock:
    """Return the clock that a Welcome's `epoch` and `zero` describe."""
    return SystemClock() if zero < 0 else ShiftedClock(epoch, zero)


class Store(Related):
    """What one console knows of its colony. One thread (the event loop's) uses it.

    `clock` may be set once the station said which (`clock_of`).
    """

    def __init__(self, clock: Clock | None = None, ring: int = RING) -> None:
        super().__init__()
        self.clock = clock or SystemClock()
        self.lost = 0
        """Event records that were sent and never reached this console."""
        self.transitions: deque[Transition] = deque(maxlen=TRANSITIONS)
        self.disconnected_since: float | None = None
        """When the feed was lost, None while it is there."""
        self._limit = ring
        self._forget()

    def _forget(self) -> None:
        self._records: dict[str, dict[Key, AnyRecord]] = {}
        self._views: dict[str, Mapping[Key, AnyRecord]] = {}
        self._owner: dict[Key, ScopeName] = {}
        self._held: dict[ScopeName, dict[Key, None]] = {}
        self._open: dict[ScopeName, set[Key]] = {}
        self._index = Index()
        self._brings: dict[str, dict[ScopeName, None]] = {}
        self._memos: dict[str, tuple[Hashable, Any]] = {}
        self._followers: dict[str, dict[type[Follower], Any]] = {}
        self._seq: dict[tuple[str, str], int] = {}
        self._unconfirmed: dict[ScopeName, float] = {}
        self._dirty: dict[str, set[Key]] = {}
        self._interests: tuple[Interest, ...] | None = None

    # What comes in

    def apply(self, parcels: Iterable[Parcel]) -> None:
        """Take in *parcels*, in their order."""
        for parcel in parcels:
            self._apply(parcel)

    def _apply(self, parcel: Parcel) -> None:
        name = (parcel.source, parcel.scope)
        if parcel.begin:
            self._open[name] = set()
        snapshot = self._open.get(name)
        gap = 0
        for record in parcel.upserts:
            kind = record.kind
            if not self._wanted(kind, record):
                continue
            key = record.key
            if isinstance(record, EventRecord):
                gap += self._gap(record, counted=snapshot is None)
            self._put(kind, key, record, name)
            if snapshot is not None:
                snapshot.add(key)
        self.lost += max(gap, parcel.lost)
        for key in parcel.gone:
            self._remove(Key(*key))
        if parcel.end:
            seen = self._open.pop(name, None)
            if seen is not None:
                for key in [key for key in self._held.get(name, ()) if key not in seen]:
                    self._remove(key)
            if self._unconfirmed.pop(name, None) is not None:
                self._touch(self._held.get(name, ()))
            if self._unconfirmed and name in self._brings.get("AdapterStatus", ()):
                self._drop_sources()

    def _drop_sources(self) -> None:
        """Drop what came from adapters that the station, back with another configuration, has not.

        Nobody else says that it is gone: there is no scope any more that could.
        """
        there = {one.name for one in self.records("AdapterStatus").values()}
        there |= {source for source, _ in self._brings["AdapterStatus"]}
        for name in [one for one in self._unconfirmed if one[0] not in there]:
            del self._unconfirmed[name]
            for key in list(self._held.get(name, ())):
                self._remove(key)

    def _put(self, kind: str, key: Key, record: AnyRecord, name: ScopeName) -> None:
        records = self._table(kind)
        before = records.get(key)
        if record.EVENT:
            # The latest word on an event goes to the young end; dicts keep that order.
            records.pop(key, None)
        records[key] = record
        owner = self._owner.get(key)
        if owner != name:
            if owner is not None:
                self._held[owner].pop(key, None)
            self._owner[key] = name
            self._held.setdefault(name, {})[key] = None
            self._brings.setdefault(kind, {})[name] = None
        self._touch(self._index.put(key, before, record))
        self._dirty.setdefault(kind, set()).add(key)
        for follower in self._followers.get(kind, _NOBODY).values():
            follower.put(key, before, record)
        self._notice(before, record, key)
        if record.EVENT and len(records) > self._limit:
            self._remove(next(iter(records)))

    def _table(self, kind: str) -> dict[Key, AnyRecord]:
        records = self._records.get(kind)
        if records is None:
            records = self._records[kind] = {}
            self._views[kind] = MappingProxyType(records)
        return records

    def _remove(self, key: Key) -> None:
        records = self._records.get(key.kind)
        record = records.pop(key, None) if records is not None else None
        if record is None:
            return
        self._touch(self._index.drop(key, record))
        for follower in self._followers.get(key.kind, _NOBODY).values():
            follower.drop(key, record)
        owner = self._owner.pop(key, None)
        if owner is not None:
            self._held[owner].pop(key, None)
        self._dirty.setdefault(key.kind, set()).add(key)
        if isinstance(record, Scope):
            self._touch(self._held.get((record.source, record.name), ()))

    def _notice(self, before: AnyRecord | None, record: AnyRecord, key: Key) -> None:
        """Mark what a change of state changes beside the record itself, and remember it."""
        if isinstance(record, Scope):
            if not isinstance(before, Scope) or before.state is not record.state:
                self._touch(self._held.get((record.source, record.name), ()))
                # A first answer is no change: it would bury what happened before the console came.
                if isinstance(before, Scope) and before.state is not ScopeState.NEVER:
                    self._remember(key, before.state, record.state, record.since, record.detail)
        elif isinstance(record, AdapterStatus) and isinstance(before, AdapterStatus):
            if before.state is not record.state:
                self._remember(key, before.state, record.state, record.since, record.detail)
        elif (
            isinstance(record, App)
            and isinstance(before, App)
            and before.health is not record.health
        ):
            self._remember(key, before.health, record.health, record.since, record.reason)

    def _remember(
        self, key: Key, before: str, after: str, since: float | None, detail: str
    ) -> None:
        at = since if since is not None else self.clock.now()
        self.transitions.append(Transition(at, key, str(before), str(after), detail))

    def _gap(self, record: EventRecord, *, counted: bool) -> int:
        """Return how many events are missing before *record*.

        A snapshot has holes of its own (what ended since), and so has a subscription to one
        app's events; neither is a loss.
        """
        numbered = (record.source, record.kind)
        last = self._seq.get(numbered)
        self._seq[numbered] = record.seq if last is None else max(last, record.seq)
        if not counted or last is None or not record.seq or self._narrowed(record.kind):
            return 0
        return max(0, record.seq - last - 1)

    def _touch(self, keys: Iterable[Key]) -> None:
        for key in keys:
            self._dirty.setdefault(key.kind, set()).add(key)

    def _touch_all(self) -> None:
        for kind, records in self._records.items():
            self._dirty.setdefault(kind, set()).update(records)

    # What is subscribed to

    def keep_only(self, interests: Iterable[Interest]) -> None:
        """Drop what none of *interests* covers, now and from late parcels.

        Call it with what `Feed.want` is given: a record that is not watched any more would look
        fresh for ever.
        """
        self._interests = tuple(interests)
        whole = {one.kind for one in self._interests if not (one.app or one.namespace)}
        for kind, records in self._records.items():
            # Of what is wanted whole, none is looked at: there may be 50,000.
            if kind not in whole:
                for key in [key for key, one in records.items() if not self._wanted(kind, one)]:
                    self._remove(key)
            if not any(one.kind == kind for one in self._interests):
                self._brings.pop(kind, None)

    def _wanted(self, kind: str, record: AnyRecord) -> bool:
        if self._interests is None:
            return True
        for interest in self._interests:
            if interest.kind != kind:
                continue
            if not interest.app:
                if interest.namespace in ("", record.namespace):
                    return True
                continue
            # Only what names other apps is turned away: the station has the finer sieve.
            named = apps_named(record)
            app = interest.app.rpartition("/")[2]
            if not named or (record.namespace == interest.namespace and app in named):
                return True
        return False

    def _narrowed(self, kind: str) -> bool:
        wanted = [one for one in self._interests or () if one.kind == kind]
        return bool(wanted) and all(one.app or one.namespace for one in wanted)

    # The feed itself

    def disconnected(self, since: float | None = None) -> None:
        """The feed is lost: everything is stale since *since* (now) until it is sent again."""
        if self.disconnected_since is None:
            self.disconnected_since = self.clock.now() if since is None else since
            self._open.clear()
            self._touch_all()

    def connected(self) -> None:
        """The feed is back: each scope stays stale until its snapshot is here."""
        if self.disconnected_since is None:
            return
        for name, held in self._held.items():
            if held:
                self._unconfirmed.setdefault(name, self.disconnected_since)
        self.disconnected_since = None
        self._seq.clear()
        self._touch_all()

    # What is read

    def records(self, kind: str) -> Mapping[Key, AnyRecord]:
        """Return a read-only view of the records of *kind*, live until `clear`."""
        self._table(kind)
        return self._views[kind]

    def ring(self, kind: str) -> Sequence[AnyRecord]:
        """Return the events of *kind*, the latest word on each, oldest first."""
        return list(self._records.get(kind, {}).values())

    def take_dirty(self) -> dict[str, set[Key]]:
        """Return the keys that changed or went since the last call, by kind."""
        dirty, self._dirty = self._dirty, {}
        return dirty

    @property
    def size(self) -> int:
        """How many records there are, of all kinds."""
        return len(self._owner)

    def owner_of(self, key: Key) -> ScopeName | None:
        """Return the name of the scope that brought *key*, None where there is no such record."""
        return self._owner.get(key)

    def scope_of(self, key: Key) -> Scope | None:
        """Return the scope that brought *key*, None where the station does not speak of it."""
        owner = self._owner.get(key)
        return self._scope(owner) if owner is not None else None

    def _scope(self, name: ScopeName) -> Scope | None:
        scope = self._records.get("Scope", {}).get(Key(name[0], "Scope", "", name[1]))
        return cast("Scope | None", scope)

    def quality(self, record: Record) -> tuple[Quality, float | None]:
        """Return how far *record* can be trusted, and since when it is not fresh."""
        key = record.key
        if self.disconnected_since is not None:
            return Quality.STALE, self.disconnected_since
        owner = self._owner.get(key)
        if owner is None:
            return Quality.NEVER, None
        if owner in self._unconfirmed:
            return Quality.STALE, self._unconfirmed[owner]
        if key.kind in OWN_KINDS:
            return Quality.FRESH, None
        return freshness.of_record(record, self._scope(owner), self.clock.now())

    def quality_of_scope(self, name: ScopeName) -> tuple[Quality, float | None]:
        """Return how far what the scope *name* brings can be trusted as a whole.

        While its snapshot is on the way it is not known what there is: that is "never received".
        """
        if self.disconnected_since is not None:
            return Quality.STALE, self.disconnected_since
        if name in self._unconfirmed:
            return Quality.STALE, self._unconfirmed[name]
        scope = self._scope(name)
        if scope is None or name in self._open:
            return Quality.NEVER, None
        return freshness.of_scope(scope, self.clock.now())

    def bringing(self, kind: str) -> tuple[ScopeName, ...]:
        """Return the scopes that brought records of *kind*, though there be none any more."""
        return tuple(self._brings.get(kind, ()))

    def memo(self, name: str, version: Hashable, make: Callable[[], ResultT]) -> ResultT:
        """Return what *make* returned for *version*, calling it where that is another one."""
        held = self._memos.get(name)
        if held is None or held[0] != version:
            held = self._memos[name] = (version, make())
        return cast("ResultT", held[1])

    def following(self, kind: str, make: type[FollowerT]) -> FollowerT:
        """Return what *make* makes of the records of *kind*, told of each change from now on."""
        followers = self._followers.setdefault(kind, {})
        if make not in followers:
            made = followers[make] = make()
            for key, record in self._table(kind).items():
                made.put(key, None, record)
        return cast("FollowerT", followers[make])

    def oldest_age(self, now: float | None = None) -> float | None:
        """Return the age in seconds of the oldest data here, None where none ever came.

        What the station says of itself is none: it is there before anything was heard.
        """
        moment = self.clock.now() if now is None else now
        if self.disconnected_since is not None:
            return max(0.0, moment - self.disconnected_since) if self._owner else None
        ages = [freshness.age_of_scope(scope, moment) for scope in self.watched()]
        ages.extend(
            max(0.0, moment - since)
            for name, since in self._unconfirmed.items()
            if self._held.get(name) and name[0] != STATION
        )
        known = [age for age in ages if age is not None]
        return max(known) if known else None
