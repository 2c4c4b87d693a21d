"""The content of old entries goes; every proof of them holds."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from adapters.records import ActionState
from console import leaves
from console.ledger import proofs
from console.ledger.checkpoint import check
from console.ledger.keys import parse as parse_key
from console.ledger.merkle import Tree, leaf_hash
from console.ledger.note import parse
from console.station import entries, ledger_head, ledger_reading
from console.station.intent import Intent
from console.station.journal import Journal
from console.station.log import Leaf, Log
from console.station.retention import SEGMENT

AT = 1_900_000_000.0
SECRET = "a-word-that-must-go"


def leaf(number: int) -> Leaf:
    return Leaf(b'{"event":"other","n":%d,"x":"%s"}' % (number, SECRET.encode()), float(number))


async def opened(path: Path) -> Log:
    log = Log(path, now=lambda: AT)
    assert await log.open() == ""
    return log


async def fill(path: Path, count: int) -> Log:
    """A log of *count* entries, written at 0, 1, … seconds, all in a checkpoint that is kept."""
    log = await opened(path)
    await log.append(*(leaf(number) for number in range(log.head.size, count)))
    await log.close()
    return await opened(path)


def action(name: str, first: float, *states: ActionState) -> list[Leaf]:
    intent = Intent(name, "app.restart", "t", "main", {}, "", None, "", "ana", first, 1001)
    rest = [entries.stage(intent, state, first + n, "", "ana") for n, state in enumerate(states, 1)]
    return [entries.drafted(intent, "tycho"), *rest]


async def names(log: Log) -> set[str]:
    return {name for (name,) in await log.read("SELECT id FROM intents")}


async def kept(log: Log) -> list[int]:
    return [n for (n,) in await log.read("SELECT idx FROM leaves WHERE data IS NOT NULL")]


async def test_whole_segments_go_and_everything_is_proved(tmp_path: Path) -> None:
    log = await fill(tmp_path / "log.sqlite", 1_000)
    before = await ledger_reading.checkpoint(log, None)
    assert await log.retire(800.0) == 768
    assert await kept(log) == list(range(768, 1_001))
    assert await log.verify() == log.head
    head = await ledger_head.read(log)
    assert (head.oldest, head.size) == (768, 1_001)
    page = await ledger_reading.page(log, ledger_reading.Page(first=767, last=768), head)
    assert [each.data is None for each in page.leaves] == [True, False]
    keys = [parse_key(text) for text in await ledger_head.keys(log)]
    for index in (0, 255, 256, 767, 768, 1_000):
        proof = await ledger_reading.proof(log, index, head)
        told = check(parse(proof.checkpoint.note.encode()), keys)
        proofs.verify_inclusion(
            bytes.fromhex(proof.leaf.hash), index, told.size,
            [bytes.fromhex(each) for each in proof.hashes], told.root,
        )  # fmt: skip
        if index < 1_000:
            assert proof.leaf.hash == leaf_hash(leaf(index).data).hex()
    assert check(parse(before.note.encode()), keys).size == 1_000
    await log.close()
    again = await opened(tmp_path / "log.sqlite")
    assert again.head == log.head
    await again.close()


async def test_it_says_what_went(tmp_path: Path) -> None:
    log = await fill(tmp_path / "log.sqlite", 600)
    assert await log.retire(512.0) == 512
    ((data,),) = await log.read("SELECT data FROM leaves WHERE idx = 600")
    said = json.loads(data)
    tree = Tree()
    for number in range(512):
        tree.append(leaf_hash(leaf(number).data))
    assert (said["event"], said["first"], said["count"]) == ("segment-retired", 0, 512)
    assert said["root"] == tree.root().hex()
    assert await log.read("SELECT first, count, root, at, leaf FROM segments") == [
        (0, 512, tree.root(), AT, 600)
    ]
    found = leaves.read(ledger_reading.leaf(600, b"", data, AT))
    assert leaves.line(found) == (
        "segment-retired  the content of entries 0 to 511 was let go; hashes stay"
    )
    await log.close()


async def test_nothing_of_it_is_left_in_the_files(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    log = await fill(path, SEGMENT)
    assert SECRET.encode() in path.read_bytes()
    assert await log.retire(9e9) == SEGMENT
    for name in ("log.sqlite", "log.sqlite-wal"):
        assert SECRET.encode() not in path.with_name(name).read_bytes()
    await log.close()


async def test_only_what_a_kept_checkpoint_covers_goes(tmp_path: Path) -> None:
    log = await opened(tmp_path / "log.sqlite")
    await log.append(*(leaf(number) for number in range(300)))
    assert await log.retire(9e9) == 0
    assert await log.read("SELECT size FROM checkpoints") == [(300,)]
    assert await log.retire(9e9) == 256
    assert await log.retire(9e9) == 0
    await log.close()


@pytest.mark.parametrize(("before", "count"), [(0.0, 0), (255.0, 0), (256.0, 256), (400.0, 256)])
async def test_a_segment_goes_when_all_of_it_is_old(
    tmp_path: Path, before: float, count: int
) -> None:
    log = await fill(tmp_path / "log.sqlite", 600)
    assert await log.retire(before) == count
    await log.close()


async def test_an_action_goes_whole_once_it_has_ended(tmp_path: Path) -> None:
    log = await opened(tmp_path / "log.sqlite")
    done = (ActionState.SIMULATED, ActionState.CANCELLED)
    await log.append(*action("aaa", 1.0, *done), *(leaf(n) for n in range(4, 255)))
    await log.append(*action("bbb", 254.0, *done))  # in the first segment and in the second
    await log.append(*(leaf(n) for n in range(258, 600)))
    await log.close()
    log = await opened(log.path)
    assert await log.retire(300.0) == 256
    assert await names(log) == {"bbb"}
    assert await log.read("SELECT DISTINCT intent FROM stages") == [("bbb",)]
    journal = Journal(log, None)  # type: ignore[arg-type]
    assert [each.id for each in await journal.recent(9)] == ["bbb"]
    assert await log.retire(520.0) == 256
    assert await names(log) == set()
    await log.verify()
    await log.close()


async def test_an_action_that_has_not_ended_keeps_what_came_after(tmp_path: Path) -> None:
    log = await opened(tmp_path / "log.sqlite")
    await log.append(*(leaf(n) for n in range(300)))
    await log.append(*action("open", 300.0, ActionState.SIMULATED))
    await log.append(*(leaf(n) for n in range(302, 900)))
    await log.close()
    log = await opened(log.path)
    assert await log.retire(9e9) == 256
    assert await log.retire(9e9) == 0
    intent = await Journal(log, None).load("open")  # type: ignore[arg-type]
    assert intent is not None
    await log.append(entries.stage(intent, ActionState.CANCELLED, 901.0, "", "ana"))
    assert await log.retire(9e9) == 512
    await log.close()


async def test_an_action_and_its_record_go_together(tmp_path: Path) -> None:
    log = await opened(tmp_path / "log.sqlite")
    done = (ActionState.SIMULATED, ActionState.CANCELLED)
    await log.append(*action("app", 1.0, *done), *(leaf(n) for n in range(4, 300)))
    record = Intent("rec", "record", "t", "main", {}, "", None, "", "ana", 300.0, records="app")
    await log.append(
        entries.drafted(record, "tycho"),
        entries.stage(record, ActionState.CANCELLED, 301.0, "", "ana"),
        *(leaf(n) for n in range(302, 900)),
    )
    await log.close()
    log = await opened(log.path)
    assert await log.retire(300.0) == 256
    assert await names(log) == {"app", "rec"}
    assert await log.retire(600.0) == 256
    assert await names(log) == set()
    await log.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE leaves SET data = NULL WHERE idx = 300",
        "UPDATE segments SET count = 512",
        "UPDATE segments SET root = zeroblob(32)",
        "DELETE FROM segments",
        "UPDATE leaves SET data = '{}' WHERE idx = 3",
    ],
)
async def test_what_was_not_retired_is_missed(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "log.sqlite"
    log = await fill(path, 2_000)
    assert await log.retire(256.0) == 256
    await log.close()
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(statement)
    db.close()
    log = Log(path)
    assert "is damaged" in await log.open()
    await log.close()


async def test_a_retired_log_that_lost_its_end_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    log = await fill(path, 700)
    assert await log.retire(512.0) == 512
    await log.append(leaf(701), leaf(702))
    await log.close()
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("DELETE FROM leaves WHERE idx = 702")
    db.close()
    log = await opened(path)
    assert log.head.size == 703
    assert await kept(log) == list(range(512, 703))
    await log.verify()
    await log.close()
