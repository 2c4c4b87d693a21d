"""Keys from the configuration: they do what they are bound to, and are shown as they are bound."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from console.preferences import Preferences
from console.screens.help import HelpScreen
from console.screens.logs import LogScreen
from console.screens.yaml import YamlScreen
from tests.ui.fakes import FakeStation
from tests.ui.opened import opened
from tests.ui.pilot import Console


def bound(keys: Mapping[str, str], **more: Any) -> AbstractAsyncContextManager[Console]:
    return opened(FakeStation(), preferences=Preferences(keys=keys), **more)


async def test_a_key_does_what_it_is_bound_to_and_no_more_what_it_was() -> None:
    async with bound({"logs": "L", "yaml": "l"}) as console:
        await console.press("2", "L")
        assert isinstance(console.app.screen, LogScreen)
        await console.press("escape", "l")
        assert isinstance(console.app.screen, YamlScreen)
        await console.press("escape", "y")
        assert not isinstance(console.app.screen, YamlScreen)


async def test_the_bottom_line_and_help_show_keys_as_they_are_bound() -> None:
    async with bound({"logs": "L", "changes": "", "rollback": "V"}, size=(120, 99)) as console:
        await console.press("2")
        assert "L logs" in console.lines[-1]
        assert "V roll back" in console.lines[-1]
        assert "30 min" not in console.lines[-1]
        await console.press("question_mark")
        assert isinstance(console.app.screen, HelpScreen)
        text = console.text
        assert "L         Logs of the app" in text
        assert ":changes" in text


async def test_help_of_a_panel_names_the_keys_that_there_are() -> None:
    async with bound({"rollback": "V"}) as console:
        await console.press("question_mark")
        assert "V rolls back the app there" in " ".join(console.text.split())


async def test_the_overview_names_the_keys_that_there_are() -> None:
    async with bound({"rollback": "V", "changes": "M"}, size=(120, 40)) as console:
        assert "V roll back" in console.text
        assert "M all of it" in console.text


async def test_what_acts_is_bound_by_its_own_key_too() -> None:
    async with bound({"rollback": "V"}) as console:
        await console.press("2", "r")
        assert console.app.screen is console.app.screen_stack[0]
        await console.press("V")
        assert "ROLL" in console.text.upper()
        assert len(console.app.screen_stack) == 2


async def test_tables_move_by_the_keys_that_a_person_has() -> None:
    async with bound({"down": "down,e", "events": "E", "save": ""}) as console:
        await console.press("2")
        before = console.app.focused.cursor_key  # type: ignore[union-attr]
        await console.press("e")
        assert console.app.focused.cursor_key != before  # type: ignore[union-attr]


async def test_what_is_wrong_with_the_keys_is_said_and_the_rest_works() -> None:
    async with bound({"rollback": "ctrl+r", "logs": "L"}) as console:
        assert "keys: rollback" in " ".join(console.app.problems)
        assert "keys: rollback" in console.lines[-1]
        await console.press("2", "L")
        assert isinstance(console.app.screen, LogScreen)


async def test_digits_stay_panels_whatever_else_is_bound() -> None:
    async with bound({"logs": "2"}) as console:
        await console.press("2")
        assert console.app.screen.current.name == "apps"  # type: ignore[attr-defined]
