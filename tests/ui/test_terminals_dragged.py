"""A window that changes its size while somebody types: no page is caught half made by it.

What is painted then was laid for another width, and pages are opened and left in between. Sizes and
keys are of a seed, which `COLONY_TEST_DRAG_SEED` sets; each found so has a test of its own.
"""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path

import pytest

from tests.ui.terminal import COLONY, Terminal, colony, colony_environment

pytestmark = pytest.mark.pty

DEMO = ("--demo", "--seed", "37")
SEED = int(os.environ.get("COLONY_TEST_DRAG_SEED", "1"))
STEPS = int(os.environ.get("COLONY_TEST_DRAG_STEPS", "300" if os.environ.get("CI") else "60"))
"""Sizes that are tried: 3,000 take about four minutes."""
AGAIN = 150
"""Sizes after which the console is started anew: bookmarks and filters are remembered."""
COLUMNS = (1, 2, 3, 5, 8, 13, 20, 30, 45, 60, 80, 100, 120, 160, 240, 400)
LINES = (1, 2, 3, 5, 8, 12, 20, 24, 30, 40, 60, 120)
KEYS = (
    *"1234567890?wylfz:/aC'GrAKZSbcdehjknosux;", "\r", "\t", "\x10", "\x1b", "\x1b4", "\x1b/",
    "\x1b[B", "\x1b[B", "\x1b[C", "\x1b[F",
)  # fmt: skip
"""All but q, and those that write a file."""


def test_a_window_is_dragged_while_somebody_types() -> None:
    choose = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        home = Path(directory)
        try:
            for begun in range(0, STEPS, AGAIN):
                _drag(home, choose, min(AGAIN, STEPS - begun))
        finally:
            colony(home, *DEMO, "station", "stop", "--force")


def _drag(home: Path, choose: random.Random, steps: int) -> None:
    terminal = Terminal([*COLONY, *DEMO], colony_environment(home), 100, 30)
    trail: list[object] = []
    try:
        terminal.wait("TYCHO")
        for _ in range(steps):
            size = choose.choice(COLUMNS), choose.choice(LINES)
            terminal.resize(*size)
            trail.append(size)
            for _ in range(choose.randint(0, 3)):
                trail.append(choose.choice(KEYS))
                terminal.press(str(trail[-1]))
                terminal.settle(choose.choice((0.0, 0.01, 0.03, 0.08)), 2.0)
            if terminal.process.poll() is not None:
                terminal.text()
                last = terminal.sent_bytes.rpartition(b"\x1b[?1049l")[2].decode("utf-8", "replace")
                raise AssertionError(f"it ended after {trail[-20:]}:\n{last}")
    finally:
        terminal.close()
