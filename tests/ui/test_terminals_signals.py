"""However the console ends or stops, the terminal is as it was before; in a real one."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.controls import written
from tests.ui.terminal import COLONY, Terminal, colony, colony_environment

pytestmark = pytest.mark.pty

DEMO = ("--demo", "--seed", "31")
BROKEN = """
import sys, time
from console import app, cli

def broken(self):
    passphrase = "hunter2"
    raise RuntimeError("broke \\x1b]0;PWNED\\x07")

def stuck(self):
    time.sleep(600)

app.ColonyApp.action_help = broken
app.ColonyApp.action_changes = stuck
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        yield Path(directory)
        colony(Path(directory), *DEMO, "station", "stop", "--force")


@pytest.fixture
def opened(home: Path) -> Iterator[Terminal]:
    terminal = Terminal([*COLONY, *DEMO], colony_environment(home))
    terminal.before = terminal.line_modes()  # type: ignore[attr-defined]
    terminal.wait("oxygen-generator")
    yield terminal
    terminal.close()


def _restored(terminal: Terminal) -> None:
    terminal.text()
    found = written(terminal.sent_bytes, bells=True)
    assert found.left == set()
    assert found.keyboard == 0
    # Nothing is drawn once the screen was left.
    _, _, after = terminal.sent_bytes.rpartition(b"\x1b[?1049l")
    assert "oxygen" not in after.decode()
    assert terminal.line_modes() == terminal.before  # type: ignore[attr-defined]


@pytest.mark.parametrize("keys", ["q", ":quit\r", ":q\r"])
def test_leaving(opened: Terminal, keys: str) -> None:
    assert opened.line_modes() != opened.before  # type: ignore[attr-defined]
    opened.press(keys)
    assert opened.end() == 0
    _restored(opened)


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129), (signal.SIGQUIT, 131),
    ],
)  # fmt: skip
@pytest.mark.parametrize("keys", ["", ":", "2\r"])
def test_a_signal(opened: Terminal, number: signal.Signals, status: int, keys: str) -> None:
    if keys:
        opened.press(keys)
        opened.settle()
    os.kill(opened.process.pid, number)
    assert opened.end() == status
    _restored(opened)


def test_a_line_that_drops_ends_it_and_the_station_stays(opened: Terminal, home: Path) -> None:
    opened.hang_up()
    assert opened.process.returncode == 129
    assert colony(home, *DEMO, "station", "status").returncode == 0


def _broken(home: Path) -> Terminal:
    terminal = Terminal([sys.executable, "-c", BROKEN, *DEMO], colony_environment(home))
    terminal.before = terminal.line_modes()  # type: ignore[attr-defined]
    terminal.wait("oxygen-generator")
    return terminal


def test_a_crash_says_where_and_shows_no_value(home: Path) -> None:
    terminal = _broken(home)
    try:
        terminal.press("?")
        assert terminal.end() == 1
        _restored(terminal)
        said = terminal.sent_bytes.rpartition(b"\x1b[?1049l")[2].decode()
        assert "in broken" in said
        assert "RuntimeError: broke ␛]0;PWNED␇" in said
        assert "the station goes on" in said
        assert "hunter2" not in terminal.sent_bytes.decode()
        assert written(terminal.sent_bytes).foreign == []
    finally:
        terminal.close()


def test_one_that_hangs_ends_when_it_is_asked_twice(home: Path) -> None:
    terminal = _broken(home)
    try:
        terminal.press("h")
        terminal.settle(1.5)  # the clock stands still: it hangs
        os.kill(terminal.process.pid, signal.SIGTERM)
        terminal.settle()
        assert terminal.process.poll() is None
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.end() == 143
        _restored(terminal)
    finally:
        terminal.close()


def test_one_that_hangs_ends_by_itself_in_the_end(home: Path) -> None:
    terminal = _broken(home)
    try:
        terminal.press("h")
        terminal.settle(1.5)
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.end() == 143
        _restored(terminal)
    finally:
        terminal.close()


def test_a_station_that_is_killed_is_said_and_the_console_leaves_as_ever(home: Path) -> None:
    terminal = Terminal([*COLONY, *DEMO], colony_environment(home))
    try:
        terminal.before = terminal.line_modes()  # type: ignore[attr-defined]
        terminal.wait("data live")
        status = colony(home, *DEMO, "station", "status").stdout
        pid = next(int(word) for word in status.replace(",", " ").split() if word.isdigit())
        os.kill(pid, signal.SIGKILL)
        terminal.wait(lambda text: "data live" not in text)
        terminal.press("q")
        assert terminal.end() == 0
        _restored(terminal)
    finally:
        terminal.close()
