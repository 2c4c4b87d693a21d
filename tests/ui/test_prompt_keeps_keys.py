"""While a line is asked for, every key is for it: none acts on what is selected below."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from console.screens.base import ConsoleScreen
from console.screens.main import MainScreen
from tests.ui.alarm_station import AlarmStation, station
from tests.ui.pilot import Console, Open

__all__ = ["station"]


def typed(console: Console) -> str:
    """Return what stands in the line, which has to be open and to have the keys."""
    screen = console.app.screen
    assert isinstance(screen, ConsoleScreen)
    assert screen.asking is not None
    assert screen.focused is screen.asking.input
    return screen.asking.input.value


@pytest.mark.parametrize("key", ["tab", "shift+tab"])
@pytest.mark.parametrize("panel", ["0", "2", "3"])
async def test_tab_takes_no_keys_away(
    open_console: Open, station: AlarmStation, panel: str, key: str
) -> None:
    async with open_console() as console:
        await console.press(panel, "slash")
        await console.type("e.g")
        await console.press(key)
        await console.type("ArcZK")
        assert typed(console) == "e.gArcZK"
        assert station.of("alarm.ack") == []


async def test_tab_completes_the_last_word_as_a_field(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "slash")
        await console.type("oxygen")
        await console.press("space", "minus", "r", "e", "s", "tab")
        assert typed(console) == "oxygen -restarts:"
        await console.type("3")
        assert typed(console) == "oxygen -restarts:3"


@pytest.mark.parametrize("key", ["ctrl+p", "f1", "pagedown", "f5"])
async def test_no_other_key_leads_out_of_it(open_console: Open, key: str) -> None:
    async with open_console() as console:
        await console.press("2", "colon", key)
        await console.type("x")
        assert typed(console) == "x"
        assert len(console.app.screen_stack) == 1


@pytest.mark.parametrize("sign", ["slash", "colon"])
async def test_a_click_beside_it_leaves_it_the_keys(open_console: Open, sign: str) -> None:
    async with open_console() as console:
        await console.press("2", sign)
        await console.pilot.click(offset=(10, 6))
        await console.settle()
        await console.type("x")
        assert typed(console) == "x"
        await console.press("escape")
        screen = console.app.screen
        assert isinstance(screen, MainScreen)
        assert screen.asking is None
        assert not isinstance(screen.focused, Input)
        await console.press("3")
        assert screen.current.name != "apps"
