"""A terminal's cells: what it should show, or what was sent to it."""

from __future__ import annotations

from console.terminal.cells import PLAIN, Style
from console.terminal.frame import Run


class Grid:
    """*width* × *height* cells. A cell that is None is not known; "" follows a wide one."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.cells: list[list[str | None]] = [[None] * width for _ in range(height)]
        self.styles: list[list[Style]] = [[PLAIN] * width for _ in range(height)]

    def resized(self, width: int, height: int) -> Grid:
        """Return a grid of another size with what both have of this one's cells."""
        made = Grid(width, height)
        for y in range(min(height, self.height)):
            kept = min(width, self.width)
            made.cells[y][:kept] = self.cells[y][:kept]
            made.styles[y][:kept] = self.styles[y][:kept]
            if kept < self.width and self.cells[y][kept] == "":
                made.cells[y][kept - 1] = " "
        return made

    def forget(self) -> None:
        """Know no cell any more."""
        for row in self.cells:
            row[:] = [None] * self.width

    def put(self, run: Run) -> bool:
        """Write *run*, what is beyond the edges cut off; return whether a cell changed."""
        x, y, cells, style, joins = run
        if not 0 <= y < self.height or x >= self.width:
            return False
        row, styles = self.cells[y], self.styles[y]
        joined = bool(joins) and self._join(row, x, joins)
        if x + len(cells) > self.width:
            cells = self._fitting(cells, self.width - x)
        end = x + len(cells)
        if row[x:end] == cells and styles[x:end] == [style] * len(cells):
            return joined
        # Half of a wide grapheme is blank: that is how terminals mend it.
        if cells and row[x] == "" and x:
            row[x - 1] = " "
        if end < self.width and row[end] == "":
            row[end] = " "
        row[x:end] = cells
        styles[x:end] = [style] * len(cells)
        return True

    @staticmethod
    def _fitting(cells: list[str], room: int) -> list[str]:
        """Return as many of *cells* as fit; half a wide one is blank."""
        fitting = cells[:room]
        if cells[room] == "" and fitting:
            fitting[-1] = " "
        return fitting

    def _join(self, row: list[str | None], x: int, joins: str) -> bool:
        """Add zero-width characters to the cell before *x*."""
        at = x - 1 if x and row[x - 1] != "" else x - 2
        before = row[at] if at >= 0 else None
        # Drawn over and over without its cell it would grow for ever.
        if before is None or before.endswith(joins) or len(before) > 32:
            return False
        row[at] = before + joins
        return True
