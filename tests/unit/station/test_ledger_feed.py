"""What consoles are told of the log, and what they may ask, over a real socket."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from station_helpers import Played, running, short, until

from adapters.clock import SystemClock
from adapters.contract import Finding, Found
from adapters.records import LogEntry, LogHead
from console.feed.answers import LogCheckpoint, LogPage, LogProof
from console.feed.client import Feed, FeedRefused
from console.ledger.checkpoint import check
from console.ledger.keys import parse as parse_key
from console.ledger.note import parse
from console.roles import Role
from console.station.digest import canonical
from console.station.log import Leaf
from console.station.members import Members
from console.station.station import Station

__all__ = ["short"]
AT = 1_900_000_000.0
_NOTE = "INSERT INTO notes VALUES (:leaf, 'ana', 1001, '', :text, 1.0)"


def note(number: int) -> Leaf:
    said = {"v": 1, "event": "note", "actor": "ana", "about": "", "text": f"note {number}"}
    return Leaf(canonical(said), AT + number, ((_NOTE, {"text": f"note {number}"}),))


def told(station: Station) -> tuple[LogHead, list[LogEntry]]:
    """Return what a console that comes now is told."""
    heads = station.hub.of_kind("LogHead")
    if not heads:
        return LogHead(), []
    (head,) = heads
    scope = station.hub.scope_of(head.key)
    assert scope is not None
    assert isinstance(head, LogHead)
    entries = station.hub.events(scope, "LogEntry")
    return head, [each for each in entries if isinstance(each, LogEntry)]


async def test_each_entry_is_told_once_and_in_order(short: Path) -> None:
    async with running(short, Played(), clock=SystemClock()) as (station, _):
        await station.log.append(*(note(number) for number in range(3)))
        for number in range(3, 7):
            await station.log.append(note(number))
        await until(lambda: told(station)[0].size == 7)
        head, entries = told(station)
        assert [each.index for each in entries] == list(range(7))
        assert [each.seq for each in entries] == list(range(1, 8))
        assert entries[3].text == "note  note 3"
        assert (entries[3].event, entries[3].actor, entries[3].at) == ("note", "ana", AT + 3)
        assert head.name == station.log.origin
        assert head.root == station.log.head.root.hex()
        assert (head.signed, head.signed_at, len(head.keys)) == (7, AT + 6, 2)


async def test_who_comes_is_told_of_the_last_five_hundred(short: Path) -> None:
    async with running(short, Played(), clock=SystemClock()) as (station, _):
        await station.log.append(*(note(number) for number in range(700)))
    async with running(short, Played(), clock=SystemClock()) as (station, _):
        await until(lambda: station.hub.of_kind("LogHead"))
        head, entries = told(station)
        assert (head.size, len(entries)) == (700, 500)
        assert [entries[0].index, entries[-1].index] == [200, 699]


async def test_pages_proofs_and_checkpoints_are_answered(short: Path) -> None:
    async with running(short, Played(), clock=SystemClock()) as (station, path):
        await station.log.append(*(note(number) for number in range(9)))
        feed = await Feed.connect(path)
        page: LogPage = await feed.ask("log.page", LogPage, count=4, newest=True)
        assert [each.index for each in page.leaves] == [5, 6, 7, 8]
        assert page.more
        assert page.head.size == 9
        proof: LogProof = await feed.ask("log.proof", LogProof, index=3)
        assert proof.leaf.data == note(3).data.decode()
        with pytest.raises(FeedRefused, match="no entry 9: it has 9"):
            await feed.ask("log.proof", LogProof, index=9)
        await feed.close()


async def test_keys_are_rotated_by_a_commander(short: Path) -> None:
    async with running(short, Played(), clock=SystemClock()) as (station, path):
        await station.log.append(note(0))
        feed = await Feed.connect(path)
        said: LogCheckpoint = await feed.ask("log.rotate", LogCheckpoint)
        keys = [parse_key(text) for text in said.keys]
        assert len(keys) == 4
        assert check(parse(said.note.encode()), keys).size == 2
        await until(lambda: told(station)[0].size == 2)
        head, entries = told(station)
        assert head.keys == (keys[2].short, keys[3].short)
        assert entries[-1].event == "key-rotated"
        assert f"is signed by {keys[2].short} and {keys[3].short}" in entries[-1].text
        await feed.close()
    viewers = Members({Role.VIEWER: {str(os.getuid())}})
    async with running(short, Played(), clock=SystemClock(), members=viewers) as (_, path):
        feed = await Feed.connect(path)
        with pytest.raises(FeedRefused, match="needs the commander role"):
            await feed.ask("log.rotate", LogCheckpoint)
        await feed.close()


async def test_what_was_lost_is_said_wherever_one_looks(short: Path) -> None:
    async with running(short, Played(), clock=SystemClock()) as (station, _):
        await station.log.append(*(note(number) for number in range(5)))
        origin = station.log.origin
    db = sqlite3.connect(short / "log.sqlite", isolation_level=None)
    db.execute("DELETE FROM leaves WHERE idx > 2")
    db.close()
    async with running(short, Played(), clock=SystemClock()) as (station, _):
        await until(lambda: station.hub.of_kind("LogHead"))
        head, entries = told(station)
        assert head.name.startswith(f"{origin}/r1-")
        assert "entries 3 to 4 were lost" in head.recovered
        assert entries[-1].event == "recovered"
        assert "entries 3 to 4 were lost" in entries[-1].text
        (found,) = [each for each in station.findings() if each.check == "log recovered"]
        assert isinstance(found, Finding)
        assert found.found is Found.WARNING
        assert "look at the targets of that time's actions" in found.detail


async def test_old_content_goes_while_the_station_runs(short: Path) -> None:
    async with running(short, Played(), clock=SystemClock()) as (station, _):
        old = [Leaf(note(n).data, 1_000.0 + n) for n in range(300)]
        await station.log.append(*old)
    async with running(short, Played(), clock=SystemClock(), retain_days=1) as (station, _):
        await until(lambda: station.hub.of_kind("LogHead") and told(station)[0].oldest == 256)
        assert told(station)[1][-1].event == "segment-retired"


async def test_a_log_that_cannot_be_read_says_so(short: Path) -> None:
    async with running(short, Played(), clock=SystemClock()) as (station, path):
        await station.log.append(note(0))
        await until(lambda: told(station)[0].size == 1)
        await station.log.read("ALTER TABLE signed RENAME TO gone")
        head = await station.head()
        assert "cannot be read" in head.trouble
        assert head.size == 1
        feed = await Feed.connect(path)
        with pytest.raises(FeedRefused, match=r"^the log .* cannot be read"):
            await feed.ask("log.checkpoint", LogCheckpoint)
        await feed.close()
        await station.log.read("ALTER TABLE gone RENAME TO signed")
