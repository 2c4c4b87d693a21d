"""Turns what a terminal shows into what it should show, in as few bytes as we know how."""

from __future__ import annotations

import re
from typing import Final

from console.terminal.cells import PLAIN, Style, blank_alike, doubtful, erasable, turning
from console.terminal.grid import Grid

GAP: Final = 4
"""Equal cells at most that are written again rather than jumped over."""
_BLANKS: Final = re.compile(" {4,}")


def size(text: str) -> int:
    """Return how many bytes *text* is; half a surrogate pair is written as a question mark."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


class Pen:
    """Where the terminal's cursor is and what it writes in; None where that is not known."""

    __slots__ = ("style", "x", "y")

    def __init__(self) -> None:
        self.x: int | None = None
        self.y: int | None = None
        self.style: Style | None = None

    def lost(self) -> None:
        """Know no longer where the cursor is."""
        self.x = self.y = None


def move(pen: Pen, x: int, y: int) -> str:
    """Return the shortest controls that take the cursor of *pen* to (*x*, *y*), and move it."""
    before, row = pen.x, pen.y
    pen.x, pen.y = x, y
    if row == y and before == x:
        return ""
    best = f"\x1b[{y + 1};{x + 1}H"
    if x == 0:
        best = f"\x1b[{y + 1}H" if y else "\x1b[H"
    if before is None or row is None:
        return best
    if row == y:
        if x > before:
            near = f"\x1b[{x - before}C" if x - before > 1 else "\x1b[C"
        else:
            near = "\r" if x == 0 else "\b" * (before - x)
        return min(near, f"\x1b[{x + 1}G", best, key=len)
    if before == x and y > row:
        return min(f"\x1b[{y - row}B" if y - row > 1 else "\x1b[B", best, key=len)
    return best


def runs(target: Grid, sent: Grid, y: int) -> list[tuple[int, int]]:
    """Return the spans [start, end) of row *y* that differ, near ones as one.

    A span begins and ends between graphemes. What the target does not know differs from nothing.
    """
    cells, styles = target.cells[y], target.styles[y]
    shown, worn = sent.cells[y], sent.styles[y]
    if cells == shown and styles == worn:
        return []
    found: list[tuple[int, int]] = []
    start = end = -1
    for x, cell in enumerate(cells):
        if cell == shown[x]:
            style, other = styles[x], worn[x]
            if style is other or style == other or (cell == " " and blank_alike(other, style)):
                continue
        if cell is None or x < end:
            continue
        first, last = x, x + 1
        while first > 0 and cells[first] == "":
            first -= 1
        while last < target.width and cells[last] == "":
            last += 1
        if start >= 0 and _worth(cells, styles, end, first):
            end = last
        else:
            if start >= 0:
                found.append((start, end))
            start, end = first, last
    if start >= 0:
        found.append((start, end))
    return found


def _worth(cells: list[str | None], styles: list[Style], end: int, first: int) -> bool:
    """Return whether writing the cells from *end* to *first* again is shorter than jumping."""
    if first <= end:
        return True
    if first - end > GAP:
        return False
    style = styles[end - 1]
    written = 0
    for x in range(end, first):
        cell = cells[x]
        if not cell or styles[x] != style or doubtful(cell):
            return False
        written += size(cell)
    return written <= (3 if first - end == 1 else 4)


def paint_row(
    target: Grid, sent: Grid, y: int, pen: Pen, *, erase: bool = False, room: int = 1 << 30
) -> tuple[str, bool]:
    """Return what makes row *y* of *sent* equal to that of *target*, and whether it is all.

    No more is begun when *room* bytes are used up. *sent* is changed to what the terminal then
    shows. *erase* allows ECH and EL, which need a terminal that erases in colour.
    """
    out: list[str] = []
    used = 0
    # What was written may spoil cells to its right: look again until nothing differs.
    while spans := runs(target, sent, y):
        for start, end in spans:
            while start < end:
                if used >= room:
                    return "".join(out), False
                last = _cut_short(target.cells[y], start, end, room - used)
                written = _write(target, sent, y, start, last, pen, erase)
                used += size(written)
                out.append(written)
                start = last
    return "".join(out), True


def _cut_short(cells: list[str | None], start: int, end: int, room: int) -> int:
    """Return where to stop so that about *room* bytes are written, between two graphemes."""
    last = min(end, start + max(room, 16))
    while last < end and cells[last] == "":
        last += 1
    return last


def _write(target: Grid, sent: Grid, y: int, start: int, end: int, pen: Pen, erase: bool) -> str:
    """Return what writes the cells [start, end) of row *y*, and note that they were sent."""
    cells, styles = target.cells[y], target.styles[y]
    out: list[str] = []
    x = start
    while x < end:
        style = styles[x]
        stop = x + 1
        while stop < end and (styles[stop] is style or styles[stop] == style):
            stop += 1
        piece = cells[x:stop]
        text = "".join(cell or "" for cell in piece)
        out.append(move(pen, x, y))
        if not (text == " " * len(piece) and blank_alike(pen.style, style)):
            out.append(turning(pen.style, style))
            pen.style = style
        if not text.isascii():
            out.append(_careful(piece, x, y, pen, sent))
        elif erase and "    " in text and erasable(style):
            out.append(_erasing(text, pen, x, stop == target.width))
        else:
            out.append(text)
            pen.x = stop
        if pen.x == target.width:
            # At the edge the cursor stays on the last cell, or waits behind it.
            pen.lost()
        x = stop
    _note(target, sent, y, start, end)
    return "".join(out)


def _erasing(text: str, pen: Pen, x: int, edge: bool) -> str:
    """Return *text* from column *x* on with long blanks erased; moves the pen.

    Behind blanks that end it the cursor is not moved: perhaps nothing more comes in this row.
    """
    out: list[str] = []
    at = 0
    for blanks in _BLANKS.finditer(text):
        first, end = blanks.span()
        last = end == len(text)
        if not (last and edge) and end - first < (6 if last else 11):
            continue
        out.append(text[at:first])
        at = end
        if last:
            pen.x = x + first
            return "".join(out) + ("\x1b[K" if edge else f"\x1b[{end - first}X")
        out.append(f"\x1b[{end - first}X\x1b[{end - first}C")
    pen.x = x + len(text)
    return "".join(out) + text[at:]


def _careful(piece: list[str | None], x: int, y: int, pen: Pen, sent: Grid) -> str:
    """Return *piece* with the cursor placed anew after each grapheme whose width is in doubt."""
    out: list[str] = []
    at = x
    for cell in piece:
        if cell:
            wide = 2 if at + 1 < x + len(piece) and piece[at + 1 - x] == "" else 1
            drawn = doubtful(cell)
            if drawn:
                # Both cells blank first: where it is drawn narrower, nothing old stays beside it.
                pen.x, pen.y = at, y
                out.append(" " * wide)
                pen.x = at + wide
                out += [move(pen, at, y) if at + wide < sent.width else _place(at, y), cell]
                out.append(_place(at + wide, y) if at + wide < sent.width else "")
                for beyond in range(at + wide, min(at + drawn, sent.width)):
                    sent.cells[y][beyond] = None
            else:
                out.append(cell)
        at += 1
    pen.x, pen.y = at, y
    return "".join(out)


def _place(x: int, y: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H"


def _note(target: Grid, sent: Grid, y: int, start: int, end: int) -> None:
    """Note that the cells [start, end) were sent, and which beside them that spoilt."""
    shown = sent.cells[y]
    if shown[start] == "" and start:
        shown[start - 1] = None
    if end < sent.width and shown[end] == "":
        shown[end] = None
    shown[start:end] = target.cells[y][start:end]
    sent.styles[y][start:end] = target.styles[y][start:end]


def diff(target: Grid, sent: Grid, *, erase: bool = False) -> str:
    """Return what makes a terminal that shows *sent* show *target*; both have one size.

    *sent* is afterwards what *target* is, as far as that is known.
    """
    pen = Pen()
    out: list[str] = []
    for y in range(target.height):
        written, _ = paint_row(target, sent, y, pen, erase=erase)
        out.append(written)
    return "".join(out) + closing(pen)


def closing(pen: Pen) -> str:
    """Return what ends a link that *pen* left open."""
    if pen.style is None or not pen.style.link:
        return ""
    before, pen.style = pen.style, pen.style._replace(link="")
    return turning(before, pen.style) or turning(None, PLAIN)
