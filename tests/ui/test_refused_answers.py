"""An answer that is refused stays in its line, with what is wrong: what is typed next is for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from adapters.contract import Significance
from adapters.records import ActionState
from console.screens.base import ConsoleScreen
from tests.ui.alarm_station import APP, AlarmStation, station
from tests.ui.fakes import preview
from tests.ui.pilot import Console, Open

__all__ = ["station"]


def line(console: Console) -> str:
    """Return what stands in the line that is open, which has the keys."""
    screen = console.app.screen
    assert isinstance(screen, ConsoleScreen)
    assert screen.asking is not None
    assert screen.focused is screen.asking.input
    return screen.asking.input.value


@pytest.mark.parametrize("long", ["0", "25h", "soon"])
async def test_what_is_no_time_is_asked_for_again(
    open_console: Open, station: AlarmStation, long: str
) -> None:
    async with open_console() as console:
        await console.press("0", "Z")
        await console.type(long)
        await console.press("enter")
        assert line(console) == long
        assert "no time up to 24 h; try 45, 90m or 8h" in console.lines[-1]
        await console.press("ctrl+u")
        assert "minutes to shelve" in console.lines[-1]
        await console.type("45")
        await console.press("enter", "enter")
        assert "that needs a reason" in console.lines[-1]
        await console.type("cn")
        await console.press("enter")
        assert station.of("alarm.shelve") == [{"name": APP.name, "minutes": 45.0, "reason": "cn"}]


async def test_what_is_typed_after_it_at_once_is_for_the_line(
    open_console: Open, station: AlarmStation
) -> None:
    async with open_console() as console:
        await console.press("0", "Z")
        await console.pilot.press("0", "enter", *"cnrA")
        await console.settle()
        assert line(console) == "0cnrA"
        assert station.of("alarm.ack") == []


async def test_a_wrong_name_approves_nothing_and_stays(
    open_console: Open, station: AlarmStation
) -> None:
    station.preview = preview(significance=Significance.CRITICAL)
    async with open_console() as console:
        await console.press("2", "r", "enter", "enter")
        station.become(ActionState.SIMULATED)
        await console.settle()
        await console.press("enter")
        await console.pilot.press(*"wrong", "enter", *"wr", "enter")
        await console.settle()
        assert line(console) == "wrongwr"
        assert "not approved: that is not oxygen-generator" in console.lines[-1]
        assert station.of("action.approve") == []
        await console.press("ctrl+u")
        await console.type("oxygen-generator")
        await console.press("enter")
        assert len(station.of("action.approve")) == 1


async def test_all_are_acknowledged_by_a_yes_and_left_by_a_no_alone(
    open_console: Open, station: AlarmStation
) -> None:
    async with open_console() as console:
        await console.press("0", "K")
        await console.type("ya")
        await console.press("enter")
        assert line(console) == "ya"
        assert "y or n" in console.lines[-1]
        await console.press("ctrl+u", "n", "enter")
        assert "not acknowledged: all stay as they are" in console.lines[-1]
        assert station.of("alarm.ack") == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nosuch", ":nosuch is no command"),
        ("sort nosuch", "no column here; there are mark, app"),
        ("theme nosuch", "no theme nosuch: tab after :theme goes through them"),
        ("copy nosuch", "nothing here is called nosuch"),
        ("open nosuch", "nothing is called nosuch"),
        ("save a.txt", "a.txt should end in .csv or .json"),
        ("quit now", ":quit takes nothing after it"),
    ],
)
async def test_a_command_that_cannot_be_run_stays(open_console: Open, text: str, says: str) -> None:
    async with open_console() as console:
        await console.press("2", "colon")
        await console.type(text)
        await console.press("enter")
        assert line(console) == text
        assert says in console.lines[-1]
        await console.press("escape", "colon", "up")
        assert line(console) == text


@pytest.mark.parametrize(
    ("keys", "name", "says"),
    [
        (("2", "E"), "a.txt", "should end in .csv or .json"),
        (("2", "E"), "", "the file has no name"),
        (("2", "E"), "gone/a.csv", "no directory gone is to be found"),
        (("8", "H", "enter"), "", "the file has no name"),
        (("8", "H", "enter"), "there.md", "it is there already; choose another name"),
        (("8", "H", "enter"), "gone/a.md", "no directory gone is to be found"),
        (("8", "H"), "never", "is not a time"),
        (("2", "n"), "", "nothing was typed"),
        pytest.param(("2", "n"), "a" * 4001, "4,001 characters; 4,0", id="long"),
    ],
)
async def test_a_file_or_a_note_that_cannot_be_is_asked_for_again(
    open_console: Open,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keys: tuple[str, ...],
    name: str,
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.md").write_text("mine")
    async with open_console() as console:
        await console.press(*keys, "end", "ctrl+u")
        screen = console.app.screen
        assert isinstance(screen, ConsoleScreen)
        assert screen.asking is not None
        screen.asking.input.value = name
        await console.press("enter")
        assert line(console) == name
        assert says in console.lines[-1]
    assert os.listdir(tmp_path) == ["there.md"]
