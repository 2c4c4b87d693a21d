"""A station with a log of its own, where one person is enough."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fake_colony import Station


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Station]:
    """A fake colony's; tests that need another have a fixture of this name themselves."""
    made = await Station(tmp_path / "log.sqlite").start()
    yield made
    await made.stop()
