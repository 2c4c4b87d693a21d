"""What waits while the screen stands still."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.records import Key


class Still:
    """Since when the screen stands still, and what changed since. *since* is monotonic seconds."""

    def __init__(self, since: float) -> None:
        self.since = since
        self._changed: set[Key] = set()

    def add(self, dirty: Mapping[str, Iterable[Key]]) -> None:
        """Take in what changed and is not shown."""
        for keys in dirty.values():
            self._changed.update(keys)

    @property
    def waiting(self) -> int:
        """How many records changed and are not shown."""
        return len(self._changed)

    def text(self, now: float) -> str:
        """Return "FROZEN 00:42 · 128 changes wait"."""
        minutes, seconds = divmod(max(0, int(now - self.since)), 60)
        count = self.waiting
        waits = f"{count:,} change{'s wait' if count != 1 else ' waits'}" if count else "no change"
        return f"FROZEN {minutes:02}:{seconds:02} · {waits}"
