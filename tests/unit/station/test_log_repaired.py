"""A log whose end was lost goes on from what is whole, under another name, and says so."""

from __future__ import annotations

import errno
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
from log_helpers import edit

from console.ledger.merkle import leaf_hash
from console.station import ledger_head, repairing
from console.station.log import Leaf, Log

AT = 1_900_000_000.0
PAGE = 4096


def leaf(number: int, size: int = 0) -> Leaf:
    return Leaf(b'{"n":%d,"x":"%s"}' % (number, b"x" * size), 1_000.0 + number)


async def fill(path: Path, count: int, size: int = 0) -> Log:
    log = Log(path, now=lambda: AT)
    assert await log.open() == ""
    for number in range(log.head.size, count):
        await log.append(leaf(number, size))
    return log


async def opened(path: Path) -> tuple[Log, str]:
    log = Log(path, now=lambda: AT)
    return log, await log.open()


async def refused(path: Path) -> str:
    before = {each: each.read_bytes() for each in path.parent.glob("log.sqlite")}
    log, said = await opened(path)
    await log.close()
    assert {each: each.read_bytes() for each in path.parent.glob("log.sqlite")} == before
    assert not [each for each in path.parent.iterdir() if "damaged" in each.name]
    assert not [each for each in path.parent.iterdir() if ".new" in each.name]
    return said


def beside(path: Path, pattern: str) -> list[Path]:
    return list(path.parent.glob(pattern))


async def told(log: Log) -> dict[str, Any]:
    ((data,),) = await log.read("SELECT data FROM leaves ORDER BY idx DESC LIMIT 1")
    said: dict[str, Any] = json.loads(data)
    return said


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        (["UPDATE leaves SET data = '{}' WHERE idx = 6"], "entry 6 was changed"),
        (["DELETE FROM leaves WHERE idx = 6"], "it has 6 entries and says 7"),
        (["UPDATE leaves SET data = NULL WHERE idx = 6"], "entry 6 was changed"),
        (["UPDATE leaves SET hash = zeroblob(32) WHERE idx = 6"], "entry 6 was changed"),
    ],
)
async def test_the_last_entry_is_lost(tmp_path: Path, statements: list[str], why: str) -> None:
    path = tmp_path / "log.sqlite"
    before = await fill(path, 7)
    origin, name, root = before.origin, before.id, before.head.root
    await before.close()
    edit(path, *statements)
    damaged = path.read_bytes()
    log, said = await opened(path)
    assert said == ""
    assert log.head.size == 7
    assert log.id == name
    leaf_ = await told(log)
    assert leaf_["event"] == "recovered"
    assert (leaf_["lost_from"], leaf_["lost_to"]) == (6, 6)
    assert leaf_["last_root"] == root.hex()
    assert leaf_["why"] == why
    assert leaf_["was"] == origin
    assert leaf_["origin"] == log.origin
    assert leaf_["keys"] == list((await ledger_head.keys(log))[-2:])
    assert log.origin.startswith(f"{origin}/r1-")
    kept = path.with_name("log.sqlite.damaged-20300317T174640Z")
    assert leaf_["kept"] == kept.name
    assert kept.read_bytes() == damaged
    assert kept.stat().st_mode & 0o777 == path.stat().st_mode & 0o777 == 0o600
    await log.verify()
    await log.append(leaf(7))
    await log.close()


async def test_it_goes_on_as_any_other(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    await (await fill(path, 7)).close()
    edit(path, "DELETE FROM leaves WHERE idx > 4")
    log, _ = await opened(path)
    assert (await told(log))["detail"].startswith("entries 5 to 6 were lost: it has 5 entries")
    first = log.origin
    assert (await ledger_head.read(log)).recovered == (
        "2030-03-17T17:46:40.000Z: entries 5 to 6 were lost: it has 5 entries and says 7; "
        "look at the targets of that time's actions"
    )
    assert len(await ledger_head.keys(log)) == 4
    await log.close()
    again = await fill(path, 9)
    assert again.origin == first
    assert await again.read("SELECT count(*) FROM keys WHERE until IS NULL") == [(2,)]
    await again.close()
    edit(path, "DELETE FROM leaves WHERE idx > 7")
    once_more, said = await opened(path)
    assert said == ""
    assert once_more.origin.startswith(f"{first.rpartition('/')[0]}/r2-")
    assert len(beside(path, "*.damaged-*")) == 2
    await once_more.verify()
    await once_more.close()


async def test_a_name_of_ones_own_is_still_its_own(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    log = Log(path, origin="tycho.example/log")
    await log.open()
    await log.append(*(leaf(number) for number in range(3)))
    await log.close()
    edit(path, "DELETE FROM leaves WHERE idx = 2")
    for _ in range(2):
        log = Log(path, origin="tycho.example/log")
        assert await log.open() == ""
        assert log.origin.startswith("tycho.example/log/r1-")
        await log.close()


async def test_two_copies_are_not_recovered_under_one_name(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    await (await fill(path, 3)).close()
    older = path.read_bytes()
    mark = (tmp_path / "log.sqlite.lock").read_bytes()
    names = set()
    for _ in range(2):
        path.write_bytes(older)
        (tmp_path / "log.sqlite.lock").write_bytes(mark)
        edit(path, "DELETE FROM leaves WHERE idx = 2")
        log, said = await opened(path)
        assert said == ""
        names.add(log.origin)
        await log.close()
    assert len(names) == 2


async def test_an_older_copy_is_missed_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    await (await fill(path, 3)).close()
    older = path.read_bytes()
    log = await fill(path, 5)
    root = log.head.root
    await log.close()
    path.write_bytes(older)
    log, said = await opened(path)
    assert said == ""
    leaf_ = await told(log)
    assert (leaf_["lost_from"], leaf_["lost_to"], leaf_["last_root"]) == (3, 4, root.hex())
    assert "it has 3 entries and had 5: the last are lost" in leaf_["why"]
    assert await log.verify() == log.head
    await log.close()


async def test_a_station_that_ends_in_between_does_not_lose_it_twice(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    await (await fill(path, 3)).close()
    older = path.read_bytes()
    await (await fill(path, 9)).close()
    mark = (tmp_path / "log.sqlite.lock").read_bytes()
    path.write_bytes(older)
    log, _ = await opened(path)
    origin = log.origin
    await log.close()
    (tmp_path / "log.sqlite.lock").write_bytes(mark)  # as if it had not come to write that
    log, said = await opened(path)
    assert (said, log.head.size, log.origin) == ("", 4, origin)
    await log.close()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM leaves WHERE idx = 2",
        "UPDATE leaves SET data = '{}' WHERE idx = 5",
        "UPDATE leaves SET data = NULL WHERE idx = 5",
        "DELETE FROM leaves",
        "UPDATE meta SET value = 'another' WHERE name = 'id'",
    ],
)
async def test_what_is_no_end_is_for_somebody_to_decide(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "log.sqlite"
    await (await fill(path, 7)).close()
    edit(path, statement)
    assert "is damaged" in await refused(path)


async def test_a_rewritten_end_is_not_taken_for_a_torn_one(tmp_path: Path) -> None:
    """What is whole has to be what an earlier checkpoint says."""
    path = tmp_path / "log.sqlite"
    for count in (4, 7):
        await (await fill(path, count)).close()
    edit(
        path,
        f"UPDATE leaves SET data = x'7b7d', hash = x'{leaf_hash(b'{}').hex()}' WHERE idx = 2",
        "DELETE FROM leaves WHERE idx = 6",
    )
    assert "is damaged" in await refused(path)


async def test_a_row_that_is_missing_ends_what_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    log = await fill(path, 3)
    said = b'{"event":"note"}'
    row = ("INSERT INTO notes VALUES (:leaf, 'ana', 1, '', 'text', 1.0)", {})
    await log.append(Leaf(said, 1.0, (row,)))
    await log.append(Leaf(said, 1.0, (row,)))
    await log.close()
    edit(path, "DELETE FROM notes WHERE leaf = 4", "UPDATE head SET size = 6")
    log, problem = await opened(path)
    assert problem == ""
    assert (await told(log))["lost_from"] == 4
    assert await log.read("SELECT leaf FROM notes") == [(3,)]
    await log.close()
    edit(path, "DELETE FROM notes", "UPDATE head SET size = 9")
    (path.with_name("log.sqlite.damaged-20300317T174640Z")).unlink()
    assert "is damaged" in await refused(path)


async def test_a_file_that_was_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    await (await fill(path, 200, 500)).close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3 // PAGE * PAGE])
    log, said = await opened(path)
    assert said == ""
    leaf_ = await told(log)
    good = log.head.size - 1
    assert 20 < good < 150
    assert (leaf_["lost_from"], leaf_["lost_to"]) == (good, 199)
    rows = await log.read("SELECT hash FROM leaves WHERE idx < :good ORDER BY idx", good=good)
    assert [row[0] for row in rows] == [leaf_hash(leaf(n, 500).data) for n in range(good)]
    await log.verify()
    await log.close()


@pytest.mark.parametrize("seed", range(3))
async def test_a_page_of_noise_anywhere(tmp_path: Path, seed: int) -> None:
    """Whatever is hit: what is whole to the last entry is kept, or the log is refused."""
    chance = random.Random(seed)
    path = tmp_path / "log.sqlite"
    await (await fill(path, 120, 500)).close()
    whole, mark = path.read_bytes(), (tmp_path / "log.sqlite.lock").read_bytes()
    for page in range(1, len(whole) // PAGE, 2):
        for each in beside(path, "log.sqlite*"):
            each.unlink()
        at = page * PAGE
        path.write_bytes(whole[:at] + chance.randbytes(PAGE) + whole[at + PAGE :])
        (tmp_path / "log.sqlite.lock").write_bytes(mark)
        log, said = await opened(path)
        if said:
            assert any(each in said for each in ("is damaged", "cannot be", "are not its own"))
        else:
            assert (await log.verify()).size in (120, 121) or (await told(log))["lost_to"] == 119
        await log.close()


async def test_a_log_without_room_to_mend_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.sqlite"
    await (await fill(path, 7)).close()
    edit(path, "DELETE FROM leaves WHERE idx = 6")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(repairing, "_swap", full)
    assert "cannot be mended: No space left on device" in await refused(path)
    monkeypatch.undo()
    log, said = await opened(path)
    assert said == ""
    await log.close()


async def test_a_log_of_before_it_was_signed_is_mended_too(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    await (await fill(path, 7)).close()
    edit(
        path,
        *(f"DROP TABLE {name}" for name in ("notes", "glass", "signed", "segments", "said")),
        "DROP INDEX leaves_by_time",
        "DELETE FROM meta WHERE name = 'origin'",
        "DELETE FROM keys",
        "DELETE FROM checkpoints",
        "DELETE FROM leaves WHERE idx = 6",
        "PRAGMA user_version = 2",
    )
    log, said = await opened(path)
    assert said == ""
    assert log.origin == f"colony/colony/{log.id}"
    assert (await told(log))["lost_from"] == 6
    await log.verify()
    await log.close()
