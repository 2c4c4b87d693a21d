"""A long text on the line API: bounded, searched, followed, scrolled without laying it out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from console.binding import binding
from console.keys import ASIDE, MOVE
from console.widgets.spans import Line, Span
from console.widgets.tones import Palette

LIMIT = 5000
"""Lines kept; the oldest go first."""


class TextView(ScrollView, can_focus=True):
    """Lines of plain text. `add` keeps the end in sight while `following`.

    With `only` set, lines without the text that is searched for are left out.
    """

    DEFAULT_CSS = """
    TextView {
        height: 1fr; scrollbar-size: 1 1; overflow-x: hidden;
        scrollbar-color: $frame; scrollbar-background: $background;
        scrollbar-color-hover: $frame; scrollbar-background-hover: $background;
        scrollbar-color-active: $primary; scrollbar-background-active: $background;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(binding(key, key.command.replace("move(", "line(")) for key in (*MOVE, *ASIDE)),
        Binding("space", "page(1)", show=False),
    ]

    def __init__(self, *, limit: int = LIMIT, id: str | None = None) -> None:
        super().__init__(id=id)
        self._palette = Palette(self)
        self._lines: deque[str] = deque(maxlen=limit)
        self._shown: list[str] = []
        self._widest = 0
        self.needle = ""
        self.only = False
        self.following = False
        self.dropped = 0
        """Lines that went because there were more than are kept."""

    @property
    def total(self) -> int:
        """Lines that are kept."""
        return len(self._lines)

    @property
    def matches(self) -> int:
        """Lines that hold what is searched for."""
        needle = self.needle.lower()
        return sum(needle in one.lower() for one in self._lines) if needle else 0

    def text(self) -> str:
        """Return what is shown, as one text."""
        return "\n".join(self._shown)

    def clear(self) -> None:
        """Forget everything."""
        self._lines.clear()
        self.dropped = 0
        self._widest = 0
        self._select()

    def add(self, lines: Iterable[str]) -> None:
        """Add *lines* at the end."""
        limit = self._lines.maxlen or LIMIT
        before = len(self._lines)
        count = 0
        for one in lines:
            one = one.replace("\t", "    ")
            self._lines.append(one)
            self._widest = max(self._widest, cell_len(one))
            count += 1
        if not count:
            return
        self.dropped += max(0, before + count - limit)
        self._select()

    def search(self, needle: str) -> None:
        """Mark every occurrence of *needle*, letter case aside."""
        self.needle = needle
        self._select()

    def show_only(self, only: bool) -> None:
        """Leave out lines without what is searched for, or take them in again."""
        self.only = only
        self._select()

    def find_next(self, step: int) -> bool:
        """Scroll to the next line that holds what is searched for; False where none does."""
        needle = self.needle.lower()
        found = [n for n, one in enumerate(self._shown) if needle and needle in one.lower()]
        if not found:
            return False
        here = self.scroll_offset.y
        if step > 0:
            goal = next((n for n in found if n > here), found[0])
        else:
            goal = next((n for n in reversed(found) if n < here), found[-1])
        self.following = False
        self.scroll_to(y=goal, animate=False, force=True, immediate=True)
        return True

    def follow(self, on: bool) -> None:
        """Keep the end in sight from now on, or stay where we are."""
        self.following = on
        if on:
            self._to_end()

    def render_line(self, y: int) -> Strip:
        """Return the line at *y* of the window."""
        x, top = self.scroll_offset
        width = self.scrollable_content_region.width
        number = y + top
        if number >= len(self._shown):
            return Strip.blank(width, self._palette.style(""))
        spans = self._marked(self._shown[number])
        size = sum(cell_len(text) for text, _ in spans)
        return self._palette.strip(spans, max(size, x + width)).crop(x, x + width)

    def on_resize(self) -> None:
        """Keep the end in sight in the new height, while it is followed."""
        if self.following:
            self._to_end()

    def notify_style_update(self) -> None:
        """Forget styles of the theme before."""
        super().notify_style_update()
        self._palette.clear()

    def action_line(self, step: int) -> None:
        """Scroll by a line."""
        self._scroll(step)

    def action_page(self, step: int) -> None:
        """Scroll by a window."""
        self._scroll(step * max(1, self.scrollable_content_region.height - 1))

    def action_edge(self, step: int) -> None:
        """Scroll to the beginning or the end."""
        if step < 0:
            self.following = False
            self.scroll_to(y=0, animate=False, force=True, immediate=True)
        else:
            self._to_end()

    def action_aside(self, step: int) -> None:
        """Scroll to the side by 20 cells."""
        self.scroll_relative(x=step * 20, animate=False, force=True, immediate=True)

    def _scroll(self, lines: int) -> None:
        if lines < 0:
            self.following = False
        self.scroll_relative(y=lines, animate=False, force=True, immediate=True)

    def _select(self) -> None:
        needle = self.needle.lower()
        if self.only and needle:
            self._shown = [one for one in self._lines if needle in one.lower()]
        else:
            self._shown = list(self._lines)
        size = Size(self._widest, len(self._shown))
        if size != self.virtual_size:
            self.virtual_size = size
        if self.following:
            self._to_end()
        self.refresh()

    def _to_end(self) -> None:
        end = len(self._shown) - self.scrollable_content_region.height
        self.scroll_to(y=max(0, end), animate=False, force=True, immediate=True)

    def _marked(self, text: str) -> Line:
        needle = self.needle.lower()
        if not needle or needle not in text.lower():
            return ((text, ""),)
        spans: list[Span] = []
        lowered, start = text.lower(), 0
        # Lower case can be longer than the text in a few scripts: then nothing is marked.
        if len(lowered) != len(text):
            return ((text, ""),)
        while (at := lowered.find(needle, start)) >= 0:
            spans += [(text[start:at], ""), (text[at : at + len(needle)], "found")]
            start = at + len(needle)
        return (*spans, (text[start:], ""))
