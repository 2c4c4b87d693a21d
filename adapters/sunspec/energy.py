"""The energy of a day, counted from a device's lifetime counter."""

from __future__ import annotations

from typing import NamedTuple

DAY = 86400.0
BRIDGED = 900.0
"""Seconds between two readings around midnight that are shared between both days by time."""


class Tally(NamedTuple):
    """One device's day: `energy` in Wh since `since`, and the counter when it was last read.

    `fallen_from` is what the counter read before it last fell, until it is back there: a reading
    that was wrong for a moment is then not counted as a lifetime's energy.
    """

    midnight: float
    since: float
    energy: float
    counter: float
    at: float
    fallen_from: float | None = None

    @property
    def late(self) -> float | None:
        """When the count began, None where that was midnight."""
        return self.since if self.since > self.midnight else None


def begin(counter: float, at: float) -> Tally:
    """Return the tally of a device that is read for the first time."""
    return Tally(at // DAY * DAY, at, 0.0, counter, at)


def advance(
    tally: Tally | None,
    counter: float,
    at: float,
    *,
    wrap: float | None = None,
    rated: float | None = None,
) -> Tally:
    """Return *tally* after *counter* (Wh) was read at *at*. It never falls within a day.

    *wrap* is where the counter begins again at 0. A rise of more than twice of what a device of
    *rated* W can give in the time is a wrong reading, or another device: it counts from there.
    """
    if tally is None or at < tally.at:
        return begin(counter, at) if tally is None else tally
    rise, fallen_from = _rise(tally, counter, at, wrap, rated)
    midnight = at // DAY * DAY
    if midnight <= tally.midnight:
        return Tally(tally.midnight, tally.since, tally.energy + rise, counter, at, fallen_from)
    between = at - tally.at
    if rise == 0.0:  # nothing came meanwhile, so nothing came since midnight
        return Tally(midnight, midnight, 0.0, counter, at, fallen_from)
    if between > BRIDGED:
        return Tally(midnight, at, 0.0, counter, at, fallen_from)
    share = (at - midnight) / between
    return Tally(midnight, midnight, rise * share, counter, at, fallen_from)


def _rise(
    tally: Tally, counter: float, at: float, wrap: float | None, rated: float | None
) -> tuple[float, float | None]:
    """Return by how much the counter rose, and from where it has fallen."""
    most = None
    if rated is not None:
        # Counters step by up to a kWh, and more than one step may fall into a short time.
        most = 2.0 * rated * (at - tally.at) / 3600.0 + 2000.0
    rise = counter - tally.counter
    if rise < 0.0:
        around = wrap - tally.counter + counter if wrap is not None else -1.0
        near = wrap is not None and around < wrap * 0.01
        if around >= 0.0 and (near if most is None else around <= most):
            return around, None
        return 0.0, tally.counter if tally.fallen_from is None else tally.fallen_from
    if tally.fallen_from is not None and counter >= tally.fallen_from:
        rise = counter - tally.fallen_from
        return (rise if most is None or rise <= most else 0.0), None
    if most is not None and rise > most:
        return 0.0, tally.fallen_from
    return rise, tally.fallen_from
