"""Physical quantities as text, with their units, in steps coarse enough that noise is silent.

A power is given to three significant digits: a few watts up and down each sample repaint nothing.
"""

from __future__ import annotations

import math

from console.rows.marks import NOTHING

_PREFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
_LIMIT = 1e15
"""Beyond this a device talks nonsense."""


def known(value: float | None) -> float | None:
    """Return *value*, None where it is no number that a device can mean."""
    return value if value is not None and abs(value) < _LIMIT else None


def prefix(largest: float) -> tuple[float, str]:
    """Return by what to divide values up to *largest*, and the prefix that says so: (1e3, "k")."""
    return next(((size, sign) for size, sign in _PREFIXES if largest >= size), (1.0, ""))


def quantity(value: float | None, unit: str) -> str:
    """Return "312 W", "1.23 kW", "12.3 kW", "123 kW"; a dash where it is not known."""
    value = known(value)
    if value is None:
        return NOTHING
    rounded = _significant(value)
    size, sign = prefix(abs(rounded))
    scaled = rounded / size
    if not sign:
        return f"{round(scaled)} {unit}"
    digits = 2 if abs(scaled) < 10 else 1 if abs(scaled) < 100 else 0
    return f"{scaled:.{digits}f} {sign}{unit}"


def power(watts: float | None) -> str:
    """Return a power: "12.1 kW"."""
    return quantity(watts, "W")


def energy(watt_hours: float | None) -> str:
    """Return an energy: "41.2 kWh"."""
    return quantity(watt_hours, "Wh")


def percent(value: float | None) -> str:
    """Return "81 %"; only nothing at all is "0 %"."""
    value = known(value)
    if value is None:
        return NOTHING
    return "<1 %" if 0 < value < 0.5 else f"{round(value)} %"


def decimal(value: float | None, unit: str) -> str:
    """Return "41.2 °C", "230.1 V"."""
    value = known(value)
    return NOTHING if value is None else f"{value:.1f} {unit}"


def hours(value: float | None) -> str:
    """Return a span that was worked out rather than measured, coarsely: "14 h", "4 h 10 min".

    Above ten hours to the hour, below in tens of minutes, so that it does not change each sample.
    """
    value = known(value)
    if value is None or value < 0:
        return NOTHING
    if value >= 10:
        return f"{int(value):,} h"
    tens = int(value * 6) * 10
    if tens < 10:
        return "under 10 min"
    whole, minutes = divmod(tens, 60)
    return " ".join(
        filter(None, (f"{whole} h" if whole else "", f"{minutes} min" if minutes else ""))
    )


def _significant(value: float, digits: int = 3) -> float:
    if not value:
        return 0.0
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))
