"""Bars, batteries, pools, pods and sparklines as text, one cell a step; the unknown is never 0.

Each looks like what it is without any colour, and of glyphs of one cell that common fonts have.
"""

from __future__ import annotations

from collections.abc import Sequence

_BARS = "▁▂▃▄▅▆▇█"
USED, FREE = "▮", "▯"
"""An address that is taken and one that is not; a pod that is ready and one that is not yet."""
NUB = "╸"
"""The pole of a battery."""


def bar(
    part: float | None, whole: float | None, width: int, full: str = "█", rest: str = "░"
) -> str:
    """Return how much of *whole* is *part*, *width* cells wide.

    Only nothing is empty and only everything is full: 15 of 16 leaves a cell, 1 of 1,000 fills
    one.
    """
    if part is None or not whole or whole < 0 or width <= 0:
        return "·" * max(0, width)
    share = min(1.0, max(0.0, part / whole))
    cells = round(share * width)
    if share > 0:
        cells = max(cells, 1)
    if share < 1:
        cells = min(cells, width - 1)
    return full * cells + rest * (width - cells)


def battery(charge: float | None, width: int = 5) -> str:
    """Return a battery's charge, in %, as cells that are full or not, with its pole: "▰▰▰▰▱╸"."""
    return bar(charge, 100.0, width, "▰", "▱") + NUB


def pool(used: int | None, whole: int | None, width: int) -> str:
    """Return a pool's addresses, taken ones first, in at most *width* cells: "▮▮▮▯".

    Each has a cell where there is room; else each cell stands for as many, see `bar`.
    """
    if used is None or not whole or whole < 0 or whole > width:
        return bar(used, whole, width, USED, FREE)
    used = min(max(0, used), whole)
    return USED * used + FREE * (whole - used)


def pods(ready: int | None, wanted: int | None, width: int) -> str:
    """Return how many of the pods that are *wanted* are ready: "▮▮▯"; what is over stays over."""
    if ready is None or wanted is None:
        return ""
    return pool(ready, max(ready, wanted), width) if max(ready, wanted) > 0 else ""


def spark(values: Sequence[float | None], width: int, low: float | None = None) -> str:
    """Return the last *width* of *values* as a line of bars; None leaves a gap.

    The lowest bar stands for *low* (the least of them if None), the highest for the greatest.
    """
    shown = list(values)[-width:] if width > 0 else []
    known = [value for value in shown if value is not None]
    if not known:
        return " " * max(0, width)
    least = min(known) if low is None else min(low, *known)
    span = max(known) - least
    line = "".join(
        " " if value is None else _BARS[round((value - least) / span * 7) if span else 0]
        for value in shown
    )
    return line.rjust(width)
