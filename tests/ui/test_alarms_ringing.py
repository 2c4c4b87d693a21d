"""What rings when an alarm is new, and what is written to the terminal of whoever is elsewhere."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from adapters.records import AlarmSeverity
from console.notification import notification
from console.preferences import Preferences
from console.screens.bookmarks import BookmarksScreen
from tests.ui.alarm_station import APP, AlarmStation, alarm, station
from tests.ui.colony_data import NOW
from tests.ui.pilot import Console, Open

__all__ = ["station"]


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


async def test_news_covers_no_answer_that_nobody_could_read_yet(
    open_console: Open, station: AlarmStation
) -> None:
    async with open_console((100, 30)) as console:
        await console.tick(1)
        await console.press("2", "C", "enter")
        assert "copied " in console.lines[-1]
        station.put(alarm("battery-empty:s:b1", "battery north/b1", value="19 %", since=NOW + 1))
        await console.tick(0.5)
        assert "copied " in console.lines[-1]
        await console.tick(2)
        assert "battery north/b1: 19 %" in console.lines[-1]
        await console.press("C", "enter")
        assert "copied " in console.lines[-1], "who asks is answered at once"
        await console.tick(2)
        assert "battery north/b1: 19 %" in console.lines[-1], "and the news comes again"
        await console.tick(6)
        assert "battery north/b1" not in console.lines[-1]


async def test_under_a_box_it_rings_too_and_the_header_goes_on(
    open_console: Open, station: AlarmStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = Preferences(bell="critical", notify="all")
    async with open_console((100, 30), preferences=wish) as console:
        bells, written = rings(console, monkeypatch)
        await console.press("2", "C")
        before = console.lines[0]
        station.put(alarm("battery-empty:s:b1", "battery north/b1", value="19 %",
                          severity=AlarmSeverity.CRITICAL, since=NOW + 1))  # fmt: skip
        await console.tick(60)
        assert len(bells) == 1
        assert any("battery north/b1" in one for one in written)
        assert "3 new of 4 alarms" in console.lines[0] != before


async def test_what_is_told_while_a_page_is_made_is_said_once_it_is(
    open_console: Open, station: AlarmStation
) -> None:
    async with open_console((100, 30)) as console:
        await console.tick(1)
        console.app.push_screen(BookmarksScreen(console.app.session))
        console.app.screen.unsay()
        console.app.tell("an app is degraded", "warn")
        await console.settle()
        assert "an app is degraded" in console.lines[-1]
        console.app.push_screen(BookmarksScreen(console.app.session))
        console.app.say("80×24 reads best", "warn")
        await console.settle()
        assert "80×24 reads best" in console.lines[-1]
        gone = console.app.screen
        await console.press("escape")
        gone.say("nobody is there to read it")
        await console.settle()
        assert "nobody" not in console.text
