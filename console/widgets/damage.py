"""What to repaint of lines that changed: the span of each, or of many together."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region

MANY = 8
"""Lines from which those together are repainted together: each costs more than what it spares."""


def damage(spans: Sequence[tuple[int, tuple[int, int]]], width: int) -> list[Region]:
    """Return the regions of *spans*: a line each, in order, and from where to where it changed.

    Of many, whole lines of *width*, those below one another as one region: Textual moves, cuts and
    hashes each four times on its way to the screen.
    """
    if len(spans) <= MANY:
        return [Region(x, y, end - x, 1) for y, (x, end) in spans]
    found: list[Region] = []
    first = after = spans[0][0]
    for y, _ in spans:
        if y > after:
            found.append(Region(0, first, width, after - first))
            first = y
        after = y + 1
    found.append(Region(0, first, width, after - first))
    return found
