"""A table on the line API: paints only the cells that changed, however many rows there are.

Textual's DataTable repaints itself whole for one cell (19 KB at 120×40); this one asks its
provider for the cells of the lines on screen, compares, and repaints the span that differs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Self

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from adapters.text import clean
from console.rows.cells import Cell, Column, Placed, place
from console.widgets.spans import fit
from console.widgets.tones import TONE_CLASSES, Palette

Provider = Callable[[Hashable], Sequence[Cell]]
MANY = 8
"""Lines from which whole ones are repainted: cutting each costs more than what it spares."""
_NO_CELL = Cell()
KEPT = 512
"""Lines kept rendered; more than any terminal is high."""


class _Line:
    """What was painted for one key: its cells and, once asked for, the strip of them."""

    __slots__ = ("cells", "checked", "lit", "strip")

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.cells = cells
        self.strip: Strip | None = None
        self.lit = False
        self.checked = True
        """Whether `cells` are this paint's: they need not be asked for again."""


class LiveTable(ScrollView, can_focus=True):
    """Rows by key, in the order in which the caller gives them.

    `set_rows` says which rows there are; `cells_of` is called for the visible ones alone;
    `refresh_keys` repaints those of the given keys that are visible and differ. The table sorts
    nothing, filters nothing and has no timer.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = TONE_CLASSES
    DEFAULT_CSS = "LiveTable { height: 1fr; scrollbar-size: 1 1; overflow-x: hidden; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home,g", "edge(-1)", show=False),
        Binding("end,G", "edge(1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """Enter was pressed, or a second click fell, on the row of `key`."""

        table: LiveTable
        key: Hashable

        @property
        def control(self) -> LiveTable:
            """The table that sent this."""
            return self.table

    @dataclass
    class Moved(Message):
        """The cursor stands on the row of `key` now, None where there are no rows."""

        table: LiveTable
        key: Hashable

        @property
        def control(self) -> LiveTable:
            """The table that sent this."""
            return self.table

        def can_replace(self, message: Message) -> bool:
            """Only the last place matters."""
            return isinstance(message, LiveTable.Moved) and message.table is self.table

    @dataclass
    class HeaderChosen(Message):
        """The title of the column called `column` was clicked."""

        table: LiveTable
        column: str

        @property
        def control(self) -> LiveTable:
            """The table that sent this."""
            return self.table

    def __init__(
        self,
        columns: Sequence[Column] = (),
        cells_of: Provider | None = None,
        *,
        empty: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.cells_of: Provider = cells_of or (lambda key: ())
        """Returns one row's cells, in the order of the columns; called for visible rows alone."""
        self._columns = tuple(columns)
        self._sort: tuple[str, bool] = ("", False)
        self._keys: Sequence[Hashable] = ()
        self._cursor = -1
        self._empty = empty
        self._palette = Palette(self)
        self._styles: tuple[dict[str, Style], dict[str, Style]] = ({}, {})
        """Styles by tone, of plain rows and of the row under the cursor."""
        self._lines: dict[Hashable, _Line] = {}
        self._window: dict[int, Strip] = {}
        """The lines on screen as they were painted, by their place on it."""
        self._framed = False
        self._placed: tuple[Placed, ...] = ()
        self._placed_for = -1

    # What it shows

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, those that do not fit too."""
        return self._columns

    @property
    def keys(self) -> Sequence[Hashable]:
        """The keys of the rows, in order."""
        return self._keys

    @property
    def cursor_key(self) -> Hashable:
        """The key of the row under the cursor, None where there are no rows."""
        return self._keys[self._cursor] if self._cursor >= 0 else None

    @property
    def visible_keys(self) -> Sequence[Hashable]:
        """The keys of the rows on screen."""
        top = self.scroll_offset.y
        return self._keys[top : top + self._height()]

    @property
    def empty(self) -> str:
        """What stands there while there are no rows: lines of plain text."""
        return self._empty

    @empty.setter
    def empty(self, text: str) -> None:
        if text != self._empty:
            self._empty = text
            if not self._keys:
                self.refresh()

    def set_columns(
        self, columns: Sequence[Column], sort: str = "", *, descending: bool = False
    ) -> None:
        """Show *columns*, with the arrow at the one called *sort*."""
        if (tuple(columns), (sort, descending)) == (self._columns, self._sort):
            return
        self._columns, self._sort = tuple(columns), (sort, descending)
        self._forget()
        self.refresh()

    def set_sort(self, sort: str, *, descending: bool = False) -> None:
        """Put the arrow at the column called *sort*; the caller sorts."""
        if (sort, descending) != self._sort:
            self._sort = (sort, descending)
            if self._header():
                self.refresh(Region(0, 0, self.size.width, 1))

    def set_rows(self, keys: Sequence[Hashable]) -> None:
        """Show the rows of *keys*, in that order, painting the lines that differ.

        The cursor stays with its key; where that went, it goes to the nearest one that is left.
        *keys* is kept, not copied: do not change it afterwards.
        """
        old, before, top = self._keys, self._cursor, self.scroll_offset.y
        height = self._height()
        seen = before < 0 or top <= before < top + height
        key = self.cursor_key
        self._keys = keys
        self._cursor = _follow(old, before, keys)
        if len(keys) != len(old):
            self.virtual_size = Size(0, len(keys) + self._header())
        if not old or not keys:
            self.refresh()
        else:
            now = self.scroll_offset.y
            for y in range(height):
                was = old[top + y] if top + y < len(old) else None
                is_ = keys[now + y] if now + y < len(keys) else None
                lit = (top + y == before) != (now + y == self._cursor)
                if was != is_ or lit:
                    self._repaint(now + y)
        if seen:
            self._show_cursor()
        if self.cursor_key != key:
            self.post_message(self.Moved(self, self.cursor_key))

    def refresh_keys(self, keys: Iterable[Hashable]) -> None:
        """Repaint the cells of *keys* that are on screen and changed; others cost a lookup."""
        wanted = keys if isinstance(keys, (set, frozenset, dict)) else set(keys)
        if wanted:
            self._refresh([(y, key) for y, key in enumerate(self.visible_keys) if key in wanted])

    def refresh_visible(self) -> None:
        """Repaint what changed on screen without a record: ages, values that went stale."""
        self._refresh(list(enumerate(self.visible_keys)))

    def move_to(self, key: Hashable) -> bool:
        """Put the cursor on the row of *key* and show it; False where there is none."""
        row = _index(self._keys, key, self._cursor)
        if row < 0:
            return False
        self._go(row)
        return True

    # Painting

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Repaint *regions* of the table, or all of it."""
        if not regions:
            self._window.clear()
        for region in regions:
            for y in region.line_range:
                self._window.pop(y, None)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines in *crop*.

        Textual asks for every line of a widget at each paint and makes six strips of each that
        changed, to have it framed and faded. A table without a frame needs two, at half the cost.
        """
        if self._framed or self.opacity < 1:
            return super().render_lines(crop)
        width, window = self._width(), self._window
        strips = []
        for y in crop.line_range:
            strip = window.get(y)
            if strip is None or strip.cell_length != width:
                strip = window[y] = self._line(y, width)
            strips.append(strip)
        if crop.column_span != (0, self.size.width):
            return [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """Return the line at *y* of the window: the title line, a row, or nothing."""
        return self._line(y, self._width())

    def notify_style_update(self) -> None:
        """Forget styles of the theme before."""
        super().notify_style_update()
        self._palette.clear()
        self._styles = ({}, {})
        self._lines.clear()
        self._window.clear()
        styles = self.styles
        outlined = any(edge for edge, _ in styles.outline)
        self._framed = bool(any(styles.gutter) or outlined or styles.tint.a)

    def _line(self, y: int, width: int) -> Strip:
        header = self._header()
        if header and y == 0:
            return self._title_line(width)
        if not self._keys:
            return self._empty_line(y - header, width)
        number = y - header + self.scroll_offset.y
        if number >= len(self._keys):
            return Strip.blank(width, self._style("", False))
        return self._row_line(number, width)

    def _row_line(self, number: int, width: int) -> Strip:
        key = self._keys[number]
        lit = number == self._cursor and self.has_focus
        line = self._lines.get(key)
        if line is None:
            line = self._remember(key, self.cells_of(key))
        elif not line.checked:
            # Scrolled back into view, or uncovered: what it says may be old by now.
            cells = self.cells_of(key)
            if cells != line.cells:
                line.cells, line.strip = cells, None
        line.checked = False
        if line.strip is None or line.lit != lit or line.strip.cell_length != width:
            line.lit = lit
            line.strip = self._make(line.cells, width, lit)
        return line.strip

    def _make(self, cells: Sequence[Cell], width: int, lit: bool) -> Strip:
        """Return one row, in as few segments as it can be: each costs 42 bytes on the wire.

        Blanks take on the style before them, for only its background shows.
        """
        known = self._styles[lit]
        styles: list[Style] = []
        texts: list[str] = []
        x = 0
        for number, column, start, size in self._places(width):
            text, tone = cells[number] if number < len(cells) else _NO_CELL
            text = _fitted(text, size, column.align)
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
            return Strip.blank(width, self._style("", lit))
        texts[-1] += " " * (width - x)
        return Strip(map(Segment, texts, styles), width)

    def _title_line(self, width: int) -> Strip:
        style, key = self._style("title", False), self._style("key", False)
        sort, descending = self._sort
        segments, x = [], 0
        for _, column, start, size in self._places(width):
            arrow = ("↓" if descending else "↑") if column.key == sort else ""
            text = fit(column.title + arrow, size, column.align)
            segments.append(Segment(" " * (start - x), style))
            segments.append(Segment(text, key if arrow else style))
            x = start + size
        segments.append(Segment(" " * max(0, width - x), style))
        return Strip(segments, max(x, width))

    def _empty_line(self, y: int, width: int) -> Strip:
        lines = self._empty.split("\n")
        text = fit(clean(lines[y]), width) if 0 <= y < len(lines) else " " * width
        return Strip([Segment(text, self._style("dim", False))], width)

    def _places(self, width: int) -> tuple[Placed, ...]:
        if self._placed_for != width:
            self._placed, self._placed_for = place(self._columns, width), width
            self._lines.clear()
        return self._placed

    def _style(self, tone: str, lit: bool) -> Style:
        style = self._styles[lit].get(tone)
        if style is None:
            style = self._palette.style(tone)
            if lit:
                cursor = self._palette.style("cursor")
                style += Style(bgcolor=cursor.bgcolor, bold=cursor.bold)
            # The app's filters (NO_COLOR, 16 colours) see each style once, not each line.
            background = self.background_colors[1]
            for one in self.get_line_filters():
                style = one.apply([Segment(" ", style)], background)[0].style or style
            self._styles[lit][tone] = style
        return style

    def _refresh(self, rows: Sequence[tuple[int, Hashable]]) -> None:
        """Compare the cells of *rows*, by line on screen, with what is painted; repaint spans."""
        header, width = self._header(), self._width()
        regions = []
        for y, key in rows:
            span = self._changed(key, width)
            if span is not None:
                regions.append(Region(span[0], y + header, span[1] - span[0], 1))
        if len(regions) > MANY:
            regions = [Region(0, region.y, width, 1) for region in regions]
        if regions:
            self.refresh(*regions)

    def _changed(self, key: Hashable, width: int) -> tuple[int, int] | None:
        """Take in the cells of *key* and return the span that differs from what is painted."""
        line = self._lines.get(key)
        cells = self.cells_of(key)
        if line is None or line.strip is None:
            self._remember(key, cells)
            return 0, width
        before = line.cells
        if cells == before:
            return None
        line.cells, line.checked = cells, True
        changed = [
            one
            for one in self._places(line.strip.cell_length)
            if before[one.number : one.number + 1] != cells[one.number : one.number + 1]
        ]
        if not changed:
            return None
        line.strip = None
        return changed[0].x, changed[-1].x + changed[-1].width

    def _remember(self, key: Hashable, cells: Sequence[Cell]) -> _Line:
        if len(self._lines) >= KEPT:
            self._lines.clear()
        line = self._lines[key] = _Line(cells)
        return line

    def _repaint(self, number: int, x: int = 0, width: int = 0) -> None:
        header = self._header()
        y = number - self.scroll_offset.y + header
        if header <= y < self.size.height:
            self.refresh(Region(x, y, width or self.size.width, 1))

    def _forget(self) -> None:
        self._placed_for = -1
        self._lines.clear()

    # Size and scrolling

    def _header(self) -> int:
        """Lines that the titles take: none where there is only one line."""
        return 1 if self.size.height > 1 else 0

    def _height(self) -> int:
        """Rows that fit on screen."""
        return max(0, self.size.height - self._header())

    def _width(self) -> int:
        """Cells of a line, beside the scroll bar."""
        return self.scrollable_content_region.width

    def on_resize(self, event: Resize) -> None:
        """Keep the cursor in view."""
        self._window.clear()
        self.virtual_size = Size(0, len(self._keys) + self._header())
        self._show_cursor()

    def on_focus(self) -> None:
        """Show the cursor."""
        self._repaint(self._cursor)

    def on_blur(self) -> None:
        """Hide the cursor: only the place that keys go to has one."""
        self._repaint(self._cursor)

    def _show_cursor(self) -> None:
        height = self._height()
        if self._cursor < 0 or not height:
            return
        top = self.scroll_offset.y
        goal = min(max(top, self._cursor - height + 1), self._cursor)
        if goal != top:
            self.scroll_to(y=goal, animate=False, force=True, immediate=True)

    def _go(self, row: int) -> None:
        row = max(0, min(row, len(self._keys) - 1))
        if row == self._cursor or not self._keys:
            return
        before, self._cursor = self._cursor, row
        self._repaint(before)
        self._repaint(row)
        self._show_cursor()
        self.post_message(self.Moved(self, self.cursor_key))

    # Keys and mouse

    def action_move(self, step: int) -> None:
        """Go *step* rows on."""
        self._go(self._cursor + step)

    def action_page(self, step: int) -> None:
        """Go a window up (-1) or down (1)."""
        self._go(self._cursor + step * max(1, self._height() - 1))

    def action_edge(self, step: int) -> None:
        """Go to the first row (-1) or the last (1)."""
        self._go(0 if step < 0 else len(self._keys) - 1)

    def action_choose(self) -> None:
        """Tell that the row under the cursor was chosen."""
        if self._cursor >= 0:
            self.post_message(self.Chosen(self, self.cursor_key))

    def on_click(self, event: Click) -> None:
        """Go to the row that was clicked; the second click on it chooses it."""
        event.stop()
        header = self._header()
        if header and event.y == 0:
            for _, column, start, size in self._places(self._width()):
                if start <= event.x < start + size:
                    self.post_message(self.HeaderChosen(self, column.key))
            return
        number = event.y - header + self.scroll_offset.y
        if not 0 <= number < len(self._keys):
            return
        if number == self._cursor and event.chain > 1:
            self.action_choose()
        self._go(number)


@lru_cache(8192)
def _fitted(text: str, width: int, align: str) -> str:
    """Return *text* harmless and in exactly *width* cells; most cells say what others say too."""
    return fit(clean(text), width, align)


def _index(keys: Sequence[Hashable], key: Hashable, guess: int) -> int:
    """Return where *key* is in *keys*, looking at *guess* first; -1 where it is not."""
    if 0 <= guess < len(keys) and keys[guess] == key:
        return guess
    try:
        return keys.index(key)
    except ValueError:
        return -1


def _follow(old: Sequence[Hashable], cursor: int, new: Sequence[Hashable]) -> int:
    """Return where the cursor belongs in *new*: its key, else the nearest that is left."""
    if not new:
        return -1
    if not 0 <= cursor < len(old):
        return 0
    row = _index(new, old[cursor], cursor)
    if row >= 0:
        return row
    places = {key: row for row, key in enumerate(new)}
    for distance in range(1, len(old)):
        for neighbour in (cursor + distance, cursor - distance):
            if 0 <= neighbour < len(old) and old[neighbour] in places:
                return places[old[neighbour]]
    return min(cursor, len(new) - 1)
