"""Filtering and sorting many records in slices, so that no key waits for 50,000 of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Generator, Hashable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, TypeAlias

from console.rows.sorting import arranged, is_unknown

SLICE = 250
"""Records looked at between two looks at the clock: about a millisecond."""
AT_ONCE = 2000
"""Records up to which all is done at once; beyond, in slices."""
RUN = 2000
"""Rows sorted in one go, and of each of two runs those that are merged in one go."""
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
        self.seen: dict[Hashable, Any] = {}
        """The records that there were when it began, where somebody wants to know later."""
        self.everything = 0
        """How many those were."""
        self._records = records
        self._key_of = key_of
        self._sort_key = sort_key
        self._matches = matches
        self._descending = descending

    def steps(self, size: int = SLICE) -> Generator[int, None, None]:
        """Do the work; yield after each *size* records, and each step of sorting, how many are
        done.
        """
        records, down = iter(self._records), self._descending
        key_of, sort_key, matches = self._key_of, self._sort_key, self._matches
        done = 0
        known, unknown = Runs(down=down), Runs()
        while some := tuple(islice(records, size)):
            part = [(sort_key(one), key_of(one)) for one in some if matches(one)]
            self.order.update((key, place) for place, key in part)
            if down:
                # What is not known stays last either way.
                unknown.add([one for one in part if is_unknown(one[0])])
                part = [one for one in part if not is_unknown(one[0])]
            known.add(part)
            done += len(some)
            yield done
        for runs in (known, unknown):
            for _ in runs.steps():
                yield done
        self.keys = [key for _, key in known.sorted]
        self.keys += [key for _, key in unknown.sorted]

    def finish(self) -> None:
        """Do all that is left at once."""
        for _ in self.steps(max(1, self.total)):
            pass

    def give_up(self) -> None:
        """Let go of everything: nobody wants it any more."""
        self.order, self.keys, self.seen, self._records = {}, [], {}, ()
        self._matches = _nothing


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
        self.seen: dict[Hashable, Any] = {}
        self.everything = 0
        self._from = keys, order
        self._matches = matches

    def steps(self, size: int = SLICE) -> Generator[int, None, None]:
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

    def give_up(self) -> None:
        """Let go of everything: nobody wants it any more."""
        self.order, self.keys, self.seen, self._from = {}, [], {}, ((), {})
        self._matches = _nothing


class Runs:
    """Rows that are sorted bit by bit: what is added becomes short runs, `steps` merges them.

    Rows of one place stay in the order in which they were added, *down* or not.
    """

    def __init__(self, *, down: bool = False) -> None:
        self._down = down
        self._runs: list[list[_Placed]] = []
        self._last: list[_Placed] = []

    @property
    def sorted(self) -> list[_Placed]:
        """All rows in order, once `steps` is through."""
        return self._runs[0] if self._runs else []

    def add(self, part: list[_Placed]) -> None:
        """Take in *part*, in any order."""
        self._last += part
        if len(self._last) >= RUN:
            self._close()

    def _close(self) -> None:
        if self._last:
            self._last.sort(key=_PLACE, reverse=self._down)
            self._runs.append(self._last)
            self._last = []

    def steps(self) -> Iterator[None]:
        """Merge the runs two and two, yielding after each piece."""
        self._close()
        while len(self._runs) > 1:
            runs = self._runs
            merged = []
            for first, second in zip(runs[::2], runs[1::2], strict=False):
                into: list[_Placed] = []
                for piece in self._pieces(first, second):
                    into += piece
                    yield
                merged.append(into)
            self._runs = merged + (runs[-1:] if len(runs) % 2 else [])

    def _pieces(self, first: list[_Placed], second: list[_Placed]) -> Iterator[list[_Placed]]:
        """Yield *first* and *second* merged, in pieces of twice RUN rows at most.

        Each piece is all up to the lower of two places, so that what sorts it, which merges two
        runs as fast as anything does, needs no look at the rest.
        """
        at, by = 0, 0
        while at < len(first) and by < len(second):
            to, up = min(at + RUN, len(first)), min(by + RUN, len(second))
            if self._before(second[up - 1][0], first[to - 1][0]):
                to = self._cut(first, at, to, second[up - 1][0], after=True)
            else:
                up = self._cut(second, by, up, first[to - 1][0], after=False)
            piece = first[at:to] + second[by:up]
            piece.sort(key=_PLACE, reverse=self._down)
            yield piece
            at, by = to, up
        yield first[at:] + second[by:]

    def _before(self, one: Any, other: Any) -> bool:
        return bool(other < one if self._down else one < other)

    def _cut(self, run: list[_Placed], low: int, high: int, place: Any, *, after: bool) -> int:
        """Return where in *run* what is before *place* ends; *after* that, what is there too."""
        while low < high:
            middle = (low + high) // 2
            here = run[middle][0]
            goes = not self._before(place, here) if after else self._before(here, place)
            low, high = (middle + 1, high) if goes else (low, middle)
        return low


def _nothing(_: Any) -> bool:
    return False


def rearranged(
    keys: Sequence[Hashable],
    order: dict[Hashable, Any],
    moved: set[Hashable],
    *,
    descending: bool = False,
) -> list[Hashable]:
    """Return *keys* sorted by *order* again, where only those in *moved* changed, came or went."""
    if len(moved) > max(FEW, len(order) // 16):
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
