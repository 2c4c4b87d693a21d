"""Counts and shares as text; what is not known is a dash, never 0."""

from __future__ import annotations

from console.rows.marks import NOTHING

_UNITS = ((10**18, "E"), (10**15, "P"), (10**12, "T"), (10**9, "G"), (10**6, "M"))


def count(value: int | None) -> str:
    """Return "1,204", from a million up "1.2M", from a sextillion up "1e+24"."""
    if value is None:
        return NOTHING
    if abs(value) >= 10**21:
        return f"{value:.0e}"
    for size, unit in _UNITS:
        if abs(value) >= size:
            return f"{value / size:.1f}{unit}"
    return f"{value:,}"


def of(part: int | None, whole: int | None) -> str:
    """Return "2/3"; a dash for each that is not known."""
    return f"{count(part)}/{count(whole)}"


def rate(value: float) -> str:
    """Return a rate in records a second with one leading digit, so that jitter does not repaint."""
    if not abs(value) < 1e18:
        return NOTHING
    if value <= 0:
        return "0/s"
    if value < 1:
        return "<1/s"
    size = 10 ** (len(str(int(value))) - 1)
    return f"{count(int(value) // size * size)}/s"


def plural(number: int, one: str, many: str = "") -> str:
    """Return "1 app", "2 apps"."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"
