"""A screen of cells as an SVG: nothing but rectangles, paths and runs of text.

Each run says how wide it is, so it stays in its cells in whatever font there is; what has to join
or to be of one shape everywhere (frames, bars, braille, marks) is drawn, and no font is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import NamedTuple

from tests.pictures.shapes import SHAPES, braille

WIDTH, HEIGHT, SIZE = 8.4, 18.0, 14.0
"""A cell and its font, in the picture's units."""
EDGE = 12.0
FONTS = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"


class Glyph(NamedTuple):
    """One cell: its character, "" for the second half of a wide one, and colours as #rrggbb."""

    text: str
    colour: str
    ground: str
    bold: bool = False
    italic: bool = False
    underline: bool = False


def svg(rows: Sequence[Sequence[Glyph]], colour: str, ground: str, title: str) -> str:
    """Return *rows* as an SVG with *title*; what has the *colour* and *ground* says so nowhere."""
    wide = max(map(len, rows)) * WIDTH + 2 * EDGE
    high = len(rows) * HEIGHT + 2 * EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(wide)} {_n(high)}" '
        f'width="{_n(wide)}" height="{_n(high)}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_n(wide)}" height="{_n(high)}" rx="8" fill="{ground}"/>',
        f'<g font-family="{FONTS}" font-size="{_n(SIZE)}" fill="{colour}" '
        f'transform="translate({_n(EDGE)} {_n(EDGE)})">',
    ]
    for y, row in enumerate(rows):
        parts += _grounds(row, y, ground)
    for y, row in enumerate(rows):
        parts += _texts(row, y, colour)
    parts += _drawn(rows, colour)
    return "\n".join([*parts, "</g>", "</svg>", ""])


def _grounds(row: Sequence[Glyph], y: int, usual: str) -> Iterator[str]:
    x = 0
    for ground, cells in groupby(row, key=lambda one: one.ground):
        size = len(list(cells))
        if ground != usual:
            # A hair higher than a line: two grounds of one colour leave no seam between them.
            yield (
                f'<rect x="{_n(x * WIDTH)}" y="{_n(y * HEIGHT)}" width="{_n(size * WIDTH)}" '
                f'height="{_n(HEIGHT + 0.3)}" fill="{ground}"/>'
            )
        x += size


def _texts(row: Sequence[Glyph], y: int, usual: str) -> Iterator[str]:
    """Yield the row's texts: words of one style together, and what is not ASCII by itself."""
    base = y * HEIGHT + HEIGHT * 0.74
    for begin, cells in _runs(row):
        first, text = cells[0], "".join(one.text for one in cells)
        style = f' fill="{first.colour}"' if first.colour != usual else ""
        style += ' font-weight="bold"' if first.bold else ""
        style += ' font-style="italic"' if first.italic else ""
        style += ' text-decoration="underline"' if first.underline else ""
        if len(cells) == 1:
            middle = (begin + 0.5) * WIDTH
            yield (
                f'<text x="{_n(middle)}" y="{_n(base)}" text-anchor="middle"{style}>'
                f"{escape(text)}</text>"
            )
        else:
            yield (
                f'<text x="{_n(begin * WIDTH)}" y="{_n(base)}" '
                f'textLength="{_n(len(cells) * WIDTH)}" lengthAdjust="spacingAndGlyphs"{style}>'
                f"{escape(text)}</text>"
            )


def _runs(row: Sequence[Glyph]) -> Iterator[tuple[int, list[Glyph]]]:
    """Yield where a run begins and its cells; blanks at either end, and two in it, part runs."""
    begin, run = 0, []
    for x, one in enumerate([*row, Glyph(" ", "", "")]):
        alone = not one.text.isascii() or one.text in SHAPES
        blank = one.text in ("", " ")
        alike = bool(run) and _style(run[0]) == _style(one)
        if run and (alone or not alike or (blank and run[-1].text == " ")):
            while run[-1].text == " ":
                run.pop()
            yield begin, run
            run = []
        if alone and not blank:
            if one.text not in SHAPES and not braille(one.text):
                yield x, [one]
        elif run or not blank:
            begin = begin if run else x
            run.append(one)


def _style(one: Glyph) -> tuple[str, bool, bool, bool]:
    return one.colour, one.bold, one.italic, one.underline


def _drawn(rows: Sequence[Sequence[Glyph]], usual: str) -> Iterator[str]:
    """Yield one path a colour for all that is filled, and one for all that is a stroke."""
    filled: dict[str, list[str]] = {}
    strokes: dict[str, list[str]] = {}
    for y, row in enumerate(rows):
        for x, one in enumerate(row):
            dots = braille(one.text)
            if dots:
                filled.setdefault(one.colour, []).append(_dots(x, y, dots))
            shape = SHAPES.get(one.text)
            if shape is not None:
                into = filled if shape.filled else strokes
                into.setdefault(one.colour, []).append(_path(shape.path, x, y))
    for colour, paths in filled.items():
        yield f'<path fill="{colour}" d="{"".join(paths)}"/>'
    for colour, paths in strokes.items():
        yield (f'<path fill="none" stroke="{colour}" stroke-width="1.2" d="{"".join(paths)}"/>')


def _path(shape: Sequence[tuple[str, Sequence[float]]], x: int, y: int) -> str:
    """Return a shape in a cell's own units (0 to 1) as a path at its place."""
    made = []
    for letter, numbers in shape:
        points = [
            _n((x + one) * WIDTH if number % 2 == 0 else (y + one) * HEIGHT)
            for number, one in enumerate(numbers)
        ]
        made.append(letter + " ".join(points))
    return "".join(made)


def _dots(x: int, y: int, dots: Sequence[tuple[int, int]]) -> str:
    made = []
    for column, row in dots:
        left = (x + 0.25 + 0.5 * column) * WIDTH - 1.1
        top = (y + 0.125 + 0.25 * row) * HEIGHT - 1.1
        made.append(f"M{_n(left)} {_n(top)}h2.2v2.2h-2.2z")
    return "".join(made)


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
