"""Turns what is known into batches: only what changed, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from adapters.contract import Batch
from adapters.records import EventRecord, Key, Record, ScopeState

SCOPES = ("heads", "tokens", "contracts", "ledger", "accounts")
CHUNK = 1000
"""Records in one batch, at most."""


class Publisher:
    """What the station was told. `interval` is 0 where heads are told, else seconds of polling."""

    def __init__(self) -> None:
        self.interval = 0.0
        self._sent: dict[str, dict[Key, Record]] = {scope: {} for scope in SCOPES}
        self._open: set[str] = set()
        self._absent: set[str] = set()

    @property
    def reached(self) -> bool:
        """Whether anything was ever known."""
        return "heads" in self._open

    def announce(self) -> Iterator[Batch]:
        """Say first what is to come: nobody takes the first of it for all."""
        for scope in SCOPES:
            yield Batch(scope, state=ScopeState.NEVER)

    def reading(self, detail: str) -> Iterator[Batch]:
        """Say how far the first reading is, in the scopes that wait for it."""
        for scope in SCOPES:
            if scope not in self._open and scope not in self._absent:
                yield Batch(scope, state=ScopeState.NEVER, detail=detail)

    def absent(self, scope: str, detail: str) -> Iterator[Batch]:
        """Say that there is nothing to bring in *scope*."""
        if scope not in self._absent:
            self._absent.add(scope)
            yield Batch(scope, state=ScopeState.ABSENT, detail=detail)

    def alive(self, scope: str) -> Iterator[Batch]:
        """Say that what was brought in *scope* holds."""
        if scope in self._open:
            yield Batch(scope, interval=self.interval)

    def whole(self, scope: str, records: Iterable[Record], detail: str = "") -> Iterator[Batch]:
        """Bring all that is in *scope*: as a snapshot the first time, then as changes."""
        there = {record.key: record for record in records}
        gone = [key for key in self._sent[scope] if key not in there]
        yield from self.changes(scope, there.values(), gone, detail)

    def changes(
        self, scope: str, upserts: Iterable[Record], gone: Iterable[Key], detail: str = ""
    ) -> Iterator[Batch]:
        """Bring what changed in *scope*; with nothing new it is a heartbeat."""
        sent = self._sent[scope]
        fresh = []
        for record in upserts:
            if not _same(sent.get(record.key), record):
                fresh.append(record)
                if not isinstance(record, EventRecord):
                    sent[record.key] = record
        lost = tuple(key for key in gone if sent.pop(key, None) is not None)
        opening = scope not in self._open
        self._open.add(scope)
        for start in range(0, max(len(fresh), 1), CHUNK):
            first, last = start == 0, start + CHUNK >= len(fresh)
            yield Batch(
                scope,
                upserts=tuple(fresh[start : start + CHUNK]),
                gone=lost if first else (),
                # What is sequenced has no snapshots.
                begin=opening and first and scope != "ledger",
                end=opening and last and scope != "ledger",
                interval=self.interval,
                detail=detail,
            )

    def lost(self, detail: str) -> Iterator[Batch]:
        """Say that nothing can be trusted from now on."""
        for scope in SCOPES:
            if scope not in self._absent:
                state = ScopeState.STALE if scope in self._open else ScopeState.NEVER
                yield Batch(scope, state=state, detail=detail, interval=self.interval)


def _same(before: Record | None, after: Record) -> bool:
    """Whether two records differ in nothing but when they were received."""
    if before is None:
        return False
    return msgspec.structs.replace(after, received=before.received) == before
