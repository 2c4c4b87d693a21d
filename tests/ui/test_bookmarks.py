"""Bookmarks: kept wherever one is, listed with how things are now, dropped and put back."""

from __future__ import annotations

from pathlib import Path

from console.bookmarks import SECTION
from console.remembered import Remembered
from console.screens.bookmarks import BookmarksScreen
from console.screens.detail import DetailScreen
from tests.ui.fakes import FakeStation
from tests.ui.opened import opened
from tests.ui.pilot import Open


async def test_what_is_selected_is_kept_and_led_to(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "b")
        assert "kept: " in console.lines[-1]
        kept = console.app.session.remembered.get(SECTION, [])
        name = f"{kept[0][2]}/{kept[0][3]}"
        await console.press("1", "apostrophe")
        assert isinstance(console.app.screen, BookmarksScreen)
        assert name in console.text
        await console.press("enter")
        assert isinstance(console.app.screen, DetailScreen)
        assert console.app.screen.key.name == kept[0][3]
        await console.press("escape")
        assert isinstance(console.app.screen, BookmarksScreen)


async def test_once_more_drops_it(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "b", "b")
        assert "bookmark dropped" in console.lines[-1]
        await console.press("apostrophe")
        assert "Nothing is kept yet" in console.text


async def test_a_panel_is_kept_with_its_filter(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "slash")
        await console.type("oxygen")
        await console.press("enter", "b", "escape", "1", "apostrophe")
        assert "apps  /oxygen" in console.text
        await console.press("enter")
        assert "/oxygen" in console.lines[1]
        assert console.app.screen.current.name == "apps"  # type: ignore[attr-defined]


async def test_the_list_says_how_things_are_now(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        await console.press("2", "slash")
        await console.type("oxygen-generator")
        await console.press("enter", "down", "enter", "b", "escape", "escape", "apostrophe")
        line = next(one for one in console.lines if "oxygen-generator" in one)
        assert "✖" in line or "▲" in line


async def test_what_is_dropped_can_be_put_back_where_it_was(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "b", "j", "b", "j", "b", "apostrophe")
        before = console.app.session.remembered.get(SECTION, [])
        assert len(before) == 3
        await console.press("j", "x")
        assert len(console.app.session.remembered.get(SECTION, [])) == 2
        await console.press("delete", "u", "u")
        assert console.app.session.remembered.get(SECTION, []) == before
        await console.press("u")
        assert "nothing was dropped" in console.lines[-1]


async def test_they_are_kept_over_a_restart(tmp_path: Path) -> None:
    def remember(colony: str, demo: bool) -> Remembered:
        return Remembered(tmp_path / "console.json")

    async with opened(FakeStation(), remember=remember) as console:
        await console.press("2", "b")
        console.app.session.remembered.save()
    async with opened(FakeStation(), remember=remember) as console:
        await console.press("apostrophe")
        assert "Nothing is kept" not in console.text


async def test_a_file_that_somebody_wrote_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "console.json"
    file.write_text(
        '{"bookmarks": [1, ["a"], ["", "", "", "", "nowhere", ""],'
        ' ["tycho", "App", "\\u001b[2J", "x", "", ""], ["tycho", "App", "gone", "gone", "", ""]]}'
    )
    async with opened(FakeStation(), remember=lambda colony, demo: Remembered(file)) as console:
        await console.press("apostrophe")
        assert "there is no such panel" in console.text
        assert "gone/gone" in console.text
        assert "nothing is known of it now" in console.text
        assert "\x1b" not in console.text
        await console.press("enter")
        assert "there is no panel nowhere" in console.lines[-1]
