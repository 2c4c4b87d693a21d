"""Pages of the log by what they are chosen by, checkpoints, and proofs that hold."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.contract import Refused
from console.ledger import proofs
from console.ledger.checkpoint import check
from console.ledger.keys import parse as parse_key
from console.ledger.note import parse
from console.station import ledger_head, ledger_reading
from console.station.digest import canonical
from console.station.ledger_reading import Page
from console.station.log import Leaf, Log, LogError

ACTORS = ("ana", "ben", "eva")
SIZE = 37


def leaf(number: int) -> Leaf:
    said = {
        "event": "note" if number % 5 == 0 else "stage",
        "intent": f"i{number // 4}",
        "actor": ACTORS[number % 3],
    }
    # The clock was set back by two seconds at entry 20.
    return Leaf(canonical(said), 1_000.0 + number - (2 if number >= 20 else 0))


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[Log]:
    log = Log(tmp_path / "log.sqlite")
    await log.open()
    for number in range(SIZE):
        await log.append(leaf(number))
    yield log
    await log.close()


async def indices(log: Log, **wanted: object) -> list[int]:
    head = await ledger_head.read(log)
    page = await ledger_reading.page(log, Page(**wanted), head)  # type: ignore[arg-type]
    return [each.index for each in page.leaves]


async def test_pages_are_chosen(log: Log) -> None:
    every = range(SIZE)
    assert await indices(log) == list(every)
    assert await indices(log, first=3, last=6) == [3, 4, 5, 6]
    assert await indices(log, newest=True, count=3) == [34, 35, 36]
    assert await indices(log, intent="i2") == [8, 9, 10, 11]
    assert await indices(log, event="note") == [n for n in every if n % 5 == 0]
    assert await indices(log, actor="eva", event="note") == [5, 20, 35]
    assert await indices(log, actor="eva", newest=True, count=2) == [32, 35]
    assert await indices(log, actor="nobody") == []
    assert await indices(log, actor="x' OR 1 = 1 --") == []


async def test_times_count_whatever_the_clock_did(log: Log) -> None:
    ats = [leaf(number).at for number in range(SIZE)]
    for since, until in ((1_018.0, 1_019.0), (0.0, 1_003.0), (1_030.0, 9e9), (9e8, 9e9)):
        wanted = [n for n, at in enumerate(ats) if since <= at <= until]
        assert await indices(log, since=since, until=until) == wanted


async def test_a_page_says_whether_there_is_more(log: Log) -> None:
    head = await ledger_head.read(log)
    for count, more in ((36, True), (37, False), (0, True)):
        page = await ledger_reading.page(log, Page(count=count), head)
        assert (len(page.leaves), page.more) == (max(count, 1), more)
        assert page.head == head


async def test_every_entry_is_proved(log: Log) -> None:
    head = await ledger_head.read(log)
    for index in range(SIZE):
        said = await ledger_reading.proof(log, index, head)
        keys = [parse_key(text) for text in said.checkpoint.keys]
        told = check(parse(said.checkpoint.note.encode()), keys)
        assert said.leaf.data == leaf(index).data.decode()
        proofs.verify_inclusion(
            bytes.fromhex(said.leaf.hash), index, told.size,
            [bytes.fromhex(each) for each in said.hashes], told.root,
        )  # fmt: skip
        assert said.state == ("signed",)
    for index in (-1, SIZE):
        with pytest.raises(Refused, match=f"no entry {index}: it has 37"):
            await ledger_reading.proof(log, index, head)


async def test_an_older_checkpoint_is_the_newest_that_was_kept(log: Log) -> None:
    assert (await ledger_reading.checkpoint(log, None)).size == SIZE
    with pytest.raises(Refused, match="none of 36 entries or less is kept"):
        await ledger_reading.checkpoint(log, 36)
    await log.close()
    again = Log(log.path)
    await again.open()
    await again.append(leaf(SIZE))
    assert (await ledger_reading.checkpoint(again, SIZE)).size == SIZE
    assert (await ledger_reading.checkpoint(again, SIZE + 9)).size == SIZE + 1
    await again.close()


async def test_a_page_that_would_leave_entries_out_is_seen(log: Log) -> None:
    await log.read("UPDATE said SET actor = 'ben' WHERE idx = 5")
    with pytest.raises(LogError, match="would not find entry 5"):
        await log.verify()
    await log.read("DELETE FROM said WHERE idx = 5")
    with pytest.raises(LogError, match="would not find entry 5"):
        await log.verify()
