"""Turns what the watches say into batches: coalesced, and only what really changed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import msgspec

from adapters.clock import Clock
from adapters.contract import Batch
from adapters.kubernetes import objects
from adapters.kubernetes.cache import name_of
from adapters.kubernetes.events import last_seen, occurrences
from adapters.kubernetes.making import Maker
from adapters.kubernetes.resources import SCOPES, Resource, ScopeOf
from adapters.kubernetes.standings import Standings
from adapters.kubernetes.world import World
from adapters.records import Event, Key, Record, ScopeState

CHUNK = 1000
"""Records in one batch, at most."""
HOLD = 0.5
"""Seconds that a first snapshot waits for what is joined to it: a health that is right at once
is worth more than one a moment earlier."""
HEARTBEAT = 1.0
"""Seconds between heartbeats of one scope, at least."""
OLD_EVENTS = 2000
"""Events of a first list that are passed on: the newest."""
SEEN = 20_000
"""Events that are remembered as passed on, so that listing again brings none twice."""


class Seen:
    """Which occurrences of which Events were passed on; it outlives a connection."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, float]] = {}

    def add(self, uid: str, count: int, last: float) -> bool:
        """Note an occurrence; return whether it is new."""
        before = self._known.pop(uid, None)
        self._known[uid] = (count, last)
        if len(self._known) > SEEN:
            del self._known[next(iter(self._known))]
        return before is None or before != (count, last)


class Publisher:
    """The sink of all reflectors. `waiting` ends when there is something to `flush`."""

    def __init__(
        self, source: str, clock: Clock, watches: list[tuple[str, str]], seen: Seen
    ) -> None:
        self.world = World()
        self.standings = Standings(watches)
        self._source = source
        self._clock = clock
        self._seen = seen
        self._news = asyncio.Event()
        self._heard: set[str] = set()
        self._said: dict[str, tuple[ScopeState, str]] = {}
        self._said_at: dict[str, float] = {}
        self._open: set[str] = set()
        self._held_since: dict[str, float] = {}
        self._sent: dict[str, dict[Any, tuple[Record, ...]]] = {each.name: {} for each in SCOPES}

    # -- the sink

    def listed(self, resource: Resource, namespace: str, objects: list[Any]) -> None:
        """Take a whole list."""
        self.world.listed(resource, namespace, objects)
        self._wake(resource)

    def changed(self, resource: Resource, object_: Any, gone: bool) -> None:
        """Take one change."""
        self.world.changed(resource, object_, gone)
        self._wake(resource)

    def heard(self, resource: Resource) -> None:
        """The watch is alive."""
        self._wake(resource)

    def stood(self, resource: Resource, namespace: str, state: ScopeState, detail: str) -> None:
        """Note how a watch stands."""
        pods, announcers = self.standings.known("pods"), self._announcers_known()
        if not self.standings.set(resource.name, namespace, state, detail):
            return
        # What could not be known and now can (or the other way) is in many records.
        if pods != self.standings.known("pods"):
            self.world.touch_all("apps", "revisions")
        if announcers != self._announcers_known():
            self.world.touch_all("addresses")
        self.wake()

    def _wake(self, resource: Resource) -> None:
        self._heard.add(resource.name)
        self._news.set()

    def wake(self) -> None:
        """Have `waiting` end."""
        self._news.set()

    async def waiting(self) -> None:
        """Wait until there is something to flush; a held snapshot is looked at again in time."""
        try:
            async with asyncio.timeout(HOLD / 2 if self._held_since else None):
                await self._news.wait()
        except TimeoutError:
            pass

    # -- batches

    def flush(self) -> Iterator[Batch]:
        """Yield what changed since the last flush."""
        self._news.clear()
        heard, self._heard = self._heard, set()
        for scope in SCOPES:
            told = False
            state, detail = self.standings.scope(scope)
            for batch in self._scope(scope, state, detail):
                told = True
                yield batch
            alive = not heard.isdisjoint(scope.primary)
            if scope.name not in self._open and state is ScopeState.LIVE:
                continue  # its first snapshot says so
            if not told and (self._said.get(scope.name) != (state, detail) or alive):
                told = self._said.get(scope.name) != (state, detail) or self._quiet(scope)
                if told:
                    yield Batch(scope.name, state=state, detail=detail)
            if told:
                self._said[scope.name] = (state, detail)
                self._said_at[scope.name] = self._clock.monotonic()

    def _quiet(self, scope: ScopeOf) -> bool:
        last = self._said_at.get(scope.name)
        return last is None or self._clock.monotonic() - last >= HEARTBEAT

    def _scope(self, scope: ScopeOf, state: ScopeState, detail: str) -> Iterator[Batch]:
        opening = scope.name not in self._open
        if opening and not self._may_open(scope):
            return
        self._open.add(scope.name)
        if scope.name == "events":
            upserts: list[Record] = [*self._events()]
            gone: list[Key] = []
            opening = False  # what is sequenced has no snapshots
        else:
            upserts, gone = self._changes(scope.name)
        if not (upserts or gone or opening):
            return
        for start in range(0, max(len(upserts), 1), CHUNK):
            last = start + CHUNK >= len(upserts)
            yield Batch(
                scope.name,
                upserts=tuple(upserts[start : start + CHUNK]),
                gone=tuple(gone) if start == 0 else (),
                begin=opening and start == 0,
                end=opening and last,
                state=state,
                detail=detail,
            )

    def _may_open(self, scope: ScopeOf) -> bool:
        """Whether the first snapshot is due: all is there, or enough of it for long enough."""
        if not (self.standings.primary_settled(scope) and self.standings.listed(scope)):
            return False
        now = self._clock.monotonic()
        since = self._held_since.setdefault(scope.name, now)
        if self.standings.settled(scope) or now - since >= HOLD:
            del self._held_since[scope.name]
            return True
        return False

    def _changes(self, kind: str) -> tuple[list[Record], list[Key]]:
        """Make again what is dirty, and return what differs from what was sent."""
        dirty, self.world.dirty[kind] = self.world.dirty[kind], {}
        sent, maker = self._sent[kind], self._maker()
        upserts: list[Record] = []
        gone: list[Key] = []
        for name in dirty:
            before, after = sent.get(name, ()), maker.make(kind, name)
            if not (before or after):
                continue
            known = {record.key: record for record in before}
            for record in after:
                if not _same(known.pop(record.key, None), record):
                    upserts.append(record)
            gone.extend(known)
            if after:
                sent[name] = after
            else:
                sent.pop(name, None)
        # A Deployment and a StatefulSet of one name share a key: one of them going is not both.
        kept = {record.key: record for each in sent.values() for record in each} if gone else {}
        upserts += [kept[key] for key in gone if key in kept]
        return upserts, [key for key in gone if key not in kept]

    def _maker(self) -> Maker:
        return Maker(
            self.world,
            self._source,
            self._clock.now(),
            pods_known=self.standings.known("pods"),
            announcers_known=self._announcers_known(),
        )

    def _announcers_known(self) -> bool:
        """Whether nobody's name means nobody: L2 is known, and BGP too where it exists."""
        bgp = self.standings.of("servicebgpstatuses")
        bgp_absent = bgp.state is ScopeState.ABSENT  # MetalLB before 0.15 says nothing of BGP
        return self.standings.known("servicel2statuses") and (
            self.standings.known("servicebgpstatuses") or bgp_absent
        )

    def _events(self) -> list[Event]:
        waiting, self.world.events = self.world.events, {}
        fresh = [
            event
            for event in waiting.values()
            if self._seen.add(
                event.metadata.uid or "/".join(name_of(event)),
                occurrences(event),
                last_seen(event) or 0.0,
            )
        ]
        fresh.sort(key=lambda event: (last_seen(event) or 0.0, _age(event)))
        maker = self._maker()
        return [maker.event(event) for event in fresh[-OLD_EVENTS:]]


def _age(event: objects.Event) -> int:
    """Order Events of one second as the server wrote them."""
    version = event.metadata.resource_version
    return int(version) if version.isascii() and version.isdigit() else 0


def _same(before: Record | None, after: Record) -> bool:
    """Whether two records differ in nothing but when they were received."""
    if before is None:
        return False
    return msgspec.structs.replace(after, received=before.received) == before
