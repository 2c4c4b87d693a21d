"""A key that needs an app or an action says so where none is selected: silent is a dead line."""

from __future__ import annotations

import pytest

from tests.ui.fakes import FakeStation
from tests.ui.pilot import Open
from tests.ui.solar_data import solar_parcels

ADAPTERS, OVERVIEW = "9", "1"


@pytest.mark.parametrize(
    ("panel", "key", "said"),
    [
        (ADAPTERS, "l", "logs: no app is selected here"),
        (ADAPTERS, "e", "events: no app is selected here"),
        (ADAPTERS, "y", "YAML: no app is selected here"),
        (ADAPTERS, "r", "roll back: no app is selected here"),
        (ADAPTERS, "a", "do: no app is selected here"),
        (ADAPTERS, "u", "undo: no action is selected here"),
        (OVERVIEW, "s", "there is no table here to sort"),
        (OVERVIEW, "S", "there is no table here to sort"),
    ],
)
async def test_it_is_said(open_console: Open, panel: str, key: str, said: str) -> None:
    async with open_console() as console:
        await console.press(panel, key)
        assert said in console.lines[-1]
        assert len(console.app.screen_stack) == 1


async def test_by_name_too(open_console: Open) -> None:
    async with open_console() as console:
        await console.press(ADAPTERS, "colon")
        await console.type("logs")
        await console.press("enter")
        assert "logs: no app is selected here" in console.lines[-1]


async def test_help_lists_them_only_where_they_do_something(open_console: Open) -> None:
    async with open_console(size=(120, 40)) as console:
        await console.press(ADAPTERS, "question_mark")
        assert "Logs of the app" not in console.text
        await console.press("escape", "2", "question_mark")
        assert "Logs of the app" in console.text


async def test_on_the_page_of_a_plant_and_of_a_device(
    open_console: Open, station: FakeStation
) -> None:
    station.parcels = (*station.parcels, *solar_parcels())
    async with open_console(size=(120, 40)) as console:
        await console.press("6", "enter", "l")
        assert "logs: no app is selected here" in console.lines[-1]
        await console.press("y")
        assert "YAML: a plant has none" in console.lines[-1]
        await console.press("question_mark")
        assert "as its source has it" not in console.text
        await console.press("escape", "escape", "tab", "enter", "question_mark")
        assert "as its source has it" in console.text


async def test_a_text_and_a_form_leave_letters_alone(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "y", "l", "e", "y", "r", "a")
        assert len(console.app.screen_stack) == 2
        assert "no app is selected" not in console.text
        await console.press("escape", "r", "l", "e", "y", "a")
        assert len(console.app.screen_stack) == 2
        assert "no app is selected" not in console.text
