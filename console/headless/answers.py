"""What a headless command knows of the colony, and the wait for the first of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from adapters.records import AdapterState, AdapterStatus
from console.feed.messages import Parcel
from console.store import Store

PATIENCE = 10.0
"""Seconds that a command waits for a station that has just started."""


class Answers:
    """The store of one command; `changed` is set with every delivery."""

    def __init__(self) -> None:
        self.store = Store()
        self.changed = asyncio.Event()

    def deliver(self, parcels: Sequence[Parcel]) -> None:
        """Take in what came."""
        self.store.apply(parcels)
        self.changed.set()

    async def next(self, seconds: float) -> bool:
        """Wait for the next delivery; return whether one came within *seconds*."""
        self.changed.clear()
        try:
            async with asyncio.timeout(seconds):
                await self.changed.wait()
        except TimeoutError:
            return False
        return True

    async def first(self, seconds: float = PATIENCE) -> None:
        """Wait until no adapter is starting any more, at most *seconds*.

        Needs AdapterStatus records. Before that, "there is no such app" would be a guess.
        """
        try:
            async with asyncio.timeout(seconds):
                while not self._complete():
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            pass

    def _complete(self) -> bool:
        adapters = list(self.store.every(AdapterStatus))
        return bool(adapters) and all(a.state is not AdapterState.STARTING for a in adapters)
