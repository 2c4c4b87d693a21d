"""A log of another version: one of before gets what it lacks, one of later is left alone."""

from __future__ import annotations

from pathlib import Path

from log_helpers import edit, fill, trouble

from console.station import schema
from console.station.log import Log

OLD = (
    *(f"DROP TABLE {name}" for name in ("records", "notes", "glass", "signed", "segments", "said")),
    "DROP INDEX leaves_by_time",
    "DELETE FROM meta WHERE name = 'origin'",
    "DELETE FROM keys",
    "DELETE FROM checkpoints",
    "PRAGMA user_version = 1",
)
"""What makes a log of version 1 out of one of now."""


async def test_another_version(tmp_path: Path) -> None:
    await (await fill(tmp_path / "log", 1)).close()
    edit(tmp_path / "log", f"PRAGMA user_version = {schema.VERSION + 1}")
    said = await trouble(tmp_path / "log")
    assert f"has version {schema.VERSION + 1} and this program writes {schema.VERSION}" in said


async def test_a_log_of_version_1_gets_what_it_lacks(tmp_path: Path) -> None:
    before = await fill(tmp_path / "log", 3)
    await before.close()
    edit(tmp_path / "log", *OLD)
    after = Log(tmp_path / "log")
    assert await after.open() == ""
    assert after.head == before.head
    assert await after.read("SELECT count(*) FROM records") == [(0,)]
    assert await after.read("PRAGMA user_version") == [(schema.VERSION,)]
    await after.close()
    assert await trouble(tmp_path / "log") == ""


async def test_where_it_may_not_be_written_it_is_read_as_it_is(tmp_path: Path) -> None:
    await (await fill(tmp_path / "log", 3)).close()
    edit(tmp_path / "log", *OLD)
    reader = Log(tmp_path / "log")
    assert await reader.read("SELECT count(*) FROM records") == [(0,)]
    assert await reader.read("PRAGMA user_version") == [(1,)]
    await reader.close()
