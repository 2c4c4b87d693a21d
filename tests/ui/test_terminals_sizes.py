"""Every size from 1×1 to 500×200, and a window that somebody drags for half a minute."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.alignment import askew, cells_of
from tests.ui.controls import written
from tests.ui.terminal import COLONY, Terminal, colony, colony_environment

pytestmark = pytest.mark.pty

DEMO = ("--demo", "--seed", "35")
SIZES = ((1, 1), (2, 2), (10, 3), (40, 10), (79, 23), (200, 60), (500, 200), (1, 50), (300, 2))
PANELS = "1234567890"
SECONDS = float(os.environ.get("COLONY_TEST_RESIZING", "30" if os.environ.get("CI") else "5"))
"""How long it is dragged: half a minute in CI."""
RATE = 200


@pytest.fixture
def opened() -> Iterator[Terminal]:
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        home = Path(directory)
        terminal = Terminal([*COLONY, *DEMO], colony_environment(home))
        try:
            terminal.wait("oxygen-generator")
            yield terminal
        finally:
            terminal.close()
            colony(home, *DEMO, "station", "stop", "--force")


def _leaves(terminal: Terminal) -> None:
    terminal.settle(0.3, 5.0)
    terminal.press("q")
    assert terminal.end() == 0
    found = written(terminal.sent_bytes, bells=True)
    assert found.foreign == []
    assert found.left == set()


def test_every_panel_in_every_size(opened: Terminal) -> None:
    for columns, lines in SIZES:
        opened.resize(columns, lines)
        for panel in PANELS if columns < 300 else "126":
            opened.press(panel)
            opened.settle(0.06, 3.0)
            assert opened.process.poll() is None, (columns, lines, panel, opened.text())
            if columns >= 40 and lines >= 10:
                assert askew(cells_of(opened.screen)) == [], (columns, lines, panel)
            if columns >= 10:
                assert opened.text().strip(), (columns, lines, panel)
        # A page over a panel, and the question of a modal, are laid out too.
        for keys in ("2", "\r", "?"):
            opened.press(keys)
            opened.settle(0.06, 3.0)
        opened.press("\x1b")
        opened.settle(0.2, 3.0)
    opened.resize(30, 8)
    opened.wait("80×24 reads best")
    opened.resize(80, 24)
    opened.press("2")
    opened.wait("NAMESPACE")
    _leaves(opened)


def _memory(pid: int) -> int:
    """Return how many bytes *pid* has in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def test_two_hundred_resizes_a_second(opened: Terminal) -> None:
    opened.press("1")
    opened.settle()
    before = _memory(opened.process.pid)
    sizes = ((80, 24), (120, 40), (60, 15), (200, 50), (33, 9), (100, 30))
    end, number = time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        opened.resize(*sizes[number % len(sizes)])
        number += 1
        opened.text()
        time.sleep(1 / RATE)
    assert opened.process.poll() is None
    assert number > SECONDS * RATE / 4  # a busy machine is slower: it was a storm all the same
    opened.resize(100, 30)
    opened.press("2")
    opened.wait("NAMESPACE")
    opened.press("1")
    opened.wait("oxygen-generator")
    opened.settle()
    assert askew(cells_of(opened.screen)) == []
    lines = [line.rstrip() for line in opened.text().splitlines()]
    assert {len(line) for line in lines if line.startswith("╭")} == {100}
    # 40 MB for what was laid out once in each size; a leak of a screen a resize would be GBs.
    assert _memory(opened.process.pid) - before < 40_000_000
    _leaves(opened)
