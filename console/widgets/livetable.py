"""A table on the line API: paints only the cells that changed, however many rows there are.

Textual's DataTable repaints itself whole for one cell (19 KB at 120×40); this one asks its
provider for the cells of the lines on screen, compares, and repaints the span that differs.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from typing import ClassVar, Self

from textual.binding import BindingType
from textual.events import Blur, Click, Focus, Resize
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from console.binding import bindings
from console.keys import MOVE, OPEN
from console.rows.cells import Column, Placed, place
from console.widgets.damage import damage
from console.widgets.follow import differing, follow, index
from console.widgets.labels import Labels
from console.widgets.rowcache import Provider, RowCache
from console.widgets.rowpaint import RowPaint
from console.widgets.rowscroll import RowScroll


class _Told(Message):
    """What `table` tells of the row or column of `key`.

    No dataclass: four of them would cost a millisecond, and two messages are never compared.
    """

    def __init__(self, table: LiveTable, key: Hashable) -> None:
        super().__init__()
        self.table = table
        self.key = key

    @property
    def control(self) -> LiveTable:
        """The table that sent this."""
        return self.table


class LiveTable(RowScroll, can_focus=True):
    """Rows by key, in the order in which the caller gives them.

    `set_rows` says which rows there are; `cells_of` is called for the visible ones alone;
    `refresh_keys` repaints those of the given keys that are visible and differ. The table sorts
    nothing, filters nothing and has no timer.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(MOVE, [OPEN])

    class Chosen(_Told):
        """Enter was pressed, or a second click fell, on the row of `key`."""

    class Moved(_Told):
        """The cursor stands on the row of `key` now, None where there are no rows."""

        def can_replace(self, message: Message) -> bool:
            """Only the last place matters."""
            return isinstance(message, LiveTable.Moved) and message.table is self.table

    class HeaderChosen(_Told):
        """The title of the column of `key` was clicked."""

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
        self._columns = tuple(columns)
        self._sort: tuple[str, bool] = ("", False)
        self._keys: Sequence[Hashable] = ()
        self._cursor = -1
        self.fell: Hashable = None
        """The key that the cursor stood on until its row went, if no person moved it since."""
        self._empty = empty
        self._paint = RowPaint(self)
        self.labels = Labels(self)
        self._rows = RowCache(cells_of or (lambda key: ()), self._paint)
        self._window: dict[int, Strip] = {}
        """The lines on screen as they were painted, by their place on it."""
        self._stale: set[int] = set()
        """Those to be made again. Each goes when its successor comes: all dropped first, the next
        look like growth, and at each paint Python looks for rubbish (a tenth of its time)."""
        self._placed: tuple[Placed, ...] = ()
        self._placed_for = -1

    # What it shows

    @property
    def cells_of(self) -> Provider:
        """What returns a row's cells; called for visible rows alone."""
        return self._rows.cells_of

    @cells_of.setter
    def cells_of(self, provider: Provider) -> None:
        self._rows.cells_of = provider
        self._rows.clear()
        self.refresh()

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
        self._placed_for = -1
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
        self._cursor = follow(old, before, keys)
        if len(keys) != len(old):
            self._fit_scrolling(len(keys))
        if not old or not keys:
            self.refresh()
        else:
            now = self.scroll_offset.y
            shown = keys[now : now + height]
            for y in differing(old[top : top + height], shown, before - top, self._cursor - now):
                self._repaint(now + y)
        if seen:
            self._bring(self._cursor)
        if self.cursor_key != key:
            self.fell = key
            self.post_message(self.Moved(self, self.cursor_key))

    def refresh_keys(self, keys: Iterable[Hashable]) -> None:
        """Repaint the cells of *keys* that are on screen and changed; others cost a lookup."""
        wanted = keys if isinstance(keys, (set, frozenset, dict)) else set(keys)
        if wanted:
            self._refresh(wanted)

    def refresh_visible(self) -> None:
        """Repaint what changed on screen without a record: ages, values that went stale."""
        self._refresh(set(self.visible_keys))

    def move_to(self, key: Hashable) -> bool:
        """Put the cursor on the row of *key* and show it; False where there is none."""
        row = index(self._keys, key, self._cursor)
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
            self._stale.update(region.line_range)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines in *crop*.

        Textual asks for every line of a widget at each paint and makes six strips of each that
        changed, to have it framed and faded. A table without a frame needs two, at half the cost.
        """
        styles = self.styles
        framed = any(styles.gutter) or any(edge for edge, _ in styles.outline)
        if framed or styles.tint.a or self.opacity < 1:
            return super().render_lines(crop)
        width, window, stale = self._room().width, self._window, self._stale
        self._places(width)  # Where it is another than before, nothing in the window is right.
        missing = [y for y in crop.line_range if y in stale or y not in window]
        for y, strip in zip(missing, self._lines(missing, width), strict=True):
            window[y] = strip
        stale.difference_update(missing)
        strips = [window[y] for y in crop.line_range]
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return self.labels.over(strips, crop)

    def render_line(self, y: int) -> Strip:
        """Return the line at *y* of the window: the title line, a row, or nothing."""
        return next(self._lines([y], self._room().width))

    def notify_style_update(self) -> None:
        """Forget styles of the theme before."""
        super().notify_style_update()
        self._paint.clear()
        self._rows.clear()
        self._window.clear()

    def _lines(self, wanted: Iterable[int], width: int) -> Iterator[Strip]:
        """Make the lines at *wanted*; what they share is asked once, for Textual derives it."""
        header, keys, placed = self._header(), self._keys, self._places(width)
        first = self.scroll_offset.y - header
        lit = self._cursor if self.has_focus else -1
        notes = {} if keys else dict(enumerate(self._empty.split("\n"), header))
        for y in wanted:
            number = y + first
            if y < header:
                yield self._paint.titles(placed, *self._sort, width)
            elif number < len(keys):
                yield self._rows.strip(keys[number], placed, width, number == lit)
            elif y in notes:
                yield self._paint.note(notes[y], width)
            else:
                yield self._paint.blank(width)

    def _places(self, width: int) -> tuple[Placed, ...]:
        if self._placed_for != width:
            self._placed, self._placed_for = place(self._columns, width), width
            self._rows.clear()
            self._window.clear()
        return self._placed

    def _refresh(self, wanted: Collection[Hashable]) -> None:
        """Compare the visible cells of the *wanted* with what is painted; repaint what differs."""
        (width, height), top = self._room(), self.scroll_offset.y
        header = 1 if height > 1 else 0
        placed, taken = self._places(width), self._rows.taken
        changes = [
            (y, change)
            for y, key in enumerate(self._keys[top : top + height - header], header)
            if key in wanted and (change := taken(key))
        ]
        if regions := damage(changes, placed, width):
            self.refresh(*regions)

    def _repaint(self, number: int, x: int = 0, width: int = 0) -> None:
        header = self._header()
        y = number - self.scroll_offset.y + header
        if header <= y < self.size.height:
            self.refresh(Region(x, y, width or self.size.width, 1))

    # Size and focus

    def on_resize(self, event: Resize) -> None:
        """Keep the cursor in view."""
        self._window.clear()
        self._fit_scrolling(len(self._keys))
        self._bring(self._cursor)

    def on_focus(self, event: Focus) -> None:
        """Show the cursor."""
        # Textual's own repaints all of the table.
        event.prevent_default()
        self.has_focus = True
        self._repaint(self._cursor)

    def on_blur(self, event: Blur) -> None:
        """Hide the cursor: only the place that keys go to has one."""
        event.prevent_default()
        self.has_focus = False
        self._repaint(self._cursor)

    def _go(self, row: int) -> None:
        self.fell = None
        row = max(0, min(row, len(self._keys) - 1))
        if row == self._cursor or not self._keys:
            return
        before, self._cursor = self._cursor, row
        self._repaint(before)
        self._repaint(row)
        self._bring(self._cursor)
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
            for _, column, start, size, _ in self._places(self._room().width):
                if start <= event.x < start + size:
                    self.post_message(self.HeaderChosen(self, column.key))
            return
        number = event.y - header + self.scroll_offset.y
        if not 0 <= number < len(self._keys):
            return
        if number == self._cursor and event.chain > 1:
            self.action_choose()
        self._go(number)
