"""A log that has been through everything, exported: who verifies it finds nothing wrong."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from console.ledger import export
from console.ledger.keys import parse as parse_key
from console.ledger.verifying import State, Verdict, verify
from console.station import ledger_head
from console.station.log import Leaf, Log

AT = 1_900_000_000.0


def leaf(number: int) -> Leaf:
    return Leaf(b'{"event":"other","n":%d}' % number, float(number))


async def opened(path: Path) -> Log:
    log = Log(path, now=lambda: AT)
    assert await log.open() == ""
    return log


async def exported(log: Log, to: Path) -> Verdict:
    entries = await log.read("SELECT hash, data FROM leaves ORDER BY idx")
    ((note,),) = await log.read("SELECT note FROM signed")
    kept = [row[0] for row in await log.read("SELECT note FROM checkpoints ORDER BY size")]
    keys = [parse_key(text) for text in await ledger_head.keys(log)]
    export.write(to, entries, note, keys, kept=kept)
    return verify(to)


async def test_rotated_retired_recovered(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    log = await opened(path)
    first = [parse_key(text) for text in await ledger_head.keys(log)]
    await log.append(*(leaf(number) for number in range(300)))
    await log.rotate("ana", 1001)
    await log.append(*(leaf(number) for number in range(301, 600)))
    await log.rotate("ben", 1002)
    await log.append(leaf(601))
    verdict = await exported(log, tmp_path / "rotated")
    assert (verdict.failures, verdict.state) == ((), State.NOT_COMPARED)
    assert len(verdict.keys) == 2
    pinned = verify(tmp_path / "rotated", keys=first)
    assert (pinned.failures, pinned.pinned) == ((), True)
    await log.close()

    log = await opened(path)
    assert await log.retire(400.0) == 256
    verdict = await exported(log, tmp_path / "retired")
    assert (verdict.failures, verdict.retired) == ((), 256)
    size = log.head.size
    await log.close()

    db = sqlite3.connect(path, isolation_level=None)
    db.execute("DELETE FROM leaves WHERE idx >= ?", (size - 1,))
    db.close()
    log = await opened(path)
    assert "/r1-" in log.origin
    await log.append(leaf(700))
    verdict = await exported(log, tmp_path / "recovered")
    assert (verdict.failures, verdict.retired) == ((), 256)
    assert await log.verify() == log.head
    await log.close()
