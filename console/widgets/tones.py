"""Tones to styles: the one place where the name of a tone meets the theme's colours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from console.widgets.spans import Span, line_width

TONES: Final = (
    "good",
    "warn",
    "bad",
    "info",
    "dim",
    "stale",
    "unknown",
    "accent",
    "strong",
    "title",
    "key",
    "frame",
    "added",
    "removed",
    "found",
    "cursor",
    "tab",
    "live",
    "demo",
    "read-only",
    "lost",
)
"""Every tone there is; a widget paints one that is not here as plain text."""

TONE_CLASSES: Final = {f"tone--{tone}" for tone in TONES}

TONE_CSS: Final = """
.tone--good { color: $success; }
.tone--warn { color: $warning; }
.tone--bad { color: $error; text-style: bold; }
.tone--info { color: $primary; }
.tone--dim { color: $dim; }
.tone--stale { color: $stale; text-style: italic; }
.tone--unknown { color: $stale; }
.tone--accent { color: $accent; }
.tone--strong { text-style: bold; }
.tone--title { text-style: bold; }
.tone--key { color: $primary; text-style: bold; }
.tone--frame { color: $frame; }
.tone--added { color: $success; }
.tone--removed { color: $error; }
.tone--found { background: $warning; color: $on-mode; }
.tone--cursor { background: $cursor; text-style: bold; }
.tone--tab { background: $primary; color: $on-mode; text-style: bold; }
.tone--live { background: $live; color: $on-mode; text-style: bold; }
.tone--demo { background: $demo; color: $on-mode; text-style: bold; }
.tone--read-only { background: $read-only; color: $on-mode; text-style: bold; }
.tone--lost { background: $error; color: $on-mode; text-style: bold; }
"""


class Palette:
    """The styles of one widget's tones, kept until the theme changes (`clear`)."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[str, Style] = {}

    def clear(self) -> None:
        """Forget the styles: a theme or a class changed."""
        self._styles.clear()

    def style(self, tone: str) -> Style:
        """Return the Rich style of *tone* over the widget's own."""
        style = self._styles.get(tone)
        if style is None:
            style = self._widget.rich_style
            if tone in TONES:
                style += self._widget.get_component_rich_style(f"tone--{tone}", partial=True)
            self._styles[tone] = style
        return style

    def strip(self, spans: Iterable[Span], width: int, over: str = "") -> Strip:
        """Return *spans* as a strip of exactly *width* cells, the tone *over* laid upon all."""
        spans = tuple(spans)
        top = self.style(over) if over else None
        segments = [
            Segment(text, self.style(tone) if top is None else self._laid(tone, top))
            for text, tone in spans
        ]
        base = self.style("") if top is None else top
        return Strip(segments, line_width(spans)).adjust_cell_length(width, base)

    def _laid(self, tone: str, top: Style) -> Style:
        """Lay the background of *top* under *tone*, whose own colour stays readable."""
        return self.style(tone) + Style(bgcolor=top.bgcolor, bold=top.bold)
