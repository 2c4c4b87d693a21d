"""The rows of one table in order: which records a filter leaves, sorted, as they change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from console.panels.arranging import Arranging, Narrowing, rearranged
from console.rows import filter as filters


class Ordering:
    """Keeps rows by key in the order of their sort keys. It asks nobody; its table tells it."""

    def __init__(self, sort: str) -> None:
        self.sort = sort
        self.descending = False
        self.filter = filters.NONE
        self.order: dict[Hashable, Any] = {}
        self.total = 0
        self._keys: list[Hashable] = []
        self._moved: set[Hashable] = set()
        self._seen: dict[Hashable, Any] = {}
        self._texts: dict[Hashable, str] = {}

    @property
    def unsorted(self) -> bool:
        """Whether rows came, went or changed places since the last `settled`."""
        return bool(self._moved)

    def forget(self) -> None:
        """Believe nothing that was found out of any record: what it hangs on has changed."""
        self._seen, self._texts = {}, {}

    def run(
        self,
        records: Sequence[Any],
        key_of: Callable[[Any], Hashable],
        sort_key: Callable[[Any], Any],
        haystack: Callable[[Any], Mapping[str, str]],
        now: float,
    ) -> Arranging:
        """Return a run over *records*; `adopt` it when it is over."""

        def matches(one: Any) -> bool:
            return self.finds(key_of(one), one, haystack, now)

        narrow = self.filter.narrows
        return Arranging(
            records, key_of, sort_key, matches if narrow else _everything,
            descending=self.descending,
        )  # fmt: skip

    def narrowing(
        self,
        item: Callable[[Hashable], Any],
        haystack: Callable[[Any], Mapping[str, str]],
        now: float,
    ) -> Narrowing:
        """Return a run over the rows that there are; *item* returns what a row shows."""

        def matches(key: Hashable) -> bool:
            record = item(key)
            return record is not None and self.finds(key, record, haystack, now)

        return Narrowing(tuple(self._keys), dict(self.order), matches)

    def finds(
        self,
        key: Hashable,
        record: Any,
        haystack: Callable[[Any], Mapping[str, str]],
        now: float,
    ) -> bool:
        """Whether the filter leaves *record*, the row *key*."""
        if not self.filter.narrows:
            return True
        text = ""
        if self.filter.terms:
            known = self._texts.get(key)
            text = filters.searched(haystack(record)) if known is None else known
            self._texts[key] = text
        return self.filter.finds(text, lambda: haystack(record), record, now)

    def adopt(self, run: Arranging | Narrowing, seen: dict[Hashable, Any], total: int) -> None:
        """Take what *run* found of *seen*, records by key, of which there are *total*."""
        self.order, self._keys = run.order, run.keys
        self._seen, self.total = seen, total
        self._moved = set()
        if not self.filter.narrows:
            self._texts = {}

    def place(self, key: Hashable, record: Any, sort_key: Any) -> None:
        """Take in that the row *key* shows *record* now, at *sort_key*."""
        self._seen[key] = record
        if key not in self.order or self.order[key] != sort_key:
            self.order[key] = sort_key
            self._moved.add(key)

    def leave_out(self, key: Hashable, record: Any = None) -> None:
        """Take in that *key* has no row now: *record* does not match, or is gone (None)."""
        if record is None:
            self._seen.pop(key, None)
        else:
            self._seen[key] = record
        if self.order.pop(key, None) is not None:
            self._moved.add(key)

    def changed(self, key: Hashable) -> None:
        """Forget what was found out of the record *key*: it is another now."""
        self._texts.pop(key, None)

    def missed(self, records: Mapping[Any, Any]) -> list[Hashable]:
        """Return the keys of *records* that are others than those taken in, and of what is gone."""
        seen = self._seen
        found: list[Hashable] = [key for key, one in records.items() if seen.get(key) is not one]
        if len(seen) + len(found) != len(records) or found:
            found += [key for key in seen if key not in records]
        return found

    def settled(self) -> list[Hashable]:
        """Return the keys of all rows in order. The list is new where anything moved."""
        if self._moved:
            moved, self._moved = self._moved, set()
            self._keys = rearranged(self._keys, self.order, moved, descending=self.descending)
        return self._keys


def _everything(_: Any) -> bool:
    return True
