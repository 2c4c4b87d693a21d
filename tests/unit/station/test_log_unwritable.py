"""A log that cannot be opened or written says so, and goes on when it can."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from log_helpers import edit, fill, leaf, trouble

from console.station.log import Log, LogError


async def test_a_disk_that_is_full_and_then_is_not(tmp_path: Path) -> None:
    log = await fill(tmp_path / "log", 3)
    pages = (await log.read("PRAGMA page_count"))[0][0]
    await log.read(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(LogError, match="cannot be written: the disk is full"):
        await log.append(leaf(3, 60_000))
    assert "the disk is full" in log.trouble
    assert await log.read("SELECT count(*) FROM leaves") == [(3,)]
    assert await log.append(leaf(3, 60_000)) == 3
    assert log.trouble == ""
    await log.verify()
    await log.close()


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Let writes past *size* fail, as a disk does that gives up."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


async def test_a_disk_that_fails(tmp_path: Path) -> None:
    log = await fill(tmp_path / "log", 3)
    wal = (tmp_path / "log-wal").stat().st_size
    with no_file_larger_than(wal + 5000):
        with pytest.raises(LogError, match="cannot be written: the disk"):
            await log.append(leaf(3, 60_000))
        assert log.trouble
    assert await log.append(leaf(3)) == 3
    await log.verify()
    await log.close()


async def test_read_only(tmp_path: Path) -> None:
    log = await fill(tmp_path / "log", 3)
    await log.read("PRAGMA query_only = ON")
    with pytest.raises(LogError, match="cannot be written: it is read-only"):
        await log.append(leaf(3))
    assert await log.read("SELECT count(*) FROM leaves") == [(3,)]
    await log.close()


@pytest.mark.parametrize("where", ["/proc/no/log", "{tmp}/file/log"])
async def test_a_place_that_cannot_be_written(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").touch()
    path = Path(where.format(tmp=tmp_path))
    log = Log(path)
    assert (await log.open()).startswith(f"the log {path} cannot be opened: ")
    with pytest.raises(LogError, match="cannot be opened"):
        await log.append(leaf(0))
    with pytest.raises(LogError, match="cannot be read"):
        await log.read("SELECT 1")
    await log.close()


async def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "log").symlink_to(tmp_path / "elsewhere")
    assert "cannot be opened" in await trouble(tmp_path / "log")
    assert not (tmp_path / "elsewhere").exists()


async def test_a_file_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database at all, but long enough to be looked at" * 9)
    assert "is damaged: file is not a database" in await trouble(tmp_path / "text")
    edit(tmp_path / "other", "CREATE TABLE t (x)")
    assert "is not a colony's log" in await trouble(tmp_path / "other")
