"""What to repaint of lines that changed: the span of each, or of many together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from textual.geometry import Region

from console.rows.cells import Cell, Placed
from console.widgets.rowcache import Change

MANY = 8
"""Lines from which whole ones are repainted: cutting each costs more than what it spares."""


def damage(
    changes: Sequence[tuple[int, Change]], placed: Sequence[Placed], width: int
) -> list[Region]:
    """Return the regions of *changes*, by line and in order: where cells differ, if any does.

    Of many, whole lines of *width*, those below one another as one region: Textual moves, cuts and
    hashes each four times on its way to the screen.
    """
    if len(changes) <= MANY:
        spans = ((y, *span(*change, placed, width)) for y, change in changes)
        return [Region(x, y, end - x, 1) for y, x, end in spans if x < end]
    found: list[Region] = []
    first = after = changes[0][0]
    for y, _ in changes:
        if y > after:
            found.append(Region(0, first, width, after - first))
            first = y
        after = y + 1
    found.append(Region(0, first, width, after - first))
    return found


def span(
    before: Sequence[Cell], cells: Sequence[Cell], placed: Sequence[Placed], width: int
) -> tuple[int, int]:
    """Return from where to where two rows differ, all *width* if there was none before."""
    if not before:
        return 0, width
    differ = {n for n, (one, other) in enumerate(zip_longest(before, cells)) if one != other}
    shown = [one for one in placed if one.number in differ]
    return (shown[0].x, shown[-1].x + shown[-1].width) if shown else (0, 0)
