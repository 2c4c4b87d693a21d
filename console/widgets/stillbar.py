"""A scroll bar that is not drawn again while nothing about it changed."""

from __future__ import annotations

from collections.abc import Sequence

from textual.filter import LineFilter
from textual.geometry import Region
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from console.widgets.wholestrip import WholeStrip


class StillBar(ScrollBar):
    """A scroll bar beside lines that change.

    Textual asks every widget for all its lines when any line beside it is painted, and goes through
    those of a bar one by one: as much as a table's own lines took.
    """

    _still: tuple[Region, Sequence[LineFilter], list[Strip]] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines in *crop*."""
        filters = self.get_line_filters()
        if self._still is None or self._still[:2] != (crop, filters):
            lines = super().render_lines(crop)
            self._still = crop, filters, [WholeStrip(line, line.cell_length) for line in lines]
        return self._still[2]

    def _set_dirty(self, *regions: Region) -> None:
        # Where Textual forgets what it drew, whatever the cause.
        self._still = None
        super()._set_dirty(*regions)
