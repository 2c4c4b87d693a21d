"""The screen stands still on f: nothing in it changes, what waits is counted, nothing acts."""

from __future__ import annotations

import msgspec

from adapters.records import App, Health
from console.screens.form import FormScreen
from console.screens.main import MainScreen
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Console, Open


def _change(console: Console, station: FakeStation, name: str, **values: object) -> None:
    found = console.app.session.store.records("App").values()
    app = next(one for one in found if isinstance(one, App) and one.name == name)
    station.feed.upsert(f"apps:{app.namespace}", msgspec.structs.replace(app, **values))


async def test_nothing_changes_until_it_goes_on(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        await console.press("2", "f")
        assert "FROZEN 00:00 · no change" in console.lines[-1]
        assert "f goes on" in console.lines[-1]
        before = console.lines[1:-1]
        _change(console, station, "oxygen-generator", health=Health.FAILED, reason="pump stopped")
        await console.tick(42)
        assert console.lines[1:-1] == before
        assert "FROZEN 00:42 · 1 change waits" in console.lines[-1]
        await console.press("f")
        assert console.lines[1:-1] != before
        line = next(one for one in console.lines if "oxygen-generator" in one)
        assert line.startswith("✖")
        assert "FROZEN" not in console.text


async def test_that_it_stands_still_is_said_before_what_was_said(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "b")
        assert "kept" in console.lines[-1]
        await console.press("f")
        assert "FROZEN" in console.lines[-1]


async def test_the_header_goes_on(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        await console.press("2", "f")
        clock = console.lines[0][-9:]
        await console.tick(2)
        assert console.lines[0][-9:] != clock
        station.feed.lose()
        await console.settle()
        assert "station lost" in console.lines[0]
        assert "FROZEN" in console.lines[-1]


async def test_esc_goes_on_and_nothing_else(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "enter", "f", "escape")
        assert len(console.app.screen_stack) == 2
        assert "FROZEN" not in console.text
        await console.press("escape")
        assert len(console.app.screen_stack) == 1


async def test_looking_goes_on_working(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "f")
        before = console.app.focused.cursor_key  # type: ignore[union-attr]
        await console.press("j")
        assert console.app.focused.cursor_key != before  # type: ignore[union-attr]
        await console.press("enter")
        assert len(console.app.screen_stack) == 2
        assert "FROZEN" in console.lines[-1]


async def test_what_acts_goes_on_first_and_does_nothing_more(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "f", "r")
        assert isinstance(console.app.screen, MainScreen)
        assert "going on first" in console.lines[-1]
        assert "r once more does it" in console.lines[-1]
        await console.press("r")
        assert isinstance(console.app.screen, FormScreen)


async def test_a_command_that_acts_goes_on_first_too(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "f", "colon")
        await console.type("rollback")
        await console.press("enter")
        assert isinstance(console.app.screen, MainScreen)
        assert "going on first" in console.lines[-1]


async def test_a_form_is_not_held_still(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "r")
        assert isinstance(console.app.screen, FormScreen)
        console.app.action_freeze()
        assert console.app.session.still is None
