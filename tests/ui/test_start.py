"""How the console starts, loses its station, and leaves."""

from __future__ import annotations

import asyncio

from adapters.records import ActionState
from console.app import LOCAL_FPS, SSH_FPS, ColonyApp
from console.feed.client import FeedRefused
from tests.ui.fakes import FakeClock, FakeStation
from tests.ui.pilot import Open


async def test_paints_before_it_attaches(open_console: Open, station: FakeStation) -> None:
    station.hold = asyncio.Event()
    async with open_console() as console:
        assert "Attaching" in console.text
        assert "attaching 0 s" in console.lines[0]
        await console.tick(3)
        assert "Attaching, 3 s" in console.text
        assert "starting the station" in console.text
        assert "--:--:--Z" in console.lines[0]
        station.hold.set()
        await console.settle()
        assert "TYCHO" in console.lines[0]
        assert "DEMO" in console.lines[0]
        assert "oxygen-generator" in console.text


async def test_a_failure_is_a_line_and_r_tries_again(
    open_console: Open, station: FakeStation
) -> None:
    station.refuse = FeedRefused("colonies.tycho.adapters.k8s.server: not an URL: 'x'")
    async with open_console() as console:
        assert "colonies.tycho.adapters.k8s.server: not an URL" in console.text
        assert "r tries again" in console.text
        await console.tick(60)
        assert len(station.feeds) == 0
        station.refuse = None
        await console.press("r")
        assert "oxygen-generator" in console.text


async def test_a_lost_station_is_said_and_comes_back(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        await console.press("2")
        station.refuse = FeedRefused("no station answers")
        station.feed.lose()
        await console.settle()
        assert "station lost" in console.lines[0]
        assert "▲◔ oxygen-generator" in console.text
        await console.tick(0.7)
        assert "again in 1 s" in console.lines[0] or "again in 0 s" in console.lines[0]
        station.refuse = None
        await console.tick(2)
        await console.settle()
        assert "station lost" not in console.lines[0]
        assert len(station.feeds) == 2
        assert "◔" not in console.text


async def test_r_does_not_wait_for_the_backoff(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        await console.press("2")
        station.feed.lose()
        await console.settle()
        assert len(station.feeds) == 1
        await console.press("r")
        assert len(station.feeds) == 2


async def test_read_only_binds_no_action(open_console: Open, station: FakeStation) -> None:
    station.welcome = FakeStation(mode="READ-ONLY").welcome
    async with open_console() as console:
        await console.press("2")
        assert "⊘ READ-ONLY" in console.lines[0]
        assert "roll back" not in console.lines[-1]
        bound = console.app.screen._bindings.key_to_bindings
        assert "rollback" not in {one.action for those in bound.values() for one in those}
        await console.press("r")
        assert station.of("action.form") == []
        assert "read-only" in console.lines[-1]


async def test_a_demo_says_both(open_console: Open, station: FakeStation) -> None:
    async with open_console(read_only=True) as console:
        assert "DEMO" in console.lines[0]
        assert "READ-ONLY" in console.lines[0]
        await console.press("2", "r")
        assert station.of("action.form") == []


async def test_quit_ends_with_status_zero_and_tells_the_station(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        await console.press("q")
        assert station.feed.closed_with is True
        assert console.app.return_code == 0


async def test_quit_asks_only_while_an_action_is_in_flight(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        station.become(ActionState.SUBMITTED)
        await console.settle()
        await console.press("q")
        assert "It goes on in the station" in console.text
        await console.press("n")
        assert "It goes on in the station" not in console.text
        assert station.feed.closed_with is None
        await console.press("q", "y")
        assert station.feed.closed_with is False


def test_the_painter_is_slower_over_ssh() -> None:
    attach = FakeStation().attach
    assert ColonyApp(attach, clock=FakeClock(), environment={}).fps == LOCAL_FPS
    over = {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}
    assert ColonyApp(attach, clock=FakeClock(), environment=over).fps == SSH_FPS
    assert ColonyApp(attach, clock=FakeClock(), environment=over, fps=2).fps == 2
