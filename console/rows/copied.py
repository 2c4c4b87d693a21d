"""What can be copied of a row, as text: one line with tabs, or a line a value."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.text import clean
from console.rows.cells import Cell, Column
from console.rows.layout import FIXED, title_of
from console.rows.marks import NOTHING


def tabbed(cells: Sequence[Cell]) -> str:
    """Return *cells* in one line, tabs between them: as a spreadsheet takes it."""
    return "\t".join(_said(cell) for cell in cells)


def lined(columns: Sequence[Column], cells: Sequence[Cell]) -> str:
    """Return *cells* a line each, after the titles of their *columns*: as people write it."""
    return "\n".join(
        f"{title_of(column).lower()}: {_said(cell)}"
        for column, cell in zip(columns, cells, strict=False)
    )


def single(columns: Sequence[Column], cells: Sequence[Cell]) -> list[tuple[str, str]]:
    """Return the title and the text of each of *cells* that says anything, the mark aside."""
    return [
        (title_of(column), _said(cell))
        for column, cell in zip(columns, cells, strict=False)
        if column.key != FIXED and _said(cell) not in ("", NOTHING)
    ]


def _said(cell: Cell) -> str:
    return clean(cell.text).strip()
