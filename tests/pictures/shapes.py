"""Characters that are drawn rather than set, each in a cell of 1 by 1, and braille's dots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Shape(NamedTuple):
    """A path's steps, letters with their points, and whether it is filled or a stroke."""

    path: Sequence[tuple[str, Sequence[float]]]
    filled: bool


def braille(text: str) -> list[tuple[int, int]]:
    """Return the dots of a braille character as (column, row), none for any other."""
    if len(text) != 1 or not 0x2800 <= ord(text) <= 0x28FF:
        return []
    bits = ord(text) - 0x2800
    places = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
    return [place for number, place in enumerate(places) if bits >> number & 1]


def _box(left: float, top: float, right: float, bottom: float) -> list[tuple[str, list[float]]]:
    return [("M", [left, top]), ("L", [right, top]), ("L", [right, bottom]), ("L", [left, bottom]),
            ("Z", [])]  # fmt: skip


def _lines(*ends: tuple[float, float, float, float]) -> Shape:
    path = [step for a, b, c, d in ends for step in (("M", [a, b]), ("L", [c, d]))]
    return Shape(path, filled=False)


def _corner(across: float, down: float) -> Shape:
    """Return a round corner from the edge at *across* to the edge at *down*."""
    path = [("M", [across, 0.5]), ("Q", [0.5, 0.5, 0.5, down])]
    return Shape(path, filled=False)


def _circle(radius: float, filled: bool) -> Shape:
    wide, high = radius, radius * 8.4 / 18
    k = 0.5523
    path = [
        ("M", [0.5 - wide, 0.5]),
        ("C", [0.5 - wide, 0.5 - high * k, 0.5 - wide * k, 0.5 - high, 0.5, 0.5 - high]),
        ("C", [0.5 + wide * k, 0.5 - high, 0.5 + wide, 0.5 - high * k, 0.5 + wide, 0.5]),
        ("C", [0.5 + wide, 0.5 + high * k, 0.5 + wide * k, 0.5 + high, 0.5, 0.5 + high]),
        ("C", [0.5 - wide * k, 0.5 + high, 0.5 - wide, 0.5 + high * k, 0.5 - wide, 0.5]),
    ]
    return Shape(path, filled)


_LEFT, _RIGHT = (0, 0.5, 0.5, 0.5), (0.5, 0.5, 1, 0.5)
_UP, _DOWN = (0.5, 0, 0.5, 0.5), (0.5, 0.5, 0.5, 1)
_EIGHTHS = "▁▂▃▄▅▆▇█"
_SHADE = [step for row in range(4) for column in range(2) for step in _box(
    0.12 + 0.5 * column, row / 4 + 0.07, 0.37 + 0.5 * column, row / 4 + 0.19)]  # fmt: skip

SHAPES: Mapping[str, Shape] = {
    "─": _lines((0, 0.5, 1, 0.5)),
    "│": _lines((0.5, 0, 0.5, 1)),
    "┤": _lines(_LEFT, (0.5, 0, 0.5, 1)),
    "├": _lines(_RIGHT, (0.5, 0, 0.5, 1)),
    "┼": _lines((0, 0.5, 1, 0.5), (0.5, 0, 0.5, 1)),
    "┬": _lines((0, 0.5, 1, 0.5), _DOWN),
    "┴": _lines((0, 0.5, 1, 0.5), _UP),
    "╷": _lines(_DOWN),
    "╵": _lines(_UP),
    "╭": _corner(1, 1),
    "╮": _corner(0, 1),
    "╰": _corner(1, 0),
    "╯": _corner(0, 0),
    "┄": _lines((0.05, 0.5, 0.28, 0.5), (0.38, 0.5, 0.62, 0.5), (0.72, 0.5, 0.95, 0.5)),
    "┊": _lines((0.5, 0.05, 0.5, 0.25), (0.5, 0.38, 0.5, 0.62), (0.5, 0.75, 0.5, 0.95)),
    "░": Shape(_SHADE, filled=True),
    "▌": Shape(_box(0, 0, 0.5, 1.02), filled=True),
    "▐": Shape(_box(0.5, 0, 1, 1.02), filled=True),
    "▏": Shape(_box(0, 0, 0.125, 1.02), filled=True),
    "▞": Shape([*_box(0.5, 0, 1, 0.5), *_box(0, 0.5, 0.5, 1)], filled=True),
    "▰": Shape(_box(0.08, 0.28, 0.92, 0.72), filled=True),
    "▱": Shape(_box(0.12, 0.3, 0.88, 0.7), filled=False),
    "■": Shape(_box(0.1, 0.3, 0.9, 0.7), filled=True),
    "▲": Shape([("M", [0.5, 0.25]), ("L", [1.0, 0.72]), ("L", [0.0, 0.72]), ("Z", [])], True),
    "▼": Shape([("M", [0.5, 0.75]), ("L", [1.0, 0.28]), ("L", [0.0, 0.28]), ("Z", [])], True),
    "●": _circle(0.42, filled=True),
    "◌": _circle(0.4, filled=False),
    "✔": _lines((0.02, 0.52, 0.35, 0.7), (0.35, 0.7, 0.98, 0.28)),
    "✖": _lines((0.05, 0.3, 0.95, 0.72), (0.95, 0.3, 0.05, 0.72)),
    **{
        bar: Shape(_box(0, 1 - number / 8, 1, 1.0), filled=True)
        for number, bar in enumerate(_EIGHTHS, 1)
    },
}
