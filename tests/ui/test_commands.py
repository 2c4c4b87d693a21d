"""Commands by name: found by their beginning, completed, remembered, and given something."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.panels import PANELS
from console.remembered import Remembered
from console.screens.commands import HISTORY, commands, find
from console.screens.main import MainScreen
from tests.ui.fakes import FakeStation
from tests.ui.opened import opened
from tests.ui.pilot import Console, Open


async def typed(console: Console, text: str, *keys: str) -> None:
    await console.press("colon")
    await console.type(text)
    await console.press(*keys)


def panel(console: Console) -> str:
    screen = console.app.screen
    return screen.current.name if isinstance(screen, MainScreen) else ""


async def test_a_beginning_is_enough(open_console: Open) -> None:
    async with open_console() as console:
        await typed(console, "tok", "enter")
        assert panel(console) == "tokens"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("adresses", ":adresses is no command; did you mean :addresses?"),
        ("xyzzy", ":xyzzy is no command; ? says which are"),
        ("a", ":a could be apps, addresses"),
        ("quit now", ":quit takes nothing after it"),
    ],
)
async def test_what_is_no_command_says_the_nearest(
    open_console: Open, text: str, says: str
) -> None:
    async with open_console() as console:
        await console.press("colon")
        for one in text:
            await console.press("space" if one == " " else one)
        await console.press("enter")
        assert says in console.lines[-1]


async def test_tab_goes_through_what_it_may_become(open_console: Open) -> None:
    async with open_console() as console:
        await typed(console, "a")
        assert "apps" in console.lines[-1]
        assert "addresses" in console.lines[-1]
        seen = []
        for _ in range(3):
            await console.press("tab")
            seen.append(console.app.screen._prompt.input.value)  # type: ignore[attr-defined]
        assert seen[:2] == ["apps", "addresses"]
        assert len(set(seen)) == 3
        await console.press("shift+tab", "shift+tab", "enter")
        assert panel(console) == "apps"


async def test_what_a_command_takes_is_completed_too(open_console: Open) -> None:
    async with open_console() as console:
        await typed(console, "theme")
        await console.press("space", "h", "tab")
        assert console.app.screen._prompt.input.value == "theme high-contrast"  # type: ignore[attr-defined]
        await console.press("enter")
        assert console.app.theme == "high-contrast"


async def test_columns_are_completed_and_sorted_by(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2")
        await typed(console, "sort")
        await console.press("space", "n", "a", "tab", "enter")
        assert "sorted by na" in console.lines[-1]


async def test_apps_are_completed_and_opened(open_console: Open) -> None:
    async with open_console() as console:
        await typed(console, "open")
        await console.press("space", *"oxy", "tab", "enter")
        assert "oxygen" in console.lines[1]
        assert len(console.app.screen_stack) == 2


async def test_a_filter_can_be_given(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2")
        await typed(console, "filter")
        await console.press("space", *"oxygen", "enter")
        assert "/oxygen" in console.lines[1]


async def test_what_was_typed_is_found_again_over_a_restart(tmp_path: Path) -> None:
    def remember(colony: str, demo: bool) -> Remembered:
        return Remembered(tmp_path / "console.json")

    async with opened(FakeStation(), remember=remember) as console:
        await typed(console, "tokens", "enter")
        await typed(console, "apps", "enter")
        await typed(console, "tokens", "enter")
        assert console.app.session.remembered.get(HISTORY, []) == ["tokens", "apps"]
        console.app.session.remembered.save()
    async with opened(FakeStation(), remember=remember) as console:
        await console.press("colon", "up", "up")
        assert console.app.screen._prompt.input.value == "apps"  # type: ignore[attr-defined]
        await console.press("down", "enter")
        assert panel(console) == "tokens"


async def test_other_lines_are_not_remembered_as_commands(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("n")
        await console.type("secret")
        await console.press("enter")
        assert console.app.session.remembered.get(HISTORY, []) == []


async def test_what_only_a_page_does_is_a_command_there(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "l")
        await typed(console, "hold", "enter")
        assert "held" in console.text
        await console.press("escape", "1")
        await typed(console, "hold", "enter")
        assert "no command" in console.lines[-1]


async def test_nobody_approves_by_name(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("8", "enter")
        known = {one.name for one in commands(console.app.session, console.app.screen)}  # type: ignore[arg-type]
        assert not {"approve", "approve-routine"} & known
        assert "cancel" in known


async def test_every_command_has_a_name_of_its_own(open_console: Open) -> None:
    async with open_console() as console:
        known = commands(console.app.session)
        names = [one.name for one in known]
        assert len(set(names)) == len(names)
        assert {one.name for one in PANELS} <= set(names)
        for one in known:
            assert find(one.name, known) == one
            assert one.action or one.given


async def test_a_key_right_after_a_digit_is_for_the_panel_that_it_goes_to(
    open_console: Open,
) -> None:
    async with open_console() as console:
        await console.press("2", "enter")
        # All in one burst, from a page: to the third panel, and there the filter.
        await console.pilot.press("3", "slash", "x", "y", "enter")
        await console.settle()
        await console.settle()
        assert panel(console) == "addresses"
        assert "/xy" in console.lines[1]


async def test_keys_right_after_enter_are_for_the_page_that_it_opens(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2")
        await console.pilot.press("enter", "y")
        await console.settle()
        await console.settle()
        assert len(console.app.screen_stack) == 3
