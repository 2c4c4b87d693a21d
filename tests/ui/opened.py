"""Opens a console on a station of the test's own choice."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from console.app import ColonyApp
from tests.ui.fakes import FakeClock, FakeStation
from tests.ui.pilot import Console


@contextlib.asynccontextmanager
async def opened(
    station: FakeStation, size: tuple[int, int] = (80, 24), **more: Any
) -> AsyncIterator[Console]:
    """Open a console on *station*; the painter's timer hardly ever fires, `settle` paints."""
    clock = FakeClock()
    app = ColonyApp(station.attach, clock=clock, fps=0.01, environment={}, **more)
    async with app.run_test(size=size) as pilot:
        console = Console(app, pilot, clock)
        await console.settle()
        yield console
