"""A few lines of spans, as high as they are many: what must stay in sight beside a text."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip
from textual.widget import Widget

from console.widgets.spans import Line
from console.widgets.tones import Palette


class Lines(Widget):
    """A widget without a height of its own until there is something to `show`."""

    DEFAULT_CSS = "Lines { height: 0; display: none; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._palette = Palette(self)
        self.lines: tuple[Line, ...] = ()

    def show(self, lines: Sequence[Line]) -> None:
        """Show *lines* from the next paint on, one below the other."""
        made = tuple(lines)
        if made == self.lines:
            return
        if len(made) != len(self.lines):
            self.styles.height = len(made)
            self.display = bool(made)
        self.lines = made
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the line at *y*."""
        spans = self.lines[y] if y < len(self.lines) else ()
        return self._palette.strip(spans, self.size.width)

    def notify_style_update(self) -> None:
        """Forget styles of the theme before."""
        super().notify_style_update()
        self._palette.clear()
