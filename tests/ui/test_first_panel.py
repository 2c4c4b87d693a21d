"""The first panel comes by itself, and a person may ask for another one meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from textual.widget import Widget

from tests.ui.fakes import FakeStation
from tests.ui.opened import opened
from tests.ui.pilot import Console


@pytest.fixture
def held() -> FakeStation:
    station = FakeStation()
    station.hold = asyncio.Event()
    return station


def _shown(console: Console) -> list[str | None]:
    return [one.id for one in console.app.screen_stack[0].query("#body > *") if one.display]


async def _until(there: Callable[[], bool]) -> None:
    for _ in range(1000):
        if there():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came")


async def test_a_digit_that_comes_while_it_is_made_leaves_one_panel(held: FakeStation) -> None:
    async with opened(held) as console:
        body = console.app.screen.query_one("#body", Widget)
        assert held.hold is not None
        held.hold.set()
        await _until(lambda: console.app.session.link.welcome is not None)
        console.app.paint()
        await _until(lambda: len(body.children) > 1)
        await console.press("2")
        assert _shown(console) == ["panel-apps"]
        await console.press("1", "2", "1")
        assert _shown(console) == ["panel-overview"]


async def test_a_digit_on_a_page_that_was_opened_before_it_leaves_one_panel(
    held: FakeStation,
) -> None:
    async with opened(held) as console:
        await console.press("question_mark")
        assert held.hold is not None
        held.hold.set()
        await console.tick()
        await console.press("2")
        assert _shown(console) == ["panel-apps"]


async def test_coming_back_to_where_it_was_not_yet_it_is_there_at_once(held: FakeStation) -> None:
    async with opened(held) as console:
        await console.press("question_mark")
        assert held.hold is not None
        held.hold.set()
        await console.tick()
        await console.pilot.press("escape")
        await console.pilot.pause(0.1)
        assert "Attaching" not in console.text
        assert "oxygen-generator" in console.text
