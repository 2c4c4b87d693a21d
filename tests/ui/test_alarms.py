"""Alarms on the screen: one count, a panel, a page, what a person does, what rings."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.records import (
    Alarm,
    AlarmChange,
    AlarmSeverity,
    AlarmState,
    Health,
    Key,
    LogHead,
    Scope,
    ScopeState,
)
from console.feed.client import FeedRefused
from console.feed.messages import Parcel
from console.notification import notification
from console.preferences import Preferences
from tests.ui.colony_data import APPS, NOW, SOURCE
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Console, Open

OXYGEN = Key(SOURCE, "App", "life-support", "oxygen-generator")


def alarm(name: str, thing: str, **more: Any) -> Alarm:
    given: dict[str, Any] = {
        "rule": name.partition(":")[0], "thing": thing, "value": "95 %, 5 left",
        "limit": "≥ 90 %, clears < 85 %", "since": NOW - 300,
        "history": (AlarmChange(NOW - 300, "raised", "", "95 %"),),
    }  # fmt: skip
    return Alarm(source="station", name=name, **(given | more))


APP = alarm(
    "app-failed:tycho:life-support/oxygen-generator", "life-support/oxygen-generator", about=OXYGEN,
    severity=AlarmSeverity.CRITICAL, value="failed · 0 of 3 ready", limit="failed for 30 s",
)  # fmt: skip
POOL = alarm("pool-full:tycho:edge", "pool edge")
SEEN = alarm("chain-late:chain:eip155:1", "chain eip155:1", state=AlarmState.ACKNOWLEDGED,
             acked_by="ana@relay", acked_at=NOW - 60)  # fmt: skip
ALARMS = (APP, POOL, SEEN)


class AlarmStation(FakeStation):
    """A station with alarms, of whom it can be asked."""

    def __init__(self, alarms: tuple[Alarm, ...] = ALARMS, **more: Any) -> None:
        super().__init__(**more)
        scope = Scope(source="station", name="alarms", state=ScopeState.LIVE, heard=NOW)
        self.parcels = (
            *self.parcels,
            Parcel("station", "scopes", (scope,), begin=True, end=True),
            Parcel("station", "alarms", alarms, begin=True, end=True),
        )
        self.held = {one.name: one for one in alarms}
        self.answers["alarm.ack"] = self._ack
        self.answers["alarm.shelve"] = self._shelve
        self.answers["alarm.unshelve"] = self._unshelve

    def put(self, *alarms: Alarm) -> None:
        self.held |= {one.name: one for one in alarms}
        self.feed.deliver(Parcel("station", "alarms", alarms))

    def _ack(self, given: dict[str, Any]) -> Any:
        for name in given["names"]:
            self.put(replace(self.held[name], state=AlarmState.ACKNOWLEDGED, acked_by="ops-1",
                             acked_at=NOW))  # fmt: skip
        return {"acknowledged": given["names"], "refused": []}

    def _shelve(self, given: dict[str, Any]) -> Any:
        self.put(replace(self.held[given["name"]], state=AlarmState.SHELVED, shelved_by="ops-1",
                         shelved_until=NOW + given["minutes"] * 60,
                         shelved_reason=given["reason"]))  # fmt: skip
        return self.held[given["name"]]

    def _unshelve(self, given: dict[str, Any]) -> Any:
        self.put(replace(self.held[given["name"]], state=AlarmState.UNACKNOWLEDGED))
        return self.held[given["name"]]


@pytest.fixture
def station() -> FakeStation:
    return AlarmStation()


def rings(console: Console, monkeypatch: pytest.MonkeyPatch) -> tuple[list[int], list[str]]:
    """Return what is filled with bells and with what is written past the screen."""
    bells: list[int] = []
    written: list[str] = []
    monkeypatch.setattr(console.app, "bell", lambda: bells.append(1))
    driver = console.app._driver
    assert driver is not None
    write = driver.write

    def noted(data: str) -> None:
        if data.startswith("\x1b]"):
            written.append(data)
        write(data)

    monkeypatch.setattr(driver, "write", noted)
    return bells, written


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


async def test_acknowledging_goes_on_to_the_next(open_console: Open, station: AlarmStation) -> None:
    async with open_console((100, 30)) as console:
        await console.press("0", "A")
        assert station.of("alarm.ack") == [{"names": [APP.name]}]
        assert "acknowledged; it is in the log" in console.lines[-1]
        assert "▲ 1 new of 3 alarms" in console.lines[0]
        await console.press("A")
        assert station.of("alarm.ack")[1] == {"names": [POOL.name]}
        assert "3 alarms, all seen" in console.lines[0]
        await console.press("A")
        assert len(station.of("alarm.ack")) == 2
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
        await console.press("0", "A", "A")
        assert station.of("alarm.ack") == [{"names": [APP.name]}, {"names": [POOL.name]}]
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
        await console.press("A")
        assert station.of("alarm.ack") == [{"names": [APP.name]}]
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
        await console.press("A")
        assert station.of("alarm.ack") == [{"names": [APP.name]}]


async def test_who_was_quicker_is_said(open_console: Open, station: AlarmStation) -> None:
    def refused(given: dict[str, Any]) -> Any:
        raise FeedRefused("pool-full: ben acknowledged it at 14:02 already")

    station.answers["alarm.ack"] = refused
    async with open_console((100, 30)) as console:
        await console.press("0", "A")
        assert "not acknowledged: pool-full: ben acknowledged it" in console.lines[-1]


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


@pytest.mark.parametrize(("long", "why"), [("soon", None), ("30", ""), ("1500", None)])
async def test_shelving_needs_both(
    open_console: Open, station: AlarmStation, long: str, why: str | None
) -> None:
    async with open_console((100, 30)) as console:
        await console.press("0", "Z", "ctrl+u")
        await console.type(long)
        await console.press("enter")
        if why is not None:
            await console.press("enter")
        assert "not shelved" in console.lines[-1]
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


async def test_what_is_new_rings_once_and_what_was_there_does_not(
    open_console: Open, station: AlarmStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = Preferences(bell="critical", notify="all")
    async with open_console((100, 30), preferences=wish) as console:
        bells, written = rings(console, monkeypatch)
        await console.tick(1)
        assert bells == []
        station.put(replace(APP, value="failed · 1 of 3 ready"))
        await console.tick(1)
        assert bells == [], "it was there"
        new = alarm("battery-empty:s:b1", "battery north/b1", severity=AlarmSeverity.CRITICAL,
                    value="19 %\x1b]0;x\x07;y", since=NOW + 1)  # fmt: skip
        station.put(new)
        await console.tick(1)
        assert len(bells) == 1
        assert "✖ battery north/b1: 19 %" in console.lines[-1]
        assert len(written) == 1
        assert written[0].startswith("\x1b]9;colony tycho: ✖ battery north/b1: 19 %␛]0,x␇,y")
        station.put(replace(new, value="18 %"))
        await console.tick(30)
        assert (len(bells), len(written)) == (1, 1), "not again for the same"
        warning = alarm("pool-full:tycho:other", "pool other", since=NOW + 40)
        station.put(warning)
        await console.tick(30)
        assert (len(bells), len(written)) == (1, 2), "only critical ones ring"
        station.put(replace(warning, since=NOW + 90, times=2))
        await console.tick(30)
        assert len(written) == 3, "it came back: that is news"


async def test_nothing_rings_where_nobody_wants_it(
    open_console: Open, station: AlarmStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_console((100, 30), preferences=Preferences(bell="off")) as console:
        bells, written = rings(console, monkeypatch)
        await console.tick(1)
        station.put(alarm("x:y", "a thing", severity=AlarmSeverity.CRITICAL, since=NOW + 1))
        await console.tick(1)
        assert "✖ a thing" in console.lines[-1]
        assert (bells, written) == ([], [])


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "\x1b]9;colony tycho: ✖ a, b\x1b\\"),
        ({"TERM": "xterm-kitty"},
         "\x1b]99;i=colony:d=0;colony tycho\x1b\\\x1b]99;i=colony:p=body;✖ a, b\x1b\\"),
        ({"TERM": "foot"}, "\x1b]777;notify;colony tycho;✖ a, b\x1b\\"),
        ({"TERM": "tmux-256color", "TMUX": "x"},
         "\x1bPtmux;\x1b\x1b]9;colony tycho: ✖ a, b\x1b\x1b\\\x1b\\"),
        ({"TERM": "screen", "STY": "1"}, "\x1bP\x1b]9;colony tycho: ✖ a, b\x07\x1b\\"),
        ({"TERM": "xterm", "MOSH_CONNECTION": "1"}, ""),
        ({"TERM": "linux"}, ""),
    ],
)  # fmt: skip
def test_each_terminal_has_its_own_notification(environment: dict[str, str], said: str) -> None:
    assert notification("colony tycho", "✖ a;\n b", environment) == said


def test_a_notification_holds_no_controls_and_is_short() -> None:
    said = notification("t", "\x1b\\\x1b]52;c;AAAA\x07\x9c" + "x" * 1000, {})
    body = said.removeprefix("\x1b]9;").removesuffix("\x1b\\")
    assert body.isprintable()
    assert len(body) <= 210
