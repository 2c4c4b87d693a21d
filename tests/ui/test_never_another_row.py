"""What is acted on is what stood under the cursor, whatever came before it was painted."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from adapters.records import Alarm, AlarmSeverity, AlarmState, Health, Key
from console.feed.messages import Parcel
from console.widgets.document import Document
from tests.ui.alarm_station import (
    ALARMS,
    APP,
    POOL,
    SEEN,
    AlarmStation,
    acknowledges,
    alarm,
    station,
)
from tests.ui.colony_data import APPS, NOW
from tests.ui.pilot import Open

__all__ = ["station"]

NEWS = alarm("app-failed:tycho:a/a", "a/a", severity=AlarmSeverity.CRITICAL, since=ALARMS[0].since)


def _came(station: AlarmStation, *alarms: Alarm, gone: tuple[Alarm, ...] = ()) -> None:
    station.held |= {one.name: one for one in alarms}
    keys = tuple(one.key for one in gone)
    station.feed.deliver(Parcel("station", "alarms", alarms, gone=keys))


async def test_what_sorts_above_it_meanwhile_is_not_hit(
    open_console: Open, station: AlarmStation
) -> None:
    """Neither before it is painted nor after: the cursor stays with its row."""
    async with open_console((100, 30)) as console:
        await console.press("0", "j")
        _came(station, *(replace(NEWS, name=f"{NEWS.name}{n}") for n in range(5)))
        await acknowledges(console, station, POOL)


async def test_where_its_row_went_nothing_is_hit(
    open_console: Open, station: AlarmStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_console((100, 30)) as console:
        await console.press("0")
        monkeypatch.setattr(console.app, "paint", lambda: None)
        _came(station, NEWS, gone=(APP,))
        await acknowledges(console, station)
        assert "no alarm is on what is selected" in console.lines[-1]


async def test_frozen_it_goes_on_and_hits_nothing(
    open_console: Open, station: AlarmStation
) -> None:
    async with open_console((100, 30)) as console:
        await console.press("0", "f")
        _came(station, NEWS, gone=(APP, SEEN))
        await acknowledges(console, station)
        assert "going on first" in console.lines[-1]


async def test_where_the_cursor_fell_on_another_a_second_key_is_asked_for(
    open_console: Open, station: AlarmStation
) -> None:
    """Painted it may be, but was hardly read by whom meant the row that went away."""
    async with open_console((100, 30)) as console:
        await console.press("0")
        _came(station, gone=(APP,))
        await console.settle()
        await acknowledges(console, station)
        assert "moved by itself: A once more is for pool edge" in console.lines[-1]
        await acknowledges(console, station, POOL)


async def test_on_the_overview_what_came_above_a_cursor_that_nobody_moved_is_asked_about(
    open_console: Open, station: AlarmStation
) -> None:
    """Its cursor stands on the first line until somebody moves it, and the first is the worst."""
    worse = replace(APPS[3], health=Health.FAILED, reason="no pod is ready", at=NOW)
    news = replace(NEWS, name=f"app-failed:{worse.name}", thing=worse.name, about=worse.key)
    async with open_console((100, 30)) as console:
        _came(station, news)
        station.feed.deliver(Parcel(worse.source, "deployments", (worse,)))
        await console.settle()
        assert console.app.screen.selected_here() == worse.key
        await acknowledges(console, station)
        assert f"A once more is for {worse.name}" in console.lines[-1]
        await acknowledges(console, station, news)


async def test_where_a_person_moved_on_or_filtered_nothing_is_asked(
    open_console: Open, station: AlarmStation
) -> None:
    async with open_console((100, 30)) as console:
        await console.press("0")
        _came(station, gone=(APP,))
        await console.settle()
        await console.press("j", "k")
        await acknowledges(console, station, POOL)
        await console.press("slash")
        await console.type("chain")
        await console.press("enter", "A")
        assert "moved by itself" not in console.lines[-1]


async def test_where_its_row_left_the_filter_by_itself_a_second_key_is_asked_for(
    open_console: Open, station: AlarmStation
) -> None:
    async with open_console((100, 30)) as console:
        await console.press("0", "slash")
        await console.type("state:unacknowledged")
        await console.press("enter")
        assert console.app.screen.selected_here() == APP.key
        _came(station, replace(APP, state=AlarmState.ACKNOWLEDGED, acked_by="cy", acked_at=NOW))
        await console.tick()
        await acknowledges(console, station)
        assert "moved by itself" in console.lines[-1]


async def test_a_page_is_of_one_thing_wherever_its_cursor_fell(
    open_console: Open, station: AlarmStation
) -> None:
    async with open_console((100, 40)) as console:
        await console.press("2", "enter")
        page = console.app.screen.query_one("#page", Document)
        while not (isinstance(page.value, Key) and page.value.kind == "Pod"):
            await console.press("down")
        gone = page.value
        station.feed.deliver(Parcel(gone.source, "pods", (), gone=(gone,)))
        await console.tick()
        await acknowledges(console, station, APP)
