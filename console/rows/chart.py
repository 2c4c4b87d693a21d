"""A time series as a chart of braille dots, with its axes and units, as plain data.

Each cell of the plot is two columns of four dots. What is not known leaves a gap in the plot and
on the axis below it: a known zero has a dot, so that the two never look the same. Time goes to
now, not to the last value: a source that fell silent shows for how long.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from console.rows import units
from console.rows.axes import PERCENT, Scale, scale, silent, tick_labels, time_marks, times_line
from console.rows.cells import Cell, Tone

ChartLine: TypeAlias = tuple[Cell, ...]
"""One line of the chart: texts with their tones, one cell a character."""

_LEFT = (0x40, 0x04, 0x02, 0x01)
_RIGHT = (0x80, 0x20, 0x10, 0x08)
"""The dots of a braille cell's two columns, from the lowest up."""
_DOTS = 4
_LIMIT = "┄"
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


class Limit(NamedTuple):
    """A value that should not be passed, as a dashed line; `right` measures it on that axis."""

    value: float
    tone: Tone = "warn"
    right: bool = False


def chart(
    series: Sequence[Series],
    width: int,
    height: int,
    *,
    until: float,
    step: float,
    unit: str = "W",
    least: float = 0.0,
    now: float | None = None,
    limits: Sequence[Limit] = (),
) -> tuple[ChartLine, ...]:
    """Return *height* lines of *width* cells each; every series ends at *until* (s since epoch).

    *step* is the seconds between values. The axis to the left has *unit*, with a prefix where
    that makes the numbers short, and goes to *least* at least, so that a little light does not
    look like much. Axes go first where there is no room. With *now*, time goes on to there.
    """
    if width <= 0 or height <= 0:
        return ()
    late = silent(until, step, now)
    gap = [None] * late
    made = [
        one._replace(values=[*(units.known(value) for value in one.values), *gap] if one.values
                     else ())
        for one in series
    ]  # fmt: skip
    until += late * step
    left = [value for one in made if not one.right for value in one.values if value is not None]
    right = any(one.right and any(v is not None for v in one.values) for one in made)
    below = 2 if height >= 4 else 1 if height == 3 else 0
    rows = height - below
    axis = scale(left, rows, unit, least)
    ticks = tick_labels(axis, rows)
    margin = max(map(len, (*ticks.values(), axis.label(axis.low)))) + 1
    percents = tick_labels(PERCENT, rows) if right else {}
    after = max(map(len, percents.values())) + 2 if right else 0
    if width - margin - after < 12 or height < 3:
        margin, after = 0, 0
    plot = width - margin - after
    body = _plot(made, plot, rows, axis, limits)
    if not any(value is not None for one in made for value in one.values):
        body = _said(body, plot)
    lines: list[ChartLine] = []
    for number, drawn in enumerate(body):
        head = _head(ticks.get(number, ""), margin, "┤" if number in ticks else "│")
        lines.append((*head, *drawn, *_tail(percents.get(number, ""), after, number in percents)))
    span = max((len(one.values) for one in made), default=0) * step
    marks = time_marks(until - span, until, plot)
    if below == 2:
        lines.append(
            (
                *_head(axis.label(axis.low), margin, "┼" if margin else ""),
                *_ground(made, marks, plot),
                *_tail(PERCENT.label(0), after, True, "┼"),
            )
        )
    if below:
        said = times_line(marks, plot, mark_now=now is not None and bool(marks))
        lines.append((Cell(" " * margin), Cell(said, "dim"), Cell(" " * after)))
    return tuple(tuple(cell for cell in one if cell.text) for one in lines)


# The plot


def _plot(
    series: Sequence[Series], width: int, rows: int, axis: Scale, limits: Sequence[Limit]
) -> list[ChartLine]:
    """Return the plot itself, *rows* lines of *width* cells; a limit goes behind what was."""
    dots = [[0] * width for _ in range(rows)]
    dashed: dict[int, Tone] = {}
    for limit in limits:
        measure = PERCENT if limit.right else axis
        if measure.low <= limit.value <= measure.high:
            level = max(0, measure.at(limit.value, rows * _DOTS) - 1)
            dashed[rows - 1 - level // _DOTS] = limit.tone
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
    return [_joined(dots[row], tones[row], dashed.get(row)) for row in range(rows)]


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


def _joined(dots: Sequence[int], tones: Sequence[Tone], dashed: Tone | None) -> ChartLine:
    cells: list[Cell] = []
    for dot, tone in zip(dots, tones, strict=True):
        text = chr(0x2800 + dot) if dot else " "
        if not dot and dashed is not None:
            text, tone = _LIMIT, dashed
        if cells and (cells[-1].tone == tone or text == " "):
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


def _head(label: str, width: int, sign: str) -> ChartLine:
    if not width:
        return ()
    return (Cell(label.rjust(width - 1), "dim"), Cell(sign, "dim"))


def _tail(label: str, width: int, tick: bool, sign: str = "├") -> ChartLine:
    if not width:
        return ()
    return (Cell(sign if tick else "│", "dim"), Cell(label.ljust(width - 1), "dim"))


def _ground(series: Sequence[Series], marks: Mapping[int, str], width: int) -> ChartLine:
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
