"""The station's latest records, as an adapter may look things up in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from adapters.links import RecordT
from adapters.records import Key, Record
from console.station.hub import Hub


class HubWorld:
    """A view of *hub* for one question (`adapters.links.World`): each kind is read once.

    Adapters are asked in their own threads. What they get are lists of their own and frozen
    records, so that nothing waits for anything.
    """

    def __init__(self, hub: Hub, now: float) -> None:
        self._hub = hub
        self._now = now
        self._read: dict[tuple[str, str], list[Record]] = {}

    @property
    def now(self) -> float:
        """The colony's time at which the question was asked."""
        return self._now

    def of_kind(self, kind: type[RecordT], source: str = "") -> Sequence[RecordT]:
        """Return the latest records of the class *kind*, events too, of one source or of all."""
        name = kind.__name__
        found = self._read.get((name, source))
        if found is None:
            found = self._read[name, source] = self._hub.latest(name, source)
        return cast("Sequence[RecordT]", found)

    def get(self, key: Key) -> Record | None:
        """Return the latest record called *key*; of events too."""
        found = self._hub.get(key)
        if found is None:
            found = next((one for one in self._hub.latest(key.kind, key.source)
                          if one.key == key), None)  # fmt: skip
        return found
