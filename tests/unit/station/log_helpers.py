"""What the tests of the log share: entries, a log that holds some, and an edit behind its back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from console.station.log import Leaf, Log


def leaf(number: int, size: int = 0) -> Leaf:
    """Return entry *number*, with *size* bytes of padding."""
    return Leaf(b'{"n":%d,"x":"%s"}' % (number, b"x" * size), float(number))


async def fill(path: Path, count: int) -> Log:
    """Return a log at *path* that is open and was given *count* entries."""
    log = Log(path)
    await log.open()
    for number in range(count):
        assert await log.append(leaf(number)) == number
    return log


async def trouble(path: Path) -> str:
    """Return what opening the log at *path* finds wrong."""
    log = Log(path)
    said = await log.open()
    await log.close()
    return said


def edit(path: Path, *statements: str) -> None:
    """Run SQL *statements* on the file at *path*, as somebody would who may write it."""
    db = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        db.execute(statement)
    db.close()
