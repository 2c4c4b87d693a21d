"""Columns: which are shown, in which order, by which it is sorted, and what has no room."""

from __future__ import annotations

from msgspec.structs import replace

from console.feed.messages import Parcel
from tests.ui.colony_data import APPS, SOURCE
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Console, Open


def titles(console: Console) -> list[str]:
    line = next(one for one in console.lines if "APP" in one and "STATE" in one)
    return line.replace("↑", "").replace("↓", "").split()


def names(console: Console) -> list[str]:
    return [key.name.rpartition("/")[2] for key in console.app.screen.table_here().keys]


async def test_a_column_is_left_out_and_taken_in(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2")
        assert "VERSION" in titles(console)
        await console.press("o")
        assert "[x] VERSION" in console.text
        await console.press("down", "down", "down", "down", "down", "space")
        assert "[ ] VERSION" in console.text
        await console.press("escape")
        assert "VERSION" not in titles(console)
        await console.press("o", "down", "down", "down", "down", "down", "space", "escape")
        assert "VERSION" in titles(console)


async def test_columns_change_places_and_cells_go_with_them(open_console: Open) -> None:
    async with open_console(size=(200, 24)) as console:
        await console.press("2", "o", "down", "greater_than_sign")
        await console.press("enter")
        assert titles(console)[:2] == ["NAMESPACE", "APP"]
        row = next(one for one in console.lines if "oxygen-generator" in one)
        assert row.split()[1:3] == ["life-support", "oxygen-generator"]
        await console.press("o", "down", "down", "less_than_sign", "escape")
        assert titles(console)[:2] == ["APP", "NAMESPACE"]


async def test_what_has_no_room_is_said_and_appears_where_there_is(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "o")
        assert "SOURCE            no room for it at 80 cells" in console.text
        assert "do not fit at 80 cells:" in console.text
        await console.pilot.resize_terminal(200, 24)
        await console.settle()
        assert "no room" not in console.text
        assert "do not fit" not in console.text


async def test_the_mark_stays_and_so_does_the_last_column(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "o", "space")
        assert "the mark stays" in console.lines[-1]
        await console.press(*(["down", "space"] * 11))
        assert "one column has to stay" in console.lines[-1]


async def test_any_column_sorts_from_the_list(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "o", "down", "s")
        assert "↑ sorts" in next(one for one in console.lines if "APP" in one)
        await console.press("s")
        assert "↓ sorts" in next(one for one in console.lines if "APP" in one)
        await console.press("escape")
        found = names(console)
        assert found == sorted(found, reverse=True)


async def test_everything_goes_back_to_what_it_was(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2")
        before = console.lines[2:14]
        await console.press("o", "down", "space", "down", "less_than_sign", "s", "equals_sign")
        await console.press("escape")
        assert console.lines[2:14] == before


async def test_sorted_by_name_after_a_colon(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "colon")
        await console.type("sort rst")
        await console.press("enter")
        assert "sorted by rst" in console.lines[-1]
        assert names(console)[-1] == "hydroponics-lights"
        await console.press("colon")
        await console.type("sort nonsense")
        await console.press("enter")
        assert "no column here; there are mark, app, namespace" in console.lines[-1]


async def test_what_is_not_known_is_last_either_way(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        lost = replace(APPS[1], restarts=None)
        station.feed.deliver(Parcel(source=SOURCE, scope="apps", upserts=(lost,)))
        await console.settle()
        await console.press("2", "colon")
        await console.type("sort rst")
        await console.press("enter")
        assert names(console)[-1] == lost.name
        await console.press("S")
        assert names(console)[-1] == lost.name
        assert names(console)[0] == "hydroponics-lights"


async def test_help_says_what_the_keys_do(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "o", "question_mark")
        assert "Help › Columns" in console.text
        assert "Space shows the column" in console.text


async def test_a_page_with_one_table_has_columns_too(open_console: Open) -> None:
    async with open_console(size=(120, 24)) as console:
        await console.press("2", "e")
        assert "MESSAGE" in console.text
        await console.press("o", "down", "down", "down", "down", "down", "space", "escape")
        assert "MESSAGE" not in console.text
