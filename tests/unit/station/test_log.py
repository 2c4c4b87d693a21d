"""The log on a real file: what it promises, and what it says when it cannot keep it."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fake_colony import copy_log

from console.ledger.merkle import EMPTY, Tree, leaf_hash
from console.station import schema
from console.station.log import LONGEST, Leaf, Log, LogError


def leaf(number: int, size: int = 0) -> Leaf:
    return Leaf(b'{"n":%d,"x":"%s"}' % (number, b"x" * size), float(number))


async def fill(path: Path, count: int) -> Log:
    log = Log(path)
    await log.open()
    for number in range(count):
        assert await log.append(leaf(number)) == number
    return log


async def trouble(path: Path) -> str:
    log = Log(path)
    said = await log.open()
    await log.close()
    return said


def edit(path: Path, *statements: str) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        db.execute(statement)
    db.close()


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


async def test_another_version(tmp_path: Path) -> None:
    await (await fill(tmp_path / "log", 1)).close()
    edit(tmp_path / "log", f"PRAGMA user_version = {schema.VERSION + 1}")
    said = await trouble(tmp_path / "log")
    assert f"has version {schema.VERSION + 1} and this program writes {schema.VERSION}" in said


OLD = (
    *(f"DROP TABLE {name}" for name in ("records", "notes", "glass", "signed", "segments", "said")),
    "DROP INDEX leaves_by_time",
    "DELETE FROM meta WHERE name = 'origin'",
    "DELETE FROM keys",
    "DELETE FROM checkpoints",
    "PRAGMA user_version = 1",
)
"""What makes a log of version 1 out of one of now."""


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


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE leaves SET data = '{}' WHERE idx = 5", "entry 5 was changed"),
        ("DELETE FROM leaves WHERE idx = 2", "has 6 entries and says 7"),
        ("UPDATE leaves SET data = NULL WHERE idx = 5", "entry 5 was changed"),
        ("UPDATE leaves SET hash = zeroblob(32), data = NULL WHERE idx = 0", "entry 0 was changed"),
        ("DELETE FROM nodes WHERE level = 2", "do not hash"),
        ("UPDATE head SET root = zeroblob(32)", "do not hash"),
    ],
)
async def test_what_was_changed_is_seen_on_opening(
    tmp_path: Path, statement: str, said: str
) -> None:
    await (await fill(tmp_path / "log", 7)).close()
    edit(tmp_path / "log", statement)
    found = await trouble(tmp_path / "log")
    assert said in found
    assert "is damaged" in found
    assert "move log* elsewhere" in found


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (("UPDATE leaves SET data = '{}' WHERE idx = 1",), "changed at entry 1"),
        (("UPDATE nodes SET hash = zeroblob(32) WHERE level = 1 AND idx = 0",), "above entry 1"),
        (("INSERT INTO nodes VALUES (9, 9, zeroblob(32))",), "has 5 tree nodes and should have 4"),
        (
            (
                "UPDATE leaves SET data = NULL, hash = zeroblob(32) WHERE idx = 6",
                "UPDATE leaves SET idx = 9 WHERE idx = 6",
            ),
            "lacks entry 6",
        ),
    ],
)
async def test_what_was_changed_is_seen_on_verifying(
    tmp_path: Path, statements: tuple[str, ...], said: str
) -> None:
    log = await fill(tmp_path / "log", 7)
    edit(tmp_path / "log", *statements)
    with pytest.raises(LogError, match=said):
        await log.verify()
    await log.close()


@pytest.mark.parametrize("empty", [True, False])
async def test_a_log_that_is_gone_is_not_made_again(tmp_path: Path, empty: bool) -> None:
    await (await fill(tmp_path / "log", 3)).close()
    if empty:
        (tmp_path / "log").write_bytes(b"")
    else:
        (tmp_path / "log").unlink()
    said = await trouble(tmp_path / "log")
    assert "it is gone, and had 3 entries" in said
    assert (tmp_path / "log").exists() is empty


async def test_a_log_that_was_made_again_is_seen(tmp_path: Path) -> None:
    await (await fill(tmp_path / "log", 3)).close()
    await (await fill(tmp_path / "other", 3)).close()
    (tmp_path / "other").replace(tmp_path / "log")
    assert "another log than the one that was kept here" in await trouble(tmp_path / "log")


async def test_a_history_that_was_rewritten_is_seen(tmp_path: Path) -> None:
    await (await fill(tmp_path / "log", 4)).close()
    tree, other = Tree(), b'{"n":"forged"}'
    nodes = []
    for number in range(4):
        nodes += tree.append(leaf_hash(other if number == 1 else leaf(number).data))
    edit(
        tmp_path / "log",
        f"UPDATE leaves SET data = x'{other.hex()}', hash = x'{leaf_hash(other).hex()}' "
        "WHERE idx = 1",
        "DELETE FROM nodes",
        *(f"INSERT INTO nodes VALUES ({a}, {b}, x'{c.hex()}')" for a, b, c in nodes),
        f"UPDATE head SET root = x'{tree.root().hex()}'",
    )
    assert "its first 4 entries are not what they were" in await trouble(tmp_path / "log")


async def test_a_log_alone_is_enough(tmp_path: Path) -> None:
    """Restored from a copy without what lay beside it, it is taken as it is."""
    await (await fill(tmp_path / "log", 3)).close()
    (tmp_path / "log.lock").unlink()
    assert await trouble(tmp_path / "log") == ""


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
