"""A time series as a chart of braille dots, with its axes and units, as plain data.

Each cell of the plot is two columns of four dots. What is not known leaves a gap in the plot and
on the axis below it: a known zero has a dot, so that the two never look the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, TypeAlias

from console.rows import units
from console.rows.cells import Cell, Tone

ChartLine: TypeAlias = tuple[Cell, ...]
"""One line of the chart: texts with their tones, one cell a character."""

_LEFT = (0x40, 0x04, 0x02, 0x01)
_RIGHT = (0x80, 0x20, 0x10, 0x08)
"""The dots of a braille cell's two columns, from the lowest up."""
_DOTS = 4
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14400)
NOTHING = "nothing was measured in these hours"


class Series(NamedTuple):
    """Values in equal steps, oldest first, None where nothing is known.

    It is drawn as an area down to zero where `filled`, else as a line; `right` has it measured
    on the axis to the right, which goes from 0 to 100 %.
    """

    values: Sequence[float | None]
    tone: Tone = "info"
    filled: bool = True
    right: bool = False


class Scale(NamedTuple):
    """An axis: from `low` to `high`, a tick each `step`, values divided by `size` for people."""

    low: float
    high: float
    step: float
    size: float
    unit: str

    def ticks(self) -> list[float]:
        """Return the values that have a tick, from low to high."""
        count = round((self.high - self.low) / self.step)
        return [self.low + number * self.step for number in range(count + 1)]

    def label(self, value: float) -> str:
        """Return a tick's number, without the unit."""
        text = f"{value / self.size:.2f}".rstrip("0").rstrip(".")
        return "0" if text in ("-0", "") else text

    def at(self, value: float, dots: int) -> int:
        """Return how many of *dots* stand below *value*."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(share * dots)


PERCENT = Scale(0.0, 100.0, 50.0, 1.0, "%")


def scale(values: Iterable[float], rows: int, unit: str, least: float = 0.0) -> Scale:
    """Return an axis with round ticks for *values* and zero; it reaches to *least* at least."""
    found = [0.0, *values]
    top, bottom = max(*found, least), min(found)
    if top - bottom < 1e-6:
        top = bottom + 1.0
    wanted = max(1, min(4, rows // 2))
    raw = (top - bottom) / wanted
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(one * magnitude for one in _STEPS if one * magnitude >= raw * (1 - 1e-9))
    high, low = math.ceil(top / step - 1e-9) * step, math.floor(bottom / step + 1e-9) * step
    size, sign = units.prefix(max(high, -low))
    return Scale(low, high, step, size, sign + unit)


def chart(
    series: Sequence[Series],
    width: int,
    height: int,
    *,
    until: float,
    step: float,
    unit: str = "W",
    least: float = 0.0,
) -> tuple[ChartLine, ...]:
    """Return *height* lines of *width* cells each; every series ends at *until* (s since epoch).

    *step* is the seconds between values. The axis to the left has *unit*, with a prefix where
    that makes the numbers short, and goes to *least* at least, so that a little light does not
    look like much. Axes go first where there is no room.
    """
    if width <= 0 or height <= 0:
        return ()
    made = [one._replace(values=[units.known(value) for value in one.values]) for one in series]
    left = [value for one in made if not one.right for value in one.values if value is not None]
    right = any(one.right and any(v is not None for v in one.values) for one in made)
    below = 2 if height >= 4 else 1 if height == 3 else 0
    rows = height - below
    axis = scale(left, rows, unit, least)
    ticks = _tick_labels(axis, rows)
    margin = max(map(len, (*ticks.values(), axis.label(axis.low)))) + 1
    percents = _tick_labels(PERCENT, rows) if right else {}
    after = max(map(len, percents.values())) + 2 if right else 0
    if width - margin - after < 12 or height < 3:
        margin, after = 0, 0
    plot = width - margin - after
    body = _plot(made, plot, rows, axis)
    if not any(value is not None for one in made for value in one.values):
        body = _said(body, plot)
    lines: list[ChartLine] = []
    for number, drawn in enumerate(body):
        head = _head(ticks.get(number, ""), margin, "┤" if number in ticks else "│")
        lines.append((*head, *drawn, *_tail(percents.get(number, ""), after, number in percents)))
    span = max((len(one.values) for one in made), default=0) * step
    marks = _time_marks(until - span, until, plot)
    if below == 2:
        lines.append(
            (
                *_head(axis.label(axis.low), margin, "┼" if margin else ""),
                *_ground(made, marks, plot),
                *_tail(PERCENT.label(0), after, True, "┼"),
            )
        )
    if below:
        lines.append((Cell(" " * margin), Cell(_times(marks, plot), "dim"), Cell(" " * after)))
    return tuple(tuple(cell for cell in one if cell.text) for one in lines)


# The plot


def _plot(series: Sequence[Series], width: int, rows: int, axis: Scale) -> list[ChartLine]:
    """Return the plot itself, *rows* lines of *width* cells."""
    dots = [[0] * width for _ in range(rows)]
    tones: list[list[Tone]] = [[""] * width for _ in range(rows)]
    for one in series:
        drawn: dict[tuple[int, int], int] = {}
        measure = PERCENT if one.right else axis
        zero = measure.at(0.0, rows * _DOTS)
        before: int | None = None
        for x, value in enumerate(resampled(one.values, width * 2)):
            if value is None:
                before = None
                continue
            level = measure.at(value, rows * _DOTS)
            for y in _column(level, zero, before, rows * _DOTS, one.filled):
                cell = (rows - 1 - y // _DOTS, x // 2)
                drawn[cell] = drawn.get(cell, 0) | (_RIGHT if x % 2 else _LEFT)[y % _DOTS]
            before = level
        # A line across an area cuts it: it must be seen without any colour too.
        for (row, x), dot in drawn.items():
            dots[row][x], tones[row][x] = dot, one.tone
    return [_joined(dots[row], tones[row]) for row in range(rows)]


def _column(level: int, zero: int, before: int | None, dots: int, filled: bool) -> range:
    """Return the dots of one column, numbered from the lowest up: at least one."""
    if filled:
        first, last = min(level, zero), max(level, zero)
        if first == last:
            first, last = (first, first + 1) if first < dots else (first - 1, first)
        return range(first, last)
    # A line joins its neighbour, so that a steep rise has no holes.
    here = min(max(level - 1, 0), dots - 1)
    if before is None:
        return range(here, here + 1)
    there = min(max(before - 1, 0), dots - 1)
    if there < here:
        return range(there + 1, here + 1)
    return range(here, max(there, here + 1))


def _joined(dots: Sequence[int], tones: Sequence[Tone]) -> ChartLine:
    cells: list[Cell] = []
    for dot, tone in zip(dots, tones, strict=True):
        text = chr(0x2800 + dot) if dot else " "
        if cells and (cells[-1].tone == tone or not dot):
            cells[-1] = Cell(cells[-1].text + text, cells[-1].tone)
        else:
            cells.append(Cell(text, tone))
    return tuple(cells)


def resampled(values: Sequence[float | None], columns: int) -> list[float | None]:
    """Return *values* as *columns* columns: the mean of what is known in each, None for a gap."""
    if not values:
        return [None] * columns
    count, found = len(values), []
    for column in range(columns):
        first = column * count // columns
        last = max(first + 1, (column + 1) * count // columns)
        there = [value for value in values[first:last] if value is not None]
        found.append(sum(there) / len(there) if there else None)
    return found


def _said(body: list[ChartLine], width: int) -> list[ChartLine]:
    """Return the empty plot with a line that says that it is so."""
    text = NOTHING if len(NOTHING) <= width else "no data" if width >= 7 else ""
    if not text:
        return body
    return [
        (Cell(text.center(width), "dim"),) if number == (len(body) - 1) // 2 else one
        for number, one in enumerate(body)
    ]


# The axes


def _tick_labels(axis: Scale, rows: int) -> dict[int, str]:
    """Return the label of each tick above the ground by its row; the uppermost has the unit."""
    labels: dict[int, str] = {}
    for value in axis.ticks()[1:]:
        row = rows - max(1, round((value - axis.low) / (axis.high - axis.low) * rows))
        labels[row] = axis.label(value)
    labels[0] = f"{labels[0]} {axis.unit}"
    return labels


def _head(label: str, width: int, sign: str) -> ChartLine:
    if not width:
        return ()
    return (Cell(label.rjust(width - 1), "dim"), Cell(sign, "dim"))


def _tail(label: str, width: int, tick: bool, sign: str = "├") -> ChartLine:
    if not width:
        return ()
    return (Cell(sign if tick else "│", "dim"), Cell(label.ljust(width - 1), "dim"))


def _ground(series: Sequence[Series], marks: dict[int, str], width: int) -> ChartLine:
    """Return the line below the plot: dotted where nothing is known, a tick at each time."""
    cells = ["·"] * width
    for one in [one for one in series if not one.right] or series:
        known = resampled(one.values, width * 2)
        for x in range(width):
            if known[x * 2] is not None or known[x * 2 + 1] is not None:
                cells[x] = "─"
    for x in marks:
        cells[x] = "┬" if cells[x] == "─" else "╷"
    return (Cell("".join(cells), "dim"),)


def _time_marks(start: float, until: float, width: int) -> dict[int, str]:
    """Return the cells at which a round time of UTC falls, and its label: "06", "06:30"."""
    span = until - start
    if not 0 < span < 1e9 or not 0 <= start < 1e11:
        return {}
    for minutes in _MINUTES:
        label = "%m-%d" if minutes > 720 else "%H" if minutes >= 60 else "%H:%M"
        size = 2 if label == "%H" else 5
        if minutes * 60 / span * width >= size + 4:
            break
    else:
        return {}
    every = minutes * 60
    first = math.ceil(start / every) * every
    marks = {}
    for number in range(int((until - first) // every) + 1):
        at = first + number * every
        x = int((at - start) / span * width)
        if x < width:
            marks[x] = datetime.fromtimestamp(at, UTC).strftime(label)
    return marks


def _times(marks: dict[int, str], width: int) -> str:
    """Return the labels below their ticks, with a Z behind the last one that leaves room."""
    line = [" "] * width
    ends = []
    for x, label in marks.items():
        begin = min(max(0, x - len(label) // 2), width - len(label))
        if begin >= 0 and all(one == " " for one in line[max(0, begin - 1) : begin + len(label)]):
            line[begin : begin + len(label)] = label
            ends.append(begin + len(label))
    free = [end for end in ends if end < width]
    if free:
        line[free[-1]] = "Z"
    return "".join(line)
