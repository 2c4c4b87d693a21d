"""Reads one frame as Textual writes it: cursor positions, styles, links, text and newlines.

`App._display` of the pinned Textual writes each frame as one string that starts with a cursor
position. What else is in it is not known here, and then the frame is none to us.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from console.terminal.cells import PLAIN, Style, cut, styled

_TOKEN: Final = re.compile(
    r"([^\x00-\x1f\x7f-\x9f]+)|\x1b\[([0-9;]*)([mH])|\x1b\]8;[^;\x00-\x1f\x7f-\x9f]*;"
    r"([^\x00-\x1f\x7f-\x9f]*)\x1b\\|(\n)"
)
_HARMLESS: Final = re.compile(
    r"(?:\x07|\x1b\[[?<>=][0-9;]*\$?[A-Za-z]|\x1b\][0-9]+;[^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1bP(?:[^\x1b]|\x1b\x1b)*\x1b\\)*"
)
_FIRST: Final = re.compile(r"\x1b\[([0-9]+);([0-9]+)H")


class Run(NamedTuple):
    """Cells of one style from (`x`, `y`) on; `joins` belongs to the cell before."""

    x: int
    y: int
    cells: list[str]
    style: Style
    joins: str


class Frame(NamedTuple):
    """What a frame draws, in its order, and where it leaves the cursor (x, y) and the style."""

    runs: list[Run]
    cursor: tuple[int, int]
    style: Style = PLAIN


def is_frame(text: str) -> bool:
    """Return whether *text* begins as a frame does."""
    return _FIRST.match(text) is not None


def draws_nothing(text: str) -> bool:
    """Return whether *text* is of modes, bells, titles and the clipboard alone: no cell changes."""
    return _HARMLESS.fullmatch(text) is not None


def pieces(text: str) -> list[tuple[int, int, str]]:
    """Cut a frame before each cursor position; return column, row and text of each piece.

    Textual writes a piece for each row that it draws, mostly the same as the time before.
    """
    found = list(_FIRST.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [
        (max(int(match[2]), 1) - 1, max(int(match[1]), 1) - 1, text[match.start() : end])
        for match, end in zip(found, ends, strict=True)
    ]


def parse(
    text: str, plain: Callable[[str], str] | None = None, style: Style = PLAIN
) -> Frame | None:
    """Read a frame, or a piece of one that begins in *style*; None where it holds anything that
    is not known.

    *plain* is what text goes through where the terminal cannot show all of Unicode; it must keep
    the width.
    """
    runs: list[Run] = []
    x = y = at = 0
    for token in _TOKEN.finditer(text):
        if token.start() != at:
            return None
        at = token.end()
        written, parameters, final, link, _ = token.groups()
        if written is not None:
            cells, joins = cut(plain(written) if plain is not None else written)
            runs.append(Run(x, y, cells, style, joins))
            x += len(cells)
        elif final == "m":
            turned = styled(style, parameters)
            if turned is None:
                return None
            style = turned
        elif final == "H":
            place = _place(parameters)
            if place is None:
                return None
            x, y = place
        elif link is not None:
            style = _linked(style, link)
        else:
            x, y = 0, y + 1
    return Frame(runs, (x, y), style) if at == len(text) else None


@lru_cache(maxsize=4096)
def _place(parameters: str) -> tuple[int, int] | None:
    """Return column and row of a cursor position, from 0; missing numbers are 1."""
    row, _, column = parameters.partition(";")
    if ";" in column:
        return None
    return max(int(column or 1), 1) - 1, max(int(row or 1), 1) - 1


@lru_cache(maxsize=1024)
def _linked(style: Style, link: str) -> Style:
    return style._replace(link=link)
