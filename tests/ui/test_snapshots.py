"""What the console looks like, to the cell: clock and records are injected, nothing blinks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import ColonyApp
from tests.ui.fakes import FakeClock, FakeStation
from tests.ui.pilot import Console

Compare = Callable[..., bool]

TWO = ((80, 24), (120, 40))
PAGES = {
    "apps": ("2",),
    "apps_filtered": ("2", "slash", "o", "x", "y", "enter"),
    "addresses": ("3",),
    "actions": ("8",),
    "adapters": ("9",),
    "detail": ("2", "enter"),
    "address": ("3", "end", "enter"),
    "logs": ("2", "l"),
    "events": ("2", "e"),
    "changes": ("h",),
    "form": ("2", "r"),
    "preview": ("2", "r", "enter"),
    "action": ("8", "enter"),
    "help": ("2", "question_mark"),
}


def made(**more: Any) -> ColonyApp:
    station = FakeStation(**more)
    return ColonyApp(station.attach, clock=FakeClock(), fps=0.01, environment={})


def pressing(*keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Return what presses *keys* before the picture is taken, and waits until all is quiet."""

    async def before(pilot: Pilot[Any]) -> None:
        assert isinstance(pilot.app, ColonyApp)
        console = Console(pilot.app, pilot, FakeClock())
        await console.settle()
        await console.press(*keys)
        await console.settle()

    return before


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (200, 60)], ids=str)
def test_overview(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(made(), terminal_size=size, run_before=pressing())


@pytest.mark.parametrize("size", TWO, ids=str)
@pytest.mark.parametrize("page", PAGES)
def test_pages(snap_compare: Compare, page: str, size: tuple[int, int]) -> None:
    assert snap_compare(made(), terminal_size=size, run_before=pressing(*PAGES[page]))


@pytest.mark.parametrize("mode", ["LIVE", "READ-ONLY"])
def test_modes(snap_compare: Compare, mode: str) -> None:
    app = made(mode=mode, production=True)
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing("2"))
