"""Cells and columns as plain data: what the rows make and the table paints.

A tone names a meaning, never a colour; beside every tone there is a shape or a word, so a screen
without colours says the same.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

Tone: TypeAlias = Literal[
    "", "good", "warn", "bad", "info", "accent", "title", "dim", "stale", "unknown"
]
TONES: tuple[Tone, ...] = (
    "good",
    "warn",
    "bad",
    "info",
    "accent",
    "title",
    "dim",
    "stale",
    "unknown",
)
"""Every tone that a cell can have beside none."""
Align: TypeAlias = Literal["left", "right"]


class Cell(NamedTuple):
    """One cell: a line of plain text (never markup) and what it means."""

    text: str = ""
    tone: Tone = ""


class Column(NamedTuple):
    """One column. Widths are in terminal cells.

    It gets at least `least` (`width` where that is 0) and at most `width`, or more if `flex` gives
    it a share of what is left over. On a narrow screen the columns of the lowest `priority` go
    first, of equal ones the rightmost.
    """

    key: str
    title: str
    width: int
    least: int = 0
    flex: int = 0
    align: Align = "left"
    priority: int = 5


class Placed(NamedTuple):
    """A column that fits: its number among all columns, where it begins and how wide it is.

    Its room goes to where the next one begins, or the line ends.
    """

    number: int
    column: Column
    x: int
    width: int
    room: int


def place(columns: Sequence[Column], width: int, gap: int = 1) -> tuple[Placed, ...]:
    """Fit *columns* into *width* cells, *gap* apart, and return those that stay, in order.

    The one of the highest priority always stays, cut to *width* if it must be.
    """
    if not columns or width <= 0:
        return ()
    kept = list(range(len(columns)))
    while len(kept) > 1:
        need = sum(columns[i].least or columns[i].width for i in kept) + gap * (len(kept) - 1)
        if need <= width:
            break
        kept.remove(min(kept, key=lambda i: (columns[i].priority, -i)))
    room = width - gap * (len(kept) - 1)
    widths = {i: columns[i].least or columns[i].width for i in kept}
    if len(kept) == 1:
        widths[kept[0]] = min(widths[kept[0]], width)
    spare = room - sum(widths.values())
    for i in sorted(kept, key=lambda i: (-columns[i].priority, i)):
        more = min(max(0, columns[i].width - widths[i]), spare)
        widths[i] += more
        spare -= more
    spare = _share(spare, [(i, columns[i].flex) for i in kept], widths)
    placed, x = [], 0
    for i in kept:
        room = width - x if i == kept[-1] else widths[i] + gap
        placed.append(Placed(i, columns[i], x, widths[i], room))
        x += room
    return tuple(placed)


def _share(spare: int, flexes: Sequence[tuple[int, int]], widths: dict[int, int]) -> int:
    """Give *spare* cells out by share; the first one takes what does not divide."""
    total = sum(flex for _, flex in flexes)
    if spare <= 0 or not total:
        return spare
    given = 0
    for i, flex in flexes:
        part = spare * flex // total
        widths[i] += part
        given += part
    first = next(i for i, flex in flexes if flex)
    widths[first] += spare - given
    return 0
