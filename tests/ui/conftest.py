"""Fixtures for the console's own tests: a station that is not there, and a pilot."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from console.app import ColonyApp
from tests.ui.fakes import FakeClock, FakeStation
from tests.ui.pilot import Console, Open


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
