"""The log on a real file: what it promises, whatever ends the process that writes it."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from fake_colony import copy_log
from log_helpers import fill, leaf

from console.ledger.merkle import EMPTY, Tree, leaf_hash
from console.station.log import LONGEST, Leaf, Log, LogError


async def test_it_appends_and_hashes(tmp_path: Path) -> None:
    log = Log(tmp_path / "log")
    assert "not open yet" in log.trouble
    assert await log.open() == ""
    assert log.head == (0, EMPTY)
    assert await log.append(*(leaf(number) for number in range(5))) == 0
    assert await log.append(leaf(5)) == 5
    tree = Tree()
    for number in range(6):
        tree.append(leaf_hash(leaf(number).data))
    assert log.head == (6, tree.root())
    assert await log.verify() == log.head
    assert await log.read("SELECT data FROM leaves WHERE idx = :n", n=3) == [(leaf(3).data,)]
    await log.close()
    with pytest.raises(LogError, match="is closed"):
        await log.append(leaf(6))


async def test_it_goes_on_where_it_was(tmp_path: Path) -> None:
    whole = await fill(tmp_path / "whole", 21)
    for end in (1, 8, 13, 20, 21):
        log = Log(tmp_path / "parts")
        assert await log.open() == ""
        for number in range(log.head.size, end):
            await log.append(leaf(number))
        await log.verify()
        await log.close()
    again = Log(tmp_path / "parts")
    await again.open()
    assert again.head == whole.head
    assert again.id != whole.id
    await whole.close()
    await again.close()


async def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        log = await fill(tmp_path / "state" / "colony" / "log", 1)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "state" / "colony").stat().st_mode) == 0o700
    files = [path for path in (tmp_path / "state" / "colony").rglob("*") if path.is_file()]
    assert len(files) == 6
    assert stat.S_IMODE((tmp_path / "state" / "colony" / "log.keys").stat().st_mode) == 0o700
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    await log.close()


async def test_a_commit_is_synced(tmp_path: Path) -> None:
    log = await fill(tmp_path / "log", 1)
    assert await log.read("PRAGMA synchronous") == [(2,)]
    assert await log.read("PRAGMA journal_mode") == [("wal",)]
    await log.close()


async def test_a_slow_disk_does_not_hold_up_the_loop(tmp_path: Path) -> None:
    log = await fill(tmp_path / "log", 1)
    loop_thread, threads = threading.get_ident(), set()

    class Hooks:
        def at(self, point: str) -> None:
            threads.add(threading.get_ident())

    log._hooks = Hooks()  # type: ignore[assignment]
    await asyncio.gather(*(log.append(leaf(number)) for number in range(20)))
    assert log.head.size == 21
    assert len(threads) == 1
    assert loop_thread not in threads
    await log.verify()
    await log.close()


async def test_leaf_and_rows_are_one(tmp_path: Path) -> None:
    log = await fill(tmp_path / "log", 1)
    good = ("INSERT INTO meta VALUES ('leaf', :leaf)", {})
    bad = ("INSERT INTO meta VALUES ('id', 'twice')", {})
    with pytest.raises(LogError, match="refused an entry: UNIQUE"):
        await log.append(leaf(1), Leaf(b"{}", 1.0, (good, bad)))
    assert log.head.size == 1
    assert log.trouble == ""
    assert await log.read("SELECT * FROM meta WHERE name = 'leaf'") == []
    await log.append(leaf(1), Leaf(b"{}", 1.0, (good,)))
    assert await log.read("SELECT value FROM meta WHERE name = 'leaf'") == [("2",)]
    await log.verify()
    await log.close()


async def test_an_entry_that_no_bundle_holds_is_refused(tmp_path: Path) -> None:
    log = await fill(tmp_path / "log", 1)
    longest = leaf(1, LONGEST - len(leaf(1).data))
    with pytest.raises(LogError, match="at most 65,535 bytes, and this one has 65,536"):
        await log.append(leaf(1), Leaf(longest.data + b" ", 1.0))
    assert log.trouble == ""
    assert await log.append(longest) == 1
    await log.close()


async def test_one_station_at_a_time(tmp_path: Path) -> None:
    first = await fill(tmp_path / "log", 2)
    second = Log(tmp_path / "log")
    said = await second.open()
    assert f"is in use by another station (pid {os.getpid()})" in said
    with pytest.raises(LogError, match="in use"):
        await second.append(leaf(2))
    assert await second.read("SELECT count(*) FROM leaves") == [(2,)]
    await first.append(leaf(2))
    assert await second.read("SELECT count(*) FROM leaves") == [(3,)]
    await first.close()
    assert await second.append(leaf(3)) == 3
    assert second.trouble == ""
    await second.close()


async def test_the_schema_waits_for_what_is_to_come(tmp_path: Path) -> None:
    """Signing, proofs, and approval by two people find their tables."""
    log = await fill(tmp_path / "log", 1)
    tables = {name for (name,) in await log.read("SELECT name FROM sqlite_master")}
    assert tables >= {"checkpoints", "keys", "witnesses", "cosignatures", "anchors", "approvals"}
    columns = {row[1] for row in await log.read("PRAGMA table_info(approvals)")}
    assert columns >= {"actor", "uid", "digest", "decision", "reason", "expires", "break_glass"}
    await log.close()


WRITER = """
import asyncio, sys
from pathlib import Path
from console.station.log import Leaf, Log

async def main():
    log = Log(Path(sys.argv[1]))
    await log.open()
    number = log.head.size
    while True:
        await log.append(Leaf(b'{"n":%d}' % number, 0.0))
        number += 1
        print(number, flush=True)

asyncio.run(main())
"""


def kill_a_writer(path: Path, after: int) -> int:
    """Kill a process that appends once it said so *after* times; return the last size it said."""
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        sizes = [int(process.stdout.readline()) for _ in range(after)]
        process.kill()
    return sizes[-1]


async def test_a_process_that_is_killed_leaves_a_whole_log(tmp_path: Path) -> None:
    for _ in range(3):
        size = kill_a_writer(tmp_path / "log", 15)
        log = Log(tmp_path / "log")
        assert await log.open() == ""
        assert log.head.size >= size
        await log.verify()
        await log.close()


async def test_a_copy_with_its_wal_opens(tmp_path: Path) -> None:
    log = await fill(tmp_path / "log", 9)
    copy = Log(copy_log(log.path, tmp_path / "copy"))
    assert await copy.open() == ""
    assert copy.head == log.head
    await copy.close()
    await log.close()
