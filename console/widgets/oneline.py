"""One line of spans, repainted only when it says something else."""

from __future__ import annotations

from textual.strip import Strip
from textual.widget import Widget

from console.widgets.spans import Line
from console.widgets.tones import Palette


class OneLine(Widget):
    """A widget one line high. `show` is cheap where nothing changed."""

    DEFAULT_CSS = "OneLine { height: 1; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._palette = Palette(self)
        self.line: Line = ()

    def show(self, spans: Line) -> None:
        """Show *spans* from the next paint on."""
        if spans != self.line:
            self.line = spans
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        if y:
            return Strip.blank(self.size.width, self._palette.style(""))
        return self._palette.strip(self.line, self.size.width)

    def notify_style_update(self) -> None:
        """Forget styles of the theme before."""
        super().notify_style_update()
        self._palette.clear()
