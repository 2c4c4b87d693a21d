"""Which records a console sees: by kind, and by the app that they bear on."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.records import ActionStatus, Address, App, Record
from console.feed.messages import Interest


class Interests:
    """What one console wants, ready to be asked record by record."""

    def __init__(self, interests: Iterable[Interest] = ()) -> None:
        self._by_kind: dict[str, frozenset[Interest]] = {}
        for interest in interests:
            held = self._by_kind.get(interest.kind, frozenset())
            self._by_kind[interest.kind] = held | {interest}
        self._whole = frozenset(
            kind
            for kind, wanted in self._by_kind.items()
            if any(not one.namespace and not one.app for one in wanted)
        )

    def whole(self, kinds: Iterable[str]) -> bool:
        """Whether every record of every one of *kinds* is wanted."""
        return self._whole.issuperset(kinds)

    def touches(self, kinds: Iterable[str]) -> bool:
        """Whether some record of *kinds* may be wanted."""
        return not self._by_kind.keys().isdisjoint(kinds)

    def same(self, other: Interests, kinds: Iterable[str]) -> bool:
        """Whether *other* wants the same of *kinds*."""
        return all(self._of(kind) == other._of(kind) for kind in kinds)

    def wants(self, record: Record) -> bool:
        """Whether *record* is wanted."""
        kind = type(record).__name__
        if kind in self._whole:
            return True
        return any(_meets(record, interest) for interest in self._by_kind.get(kind, ()))

    def _of(self, kind: str) -> frozenset[Interest] | None:
        return None if kind in self._whole else self._by_kind.get(kind, frozenset())


def _meets(record: Record, interest: Interest) -> bool:
    """Whether *record* lies in the interest's namespace and bears on its app.

    An app is named alone or as "Deployment/name".
    """
    workload, _, app = interest.app.rpartition("/")
    if isinstance(record, ActionStatus):
        parts = record.target.rpartition(":")[2].split("/")
        return (not interest.namespace or parts[0] == interest.namespace) and (
            not app or (len(parts) > 1 and parts[-1] == app)
        )
    if interest.namespace and record.namespace != interest.namespace:
        return False
    if not app:
        return True
    if isinstance(record, App):
        return record.name == app and workload in ("", record.workload)
    if isinstance(record, Address):
        return any(
            name == app and workload in ("", of)
            for of, _, name in (one.rpartition("/") for one in record.apps)
        )
    return getattr(record, "app", None) == app and workload in (
        "",
        getattr(record, "workload", ""),
    )
