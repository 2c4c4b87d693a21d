"""What is drawn without colours: bold, italic and underlined stay, and a ground becomes reverse."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter


class Colourless(LineFilter):
    """Takes the colours out, and reverses what stood on a ground of its own.

    Textual's own makes greys of them, in true colours; the cursor, a badge and what a filter
    found would be seen by nobody.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return *segments* without a colour; *background* is the ground of their widget."""
        ground = background.rich_color[1:]
        return [
            Segment(text, style if style is None else _without(style, ground), control)
            for text, style, control in segments
        ]


@lru_cache(1024)
def _without(style: Style, ground: tuple[object, ...]) -> Style:
    own = style.bgcolor
    plain = style.without_color
    # By all but its name: the same colour goes by several.
    if own is None or own.is_default or own[1:] == ground:
        return plain
    # Reversed and on a ground of its own, it was the more marked: it stays so.
    return plain + Style(reverse=True)
