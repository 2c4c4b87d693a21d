"""Records that an adapter may look things up in, as the station would lend them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from adapters.records import Key, Record, Scope, ScopeState

RecordT = TypeVar("RecordT", bound=Record)


class KnownWorld:
    """A world of the records that a test names (`adapters.links.World`)."""

    def __init__(self, *records: Record, now: float = 0.0) -> None:
        self.records = records
        self._now = now

    @property
    def now(self) -> float:
        return self._now

    def of_kind(self, kind: type[RecordT], source: str = "") -> Sequence[RecordT]:
        return [one for one in self.records
                if isinstance(one, kind) and source in ("", one.source)]  # fmt: skip

    def get(self, key: Key) -> Record | None:
        return next((one for one in self.records if one.key == key), None)


def live(source: str, *names: str, **states: ScopeState) -> tuple[Scope, ...]:
    """Return scopes of *source*, live but those in *states*."""
    return tuple(
        Scope(source=source, name=name, state=states.get(name, ScopeState.LIVE))
        for name in dict.fromkeys((*names, *states))
    )
