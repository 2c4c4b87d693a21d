"""The log on the screen: its panel, an entry with its proof, notes, and the handover."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from msgspec.structs import replace

from adapters.records import LogEntry
from console.proving import prove
from tests.ui.colony_data import NOW
from tests.ui.fakes import FakeStation
from tests.ui.log_data import HEAD, LEAVES, LogStation, proof
from tests.ui.opened import opened
from tests.ui.pilot import Open


@pytest.fixture
def station() -> FakeStation:
    return LogStation()


async def test_tab_goes_between_the_log_and_the_chain(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("7")
        assert "CHAIN" in console.lines[2]
        assert "LOG" not in console.lines[2]
        await console.press("tab")
        assert "LOG  12 entries  root " in console.lines[2]
        assert "CHAIN" not in console.text
        for said in ("◇      11", "◈       9", "◆       5", "▫       0", "anchored"):
            assert said in console.text, said
        await console.press("tab")
        assert "CHAIN" in console.lines[2]


async def test_where_there_is_room_both_are_shown(open_console: Open) -> None:
    async with open_console(size=(120, 40)) as console:
        await console.press("7")
        assert "◈ 1 of 1 witnesses to 10  ◆ anchored to 6 in block 48,151" in console.text
        assert "CHAIN  7" in console.text
        await console.press("slash")
        await console.type("event:note")
        await console.press("enter", "tab")
        assert "/event:note  1 of 12" in console.lines[1]


async def test_the_log_comes_in_and_is_signed_further(
    open_console: Open, station: LogStation
) -> None:
    async with open_console() as console:
        await console.press("7", "tab")
        new = LogEntry(source="station", name="12", index=12, event="note", text="note  all quiet",
                       at=NOW, actor="ops-2", seq=13)  # fmt: skip
        station.feed.upsert("station", new, replace(HEAD, size=13))
        await console.settle()
        assert "◌      12" in console.lines[4]
        assert "not signed" in console.lines[4]
        assert "▲ signed to 12" in console.lines[2]
        station.feed.upsert("station", replace(HEAD, size=13, signed=13))
        await console.settle()
        assert "◇      12" in console.lines[4]


async def test_a_log_that_cannot_be_written_is_on_every_screen(
    open_console: Open, station: LogStation
) -> None:
    async with open_console(size=(120, 30)) as console:
        station.feed.upsert("station", replace(HEAD, trouble="no space left on the disk"))
        await console.settle()
        assert "✖ the log cannot be written" in console.lines[0]
        await console.press("7", "tab")
        assert "✖ no space left on the disk" in console.text


async def test_an_entry_is_proved_in_the_console(open_console: Open) -> None:
    async with open_console(size=(120, 60)) as console:
        await console.press("7", "tab", "end", "up", "enter")
        await _proved(console)
        for said in ("entry 1   stage draft   ◆ anchored", "✔ proved here", "its content has this",
                     "entry 1 under the root of 12, by 4 hashes", "Ed25519", "ML-DSA-44",
                     "witness.example   its key is not known here", LEAVES[1].hash):  # fmt: skip
            assert said in console.text, said
        await console.press("c")
        await console.press("enter")
        assert "Actions › a79" in console.text


@pytest.mark.parametrize("changed", ["content", "hash", "path", "place", "note", "keys"])
async def test_a_proof_that_does_not_hold_is_loud(
    open_console: Open, station: LogStation, changed: str
) -> None:
    station.answers["log.proof"] = lambda arguments: spoilt(changed, arguments["index"])
    async with open_console(size=(120, 60)) as console:
        await console.press("7", "tab", "enter")
        await _proved(console, "NOT PROVED")
        assert "Do not trust this log as it is" in console.text
        assert "proved here" not in console.text


def spoilt(changed: str, index: int):  # type: ignore[no-untyped-def]
    good = proof(index)
    point = good.checkpoint
    match changed:
        case "content":
            return replace(good, leaf=replace(good.leaf, data='{"event":"note"}'))
        case "hash":
            return replace(good, leaf=replace(good.leaf, hash="00" * 32, data=None))
        case "path":
            return replace(good, hashes=("00" * 32, *good.hashes[1:]))
        case "place":
            return replace(good, hashes=(*good.hashes, "11" * 32))
        case "note":
            other = point.note.replace("\n12\n", "\n13\n", 1)
            return replace(good, checkpoint=replace(point, note=other, size=13))
        case _:
            return replace(good, checkpoint=replace(point, keys=()))


def test_a_retired_entry_is_proved_by_its_hash() -> None:
    gone = proof(3)
    found = prove(replace(gone, leaf=replace(gone.leaf, data=None)))
    assert found.holds
    assert found.steps[0].holds is None


@pytest.mark.parametrize("size", range(1, len(LEAVES) + 1))
def test_every_entry_of_every_size_is_proved(size: int) -> None:
    assert all(prove(proof(index, size)).holds for index in range(size))


async def test_a_note_is_written_on_what_is_selected(
    open_console: Open, station: LogStation
) -> None:
    async with open_console() as console:
        await console.press("2", "n")
        assert "note on app life-support/oxygen-generator" in console.lines[-1]
        await console.type("filter changed")
        await console.press("enter")
        assert station.of("log.note") == [
            {"text": "filter changed", "about": "app life-support/oxygen-generator"}
        ]
        assert "noted: entry 12 of the log" in console.lines[-1]
        await console.press("n", "escape", "n", "enter")
        assert "nothing was typed" in console.lines[-1]
        assert len(station.of("log.note")) == 1
        await console.press("escape", "8", "enter", "n")
        assert "note on action a81" in console.lines[-1]


async def test_a_note_that_is_not_written_says_why_and_is_kept(
    open_console: Open, station: LogStation
) -> None:
    station.refuses("log.note", "the log cannot be written: no space left on the disk")
    async with open_console() as console:
        await console.press("2", "n")
        await console.type("valve 3 is stuck")
        await console.press("enter")
        said = console.lines[-1]
        assert "not written, n ↑ brings it again: the log cannot be written" in said
        del station.answers["log.note"]
        await console.press("down", "n", "up", "enter")
        assert [one["text"] for one in station.of("log.note")] == ["valve 3 is stuck"] * 2
        assert "noted: entry" in console.lines[-1]
        await console.press("n", "up")
        assert "valve" not in console.lines[-1], "it is written by now"


async def test_the_handover_is_written_once(
    open_console: Open, station: LogStation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "handover-tycho-20261120T140231Z.md"
    async with open_console() as console:
        await console.press("8", "H", "enter", "enter")
        await _written(console, file.name)
        text = file.read_text()
        assert "# Handover of tycho" in text
        assert "filter is on its way" in text
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        file.write_text("mine")
        await console.press("7", "H", "enter", "enter")
        await _written(console, "is there already")
        assert file.read_text() == "mine"
        await console.press("escape", "H")
        await console.pilot.press(*["backspace"] * 20, *"1h", "enter")
        await console.pilot.press(*["backspace"] * 60, *"x", "enter")
        await console.settle()
        await _written(console, "x.md")
        assert (tmp_path / "x.md").exists()


async def test_a_handover_since_nonsense_says_so(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("8", "H")
        await console.pilot.press(*["backspace"] * 20, *"never", "enter")
        await console.settle()
        assert "'never' is not a time" in console.lines[-1]


async def test_a_station_without_a_log_says_so() -> None:
    station = FakeStation()
    async with opened(station) as console:
        await console.press("7", "tab")
        assert "The station has not said how its log stands." in console.text


async def _proved(console, seen: str = "proved here") -> None:  # type: ignore[no-untyped-def]
    """Settle until the thread that checks signatures is done."""
    await _until(console, lambda: seen in console.text)


async def _written(console, seen: str) -> None:  # type: ignore[no-untyped-def]
    await _until(console, lambda: seen in console.lines[-1] and "reading" not in console.lines[-1])


async def _until(console, holds) -> None:  # type: ignore[no-untyped-def]
    asked = [one for one in console.app.workers if one.group in ("ask", "handover")]
    if asked:
        await console.app.workers.wait_for_complete(asked)
    await console.settle()
    assert holds(), console.text
