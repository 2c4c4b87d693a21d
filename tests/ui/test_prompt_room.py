"""The line at the bottom: what is typed has room before what is said beside it."""

from __future__ import annotations

import pytest

from console.screens.base import ConsoleScreen
from console.screens.main import MainScreen
from tests.ui.alarm_station import station
from tests.ui.pilot import Console, Open

__all__ = ["station"]


def room(console: Console) -> int:
    """Return the cells that what is typed has."""
    screen = console.app.screen
    assert isinstance(screen, ConsoleScreen)
    assert screen.asking is not None
    return screen.asking.input.size.width


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize(
    ("keys", "typed", "says"),
    [
        (("0", "Z"), " 60 ", "minutes to shelve"),
        (("2", "E"), ".csv", " row"),
        (("0", "K"), "! ", "y and enter"),
        (("2", "n"), "¶ ", "note on"),
    ],
)
async def test_what_will_be_taken_is_in_sight(
    open_console: Open, width: int, keys: tuple[str, ...], typed: str, says: str
) -> None:
    async with open_console((width, 24)) as console:
        await console.press(*keys)
        assert typed in console.lines[-1]
        assert says in console.lines[-1]
        assert room(console) >= 12


async def test_an_error_hides_nothing_of_a_filter(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "slash")
        await console.type("restarts:>0")
        await console.press("space")
        await console.type("foo:bar")
        assert " / restarts:>0 foo:bar " in console.lines[-1]
        assert "no field foo; there are name" in console.lines[-1]


async def test_completions_take_the_room_that_there_is(open_console: Open) -> None:
    async with open_console((80, 24)) as console:
        await console.press("colon")
        await console.type("theme")
        await console.press("space")
        names = "ansi-16  colour-blind  dark  high-contrast  light  mono"
        assert names in console.lines[-1]


async def test_it_is_laid_out_anew_in_another_size(open_console: Open) -> None:
    async with open_console((120, 24)) as console:
        await console.press("0", "Z")
        assert "minutes to shelve life-support/oxygen-generator, or 8h" in console.lines[-1]
        await console.pilot.resize_terminal(40, 24)
        await console.settle()
        assert " 60 " in console.lines[-1]
        assert room(console) >= 12


async def test_a_filter_on_the_overview_is_for_the_apps(open_console: Open) -> None:
    async with open_console() as console:
        await console.pilot.press("1", "slash", *"oxy", "enter")
        await console.settle()
        screen = console.app.screen
        assert isinstance(screen, MainScreen)
        assert screen.current.name == "apps"
        assert screen.filter_text() == "oxy"
        await console.press("1")
        assert screen.current.name == "overview"


@pytest.mark.parametrize("keys", [(), ("2", "slash"), ("colon",)])
async def test_ctrl_q_does_not_leave(open_console: Open, keys: tuple[str, ...]) -> None:
    async with open_console() as console:
        await console.press(*keys, "ctrl+q")
        assert console.app.is_running
        assert console.app.return_code is None
        await console.press("escape", "ctrl+c")
        assert "q leaves" in console.lines[-1]
