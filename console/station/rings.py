"""Rings of event records: the last so many of each source and kind, numbered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

import msgspec

from adapters.records import EventRecord, Key
from console.station.scopes import ScopeEntry

RING = 2_000
"""Events kept of each kind and source."""

_set = msgspec.structs.force_setattr


class Ring:
    """The events of one source and kind, oldest first."""

    def __init__(self, limit: int = RING) -> None:
        self._limit = limit
        self._kept: OrderedDict[Key, tuple[EventRecord, ScopeEntry]] = OrderedDict()
        self._last = 0

    def __len__(self) -> int:
        return len(self._kept)

    def put(self, key: Key, event: EventRecord, scope: ScopeEntry, now: float) -> bool:
        """Number and keep *event*, the caller's own copy; False where it says nothing new.

        One that is sent again under its name (a Kubernetes Event whose count rose) takes the
        place of the earlier one and a new number.
        """
        held = self._kept.get(key)
        if held is not None:
            before = held[0]
            _set(event, "seq", before.seq)
            _set(event, "received", before.received)
            if event == before:
                return False
            self._drop(key)
        self._last += 1
        _set(event, "seq", self._last)
        _set(event, "received", now)
        self._kept[key] = (event, scope)
        scope.events += 1
        if len(self._kept) > self._limit:
            self._drop(next(iter(self._kept)))
        return True

    def _drop(self, key: Key) -> None:
        _, scope = self._kept.pop(key)
        scope.events -= 1

    def all(self) -> list[EventRecord]:
        """Return what is kept, oldest first, as it is at one moment."""
        return [event for event, _ in list(self._kept.values())]

    def of(self, scope: ScopeEntry) -> Iterator[EventRecord]:
        """Yield what *scope* brought, oldest first."""
        for event, brought_by in self._kept.values():
            if brought_by is scope:
                yield event
