"""The painter: what is not in sight costs nothing, and a slow line is painted more seldom."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

from msgspec.structs import replace
from textual.screen import Screen
from textual.widget import Widget

from console.panels.base import Panel
from console.terminal.flow import Line
from tests.ui.colony_data import APPS
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Console, Open


def _sight(console: Console, widget: Widget) -> bool:
    """Return whether *widget* is on the screen on top, and not in a panel that is away."""
    chain = [one for one in widget.ancestors_with_self if isinstance(one, Widget)]
    return console.app.screen in chain and all(one.display for one in chain)


def _work(console: Console) -> tuple[Callable[[FrameType, str, Any], None], Counter[str]]:
    """Return what counts calls of the console's own code, and of any rendering, on widgets that
    are not in sight.
    """
    found: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _: Any) -> None:
        if event != "call":
            return
        code = frame.f_code
        if "/console/" not in code.co_filename and not code.co_name.startswith("render"):
            return
        widget = frame.f_locals.get("self")
        if not isinstance(widget, Widget) or not widget.is_attached:
            return
        sys.setprofile(None)
        try:
            if not _sight(console, widget):
                found[f"{type(widget).__name__}.{code.co_name}"] += 1
        finally:
            sys.setprofile(count)

    return count, found


async def _changes(console: Console, station: FakeStation) -> Counter[str]:
    """Let every kind of thing change and time pass; return what was done out of sight."""
    count, found = _work(console)
    sys.setprofile(count)
    try:
        for number in range(3):
            station.feed.upsert("apps", *(replace(one, ready=number) for one in APPS))
            await console.tick()
    finally:
        sys.setprofile(None)
    return found


async def test_panels_that_are_away_do_nothing(open_console: Open, station: FakeStation) -> None:
    async with open_console(size=(120, 40)) as console:
        for key in "213456789":
            await console.press(key)
        await console.press("9")
        assert len(console.app.query(Panel)) > 5
        assert await _changes(console, station) == Counter()
        await console.press("2")
        assert await _changes(console, station) == Counter()


async def test_a_covered_screen_does_nothing(open_console: Open, station: FakeStation) -> None:
    async with open_console(size=(120, 40)) as console:
        await console.press("2", "enter")
        assert len(console.app.screen_stack) == 2
        assert await _changes(console, station) == Counter()


async def test_the_count_sees_work_where_there_is_some(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console(size=(120, 40)) as console:
        await console.press("2", "1")
        panel = next(one for one in console.app.query(Panel) if not one.display)
        count, found = _work(console)
        sys.setprofile(count)
        try:
            panel.refresh()
            panel.render_lines(panel.region)
            panel.own_hints()
        finally:
            sys.setprofile(None)
        assert found


async def test_a_beat_falls_out_while_the_line_is_behind(open_console: Open) -> None:
    async with open_console() as console:
        app = console.app
        painted: list[Screen[Any]] = []
        app.paint = lambda: painted.append(app.screen)  # type: ignore[method-assign]
        app.fps, app._paced, app._next_beat = 10.0, True, 0.0
        app._driver.line = Line(1_000, 0.3, 1.0)
        assert app.between == 1.0
        app._beat()
        app._beat()
        assert len(painted) == 1
        # A rate that was asked for is kept.
        app._paced = False
        assert app.between == 0.1


async def test_the_line_is_said(open_console: Open) -> None:
    async with open_console() as console:
        console.app._driver.line = Line(15_300, 0.31)
        await console.app.run_action("app.line")
        await console.settle()
        assert "line 15.3 KB/s, 310 ms" in console.lines[-1]
