"""What is typed before what it is meant for is shown: in order, or dropped; never a part of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

import pytest
from textual.events import Key as KeyEvent

from adapters.records import ActionState
from console.ahead import BREATH, DROPPED
from console.feed.answers import ActionPage
from console.screens.action import ActionScreen
from console.screens.form import FormScreen
from console.screens.main import MainScreen
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Console, Open
from tests.ui.test_doing import ROLLBACK, SCALE, two

__all__ = ["two"]


def at_once(console: Console, *keys: str) -> None:
    """Type *keys* as they come in one read of the terminal."""
    for key in keys:
        console.app.post_message(KeyEvent(key, key if len(key) == 1 else None))


async def a_breath_later(console: Console) -> None:
    """Type a y after a pause in which somebody can have looked up."""
    later = KeyEvent("y", "y")
    later.time += 2 * BREATH
    console.app.post_message(later)
    await console.settle()


async def test_what_is_typed_to_a_box_that_still_asks_is_for_the_box(
    open_console: Open, two: FakeStation
) -> None:
    async with open_console() as console:
        await console.press("2")
        assert isinstance(console.app.screen, MainScreen)
        before = console.app.screen.selected_here()
        at_once(console, "a", "down", "enter")
        await console.settle()
        assert [one["action"] for one in two.of("action.form")] == ["app.scale"]
        await console.press("escape")
        assert isinstance(console.app.screen, MainScreen)
        assert console.app.screen.selected_here() == before


async def test_esc_leaves_a_box_that_still_asks(open_console: Open, two: FakeStation) -> None:
    answered = asyncio.Event()
    async with open_console() as console:
        ask = console.app.session.link.ask

        async def slow(topic: str, *more: object, **arguments: object) -> object:
            if topic == "action.list":
                await answered.wait()
            return await ask(topic, *more, **arguments)

        console.app.session.link.ask = slow  # type: ignore[method-assign, assignment]
        await console.press("2", "a")
        assert "asking what can be done" in console.text
        await console.press("escape")
        answered.set()
        await console.settle()
        assert isinstance(console.app.screen, MainScreen)
        assert two.of("action.form") == []


@pytest.mark.parametrize("infos", [[SCALE], [ROLLBACK]])
async def test_a_form_that_still_loads_gets_what_is_typed_to_it(
    open_console: Open, two: FakeStation, infos: list[object]
) -> None:
    two.answers["action.list"] = lambda arguments: infos
    async with open_console() as console:
        await console.press("2")
        at_once(console, "a")
        await console.settle()
        assert isinstance(console.app.screen, FormScreen)


async def test_what_was_typed_before_a_preview_was_shown_approves_nothing(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        await console.press("2")
        at_once(console, "r", "enter", "y")
        await console.settle()
        assert isinstance(console.app.screen, ActionScreen)
        assert station.of("action.approve") == []
        assert DROPPED in console.lines[-1]
        await a_breath_later(console)
        assert len(station.of("action.approve")) == 1
        assert DROPPED not in console.lines[-1]


async def test_a_page_that_is_still_on_its_way_to_the_glass_approves_nothing(
    open_console: Open, station: FakeStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_console() as console:
        await console.press("2", "r")
        waiting: list[Callable[[float], None]] = []
        monkeypatch.setattr(console.app, "when_shown", waiting.append)
        await console.press("enter", "y")
        assert "y approve" in console.text or DROPPED in console.text
        assert station.of("action.approve") == []
        waiting[-1](monotonic())
        await console.settle()
        assert DROPPED in console.lines[-1]
        await a_breath_later(console)
        assert len(station.of("action.approve")) == 1


async def test_what_was_typed_to_a_page_without_its_preview_yet_approves_nothing(
    open_console: Open, station: FakeStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = asyncio.get_running_loop().create_future()
    station.answers["action.show"] = lambda arguments: answer
    async with open_console() as console:
        status = station.become(ActionState.SIMULATED)
        console.app.push_screen(ActionScreen(console.app.session, "a81"))
        await console.settle()
        waiting: list[Callable[[float], None]] = []
        monkeypatch.setattr(console.app, "when_shown", waiting.append)
        answer.set_result(ActionPage(status, station.preview))
        await console.settle()
        assert "y approve" in console.lines[-1]
        await console.press("y")
        assert station.of("action.approve") == []
        assert len(waiting) == 1
        waiting[0](monotonic())
        await console.settle()
        assert DROPPED in console.lines[-1]
