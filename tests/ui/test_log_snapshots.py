"""What the second person, the log and its proofs look like, to the cell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import ColonyApp
from tests.ui.fakes import FakeClock
from tests.ui.log_data import OWN, LogStation
from tests.ui.pilot import Console

Compare = Callable[..., bool]

PAGES: dict[str, tuple[str, ...]] = {
    "overview": ("escape",),
    "actions": ("8",),
    "request": ("W",),
    "decline": ("W", "d"),
    "log": ("7", "tab"),
    "entry": ("7", "tab", "end", "up", "enter"),
    "note": ("2", "n"),
    "handover": ("8", "H"),
}


def pressing(*keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Return what presses *keys*, and waits for what is checked in a thread."""

    async def before(pilot: Pilot[Any]) -> None:
        assert isinstance(pilot.app, ColonyApp)
        console = Console(pilot.app, pilot, FakeClock())
        await console.settle()
        await console.press(*keys)
        asked = [one for one in pilot.app.workers if one.group == "ask"]
        if asked:
            await pilot.app.workers.wait_for_complete(asked)
        await console.settle()

    return before


def made(station: LogStation) -> ColonyApp:
    return ColonyApp(station.attach, clock=FakeClock(), fps=0.01, environment={})


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
@pytest.mark.parametrize("page", PAGES)
def test_pages(snap_compare: Compare, page: str, size: tuple[int, int]) -> None:
    app = made(LogStation())
    assert snap_compare(app, terminal_size=size, run_before=pressing(*PAGES[page]))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
def test_break_glass(snap_compare: Compare, size: tuple[int, int]) -> None:
    keys = ("8", "enter", "B", *"no", "enter", "enter")
    assert snap_compare(
        made(LogStation("commander", OWN)), terminal_size=size, run_before=pressing(*keys)
    )


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
def test_the_glass_is_asked_for(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = made(LogStation("commander", OWN))
    assert snap_compare(app, terminal_size=size, run_before=pressing("8", "enter", "B"))


def test_viewer(snap_compare: Compare) -> None:
    app = made(LogStation("viewer"))
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing("8", "enter"))
