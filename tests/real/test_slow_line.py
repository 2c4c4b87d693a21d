"""Leaving and stopping over a real sshd and a line of 1 KB/s: neither ever hangs.

Stock Textual does: its writer's queue fills, and then even the end waits for the line.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.installed import required
from tests.real.relay import Line
from tests.real.sshd.running import COLONY, allowed
from tests.real.sshd.shell import ShellSshd
from tests.ui.terminal import Terminal, colony_environment

SLOW = Line(rate=1_000)
LONG = Line(delay=0.15, rate=16_000)
GENEROUS = 60.0
"""Seconds that anything may take here: a bound on a hang, not a measure of speed."""
PYTHON = COLONY.with_name("python")
APP = f"env LANG=C.UTF-8 {PYTHON} -m tests.bench.screens overload ours"
SHELL = "env PS1='shell> ' ENV= sh -i"


@pytest.fixture(scope="module")
def sshd() -> Iterator[ShellSshd]:
    installed = required("sshd")
    allowed()
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        home = Path(directory)
        (home / "sshd").mkdir()
        server = ShellSshd(installed, home / "sshd", home)
        server.start()
        yield server
        server.program.end()


@pytest.fixture
def opened(sshd: ShellSshd, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    line, script = request.param
    terminal = Terminal(sshd.shell(line, script), colony_environment(tmp_path), 120, 40)
    yield terminal
    terminal.close()


@pytest.mark.parametrize("opened", [(SLOW, f"exec {APP}"), (LONG, f"exec {APP}")], indirect=True)
def test_an_overloaded_app_ends_when_asked_to(opened: Terminal) -> None:
    opened.wait(lambda text: text.count("@") == 12, patience=GENEROUS)
    opened.press("Q")
    assert opened.end(GENEROUS) == 0


@pytest.mark.parametrize("opened", [(SLOW, SHELL)], indirect=True)
def test_an_overloaded_app_stops_goes_on_and_leaves_the_shell_clean(opened: Terminal) -> None:
    opened.wait("shell>", patience=GENEROUS)
    opened.press(f"{APP}\r")
    opened.wait(lambda text: text.count("@") == 12, patience=GENEROUS)
    opened.press("\x1a")
    opened.wait("Stopped", patience=GENEROUS)
    # Answers to what the console asked would stand here as if somebody had typed them.
    opened.press("echo $((6*7))\r")
    opened.wait("\n42", patience=GENEROUS)
    opened.press("fg\r")
    opened.wait(lambda text: text.count("@") == 12 and "shell>" not in text, patience=GENEROUS)
    opened.press("Q")
    opened.wait("shell>", patience=GENEROUS)
    opened.press("exit $((3+4))\r")
    assert opened.end(GENEROUS) == 7
