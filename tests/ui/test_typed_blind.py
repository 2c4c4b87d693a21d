"""A key typed before the page that it acts on was on the glass, in a real terminal that is slow."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from console.ahead import BREATH, DROPPED
from tests.ui.terminal import COLONY, Terminal, colony, colony_environment, shows_apps

pytestmark = pytest.mark.pty

DEMO = ("--demo", "--seed", "36")


class Slow(Terminal):
    """A terminal that says how far it has come only when it is told to."""

    holds = False

    def __init__(self, home: Path) -> None:
        self.held: list[str] = []
        super().__init__([*COLONY, *DEMO], colony_environment(home), 100, 30)

    def _answer(self, data: str) -> None:
        if self.holds:
            self.held.append(data)
        else:
            super()._answer(data)

    def answer(self) -> None:
        """Say how far it has come, from now on."""
        self.holds = False
        for one in self.held:
            self._answer(one)
        self.held.clear()


def test_a_y_before_the_page_is_on_the_glass_approves_nothing() -> None:
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        home = Path(directory)
        terminal = Slow(home)
        try:
            terminal.wait("oxygen-generator")
            terminal.press("2")
            terminal.wait(shows_apps)
            terminal.press("r")
            terminal.wait("runs now")
            terminal.settle()
            terminal.holds = True
            terminal.press("\r")
            terminal.wait("WHAT CHANGES")
            terminal.press("y")
            terminal.settle()
            assert terminal.held, "it was asked how far it is"
            terminal.answer()
            shown = terminal.wait(DROPPED)
            assert "approving" not in shown
            terminal.settle(2 * BREATH, 10)
            terminal.press("y")
            terminal.wait("✔ approved")
        finally:
            terminal.close()
            colony(home, *DEMO, "station", "stop", "--force")
