"""What each theme looks like, and where it is real: to the cell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import ColonyApp
from tests.ui.fakes import FakeClock
from tests.ui.gallery import Gallery
from tests.ui.pilot import Console
from tests.ui.test_looks import THEMES
from tests.ui.test_snapshots import Compare, made, pressing


def opening_the_gallery() -> Callable[[Pilot[Any]], Awaitable[None]]:
    async def before(pilot: Pilot[Any]) -> None:
        assert isinstance(pilot.app, ColonyApp)
        console = Console(pilot.app, pilot, FakeClock())
        await console.settle()
        pilot.app.push_screen(Gallery(pilot.app.session))
        await console.settle()

    return before


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme(snap_compare: Compare, theme: str) -> None:
    app = made()
    app.theming.complete()  # the first paint reads one alone
    app.theme = theme
    assert snap_compare(app, terminal_size=(100, 34), run_before=opening_the_gallery())


@pytest.mark.parametrize("theme", THEMES)
def test_production(snap_compare: Compare, theme: str) -> None:
    app = made(mode="LIVE", production=True)
    app.theming.complete()  # the first paint reads one alone
    app.theme = theme
    before = pressing("2", "r", "enter")
    assert snap_compare(app, terminal_size=(80, 24), run_before=before)
