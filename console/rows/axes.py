"""The axes of a chart as plain data: round ticks with their unit, and times of UTC."""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from console.rows import units

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
NOW = "now"
_LATE = 4096
"""Steps of silence that are shown at most; what is older has no room beside them anyway."""
_MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14400)


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


def tick_labels(axis: Scale, rows: int) -> dict[int, str]:
    """Return the label of each tick above the ground by its row; the uppermost has the unit."""
    labels: dict[int, str] = {}
    for value in axis.ticks()[1:]:
        row = rows - max(1, round((value - axis.low) / (axis.high - axis.low) * rows))
        labels[row] = axis.label(value)
    labels[0] = f"{labels[0]} {axis.unit}"
    return labels


def silent(until: float, step: float, now: float | None) -> int:
    """Return for how many whole steps nothing came before *now*, 0 where that is as it should be.

    The last step is under way, so that it ends after now; one more is a sample that is late.
    """
    if now is None or step <= 0 or not now - until < 1e9:
        return 0
    late = int((now - until) // step)
    return min(late, _LATE) if late > 1 else 0


def time_marks(start: float, until: float, width: int) -> dict[int, str]:
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


def times_line(marks: Mapping[int, str], width: int, *, mark_now: bool) -> str:
    """Return the labels below their ticks, with a Z behind the last one that leaves room.

    With *mark_now* the right end, which is now, says so; a label that stands in its way goes.
    """
    line = [" "] * width
    ends = []
    if mark_now and width >= 24:
        line[-len(NOW) :] = NOW
    for x, label in marks.items():
        begin = min(max(0, x - len(label) // 2), width - len(label))
        around = line[max(0, begin - 1) : begin + len(label) + 1]
        if begin >= 0 and all(one == " " for one in around):
            line[begin : begin + len(label)] = label
            ends.append(begin + len(label))
    free = [end for end in ends if end < width and set(line[end : end + 2]) == {" "}]
    if free:
        line[free[-1]] = "Z"
    return "".join(line)
