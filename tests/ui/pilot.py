"""A console in a pilot, attached to a station that is not there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from textual.pilot import Pilot

from console.app import ColonyApp
from tests.ui.fakes import FakeClock


class Console:
    """A console in a pilot, attached to a fake station."""

    def __init__(self, app: ColonyApp, pilot: Pilot[Any], clock: FakeClock) -> None:
        self.app = app
        self.pilot = pilot
        self.clock = clock

    async def press(self, *keys: str) -> None:
        """Press *keys* one after another, and wait until all is quiet."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Press the keys of *text*."""
        await self.pilot.press(*text)
        await self.settle()

    async def settle(self) -> None:
        """Let messages, workers and a paint come to their end."""
        for _ in range(5):
            # Until every widget has handled its messages; to wait until the process is idle is
            # 20 ms more each time.
            await self.pilot.pause(0)
            self.app.paint()
        await self.pilot.pause()

    async def finish(self, group: str) -> None:
        """Wait for the work that goes on in the background under the name *group*."""
        work = [one for one in self.app.workers if one.group == group]
        if work:
            await self.app.workers.wait_for_complete(work)
        await self.settle()

    async def tick(self, seconds: float = 1.0) -> None:
        """Let time pass, and paint."""
        self.clock.turn(seconds)
        await self.settle()

    @property
    def text(self) -> str:
        """What the screen shows."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def lines(self) -> list[str]:
        """What the screen shows, line by line."""
        return self.text.split("\n")


Open = Callable[..., AbstractAsyncContextManager[Console]]
