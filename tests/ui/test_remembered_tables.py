"""What tables keep: through updates, from panel to panel, and from one console to the next."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from console.feed.messages import Parcel
from console.remembered import Remembered
from tests.ui.colony_data import APPS, SOURCE
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Console, Open

Opener = Callable[[str, bool], Remembered]


@pytest.fixture
def remember(tmp_path: Path) -> Opener:
    return lambda colony, demo: Remembered(tmp_path / f"{colony}.json")


def cursor(console: Console) -> str:
    return str(console.app.screen.table_here().table.cursor_key.name)


def deliver(station: FakeStation, *apps: object) -> None:
    station.feed.deliver(Parcel(source=SOURCE, scope="apps", upserts=apps))


async def test_the_next_console_is_as_this_one_was_left(
    open_console: Open, remember: Opener
) -> None:
    async with open_console(size=(120, 30), remember=remember) as console:
        await console.press("2", "slash")
        await console.type("-ns:comms restarts:<1")
        await console.press("enter", "s", "S", "down", "down")
        await console.press("o", "down", "down", "space", "escape")
        await console.press("3", "4", "2")
        before, stood = console.lines[1:20], cursor(console)
        await console.press("q")
    async with open_console(size=(120, 30), remember=remember) as console:
        assert console.app.screen.current.name == "apps"
        assert "/-ns:comms restarts:<1  7 of 10" in console.lines[1]
        assert console.lines[1:20] == before
        assert cursor(console) == stood
        await console.press("escape", "q")
    async with open_console(size=(120, 30), remember=remember) as console:
        assert " of 10" not in console.lines[1]


async def test_another_colony_remembers_nothing_of_this_one(
    open_console: Open, station: FakeStation, remember: Opener
) -> None:
    async with open_console(remember=remember) as console:
        await console.press("2", "s", "q")
    from msgspec.structs import replace as changed

    station.welcome = changed(station.welcome, colony="ceres")
    async with open_console(remember=remember) as console:
        assert console.app.screen.current.name == "overview"


async def test_what_was_remembered_wrongly_is_passed_over(
    open_console: Open, tmp_path: Path, remember: Opener
) -> None:
    kept = {
        "panel": "gone", "filters": {"apps": 3}, "sorts": {"apps": ["gone", True], "log": 4},
        "columns": {"apps": {"order": 3, "hidden": ["gone"]}}, "cursors": {"apps": ["x"]},
        "searches": [1, "oxy"],
    }  # fmt: skip
    (tmp_path / "tycho.json").write_text(json.dumps(kept))
    async with open_console(remember=remember) as console:
        assert console.app.screen.current.name == "overview"
        await console.press("2")
        assert "oxygen-generator" in console.text


async def test_filter_and_cursor_stay_when_rows_come_and_go(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        await console.press("2", "slash")
        await console.type("ns:life")
        await console.press("enter", "down")
        stood = cursor(console)
        deliver(station, replace(APPS[1], name="aerator"), replace(APPS[4], namespace="life"))
        await console.settle()
        assert "/ns:life  5 of 12" in console.lines[1]
        assert cursor(console) == stood


async def test_the_cursor_waits_for_its_row_and_yields_to_a_person(
    open_console: Open, station: FakeStation, remember: Opener
) -> None:
    async with open_console(remember=remember) as console:
        await console.press("2", "end")
        last = cursor(console)
        await console.press("q")
    parcels = station.parcels
    late = [
        replace(one, upserts=tuple(a for a in one.upserts if a.name != last)) for one in parcels
    ]
    app = next(a for one in parcels for a in one.upserts if a.name == last and a.kind == "App")
    station.parcels = late
    async with open_console(remember=remember) as console:
        assert cursor(console) != last
        deliver(station, app)
        await console.tick()
        assert cursor(console) == last
        await console.press("q")
    async with open_console(remember=remember) as console:
        await console.press("down")
        moved = cursor(console)
        deliver(station, app)
        await console.tick()
        assert cursor(console) == moved


async def test_the_up_arrow_finds_the_filters_before(open_console: Open, remember: Opener) -> None:
    async with open_console(remember=remember) as console:
        for text in ("oxy", "ns:comms"):
            await console.press("2", "slash")
            await console.type(text)
            await console.press("enter", "escape")
        await console.press("q")
    async with open_console(remember=remember) as console:
        await console.press("2", "slash", "up")
        assert "/ ns:comms" in console.lines[-1]
        assert "2 of 10" in console.lines[-1]
        await console.press("up")
        assert "/ oxy" in console.lines[-1]
        await console.press("down", "down")
        assert "ns:comms" not in console.lines[-1]
        assert "water-recycler" in console.text


async def test_what_is_asked_for_comes_before_a_filter_that_hides_it(
    open_console: Open,
) -> None:
    async with open_console() as console:
        await console.press("2", "slash")
        await console.type("ns:comms")
        await console.press("enter")
        await console.app.screen.go_to("apps", APPS[0].key)
        await console.settle()
        assert cursor(console) == "oxygen-generator"
        assert " of 10" not in console.lines[1]


async def test_ages_let_rows_go_as_time_passes(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "slash")
        await console.type("since:<1m")
        assert "1 of 10" in console.lines[-1]
        await console.press("enter")
        await console.tick(60.0)
        await console.tick(1.0)
        assert "0 of 10" in console.lines[1]


async def test_many_rows_are_looked_through_while_keys_go_on(
    open_console: Open, station: FakeStation
) -> None:
    many = [replace(APPS[3], name=f"app-{n}", uid=f"u{n}", restarts=n % 7) for n in range(5000)]
    async with open_console() as console:
        deliver(station, *many)
        await console.settle()
        await console.press("2")
        await console.finish("arrange")
        await console.press("slash")
        await console.type("restarts:>5 app-4")
        await console.finish("arrange")
        await console.settle()
        expected = sum(n % 7 > 5 and "app-4" in f"app-{n}" for n in range(5000))
        assert f"{expected} of 5,010" in console.lines[-1]
        await console.press("enter")
        deliver(station, replace(many[40], restarts=6), replace(many[42], restarts=1))
        await console.tick()
        names = {key.name for key in console.app.screen.table_here().keys}
        assert "app-40" in names
        assert f"{expected + 1} of 5,010" in console.lines[1]
        await console.press("1", "2")
        assert {key.name for key in console.app.screen.table_here().keys} == names
