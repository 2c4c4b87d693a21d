"""The first of many by their places, kept while they change."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Hashable, Iterable
from heapq import nsmallest
from typing import Any

KEPT = 256
"""How many are kept at least: more than any screen shows."""


class Best:
    """Keys in the order of their places, of which only the first are kept.

    A change costs a comparison with the last that is kept. Only where so many went that fewer are
    left than somebody wants are all of them looked at again. A place belongs to one key alone.
    """

    def __init__(self) -> None:
        self._kept: list[tuple[Any, Hashable]] = []
        self._places: dict[Hashable, Any] = {}
        self._target = KEPT
        self._bound: Any = None
        """The place from which on nothing is kept, None while everything is."""

    def put(self, key: Hashable, place: Any) -> None:
        """Take in that *key* is at *place* now, wherever it was."""
        self.drop(key)
        if self._bound is not None and place >= self._bound:
            return
        insort(self._kept, (place, key))
        self._places[key] = place
        if len(self._kept) > 2 * self._target:
            self._cut()

    def drop(self, key: Hashable) -> None:
        """Forget *key*."""
        place = self._places.pop(key, None)
        if place is not None:
            del self._kept[bisect_left(self._kept, (place, key))]

    def short(self, most: int) -> bool:
        """Whether fewer than *most* are kept though there may be more."""
        return self._bound is not None and len(self._kept) < most

    def fill(self, everything: Iterable[tuple[Any, Hashable]], most: int) -> None:
        """Take in *everything*, pairs of a place and a key, to have *most* of them."""
        self._target = max(KEPT, 2 * most)
        self._kept = nsmallest(self._target + 1, everything)
        self._places = {key: place for place, key in self._kept}
        self._bound = None
        if len(self._kept) > self._target:
            self._cut()

    def first(self, most: int) -> list[Any]:
        """Return the first *most* keys, in order."""
        return [key for _, key in self._kept[:most]]

    def _cut(self) -> None:
        self._bound = self._kept[self._target][0]
        for _, key in self._kept[self._target :]:
            del self._places[key]
        del self._kept[self._target :]
