"""The last hours of a plant: means of power in equal steps."""

from __future__ import annotations

from collections import deque

import msgspec

from adapters.records import Trend

STEP = 300.0
STEPS = 144
"""Twelve hours."""


class Bar(msgspec.Struct):
    """One step: its start in seconds since the epoch, power by sum and weight, the last charge."""

    start: float
    total: float = 0.0
    weight: float = 0.0
    charge: float | None = None

    @property
    def mean(self) -> float | None:
        """Mean power in W, None where nothing was measured."""
        return round(self.total / self.weight, 1) if self.weight else None


class Bars:
    """The steps that hold something, oldest first."""

    def __init__(self) -> None:
        self._bars: deque[Bar] = deque(maxlen=STEPS)

    def add(
        self, at: float, power: float | None, charge: float | None, weight: float = 1.0
    ) -> bool:
        """Take a sample in, unless it is too old; return whether it opened a new step."""
        start = at // STEP * STEP
        opened = not self._bars or start > self._bars[-1].start
        if opened:
            self._bars.append(Bar(start))
        bar = self._bars[-1]
        if start < bar.start:
            return False
        if power is not None:
            bar.total += power * weight
            bar.weight += weight
        if charge is not None:
            bar.charge = charge
        return opened

    def trend(self, at: float) -> Trend:
        """Return the twelve hours that end with the step in which *at* is."""
        last = at // STEP * STEP
        held = {bar.start: bar for bar in self._bars}
        bars = [held.get(last - STEP * back) for back in range(STEPS - 1, -1, -1)]
        return Trend(
            at=at,
            step=STEP,
            until=last + STEP,
            values=tuple(None if bar is None else bar.mean for bar in bars),
            charges=tuple(None if bar is None else bar.charge for bar in bars),
        )
