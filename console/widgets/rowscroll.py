"""A window on rows: how many fit, which they are, and the scroll bar beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView

if TYPE_CHECKING:
    from textual.scrollbar import ScrollBar


class RowScroll(ScrollView):
    """A window on rows of one line each, below a line of titles."""

    DEFAULT_CSS = "RowScroll { height: 1fr; scrollbar-size: 1 1; overflow-x: hidden; }"

    # Textual's own lays out and paints the whole screen for each row that comes or goes: 7 KB.
    virtual_size = Reactive(Size(0, 0), repaint=False)

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._thumb = (0, 0)

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The scroll bar, made when it is asked for the first time."""
        if self._vertical_scrollbar is None:
            from console.widgets.stillbar import StillBar

            bar = StillBar(name="vertical", thickness=self.scrollbar_size_vertical)
            self._vertical_scrollbar = bar
            bar.display = False
            self.app._start_widget(self, bar)
        return self._vertical_scrollbar

    def _room(self) -> Size:
        """The window, in cells: inside of a frame, beside the scroll bar.

        Textual's `size` and its like look for the widget on the screen each time, which at each
        paint took as long as three rows.
        """
        return self.outer_size - self.gutter.totals

    def _header(self) -> int:
        """Lines that the titles take: none where there is only one line."""
        return 1 if self._room().height > 1 else 0

    def _height(self) -> int:
        """Rows that fit on screen."""
        height = self._room().height
        return height - 1 if height > 1 else height

    def _fit_scrolling(self, rows: int) -> None:
        """Fit the scroll bar to *rows*; the screen is laid out anew only if it comes or goes."""
        lines, height = rows + self._header(), self._room().height
        self.virtual_size = Size(0, lines)
        if (lines > height) != self.show_vertical_scrollbar:
            self.refresh(layout=True)
        elif self.show_vertical_scrollbar:
            # Painted anew it costs 2 KB: not for one row more or less that moves nothing in it.
            thumb = round(height * height / lines), round(self.scroll_y * height / lines)
            if thumb != self._thumb:
                self._thumb = thumb
                self.vertical_scrollbar.window_virtual_size = lines
        if self.scroll_y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True, immediate=True)

    def _bring(self, row: int) -> None:
        """Scroll as little as it takes to have *row* in the window."""
        height = self._height()
        if row < 0 or not height:
            return
        top = self.scroll_offset.y
        goal = min(max(top, row - height + 1), row)
        if goal != top:
            self.scroll_to(y=goal, animate=False, force=True, immediate=True)
