"""Builds every level of a log's tiles from the hashes of its entries, a tile at a time.

Of a log of any size it keeps one tile of each level: a million entries need no more memory than a
thousand do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from console.ledger import merkle
from console.ledger.tiles import WIDTH, fold

Told = Callable[[int, int, Sequence[bytes]], None]
"""Is told of each tile that is done: its level, its place, its hashes."""


class Rising:
    """The right edge of a log's tiles: takes tiles of level 0 and tells those above."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._edge: list[list[bytes]] = []
        """The hashes of the tile that is not full yet, of each level from 1 up."""
        self._places: list[int] = []
        """The place of that tile."""
        self._tiles = 0
        self._rest: Sequence[bytes] = ()

    @property
    def size(self) -> int:
        """How many entries it was given."""
        return self._tiles * WIDTH + len(self._rest)

    def copy(self, told: Told) -> Rising:
        """Return one that goes on from here by itself and tells *told*."""
        other = Rising(told)
        other._edge = [list(each) for each in self._edge]
        other._places = list(self._places)
        other._tiles, other._rest = self._tiles, self._rest
        return other

    def add(self, hashes: Sequence[bytes]) -> None:
        """Take the next tile of level 0; only the last may have fewer than 256 hashes."""
        if self._rest:
            raise ValueError("nothing comes after a partial tile")
        if not hashes:
            return
        self._told(0, self._tiles, hashes)
        if len(hashes) < WIDTH:
            self._rest = hashes
            return
        self._tiles += 1
        self._push(1, fold(hashes))

    def finish(self) -> None:
        """Tell the partial tiles above level 0."""
        for level, (place, hashes) in enumerate(zip(self._places, self._edge, strict=True), 1):
            if hashes:
                self._told(level, place, hashes)

    def root(self, more: Sequence[bytes] | None = None) -> bytes:
        """Return the root over all that was given, or over its full tiles and then *more*."""
        peaks: list[bytes] = []
        for hashes in (*reversed(self._edge), self._rest if more is None else more):
            at = 0
            for bit in range(8, -1, -1):
                if len(hashes) >> bit & 1:
                    peaks.append(fold(hashes[at : at + (1 << bit)]))
                    at += 1 << bit
        return merkle.fold(peaks)

    def _push(self, level: int, digest: bytes) -> None:
        if len(self._edge) < level:
            self._edge.append([])
            self._places.append(0)
        hashes = self._edge[level - 1]
        hashes.append(digest)
        if len(hashes) == WIDTH:
            self._told(level, self._places[level - 1], hashes)
            self._edge[level - 1] = []
            self._places[level - 1] += 1
            self._push(level + 1, fold(hashes))
