"""A form of a call that is filled in, and what the station was asked for it."""

from __future__ import annotations

import pytest

from console.screens.form import FormScreen
from tests.ui import fake_calls
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Console

TRANSFER = "transferFrom(address,address,uint256)"
PRESET = {"contract": "Identity", "function": TRANSFER, "args": '["founder","","7"]'}


@pytest.fixture
def calls(station: FakeStation) -> FakeStation:
    """A station that is asked for the form of a call, and what the call would do."""
    station.answers["action.form"] = fake_calls.form
    station.preview = fake_calls.CALL_PREVIEW
    return station


async def begin(console: Console, **preset: str) -> FormScreen:
    """Open the form of a call in which *preset* is filled in already."""
    screen = FormScreen(console.app.screen.session, "contract.call", preset)
    console.app.push_screen(screen)
    await console.settle()
    return screen


def asked(station: FakeStation) -> list[dict[str, str]]:
    """Return what was filled in each time that *station* was asked for the form."""
    return [one["arguments"] for one in station.of("action.form")]
