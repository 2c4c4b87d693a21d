"""Long work says what it is and for how long, and esc gives it up."""

from __future__ import annotations

import asyncio

from console.screens.main import MainScreen
from tests.ui.fakes import FakeStation
from tests.ui.opened import opened
from tests.ui.pilot import Open


async def test_attaching_can_be_given_up() -> None:
    station = FakeStation()
    station.hold = asyncio.Event()
    async with opened(station) as console:
        assert "Attaching" in console.text
        assert "esc gives up" in console.text
        await console.press("escape")
        assert "given up" in console.text
        station.hold.set()
        await console.press("r")
        assert "WRONG NOW" in console.text


async def test_work_stands_in_the_key_line_until_it_is_done(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2")
        screen = console.app.screen
        assert isinstance(screen, MainScreen)
        done = asyncio.Event()
        screen.do("reading the log", done.wait(), "test")
        await console.settle()
        assert "● reading the log · esc gives up" in console.lines[-1]
        await console.tick(3)
        assert "● reading the log 3 s · esc gives up" in console.lines[-1]
        done.set()
        await console.settle()
        assert "reading the log" not in console.lines[-1]


async def test_esc_gives_it_up_and_stays(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("2", "enter")
        screen = console.app.screen
        ended = asyncio.Event()

        async def work() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        screen.do("asking for the YAML", work(), "test")  # type: ignore[attr-defined]
        await console.settle()
        await console.press("escape")
        assert console.app.screen is screen
        assert ended.is_set()
        assert "given up: asking for the YAML" in console.lines[-1]
        await console.press("escape")
        assert console.app.screen is not screen
