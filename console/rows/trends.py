"""The last hours of plants: which trend is whose, and several added up without inventing any."""

from collections.abc import Sequence
from typing import NamedTuple

from adapters.records import Trend
from console.rows.chart import Series
from console.rows.units import known

_LONGEST = 4096
"""Steps that are looked at; a source that sends more is cut."""


class Hours(NamedTuple):
    """Power and charge in equal steps of `step` seconds, oldest first, the last ending `until`."""

    power: tuple[float | None, ...]
    charge: tuple[float | None, ...]
    until: float
    step: float

    @property
    def series(self) -> tuple[Series, ...]:
        """What a chart of it draws: power as an area, charge as a line in %."""
        return (Series(self.power, "info"), Series(self.charge, "accent", filled=False, right=True))

    @property
    def measured(self) -> bool:
        """Whether anything was."""
        return any(value is not None for value in (*self.power, *self.charge))


NONE = Hours((), (), 0.0, 300.0)


def hours(trend: Trend | None) -> Hours:
    """Return *trend* in the form that charts take."""
    if trend is None or not 0 < trend.step < 1e6 or not 0 <= trend.until < 1e11:
        return NONE
    return Hours(
        tuple(map(known, trend.values[-_LONGEST:])),
        tuple(map(known, trend.charges[-_LONGEST:])),
        trend.until,
        trend.step,
    )


def total(trends: Sequence[Trend]) -> Hours:
    """Return the power of several plants added up; charges cannot be.

    A step at which one of them was not measured is not known: the others alone would show a dip
    that never was. A plant of which nothing at all was measured is left out.
    """
    told = [one for one in map(hours, trends) if any(value is not None for value in one.power)]
    told = [one for one in told if one.step == told[0].step]
    if not told:
        return NONE
    step, until = told[0].step, max(one.until for one in told)
    # Each by how many steps it ends before the latest does, padded to one length.
    behind = [max(0, round((until - one.until) / step)) for one in told]
    length = min(
        _LONGEST, max(len(one.power) + late for one, late in zip(told, behind, strict=True))
    )
    columns = [
        [*[None] * (length - len(one.power) - late), *one.power[-length:], *[None] * late][-length:]
        for one, late in zip(told, behind, strict=True)
    ]
    summed = tuple(_sum(values) for values in zip(*columns, strict=True))
    return Hours(summed, (), until, step)


def _sum(values: Sequence[float | None]) -> float | None:
    found = [value for value in values if value is not None]
    return sum(found) if len(found) == len(values) else None
