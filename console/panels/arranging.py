"""Filtering and sorting many records in slices, so that no key waits for 50,000 of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, TypeAlias

from console.rows.sorting import arranged, is_unknown

SLICE = 1000
"""Records looked at between two looks at what else there is to do: a few milliseconds."""
AT_ONCE = 2000
"""Records up to which all is done at once; beyond, in slices."""
RUN = 8000
"""Rows sorted in one go."""
FEW = 256
"""Rows that changed places up to which each is put where it belongs, instead of sorting all."""

_Placed: TypeAlias = tuple[Any, Hashable]
"""A sort key, and the key of its row."""
_PLACE = itemgetter(0)


class Arranging:
    """One run over records: which of them a filter leaves, and in which order.

    `steps` does it and says after each slice how many records it has looked at; `order` and
    `keys` are whole when it is over.
    """

    def __init__(
        self,
        records: Sequence[Any],
        key_of: Callable[[Any], Hashable],
        sort_key: Callable[[Any], Any],
        matches: Callable[[Any], bool],
        *,
        descending: bool = False,
    ) -> None:
        self.total = len(records)
        self.order: dict[Hashable, Any] = {}
        self.keys: list[Hashable] = []
        self._records = records
        self._key_of = key_of
        self._sort_key = sort_key
        self._matches = matches
        self._descending = descending

    def steps(self, size: int = SLICE) -> Iterator[int]:
        """Do the work; yield after each *size* records how many are done."""
        records, down = iter(self._records), self._descending
        key_of, sort_key, matches = self._key_of, self._sort_key, self._matches
        done = 0
        runs: list[list[_Placed]] = [[]]
        while some := tuple(islice(records, size)):
            part = [(sort_key(one), key_of(one)) for one in some if matches(one)]
            self.order.update((key, place) for place, key in part)
            runs[-1] += part
            done += len(some)
            if len(runs[-1]) >= RUN:
                runs[-1] = _sorted(runs[-1], down)
                runs.append([])
            yield done
        runs[-1] = _sorted(runs[-1], down)
        # Two and two: sorting what is two sorted runs merges them, and no step takes long.
        while len(runs) > 1:
            last = runs[-1:] if len(runs) % 2 else []
            merged = []
            for first, second in zip(runs[::2], runs[1::2], strict=False):
                merged.append(_sorted(first + second, down))
                yield done
            runs = merged + last
        self.keys = [key for _, key in runs[0]]

    def finish(self) -> None:
        """Do all that is left at once."""
        for _ in self.steps(max(1, self.total)):
            pass


class Narrowing:
    """One run over rows that are in order already: which of them another filter leaves.

    What it has and does is as of `Arranging`.
    """

    def __init__(
        self,
        keys: Sequence[Hashable],
        order: dict[Hashable, Any],
        matches: Callable[[Hashable], bool],
    ) -> None:
        self.total = len(keys)
        self.order: dict[Hashable, Any] = {}
        self.keys: list[Hashable] = []
        self._from = keys, order
        self._matches = matches

    def steps(self, size: int = SLICE) -> Iterator[int]:
        """Do the work; yield after each *size* rows how many are done."""
        keys, places = self._from
        for at in range(0, self.total, size):
            left = [key for key in keys[at : at + size] if self._matches(key)]
            self.keys += left
            self.order.update((key, places[key]) for key in left)
            yield min(at + size, self.total)

    def finish(self) -> None:
        """Do all that is left at once."""
        for _ in self.steps(max(1, self.total)):
            pass


def _sorted(placed: list[_Placed], descending: bool) -> list[_Placed]:
    if not descending:
        placed.sort(key=_PLACE)
        return placed
    there = [one for one in placed if not is_unknown(one[0])]
    there.sort(key=_PLACE, reverse=True)
    if len(there) < len(placed):
        there += sorted((one for one in placed if is_unknown(one[0])), key=_PLACE)
    return there


def rearranged(
    keys: Sequence[Hashable],
    order: dict[Hashable, Any],
    moved: set[Hashable],
    *,
    descending: bool = False,
) -> list[Hashable]:
    """Return *keys* sorted by *order* again, where only those in *moved* changed, came or went."""
    if len(moved) > max(FEW, len(order) // 64):
        return arranged(order, descending=descending)
    of = order.__getitem__
    kept = [key for key in keys if key not in moved]
    for key in sorted((one for one in moved if one in order), key=of):
        kept.insert(_place(kept, order, order[key], descending), key)
    return kept


def _place(keys: Sequence[Hashable], order: dict[Hashable, Any], key: Any, descending: bool) -> int:
    """Return where a row of sort key *key* belongs among *keys*, which are sorted."""
    of = order.__getitem__
    if not descending:
        return bisect_left(keys, key, key=of)
    known = bisect_left(keys, True, key=lambda one: is_unknown(order[one]))
    if is_unknown(key):
        return bisect_left(keys, key, known, key=of)
    low, high = 0, known
    while low < high:
        middle = (low + high) // 2
        if of(keys[middle]) > key:
            low = middle + 1
        else:
            high = middle
    return low
