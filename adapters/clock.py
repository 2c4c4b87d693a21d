"""Time, injected: nothing in the project reads a clock that a test could not turn."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """What tells the time and waits."""

    def now(self) -> float:
        """Seconds since the Unix epoch, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards, for durations."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds*."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> float:
        """Seconds since the Unix epoch, UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds*."""
        await asyncio.sleep(seconds)


class ShiftedClock(SystemClock):
    """A clock that read *epoch* when the machine's monotonic clock read *zero*; runs at 1×.

    The demo's morning: CLOCK_MONOTONIC is one for all processes of a machine, so the box and the
    station agree on the time without speaking.
    """

    def __init__(self, epoch: float, zero: float) -> None:
        self.epoch = epoch
        self.zero = zero

    def now(self) -> float:
        """Seconds since the Unix epoch in the colony's time."""
        return self.epoch + (time.monotonic() - self.zero)
