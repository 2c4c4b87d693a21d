"""Esc in a form goes back to where it was opened from: at once, from every sort of field."""

from __future__ import annotations

import pytest

from adapters.contract import Field, Form
from console.screens.form import FormScreen
from console.screens.main import MainScreen
from tests.ui.fakes import FakeStation
from tests.ui.filled_form import PRESET, TRANSFER, begin, calls
from tests.ui.pilot import Console, Open

__all__ = ["calls"]

SCALE = Form(
    "Scale life-support/oxygen-generator",
    (Field("replicas", "Pods", "how many pods", default="3"),),
)


async def scale(console: Console) -> FormScreen:
    """Open a form that has lines to type in alone, and no list."""
    await console.press("2")
    screen = FormScreen(console.app.screen.session, "app.scale", {"app": "tycho:n/Deployment/a"})
    console.app.push_screen(screen)
    await console.settle()
    return screen


async def test_esc_leaves_a_form_without_a_list_and_not_the_console(
    open_console: Open, station: FakeStation
) -> None:
    station.form = SCALE
    async with open_console() as console:
        await scale(console)
        assert "esc back" in console.lines[-1]
        await console.press("escape")
        assert console.app.is_running
        assert isinstance(console.app.screen, MainScreen)
        assert console.app.screen.current.name == "apps"
        await console.press("3")
        assert console.app.screen.current.name == "addresses"


@pytest.mark.parametrize("preset", [{}, {"contract": "Identity", "function": TRANSFER}, PRESET])
async def test_esc_does_what_the_bottom_line_says_wherever_one_is(
    open_console: Open, calls: FakeStation, preset: dict[str, str]
) -> None:
    async with open_console() as console:
        await begin(console, **preset)
        await console.tick()
        assert "esc back" in console.lines[-1]
        await console.press("escape")
        assert isinstance(console.app.screen, MainScreen)
