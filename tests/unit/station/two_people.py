"""A station that asks for a second person, and what its log has of who said what."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fake_colony import PEOPLE, TWO, Station

from adapters.records import ActionState

ANA, BEN = PEOPLE["ana"], PEOPLE["ben"]


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Station]:
    """A station whose policy asks for two where caution is called for."""
    made = await Station(tmp_path / "log", policy=TWO).start()
    yield made
    await made.stop()


async def requested(station: Station) -> Any:
    """Return what was simulated and asked for by ana, and waits for a second person."""
    simulated = await station.simulate(uid=ANA)
    status = await station.approve(simulated)
    assert status.state is ActionState.REQUESTED
    return simulated


async def leaves(station: Station) -> list[dict[str, Any]]:
    """Return the entries of the log, in their order."""
    rows = await station.log.read("SELECT data FROM leaves ORDER BY idx")
    return [json.loads(data) for (data,) in rows]
