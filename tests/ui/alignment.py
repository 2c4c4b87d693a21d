"""Whether columns and frames on a screen stand where they should, cell by cell through pyte."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Sequence

import pyte

import console.rows
from console.rows.cells import Column, Placed, place
from console.widgets.spans import fit

Cells = Sequence[Sequence[str]]
"""What stands in each cell; "" is the second half of the wide character before it."""


def cells_of(screen: pyte.Screen) -> list[list[str]]:
    """Return the cells of *screen*, line by line."""
    return [[screen.buffer[y][x].data for x in range(screen.columns)] for y in range(screen.lines)]


def _tables() -> Iterator[Sequence[Column]]:
    for module in pkgutil.iter_modules(console.rows.__path__):
        columns = getattr(importlib.import_module(f"console.rows.{module.name}"), "COLUMNS", None)
        if columns:
            yield columns


TABLES = tuple(_tables())
"""The columns of every table there is."""


PLACES = ((0, 0), (1, 0), (2, 0), (2, 1), (3, 1), (2, 2), (4, 2))
"""How much narrower than the screen a table may be, and where it begins."""


def askew(cells: Cells) -> list[str]:
    """Return a line for each cell that is not where it should be: a table's gap, a frame's side."""
    return [*_frames(cells), *_gaps(cells)]


def headers(cells: Cells) -> list[tuple[int, tuple[Placed, ...]]]:
    """Return the lines that are the titles of a table, and where its columns are."""
    found = []
    width = len(cells[0])
    for y, line in enumerate(cells):
        text = "".join(one or " " for one in line)
        for columns in TABLES:
            for wide, indent in PLACES:
                moved = tuple(
                    one._replace(x=one.x + indent) for one in place(columns, width - wide)
                )
                if len(moved) > 2 and all(_title(text, one) for one in moved):
                    found.append((y, moved))
                    break
    return found


def _title(text: str, placed: Placed) -> bool:
    """Whether exactly the column's title stands where the column is, with or without an arrow."""
    told = text[placed.x : placed.x + placed.width]
    title = placed.column.title
    return told in {
        fit(title + arrow, placed.width, placed.column.align) for arrow in ("", "↑", "↓")
    }


def _gaps(cells: Cells) -> Iterator[str]:
    for y, placed in headers(cells):
        for below in range(y + 1, len(cells)):
            line = cells[below]
            if below == len(cells) - 1 and "".join(line).rstrip().endswith("? help"):
                break  # the keys, right below the last row that has room
            if line[0] in "─╭" or not "".join(line).strip():
                break
            if line[placed[0].x] == " ":
                break  # a note or the keys: no row
            if {"╭", "│", "╰"} & set(line):
                continue  # a box stands before it, and has sides of its own
            for one in placed[1:]:
                if line[one.x - 1] != " ":
                    shown = "".join(line)
                    yield f"row {below}, column {one.column.key} at {one.x}: {shown!r}"


def _frames(cells: Cells) -> Iterator[str]:
    for y, line in enumerate(cells):
        for x, one in enumerate(line):
            if one != "╭" or line[x + 1 : x + 3] not in (["─", " "], ["─", "─"]):
                continue  # what joins two lines is no frame
            right = next((n for n in range(x, len(line)) if line[n] == "╮"), None)
            if right is None:
                yield f"the frame at {x}, {y} has no right side: {''.join(line)!r}"
                continue
            yield from _sides(cells, x, right, y)


def _sides(cells: Cells, left: int, right: int, top: int) -> Iterator[str]:
    for y in range(top + 1, len(cells)):
        ends = cells[y][left], cells[y][right]
        if ends[0] == "╰":
            if ends[1] != "╯":
                yield f"the frame at {left}, {top} does not close: {''.join(cells[y])!r}"
            return
        if ends[0] not in "│├┤" or ends[1] not in "│├┤▁▂▃▄▅▆▇█ ":
            # Cut off by what covers it, as a bar at the bottom does: both sides go together.
            if "│" in ends or "╯" in ends:
                yield f"the frame at {left}, {top} is open in row {y}: {''.join(cells[y])!r}"
            return
