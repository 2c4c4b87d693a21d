"""Help, doctor, tour and support bundle, from inside the console."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from console.remembered import Remembered
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Console, Open

FINDINGS = [
    {"source": "tycho", "check": "reach", "found": "good", "detail": "answers in 3 ms",
     "advice": ""},
    {"source": "tycho", "check": "rights to watch", "found": "bad",
     "detail": "may not list \x1b]0;pods", "advice": "bind a ClusterRole that lists pods"},
    {"source": "chain", "check": "clock", "found": "unknown", "detail": "", "advice": ""},
]  # fmt: skip


async def command(console: Console, text: str) -> None:
    await console.press("colon")
    await console.type(text)
    await console.press("enter")


def held(directory: Path) -> set[str]:
    """Return the names of the files in the one bundle in *directory*."""
    (path,) = directory.glob("support-tycho-*.zip")
    with zipfile.ZipFile(path) as archive:
        return {name.rpartition("/")[2] for name in archive.namelist()}


async def test_the_doctor_is_asked_from_inside(station: FakeStation, open_console: Open) -> None:
    station.answers["doctor"] = lambda arguments: FINDINGS
    async with open_console() as console:
        await command(console, "doctor")
        assert "Doctor" in console.lines[1]
        assert "1 bad · 1 not known · 3 checks" in console.lines[1]
        assert "✖ rights to watch: may not list" in console.text
        assert "→ bind a ClusterRole that lists pods" in console.text
        assert "? clock" in console.text
        assert "\x1b" not in console.text
        station.answers["doctor"] = lambda arguments: FINDINGS[:1]
        await console.press("R")
        assert "all good · 1 check" in console.lines[1]
        await console.press("escape")
        assert "WRONG NOW" in console.text


async def test_a_doctor_that_is_refused_says_why(station: FakeStation, open_console: Open) -> None:
    station.refuses("doctor", "the station is ending")
    async with open_console() as console:
        await command(console, "doctor")
        assert "✖ the station is ending" in console.text


async def test_help_names_the_keys_and_columns_of_what_is_shown(open_console: Open) -> None:
    async with open_console(size=(100, 90)) as console:
        await console.press("3", "question_mark")
        text = console.text
        assert "COLUMNS of pools" in text
        assert "COLUMNS of allocations" in text
        assert "addresses in use of all that it has" in text
        assert "KEYS HERE" in text
        assert "Show only what holds a text" in text
        assert "Approve what asks for caution" not in text


async def test_help_of_a_read_only_console_has_no_key_that_acts(
    station: FakeStation, open_console: Open
) -> None:
    async with open_console(size=(100, 90), read_only=True) as console:
        await console.press("2", "question_mark")
        assert "Roll the app back" not in console.text
        assert "This console is read-only" in console.text


async def test_a_first_visitor_of_the_demo_is_shown_around(open_console: Open) -> None:
    memory = Remembered()
    async with open_console(remember=lambda colony, demo: memory) as console:
        assert "TOUR 1/7" in console.text
        assert "oxygen-generator" in next(line for line in console.lines if "TOUR" in line)
        await console.press("2", "r")
        assert "TOUR 3/7" in console.text
        assert memory.get("tour", "") == "form"
        assert "enter simulates" in console.text
        await console.press("escape", "4")
        assert "enter simulates" not in console.text, "there is no form to press it in"
        assert "Go on in Apps: 2, to oxygen-generator; r opens the form." in console.text
        await command(console, "tour")
        assert "TOUR" not in console.text
        assert memory.get("tour", "") == "done"
    async with open_console(remember=lambda colony, demo: memory) as console:
        assert "TOUR" not in console.text
        await command(console, "tour")
        assert "TOUR 1/7" in console.text


async def test_nobody_is_shown_around_where_nothing_is_remembered(open_console: Open) -> None:
    async with open_console() as console:
        assert "TOUR" not in console.text


async def test_esc_ends_the_tour_for_good(open_console: Open) -> None:
    memory = Remembered()
    async with open_console(remember=lambda colony, demo: memory) as console:
        shown = next(line for line in console.lines if "TOUR" in line)
        assert shown.rstrip().endswith("esc ends")
        await console.press("question_mark")
        assert "esc ends" not in console.text
        await console.press("escape")
        assert "TOUR" in console.text, "that went back from the help"
        await console.press("2", "slash")
        await console.type("oxygen")
        await console.press("enter", "escape")
        assert "TOUR" in console.text, "that cleared the filter"
        await console.press("escape")
        assert "TOUR" not in console.text
        assert "the tour is over" in console.lines[-1]
        assert memory.get("tour", "") == "done"


async def test_the_tour_is_for_the_demo(station: FakeStation, open_console: Open) -> None:
    station.welcome = FakeStation(mode="LIVE").welcome
    async with open_console(remember=lambda colony, demo: Remembered()) as console:
        assert "TOUR" not in console.text
        await command(console, "tour")
        assert "the tour is for the demo" in console.lines[-1]


async def test_a_support_bundle_is_written_from_inside(
    station: FakeStation, open_console: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    station.answers |= {
        "station.status": lambda arguments: {"colony": "tycho"},
        "station.support": lambda arguments: {"versions": {}, "diary": "all went well"},
        "doctor": lambda arguments: FINDINGS,
    }
    async with open_console() as console:
        await command(console, "bundle")
        await console.press("enter")
        assert "written: support-tycho-" in console.lines[-1]
        assert {"README.txt", "doctor.json", "station.log", "console.json"} <= held(tmp_path)
        await command(console, "bundle")
        await console.press("enter")
        assert "is there already" in console.lines[-1]
