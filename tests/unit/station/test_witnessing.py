"""The station has its log cosigned: what is sent when, what is kept, and what is loud."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from station_helpers import TurnedClock, running, settle
from witnessed_log import Wit, grow, witnessed

from adapters.contract import Found
from adapters.records import LogHead
from console.ledger import note
from console.ledger.note import NoteError
from console.ledger.witness import Request, Seen
from console.station import ledger_reading
from console.station.cosigning import CosignError
from console.station.log import Leaf, Log
from console.station.station import Station
from console.station.witnessing import EVERY, RAREST, Witnessing


@pytest.mark.parametrize("kind", [0, 1])
async def test_what_is_new_is_cosigned_and_kept(tmp_path: Path, kind: int) -> None:
    wit = Wit(kind=kind)
    async with witnessed(tmp_path, wit) as made:
        await grow(made.log, 5)
        await made.later(EVERY)
        assert wit.seen[made.log.origin] == Seen(5, made.log.head.root)
        (one,) = (await made.head()).witnesses
        assert (one.witness, one.size, one.trouble) == (wit.name, 5, "")
        assert one.at == pytest.approx(made.clock.now(), abs=EVERY)
        said = await ledger_reading.checkpoint(made.log, None)
        whole = note.parse(said.note.encode())
        wit.keys[kind].verifier.check(whole)
        assert len(whole.signatures) == 3
        assert made.witnessing.findings()[0].found is Found.GOOD
        # It grows: what is sent goes on from what was cosigned.
        await grow(made.log, 4)
        await made.later(EVERY)
        assert [(each.old, note_size(each)) for each in wit.asked][-1] == (5, 9)
        # The checkpoint that was cosigned earlier is kept.
        earlier = await ledger_reading.checkpoint(made.log, 5)
        wit.keys[kind].verifier.check(note.parse(earlier.note.encode()))


def note_size(request: Request) -> int:
    return int(request.signed.text.split("\n")[1])


async def test_no_more_than_once_in_ten_seconds_and_only_when_it_grew(tmp_path: Path) -> None:
    wit = Wit()
    async with witnessed(tmp_path, wit) as made:
        for _ in range(20):
            await grow(made.log)
            await made.clock.turn(EVERY / 10)
            await made.calm()
        assert 2 <= len(wit.asked) <= 3
        await made.later(2 * EVERY)
        count = len(wit.asked)
        await made.later(30 * EVERY)
        assert len(wit.asked) == count


async def test_a_log_without_entries_is_not_sent(tmp_path: Path) -> None:
    wit = Wit()
    async with witnessed(tmp_path, wit) as made:
        await made.later(3 * EVERY)
        assert wit.asked == []
        assert made.witnessing.findings()[0].detail == "it has cosigned nothing yet"
        ((name, until),) = await made.log.read("SELECT name, until FROM witnesses")
        assert (name, until) == (wit.name, None)


async def test_a_witness_that_knows_more_of_this_log_is_followed(tmp_path: Path) -> None:
    """It cosigned, and its answer was lost; or the log came back from a copy."""
    wit = Wit()
    wit.instead = lambda said: CosignError("it does not answer: broken")
    async with witnessed(tmp_path, wit) as made:
        await grow(made.log, 3)
        await made.later(EVERY)
        assert (await made.head()).witnesses[0].trouble == "it does not answer: broken"
        wit.instead = lambda said: said
        await grow(made.log, 3)
        await made.later(4 * EVERY)
        (one,) = (await made.head()).witnesses
        assert (one.size, one.trouble) == (6, "")
        assert [(each.old, note_size(each)) for each in wit.asked[-2:]] == [(0, 6), (3, 6)]


async def test_a_witness_that_forgot_begins_anew(tmp_path: Path) -> None:
    wit = Wit()
    async with witnessed(tmp_path, wit) as made:
        await grow(made.log, 3)
        await made.later(EVERY)
        wit.seen.clear()
        await grow(made.log, 3)
        await made.later(EVERY)
        assert [each.old for each in wit.asked] == [0, 3, 0]
        assert (await made.head()).witnesses[0].size == 6


async def test_after_a_restart_it_goes_on_from_there(tmp_path: Path) -> None:
    wit = Wit()
    async with witnessed(tmp_path, wit) as made:
        await grow(made.log, 3)
        await made.later(EVERY)
    async with witnessed(tmp_path, wit) as made:
        await made.later()
        # It is asked once in any case: it may have seen more than there is now.
        assert [(each.old, note_size(each)) for each in wit.asked] == [(0, 3), (3, 3)]
        await made.later(3 * EVERY)
        assert len(wit.asked) == 2


async def test_a_log_made_again_under_the_same_keys_is_loud(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wit = Wit()
    async with witnessed(tmp_path, wit) as made:
        await grow(made.log, 3)
        await made.later(EVERY)
    # Whoever makes a log again may have its keys, or say that these are the log's now.
    async with witnessed(tmp_path, wit, name="again") as made:
        wit.knows(made.log)
        await made.log.append(Leaf(b'{"other":1}', 1_900_000_000.0), Leaf(b"{}", 1_900_000_001.0))
        await made.later(EVERY)
        (one,) = (await made.head()).witnesses
        assert (one.size, one.trouble) == (
            None,
            "it has cosigned 3 entries and the log has 2: entries were lost, or it has seen "
            "another history",
        )
        await grow(made.log)
        await made.later(6 * EVERY)
        trouble = "it has seen another history of 3 entries, which this log does not hold"
        assert (await made.head()).witnesses[0].trouble == trouble
        await grow(made.log, 4)
        await made.later(RAREST)
        assert (await made.head()).witnesses[0].trouble == trouble
        (finding,) = made.witnessing.findings()
        assert (finding.found, finding.detail) == (Found.BAD, trouble)
        assert made.witnessing.contradicts == (wit.name,)
        assert (await made.head()).witnesses[0].contradicts
        loud = [each for each in caplog.records if each.levelno >= logging.ERROR]
        assert len(loud) == 2
        assert "contradicts the log" in loud[0].getMessage()
        # That it does not answer now takes back nothing.
        wit.instead = lambda said: CosignError("it does not answer: broken")
        await made.later(2 * RAREST)
        assert made.witnessing.trouble[wit.name] == trouble
        assert await made.log.read("SELECT count(*) FROM cosignatures") == [(0,)]


async def test_one_that_fails_is_asked_ever_more_rarely_and_holds_up_nobody(
    tmp_path: Path,
) -> None:
    bad, good = Wit("bad.example"), Wit("good.example")
    bad.instead = lambda said: CosignError("it does not answer: refused")
    async with witnessed(tmp_path, bad, good) as made:
        for _ in range(60):
            await grow(made.log)
            await made.later(EVERY)
        assert len(good.asked) >= 55
        assert 5 <= len(bad.asked) <= 8
        heads = {one.witness: one for one in (await made.head()).witnesses}
        assert heads["good.example"].size >= 59
        assert heads["bad.example"].trouble == "it does not answer: refused"
        told = made.told
        await made.later(RAREST)
        assert made.told == told  # the same trouble again is no news


async def test_who_is_no_witness_any_more_is_not_told_of(tmp_path: Path) -> None:
    old, new = Wit("old.example"), Wit("new.example")
    async with witnessed(tmp_path, old) as made:
        await grow(made.log, 3)
        await made.later(EVERY)
    async with witnessed(tmp_path, new) as made:
        await made.later(EVERY)
        assert [one.witness for one in (await made.head()).witnesses] == [new.name]
        assert await made.log.read("SELECT count(*) FROM cosignatures") == [(2,)]
    async with witnessed(tmp_path, old, new) as made:
        await made.later(EVERY)
        assert len((await made.head()).witnesses) == 2


def test_two_with_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NoteError, match="two witnesses are called"):
        Witnessing(Log(tmp_path / "log"), [Wit().set, Wit().set], TurnedClock())


async def test_the_station_runs_it_and_says_so(tmp_path: Path) -> None:
    wit = Wit()
    clock = TurnedClock()
    async with running(tmp_path, clock=clock, witnesses=(wit.set,)) as (station, _):
        station.witnessing._post = wit.post
        wit.knows(station.log)
        await grow(station.log, 3)
        for _ in range(3):
            await turned(clock, station)
        (head,) = station.hub.of_kind("LogHead")
        assert isinstance(head, LogHead)
        assert head.witnesses[0].size == 3
        checks = {each.check: each.detail for each in station.findings()}
        assert checks["witness witness.example"] == "it has cosigned 3 entries"


async def turned(clock: TurnedClock, station: Station) -> None:
    await clock.turn(EVERY)
    for _ in range(20):
        await station.log.read("SELECT 1")
        await settle(10)
