"""A value under its name, as rows: nothing cut; what can be copied or opened can be stood on."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from console.widgets.spans import Row, Target, fit, line_width
from console.widgets.wrapped import wrapped

LABEL = 16
"""Cells of a value's name."""


class Copy(NamedTuple):
    """What a row stands for that can only be copied: its value, whole."""

    text: str


def labelled(
    label: str, text: str, tone: str, width: int, *, target: Hashable = None, hint: str = ""
) -> list[Row]:
    """Return *text* under *label* in as many rows as it takes, a *hint* after the last one.

    The first row is the target, if one is given.
    """
    lines = [one.line for one in wrapped(text, width - LABEL - 4, tone)]
    if hint:
        if line_width(lines[-1]) + len(hint) + 3 > width - LABEL - 4:
            lines.append(((hint, "dim"),))
        else:
            lines[-1] = (*lines[-1], (f"   {hint}", "dim"))
    rows = []
    for number, one in enumerate(lines):
        made = (("  ", ""), (fit("" if number else label, LABEL), "dim"), *one)
        targets = () if target is None or number else (Target(0, line_width(made), target),)
        rows.append(Row(made, targets))
    return rows


def copyable(label: str, text: str, width: int, tone: str = "") -> list[Row]:
    """Return *text* under *label*, to be copied whole."""
    return labelled(label, text, tone, width, target=Copy(text))
