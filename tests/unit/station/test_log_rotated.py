"""New keys for a log: the old ones vouch for them, and no end of a station loses either."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from console.ledger.checkpoint import check
from console.ledger.keys import VerifierKey
from console.ledger.keys import parse as parse_key
from console.ledger.note import parse
from console.station import faults, ledger_head, ledger_reading, signing
from console.station.log import Leaf, Log, LogError


def leaf(number: int) -> Leaf:
    return Leaf(b'{"n":%d}' % number, 1_000.0 + number)


async def fill(path: Path, hooks: faults.Faults = faults.NONE) -> Log:
    log = Log(path, now=lambda: 2_000.0, hooks=hooks)
    assert await log.open() == ""
    await log.append(leaf(log.head.size))
    return log


async def keys(log: Log) -> list[VerifierKey]:
    return [parse_key(text) for text in await ledger_head.keys(log)]


async def names(path: Path) -> list[str]:
    return sorted(each.name for each in signing.folder(path).iterdir())


async def test_old_and_new_sign_the_entry_that_names_the_new(tmp_path: Path) -> None:
    log = await fill(tmp_path / "log.sqlite")
    old = await keys(log)
    assert await log.rotate("ana", 1001) == 2
    new = (await keys(log))[2:]
    assert (await keys(log))[:2] == old
    assert not {key.key_id for key in old} & {key.key_id for key in new}
    ((data,),) = await log.read("SELECT data FROM leaves WHERE idx = 1")
    said = json.loads(data)
    assert (said["event"], said["actor"], said["uid"]) == ("key-rotated", "ana", 1001)
    assert said["keys"] == [key.text for key in new]
    assert said["was"] == [key.text for key in old]
    told = await ledger_reading.checkpoint(log, 2)
    assert check(parse(told.note.encode()), [*old, *new]).size == 2
    await log.append(leaf(2))
    ((note,),) = await log.read("SELECT note FROM signed")
    assert {each.key_id for each in parse(note).signatures} == {key.key_id for key in new}
    assert await log.read("SELECT size FROM checkpoints") == [(2,)]
    await log.close()
    again = await fill(tmp_path / "log.sqlite")
    assert await keys(again) == [*old, *new]
    assert await names(log.path) == ["ed25519", "ml-dsa-44"]
    await again.verify()
    await again.close()


class At(faults.Faults):
    """Ends the station at a point, once told to."""

    def __init__(self, point: str) -> None:
        self.point, self.armed = point, False

    def at(self, point: str) -> None:
        if self.armed and point == self.point:
            raise faults.Killed(point)


@pytest.mark.parametrize(("point", "rotated"), [("before-commit", False), ("after-commit", True)])
async def test_an_end_in_between_leaves_one_or_the_other(
    tmp_path: Path, point: str, rotated: bool
) -> None:
    hooks = At(point)
    log = await fill(tmp_path / "log.sqlite", hooks)
    old = await keys(log)
    hooks.armed = True
    with pytest.raises(faults.Killed):
        await log.rotate("ana", 1001)
    hooks.armed = False
    assert await names(log.path) == ["ed25519", "ed25519.next", "ml-dsa-44", "ml-dsa-44.next"]
    await log.close()
    again = await fill(tmp_path / "log.sqlite")
    assert len(await keys(again)) == (4 if rotated else 2)
    assert (await keys(again))[:2] == old
    assert await names(log.path) == ["ed25519", "ml-dsa-44"]
    assert await again.rotate("ana", 1001) == again.head.size
    await again.verify()
    await again.close()


async def test_a_file_that_was_moved_and_one_that_was_not(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    log = await fill(path)
    await log.rotate("ana", 1001)
    await log.close()
    where = signing.folder(path)
    (where / "ed25519").rename(where / "ed25519.next")
    (where / "ed25519").write_text("07" * 32)
    await (await fill(path)).close()
    assert await names(path) == ["ed25519", "ml-dsa-44"]


async def test_a_full_disk_changes_no_key(tmp_path: Path) -> None:
    class Full(faults.Faults):
        full = False

        def at(self, point: str) -> None:
            if self.full and point == "before-commit":
                raise sqlite3.OperationalError("database or disk is full")

    hooks = Full()
    log = await fill(tmp_path / "log.sqlite", hooks)
    old = await keys(log)
    hooks.full = True
    with pytest.raises(LogError, match="full"):
        await log.rotate("ana", 1001)
    hooks.full = False
    await log.append(leaf(1))
    assert await keys(log) == old
    await log.close()
