"""The last blocks of a chain, and what a new head does to them: pure, it asks nobody.

A reorganisation is found by hashes alone. Nodes tell it in different ways (logs with `removed`,
heads again, only a lower number), and one that fell behind and came back may not tell it at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from adapters.chain.rpc import quantity
from adapters.contract import AdapterError

HASH = 66
"""Characters of a hash: 0x and 64 digits."""
DEPTH = 256
"""Blocks that are remembered; a reorganisation that is deeper is read anew."""
STEP = 32
"""Headers asked for at once on the way down to the common ancestor."""


class Head(msgspec.Struct, frozen=True):
    """One block's header. `time` is its timestamp, `base_fee` in wei, None before London."""

    number: int
    hash: str
    parent: str
    time: int
    base_fee: int | None = None


class Moved(AdapterError):
    """The node's chain changed while it was read: start from its new head."""


class Step(msgspec.Struct, frozen=True):
    """What a head changed: blocks above `ancestor` are new, `dropped` are the ones they replace.

    `ancestor` is None where no remembered block is on the chain any more.
    """

    ancestor: int | None
    dropped: tuple[Head, ...] = ()


def head(block: Any, what: str = "a block") -> Head:
    """Return the header in a node's answer; raises `AdapterError` where it is none."""
    if not isinstance(block, dict):
        raise AdapterError(f"{what}: the node does not have it")
    own, parent = block.get("hash"), block.get("parentHash")
    if not (isinstance(own, str) and isinstance(parent, str)) or len(own + parent) != 2 * HASH:
        raise AdapterError(f"{what}: the node answered something else")
    fee = block.get("baseFeePerGas")
    return Head(
        quantity(block.get("number"), what),
        own.lower(),
        parent.lower(),
        quantity(block.get("timestamp"), what),
        None if fee is None else quantity(fee, what),
    )


def linked(headers: Sequence[Head], above: Head) -> None:
    """Raise `Moved` unless *headers*, in ascending order, lead up to *above* without a break."""
    for lower, upper in pairwise((*headers, above)):
        if upper.parent != lower.hash or upper.number != lower.number + 1:
            raise Moved("the chain moved on while it was read")


class Ring:
    """The last blocks, each the parent of the next."""

    def __init__(self, depth: int = DEPTH) -> None:
        self.depth = depth
        self._heads: dict[int, Head] = {}

    def __len__(self) -> int:
        return len(self._heads)

    def __iter__(self) -> Iterator[Head]:
        return iter(self._heads.values())

    @property
    def tip(self) -> Head | None:
        """The last block, None where there is none yet."""
        return self._heads[next(reversed(self._heads))] if self._heads else None

    @property
    def lowest(self) -> int:
        """The number of the first block that is remembered."""
        return next(iter(self._heads), 0)

    def get(self, number: int) -> Head | None:
        """Return the block of that number."""
        return self._heads.get(number)

    def has(self, head: Head) -> bool:
        """Whether that very block is remembered."""
        known = self._heads.get(head.number)
        return known is not None and known.hash == head.hash

    def follows(self, head: Head) -> bool:
        """Whether *head* is the next block after the last."""
        tip = self.tip
        return tip is not None and head.parent == tip.hash and head.number == tip.number + 1

    def gap(self, head: Head) -> range:
        """Return the numbers of the blocks from the last known one to below *head*.

        At most as many as are remembered; the lowest block is asked for too where it can show
        whether the chain is still ours.
        """
        tip = self.tip
        start = head.number - STEP if tip is None else min(tip.number, head.number - 1)
        return range(max(start, head.number - self.depth + 1, 0), head.number)

    def below(self, number: int) -> range:
        """Return the next remembered numbers to ask for on the way down from *number*."""
        return range(max(self.lowest, number - STEP), number)

    def ancestor(self, headers: Mapping[int, Head]) -> int | None:
        """Return the highest of *headers* that is remembered, None where none of them is."""
        common = [number for number, each in headers.items() if self.has(each)]
        return max(common, default=None)

    def advance(self, head: Head, headers: Sequence[Head], ancestor: int | None) -> Step:
        """Take *head*, with *headers* the new blocks below it in ascending order; say what changed.

        *ancestor* is the highest remembered block that is on the new chain.
        """
        keep = -1 if ancestor is None else ancestor
        dropped = tuple(each for number, each in self._heads.items() if number > keep)
        for each in dropped:
            del self._heads[each.number]
        fresh = [each for each in headers if each.number > keep]
        first = fresh[0] if fresh else head
        if ancestor is None or first.number > ancestor + 1:
            self._heads.clear()  # a gap longer than what is remembered: it starts anew above it
        for each in (*fresh, head):
            if each.number > keep:
                self._heads[each.number] = each
        while len(self._heads) > self.depth:
            del self._heads[self.lowest]
        return Step(ancestor, dropped)

    def interval(self, blocks: int = 16) -> float | None:
        """Return the mean seconds between the last *blocks* blocks, None where one is known."""
        tip = self.tip
        if tip is None or len(self._heads) < 2:
            return None
        first = self._heads[max(self.lowest, tip.number - blocks)]
        return (tip.time - first.time) / (tip.number - first.number)
