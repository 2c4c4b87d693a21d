"""`station stop` answers once the station has let go of everything, or says that it has not."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.headless.station import until_ended

PID = 4711


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Path]:
    """The file that a station keeps locked, held by station `PID`."""
    path = tmp_path / "station.lock"
    path.write_text(f"{PID}\n")
    with path.open() as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield path


async def test_one_that_lives_on_has_not_ended(hold: Path) -> None:
    assert await until_ended(hold, PID, patience=0.0) is False


async def test_one_that_lets_go_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "station.lock"
    path.write_text(f"{PID}\n")
    handle = os.open(path, os.O_RDWR)
    fcntl.flock(handle, fcntl.LOCK_EX)
    asyncio.get_running_loop().call_soon(os.close, handle)
    assert await until_ended(path, PID) is True


async def test_another_that_runs_in_its_place_is_not_waited_for(hold: Path) -> None:
    assert await until_ended(hold, PID - 1, patience=0.0) is True


async def test_one_whose_file_is_not_on_this_host_is_not_known(tmp_path: Path) -> None:
    assert await until_ended(tmp_path / "station.lock", PID) is None
