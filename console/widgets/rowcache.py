"""What was painted of each row: its cells, to compare with, and its strip, to paint again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from textual.strip import Strip

from console.rows.cells import Cell, Placed
from console.widgets.rowpaint import RowPaint

Provider = Callable[[Hashable], Sequence[Cell]]
"""Returns the cells of one row, in the order of the columns."""
KEPT = 512
"""Rows kept; more than any terminal is high."""


class _Row:
    __slots__ = ("cells", "checked", "lit", "strip")

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.cells = cells
        self.strip: Strip | None = None
        self.lit = False
        self.checked = True
        """Whether `cells` are this paint's: they need not be asked for again."""


class RowCache:
    """The rows that one table painted, by key. `clear` it when columns or width changed."""

    def __init__(self, cells_of: Provider, paint: RowPaint) -> None:
        self.cells_of = cells_of
        self._paint = paint
        self._rows: dict[Hashable, _Row] = {}

    def clear(self) -> None:
        """Forget what was painted."""
        self._rows.clear()

    def strip(self, key: Hashable, placed: Sequence[Placed], width: int, lit: bool) -> Strip:
        """Return the row of *key* as it is now."""
        row = self._rows.get(key)
        if row is None:
            row = self._remember(key, self.cells_of(key))
        elif not row.checked:
            # Scrolled back into view, or uncovered: what it says may be old by now.
            cells = self.cells_of(key)
            if cells != row.cells:
                row.cells, row.strip = cells, None
        row.checked = False
        if row.strip is None or row.lit != lit or row.strip.cell_length != width:
            row.lit = lit
            row.strip = self._paint.row(placed, row.cells, width, lit)
        return row.strip

    def changed(
        self, key: Hashable, placed: Sequence[Placed], width: int
    ) -> tuple[int, int] | None:
        """Take in the cells of *key*; return from where to where they differ from the painted."""
        row = self._rows.get(key)
        cells = self.cells_of(key)
        if row is None or row.strip is None:
            self._remember(key, cells)
            return 0, width
        before = row.cells
        if cells == before:
            return None
        row.cells, row.checked = cells, True
        had, has = len(before), len(cells)
        start, end = -1, 0
        for number, _, x, size, _ in placed:
            if number < had and number < has:
                if before[number] == cells[number]:
                    continue
            elif number >= had and number >= has:
                continue
            end = x + size
            if start < 0:
                start = x
        if start < 0:
            return None
        row.strip = None
        return start, end

    def _remember(self, key: Hashable, cells: Sequence[Cell]) -> _Row:
        if len(self._rows) >= KEPT:
            self._rows.clear()
        row = self._rows[key] = _Row(cells)
        return row
