"""What was painted of each row: its cells, to compare with, and its strip, to paint again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from textual.strip import Strip

from console.rows.cells import Cell, Placed
from console.widgets.rowpaint import RowPaint

Provider = Callable[[Hashable], Sequence[Cell]]
"""Returns the cells of one row, in the order of the columns."""
Change = tuple[Sequence[Cell], Sequence[Cell]]
"""The cells that were painted, none if none were, and those that are to be."""
KEPT = 512
"""Rows kept; more than any terminal is high."""


class _Row:
    __slots__ = ("cells", "checked", "lit", "old", "strip")

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.cells = cells
        self.strip: Strip | None = None
        self.old = True
        """Whether `strip` is not of `cells`. It stays until the next one is made (livetable.py)."""
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
                row.cells, row.old = cells, True
        row.checked = False
        strip = row.strip
        if strip is None or row.old or row.lit != lit or strip.cell_length != width:
            row.lit, row.old = lit, False
            strip = row.strip = self._paint.row(placed, row.cells, width, lit)
        return strip

    def taken(self, key: Hashable) -> Change | None:
        """Take in the cells of *key*; return what they were and are, None if nothing changed."""
        row = self._rows.get(key)
        cells = self.cells_of(key)
        if row is None:
            self._remember(key, cells)
            return (), cells
        before = () if row.old else row.cells
        if cells == before:
            return None
        row.cells, row.checked, row.old = cells, True, True
        return before, cells

    def _remember(self, key: Hashable, cells: Sequence[Cell]) -> _Row:
        if len(self._rows) >= KEPT:
            self._rows.clear()
        row = self._rows[key] = _Row(cells)
        return row
