"""Rows of cells to strips: each text cut to its column, each tone in the theme's style."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from adapters.text import clean
from console.rows.cells import Cell, Placed
from console.widgets.spans import fit
from console.widgets.tones import Palette
from console.widgets.wholestrip import WholeStrip

_NO_CELL = Cell()


class RowPaint:
    """Makes the lines of one table. `clear` it when the theme changed."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._palette = Palette(widget)
        self._styles: tuple[dict[str, Style], dict[str, Style]] = ({}, {})
        """Styles by tone, of plain rows and of the row under the cursor."""

    def clear(self) -> None:
        """Forget the styles."""
        self._palette.clear()
        self._styles = ({}, {})

    def row(self, placed: Sequence[Placed], cells: Sequence[Cell], width: int, lit: bool) -> Strip:
        """Return one row, in as few segments as it can be: each costs 42 bytes on the wire.

        Blanks take on the style before them, for only its background shows.
        """
        if not placed:
            return self.blank(width, lit)
        known, count = self._styles[lit], len(cells)
        segments: list[Segment] = []
        style: Style | None = None
        line = ""
        for number, column, _, size, room in placed:
            text, tone = cells[number] if number < count else _NO_CELL
            short = len(text) <= size and column.align == "left"
            if short and text.isascii() and text.isprintable():
                text = text.ljust(room)  # As `fitted` does; a call takes as long again.
            else:
                text = fitted(text, size, column.align, room)
            # Not `or`: whether a style is true is asked of Python code, and took as long again.
            if (own := known.get(tone)) is None:
                own = self._style(tone, lit)
            if own is not style and (style is None or not text.isspace()):
                if style is not None:
                    segments.append(Segment(line, style))
                    line = ""
                style = own
            line += text
        segments.append(Segment(line, style))
        return WholeStrip(segments, width)

    def titles(self, placed: Sequence[Placed], sort: str, descending: bool, width: int) -> Strip:
        """Return the line of titles, an arrow at the column called *sort*."""
        style, key = self._style("title", False), self._style("key", False)
        segments = []
        for _, column, _, size, room in placed:
            arrow = ("↓" if descending else "↑") if column.key == sort else ""
            text = fitted(column.title + arrow, size, column.align)
            segments.append(Segment(text, key if arrow else style))
            segments.append(Segment(" " * (room - size), style))
        return WholeStrip(segments, width) if placed else self.blank(width)

    def note(self, text: str, width: int) -> Strip:
        """Return a dim line of *text*."""
        return WholeStrip([Segment(fitted(text, width, "left"), self._style("dim", False))], width)

    def blank(self, width: int, lit: bool = False) -> Strip:
        """Return an empty line."""
        return WholeStrip.blank(width, self._style("", lit))

    def _style(self, tone: str, lit: bool) -> Style:
        style = self._styles[lit].get(tone)
        if style is None:
            style = self._palette.style(tone)
            if lit:
                style = self._palette.lit(style)
            # The app's filters (NO_COLOR, 16 colours) see each style once, not each line.
            background = self._widget.background_colors[1]
            for one in self._widget.get_line_filters():
                style = one.apply([Segment(" ", style)], background)[0].style or style
            self._styles[lit][tone] = style
        return style


def fitted(text: str, width: int, align: str, room: int = 0) -> str:
    """Return *text* harmless and in exactly *width* cells, with blanks after it up to *room*.

    Plain text is not remembered: to make it again takes less memory, and less time, than to find
    it among thousands.
    """
    if len(text) <= width and text.isascii() and text.isprintable():
        if align == "right":
            text = text.rjust(width)
        return text.ljust(room or width)
    return _cleaned(text, width, align) + " " * (room - width)


@lru_cache(8192)
def _cleaned(text: str, width: int, align: str) -> str:
    """Return the same of what is not simply padded; most such cells say what others say too."""
    return fit(clean(text), width, align)
