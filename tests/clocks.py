"""Clocks that tests turn."""

from __future__ import annotations

import asyncio


class StandingClock:
    """A clock that stands still, but for sleeping, which takes no time at all."""

    def __init__(self, now: float) -> None:
        self.at = now
        self.slept: list[float] = []

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds
        await asyncio.sleep(0)
