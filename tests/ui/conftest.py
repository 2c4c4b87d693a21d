"""Fixtures for the console's own tests: a station that is not there, and a pilot."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from fakes import FakeClock, FakeStation
from textual.pilot import Pilot

from console.app import ColonyApp

Open = Callable[..., AbstractAsyncContextManager["Console"]]


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
            await self.pilot.pause()
            self.app.paint()
        await self.pilot.pause()

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


@pytest.fixture
def station() -> FakeStation:
    return FakeStation()


@pytest.fixture
def open_console(station: FakeStation) -> Open:
    """Return what opens a console on the fake station: `async with open_console() as console`."""

    @contextlib.asynccontextmanager
    async def opened(
        size: tuple[int, int] = (80, 24), settle: bool = True, **more: Any
    ) -> AsyncIterator[Console]:
        clock = FakeClock()
        # The painter's timer hardly ever fires: `settle` paints, so that nothing is up to time.
        arguments = {"fps": 0.01, "environment": {}, **more}
        app = ColonyApp(station.attach, clock=clock, **arguments)
        async with app.run_test(size=size) as pilot:
            console = Console(app, pilot, clock)
            if settle:
                await console.settle()
            yield console

    return opened
