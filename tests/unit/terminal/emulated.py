"""A terminal to draw on: pyte with the widths that Textual takes for granted, or with others.

pyte alone stops at a joiner, puts a combining mark behind a wide character, and leaves half of a
wide one standing when the other half is overwritten; terminals do none of that.
"""

from __future__ import annotations

import random
from typing import Any

import pyte
from rich._unicode_data import load
from rich.cells import get_character_cell_size

JOINER, EMOJI = "\u200d", "\ufe0f"
NARROW_TO_WIDE = load("auto").narrow_to_wide


class Emulated(pyte.Screen):
    """*joins* is whether joined emoji are one picture; older terminals draw each of them."""

    def __init__(self, columns: int, lines: int, *, joins: bool = True) -> None:
        super().__init__(columns, lines)
        self.joins = joins
        self._joining: tuple[int, int] | None = None
        self._stream = pyte.Stream(self)

    def feed(self, text: str) -> None:
        self._stream.feed(text)

    def draw(self, data: str) -> None:
        for character in data:
            self._draw(character)

    def _draw(self, character: str) -> None:
        here = (self.cursor.x, self.cursor.y)
        line = self.buffer[self.cursor.y]
        lead = self.cursor.x - 1
        if lead > 0 and line[lead].data == "":
            lead -= 1
        width = get_character_cell_size(character)
        if character == JOINER or width == 0 or (self._joining == here and self.joins):
            widens = character == EMOJI and self.joins and line[lead].data in NARROW_TO_WIDE
            if lead >= 0:
                line[lead] = line[lead]._replace(data=line[lead].data + character)
            if widens and self.cursor.x == lead + 1 < self.columns:
                self._mend(line, self.cursor.x, 1)
                line[self.cursor.x] = line[lead]._replace(data="")
                self.cursor.x += 1
            self._joining = (self.cursor.x, self.cursor.y) if character == JOINER else None
            return
        self._joining = None
        self.cursor.x = max(0, min(self.cursor.x, self.columns - width))
        x = self.cursor.x
        self._mend(line, x, width)
        line[x] = self.cursor.attrs._replace(data=character)
        for more in range(1, min(width, self.columns - x)):
            line[x + more] = self.cursor.attrs._replace(data="")
        self.cursor.x = min(x + width, self.columns)

    def _mend(self, line: Any, x: int, width: int) -> None:
        """Make blank what is left of wide characters when [x, x + width) is overwritten."""
        if x and line[x].data == "":
            line[x - 1] = line[x - 1]._replace(data=" ")
        if x + width < self.columns and line[x + width].data == "":
            line[x + width] = line[x + width]._replace(data=" ")

    def scribble(self, chosen: random.Random) -> None:
        """Draw anything anywhere, as a terminal does after a resize, and as `wall` does."""
        for _ in range(8):
            row, column = chosen.randrange(self.lines), chosen.randrange(self.columns)
            self.feed(f"\x1b[{row + 1};{column + 1}H\x1b[1;35m" + "#?漢"[chosen.randrange(3)] * 9)

    def cells(self) -> list[list[tuple[Any, ...]]]:
        """Return what is seen of each cell: of a blank only its ground and the lines on it."""
        return [[_seen(self.buffer[y][x]) for x in range(self.columns)] for y in range(self.lines)]


def _seen(cell: Any) -> tuple[Any, ...]:
    lines = (cell.underscore, cell.strikethrough, cell.reverse)
    if cell.data == " " and not any(lines):
        return (" ", cell.bg)
    return (cell.data, cell.fg, cell.bg, cell.bold, cell.italics, *lines)
