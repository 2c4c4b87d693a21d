"""Alarms on the screen: one count, a panel, a page, and what is shelved."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from adapters.records import LogHead
from console.feed.messages import Parcel
from tests.ui.alarm_station import APP, AlarmStation, alarm, station
from tests.ui.pilot import Open

__all__ = ["station"]


async def test_one_count_is_on_every_screen(open_console: Open) -> None:
    async with open_console((100, 30)) as console:
        assert "✖ 2 new of 3 alarms" in console.lines[0]
        for key in ("2", "0", "question_mark"):
            await console.press(key)
            assert "✖ 2 new of 3 alarms" in console.lines[0]


async def test_the_tenth_panel_at_80x24(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("0")
        assert "0 Alarms" in console.lines[1]
        assert all(len(line) <= 80 for line in console.lines)
        rows = [line for line in console.lines if "unacknowledged" in line or "seen by" in line]
        assert rows[0].startswith("✖! life-support/oxygen")
        assert rows[1].startswith("▲! pool edge")
        assert rows[2].startswith("▲  chain eip155:1")
        assert "seen by ana" in rows[2]


async def test_shelving_asks_how_long_and_why(open_console: Open, station: AlarmStation) -> None:
    async with open_console((100, 30)) as console:
        await console.press("0", "Z")
        assert "minutes to shelve life-support/oxygen-generator" in console.lines[-1]
        await console.type("2h")
        await console.press("enter")
        assert "why, for 120 min" in console.lines[-1]
        await console.type("pods are moved")
        await console.press("enter")
        assert station.of("alarm.shelve") == [
            {"name": APP.name, "minutes": 120.0, "reason": "pods are moved"}
        ]
        assert "shelved for 2 h" in console.lines[-1]
        assert "▲ 1 new of 2 alarms" in console.lines[0]
        await console.press("Z")
        assert station.of("alarm.unshelve") == [{"name": APP.name}]


async def test_the_reason_of_a_shelving_that_is_refused_is_kept(
    open_console: Open, station: AlarmStation
) -> None:
    station.refuses("alarm.shelve", "the log cannot be written: the disk is full")
    async with open_console((100, 30)) as console:
        await console.press("0", "Z", "enter")
        await console.type("pods are moved")
        await console.press("enter")
        assert "not shelved, ↑ has the reason: the log cannot be written" in console.lines[-1]
        await console.press("Z", "enter", "up")
        assert "pods are moved" in console.lines[-1]


@pytest.mark.parametrize(
    ("long", "says"),
    [("soon", "no time up to"), ("30", "needs a reason"), ("1500", "no time up to")],
)
async def test_shelving_needs_both(
    open_console: Open, station: AlarmStation, long: str, says: str
) -> None:
    async with open_console((100, 30)) as console:
        await console.press("0", "Z", "ctrl+u")
        await console.type(long)
        await console.press("enter", "enter")
        assert says in console.lines[-1]
        assert station.of("alarm.shelve") == []


async def test_the_page_of_an_alarm(open_console: Open, station: AlarmStation) -> None:
    async with open_console((100, 30)) as console:
        await console.press("0", "enter")
        assert "Alarms › life-support/oxygen-generator" in console.lines[1]
        assert "nobody has seen it yet" in console.text
        assert "HISTORY  1" in console.text
        assert "w why" in console.lines[-1]
        await console.press("A")
        assert "seen; it goes when its cause does" in console.text
        station.feed.deliver(Parcel("station", "alarms", gone=(APP.key,)))
        await console.settle()
        assert "It is no alarm any more" in console.text
        await console.press("home", "enter")
        assert "Apps › " in console.lines[1]


async def test_the_things_of_all_kinds_open(open_console: Open, station: AlarmStation) -> None:
    """Whatever an alarm is of, enter on it leads somewhere."""
    log = LogHead(source="station", name="log", trouble="disk full")
    station.parcels = (*station.parcels, Parcel("station", "log", (log,), begin=True, end=True))
    async with open_console((100, 30)) as console:
        held = console.app.session.store  # type: ignore[attr-defined]
        kinds = ("Pool", "Address", "Chain", "Contract", "Token", "Plant", "AdapterStatus",
                 "Scope", "ActionStatus", "LogHead")  # fmt: skip
        known = [kind for kind in kinds if held.records(kind)]
        assert known == [kind for kind in kinds if kind != "Plant"]
        for kind in known:
            about = next(iter(held.records(kind)))
            one = alarm(f"rule:{kind}", f"a {kind}", about=about)
            station.put(one)
            await console.settle()
            await console.press("0")
            console.app.screen.panel.stand_on(one.key)  # type: ignore[attr-defined]
            await console.press("enter")
            assert f"Alarms › a {kind}" in console.lines[1]
            await console.press("home", "enter")
            assert f"Alarms › a {kind}" not in console.lines[1], kind


async def test_who_only_looks_on_has_no_such_keys(station: AlarmStation) -> None:
    from tests.ui.opened import opened

    station.welcome = replace(station.welcome, mode="READ-ONLY")
    async with opened(station, (100, 30)) as console:
        await console.press("0", "A", "Z")
        assert station.of("alarm.ack") == []
        assert "◔" not in console.lines[-1]
        assert "acknowledge" not in console.lines[-1]
