"""What a terminal shows, as cells for a picture."""

from __future__ import annotations

import pyte

from tests.pictures.svg import Glyph

NAMED = {
    "black": "#1c1f26", "red": "#d75f5f", "green": "#5faf5f", "brown": "#d7af5f",
    "blue": "#5f87d7", "magenta": "#af87d7", "cyan": "#5fafaf", "white": "#c6c6c6",
    "brightblack": "#6c7280", "brightred": "#ff8787", "brightgreen": "#87d787",
    "brightbrown": "#ffd787", "brightblue": "#87afff", "brightmagenta": "#d7afff",
    "brightcyan": "#87d7d7", "brightwhite": "#ffffff",
}  # fmt: skip
"""A terminal's own sixteen colours, as this picture's terminal has them."""


def cells(screen: pyte.Screen, colour: str, ground: str) -> list[list[Glyph]]:
    """Return what *screen* shows; *colour* and *ground* are its defaults."""
    return [
        [_glyph(screen.buffer[y][x], colour, ground) for x in range(screen.columns)]
        for y in range(screen.lines)
    ]


def _glyph(one: pyte.screens.Char, colour: str, ground: str) -> Glyph:
    ink, below = _colour(one.fg, colour), _colour(one.bg, ground)
    if one.reverse:
        ink, below = below, ink
    return Glyph(one.data, ink, below, one.bold, one.italics, one.underscore)


def _colour(name: str, usual: str) -> str:
    if name == "default":
        return usual
    return NAMED.get(name, f"#{name}")
