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
        known = self._styles[lit]
        styles: list[Style] = []
        texts: list[str] = []
        x = 0
        for number, column, start, size in placed:
            text, tone = cells[number] if number < len(cells) else _NO_CELL
            text = fitted(text, size, column.align)
            style = known.get(tone) or self._style(tone, lit)
            if start > x:
                texts[-1] += " " * (start - x)
            if styles and (style is styles[-1] or text.isspace()):
                texts[-1] += text
            else:
                styles.append(style)
                texts.append(text)
            x = start + size
        if not styles:
            return self.blank(width, lit)
        texts[-1] += " " * (width - x)
        return Strip(map(Segment, texts, styles), width)

    def titles(self, placed: Sequence[Placed], sort: str, descending: bool, width: int) -> Strip:
        """Return the line of titles, an arrow at the column called *sort*."""
        style, key = self._style("title", False), self._style("key", False)
        segments, x = [], 0
        for _, column, start, size in placed:
            arrow = ("↓" if descending else "↑") if column.key == sort else ""
            text = fitted(column.title + arrow, size, column.align)
            segments.append(Segment(" " * (start - x), style))
            segments.append(Segment(text, key if arrow else style))
            x = start + size
        segments.append(Segment(" " * max(0, width - x), style))
        return Strip(segments, max(x, width))

    def note(self, text: str, width: int) -> Strip:
        """Return a dim line of *text*."""
        return Strip([Segment(fitted(text, width, "left"), self._style("dim", False))], width)

    def blank(self, width: int, lit: bool = False) -> Strip:
        """Return an empty line."""
        return Strip.blank(width, self._style("", lit))

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


@lru_cache(8192)
def fitted(text: str, width: int, align: str) -> str:
    """Return *text* harmless and in exactly *width* cells; most cells say what others say too."""
    if len(text) <= width and text.isascii() and text.isprintable():
        return text.rjust(width) if align == "right" else text.ljust(width)
    return fit(clean(text), width, align)
