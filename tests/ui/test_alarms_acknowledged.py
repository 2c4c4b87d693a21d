"""Alarms acknowledged: one after another, all that are shown, and who was quicker."""

from __future__ import annotations

import asyncio
from typing import Any

from msgspec.structs import replace

from adapters.records import Health
from console.feed.client import FeedRefused
from console.feed.messages import Parcel
from tests.ui.alarm_station import APP, OXYGEN, POOL, AlarmStation, acknowledges, alarm, station
from tests.ui.colony_data import APPS, SOURCE
from tests.ui.pilot import Open

__all__ = ["station"]


async def test_acknowledging_goes_on_to_the_next(open_console: Open, station: AlarmStation) -> None:
    async with open_console((100, 30)) as console:
        await console.press("0")
        await acknowledges(console, station, APP)
        assert "acknowledged; it is in the log" in console.lines[-1]
        assert "▲ 1 new of 3 alarms" in console.lines[0]
        await acknowledges(console, station, APP, POOL)
        assert "3 alarms, all seen" in console.lines[0]
        await acknowledges(console, station, APP, POOL)
        assert "acknowledged it at" in console.lines[-1]


async def test_all_that_are_shown_are_acknowledged_after_a_question(
    open_console: Open, station: AlarmStation
) -> None:
    async with open_console((100, 30)) as console:
        await console.press("0")
        assert "K all" in console.lines[-1]
        await console.press("K")
        assert "y and enter acknowledge 2 alarms, all shown" in console.lines[-1]
        await console.press("enter")
        assert "not acknowledged: all stay as they are" in console.lines[-1]
        await console.press("K", "y", "escape")
        assert station.of("alarm.ack") == []
        await console.press("K", "y", "enter")
        assert station.of("alarm.ack") == [{"names": [APP.name, POOL.name]}]
        assert "2 alarms acknowledged; each is in the log" in console.lines[-1]
        assert "3 alarms, all seen" in console.lines[0]
        await console.press("K")
        assert "no alarm that is shown waits for anybody" in console.lines[-1]


async def test_what_the_filter_leaves_out_is_not_acknowledged(
    open_console: Open, station: AlarmStation
) -> None:
    async with open_console((100, 30)) as console:
        await console.press("0", "slash")
        await console.type("severity:warning")
        await console.press("enter", "K", "y", "enter")
        assert station.of("alarm.ack") == [{"names": [POOL.name]}]


async def test_a_flood_is_acknowledged_in_parts_and_what_is_refused_is_said(
    open_console: Open, station: AlarmStation
) -> None:
    acknowledged = station.answers["alarm.ack"]

    def some(given: dict[str, Any]) -> Any:
        if APP.name in given["names"]:
            raise FeedRefused("app-failed: ben acknowledged it already")
        return acknowledged(given)

    station.answers["alarm.ack"] = some
    async with open_console((100, 30)) as console:
        station.put(*(alarm(f"flood:{n:03}", f"thing {n}") for n in range(120)))
        await console.settle()
        await console.press("0", "K", "y", "enter")
        assert [len(one["names"]) for one in station.of("alarm.ack")] == [50, 50, 22]
        assert "72 of 122 acknowledged; not: app-failed: ben" in console.lines[-1]


async def test_all_at_once_is_of_the_panel_where_they_are_seen(
    open_console: Open, station: AlarmStation
) -> None:
    async with open_console((100, 30)) as console:
        await console.press("2", "K")
        assert "0, the alarms, then K" in console.lines[-1]
        await console.press("0", "colon")
        await console.type("ack")
        await console.press("enter")
        assert station.of("alarm.ack") == [{"names": [APP.name]}], "one, not all"


async def test_what_is_critical_and_was_seen_is_not_counted_again(
    open_console: Open, station: AlarmStation
) -> None:
    async with open_console((120, 30)) as console:
        worse = replace(APPS[0], priority="critical")
        station.feed.deliver(Parcel(SOURCE, "deployments", (worse,)))
        await console.tick(2)
        await console.press("0", "A")
        assert "▲ 1 new of 3 alarms  data" in console.lines[0]
        other = replace(APPS[1], priority="critical", health=Health.DEGRADED)
        station.feed.deliver(Parcel(SOURCE, "deployments", (other,)))
        await console.tick(2)
        assert "▲ 1 new of 3 alarms  ✖ 2 critical" in console.lines[0], "one has no alarm yet"


async def test_keys_that_come_before_the_answer_are_for_the_next(
    open_console: Open, station: AlarmStation
) -> None:
    hold = asyncio.Event()
    acknowledged = station.answers["alarm.ack"]

    async def late(given: dict[str, Any]) -> Any:
        await hold.wait()
        return acknowledged(given)

    station.answers["alarm.ack"] = late
    async with open_console((100, 30)) as console:
        await console.press("0", "A")
        await acknowledges(console, station, APP, POOL)
        hold.set()
        await console.settle()
        assert "3 alarms, all seen" in console.lines[0]


async def test_from_the_overview_and_from_an_apps_row(
    open_console: Open, station: AlarmStation
) -> None:
    async with open_console((100, 30)) as console:
        assert "oxygen-generator" in console.text
        await console.press("2")
        assert "A acknowledge" in console.lines[-1]
        await acknowledges(console, station, APP)
        await console.tick(10)
        assert "A acknowledge" not in console.lines[-1]
        await console.press("3", "A")
        assert "no alarm is on what is selected" in console.lines[-1]


async def test_wrong_now_on_the_overview(open_console: Open, station: AlarmStation) -> None:
    async with open_console((100, 30)) as console:
        panel = console.app.screen.panel  # type: ignore[attr-defined]
        for _ in range(12):
            if panel.selected() == OXYGEN:
                break
            await console.press("down")
        assert panel.selected() == OXYGEN
        await acknowledges(console, station, APP)


async def test_who_was_quicker_is_said(open_console: Open, station: AlarmStation) -> None:
    station.refuses("alarm.ack", "pool-full: ben acknowledged it at 14:02 already")
    async with open_console((100, 30)) as console:
        await console.press("0", "A")
        assert "not acknowledged: pool-full: ben acknowledged it" in console.lines[-1]
