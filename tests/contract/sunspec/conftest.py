"""The two servers that the contract is checked against, the plants on them, and the adapter."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from fixtures.sunspec import Plant, plants
from fixtures.sunspec.devices import devices
from fixtures.sunspec.sun import LATITUDE, LONGITUDE
from tests.contract.sunspec.backend import Backend, BoxBackend, RealBackend
from tests.contract.sunspec.driving import Drive, TurnedClock
from tests.real.installed import required
from tests.real.modbus.running import ModbusServer

OPENING = 1931234400.0
"""2031-03-14T06:00:00Z, the colony's morning."""
Begin = Callable[..., Awaitable[Drive]]


@pytest.fixture(params=["box", pytest.param("real", marks=pytest.mark.real)])
async def backend(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Backend]:
    """The server under test, with nothing on it."""
    if request.param == "box":
        box = BoxBackend()
        await box.open()
        yield box
        box.kill()
        return
    server = ModbusServer(required("modbus"), tmp_path)
    try:
        server.start()
        yield RealBackend(server)
    finally:
        server.kill()


@pytest.fixture
def clock() -> TurnedClock:
    """The colony's time, at its opening."""
    return TurnedClock(OPENING)


@pytest.fixture
async def begin(backend: Backend, clock: TurnedClock) -> AsyncIterator[Begin]:
    """Put one of the colony's plants on the server, and an adapter at it.

    The plant lives as the clock is turned. Without an *index* what is served is left as it is.
    """
    drives: list[Drive] = []

    async def make(index: int | None = 0, scenario: str = "calm", **settings: Any) -> Drive:
        if index is not None:
            await put(backend, clock, plants(1, scenario, OPENING)[index])
        place = {"units": [1, 2], "latitude": LATITUDE, "longitude": LONGITUDE}
        drives.append(Drive(backend.port, clock, **(place | settings)))
        return drives[-1]

    yield make
    for drive in drives:
        await drive.close()


async def put(backend: Backend, clock: TurnedClock, plant: Plant) -> None:
    """Serve *plant*, which lives on as the clock is turned."""
    found = devices(plant)

    def passed(now: float) -> None:
        plant.run_until(now)
        backend.refresh()

    await backend.serve({unit: device.image for unit, device in found.items()})
    clock.passed = passed
