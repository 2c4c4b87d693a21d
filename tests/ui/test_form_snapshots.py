"""What a call looks like from its form to its preview, to the cell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import ColonyApp
from console.screens.form import FormScreen
from tests.ui import fake_calls
from tests.ui.fakes import FakeClock, FakeStation
from tests.ui.pilot import Console
from tests.ui.test_form import PRESET, RECORD, TRANSFER

Compare = Callable[..., bool]
Step = str | float

FORMS: dict[str, tuple[dict[str, str], tuple[Step, ...]]] = {
    "contract": ({}, (1.0,)),
    "function": ({"contract": "Identity"}, (1.0,)),
    "transfer": (PRESET, ("a", "g", "r", "i", 1.0)),
    "wrong": (PRESET, ("a", "g", "r", "x", 1.0, "tab", "tab", "enter", 1.0)),
    "eight": ({"contract": "Deployments", "function": RECORD}, (1.0,)),
    "read": ({"contract": "Identity", "function": "ownerOf(uint256)"}, ("7", 1.0)),
    "preview": (
        {"contract": "Identity", "function": TRANSFER, "args": '["founder","agri","7"]'},
        (1.0, "enter"),
    ),
}


def filling(preset: dict[str, str], steps: tuple[Step, ...]) -> Callable[..., Awaitable[None]]:
    """Return what opens the form with *preset* and presses keys, or lets seconds go by."""

    async def before(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, ColonyApp)
        console = Console(app, pilot, app.clock)
        await console.settle()
        app.push_screen(FormScreen(app.screen.session, "contract.call", preset))
        await console.settle()
        for step in steps:
            await (console.tick(step) if isinstance(step, float) else console.press(step))

    return before


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
@pytest.mark.parametrize("form", FORMS)
def test_forms(snap_compare: Compare, form: str, size: tuple[int, int]) -> None:
    station = FakeStation()
    station.answers["action.form"] = fake_calls.form
    station.preview = fake_calls.CALL_PREVIEW
    clock = FakeClock()
    app = ColonyApp(station.attach, clock=clock, fps=0.01, environment={})
    app.clock = clock  # type: ignore[attr-defined]
    assert snap_compare(app, terminal_size=size, run_before=filling(*FORMS[form]))
