"""The real program in a real pseudo-terminal: what an operator does, and a line that drops."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.terminal import COLONY, Terminal, colony, colony_environment

pytestmark = pytest.mark.pty

DEMO = ("--demo", "--seed", "11")


@pytest.fixture
def home() -> Iterator[Path]:
    """A home of its own, near the root: a socket's path has 108 bytes at most."""
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        yield Path(directory)
        colony(Path(directory), *DEMO, "station", "stop", "--force")


@pytest.fixture
def opened(home: Path) -> Iterator[Terminal]:
    terminal = Terminal([*COLONY, *DEMO], colony_environment(home))
    yield terminal
    terminal.close()


def _status(home: Path) -> dict:
    result = colony(home, *DEMO, "status", "--json", "--wait", "20")
    assert result.stderr == ""
    return json.loads(result.stdout)


def _app(taken: dict, name: str) -> dict:
    return next(app for app in taken["apps"] if app["name"] == name)


def _verified(text: str, action: str) -> bool:
    """Whether the screen has a line that says so of *action*."""
    return any(action in line and "verified" in line for line in text.splitlines())


def test_rolls_back_hangs_up_and_finds_it_finished_once(opened: Terminal, home: Path) -> None:
    opened.wait("DEMO")
    opened.wait("oxygen-generator")
    opened.press("2")
    opened.wait("water-recycler")
    opened.press("/oxygen\r")
    opened.wait(lambda text: "oxygen-generator" in text and "water-recycler" not in text)
    opened.press("r")
    opened.wait("2.3.9")
    opened.press("\r")
    opened.wait("y approve ")
    opened.press("y")
    opened.wait("submitted ✔")
    assert "verified ✔" not in opened.text()
    opened.hang_up()

    again = Terminal([*COLONY, *DEMO], colony_environment(home), columns=120, lines=40)
    try:
        # DEMO stands there before the station is attached, and until then there is no panel.
        again.wait("oxygen-generator")
        again.press("8")
        again.wait(lambda text: _verified(text, "app.rollback"))
        again.wait(lambda text: _verified(text, "contract.call"))
    finally:
        again.close()

    taken = _status(home)
    done = sorted((action["name"], action["state"]) for action in taken["actions"])
    # The rollback and its record, each once.
    assert done == [("app.rollback", "verified"), ("contract.call", "verified")]
    app = _app(taken, "oxygen-generator")
    assert (app["health"], app["ready"], app["revision"]) == ("healthy", 3, 13)


def test_quits_with_status_zero_and_leaves_the_terminal_as_it_was(
    opened: Terminal, home: Path
) -> None:
    opened.wait("oxygen-generator")
    opened.press("q")
    assert opened.end() == 0
    assert b"\x1b[?1049l" in opened.sent_bytes
    assert colony(home, *DEMO, "station", "status").returncode == 1
