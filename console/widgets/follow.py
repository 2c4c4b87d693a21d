"""Where a cursor goes that is kept by key, when the rows change under it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import zip_longest


def index(keys: Sequence[Hashable], key: Hashable, guess: int) -> int:
    """Return where *key* is in *keys*, looking at *guess* first; -1 where it is not."""
    if 0 <= guess < len(keys) and keys[guess] == key:
        return guess
    try:
        return keys.index(key)
    except ValueError:
        return -1


def follow(old: Sequence[Hashable], cursor: int, new: Sequence[Hashable]) -> int:
    """Return where the cursor belongs in *new*: its key, else the nearest that is left.

    Of two equally near, the one below. -1 where there are no rows.
    """
    if not new:
        return -1
    if not 0 <= cursor < len(old):
        return 0
    row = index(new, old[cursor], cursor)
    if row >= 0:
        return row
    places = {key: row for row, key in enumerate(new)}
    for distance in range(1, len(old)):
        for neighbour in (cursor + distance, cursor - distance):
            if 0 <= neighbour < len(old) and old[neighbour] in places:
                return places[old[neighbour]]
    return min(cursor, len(new) - 1)


def differing(
    old: Sequence[Hashable], new: Sequence[Hashable], was_lit: int, is_lit: int
) -> set[int]:
    """Return in which places two windows differ: other rows, or the cursor from *was_lit* to
    *is_lit*. One may be shorter.
    """
    pairs = enumerate(zip_longest(old, new))
    found = {place for place, (before, after) in pairs if before != after}
    return found | {was_lit, is_lit} if was_lit != is_lit else found
