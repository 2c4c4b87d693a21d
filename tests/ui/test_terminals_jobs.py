"""The console as a job of a shell: ctrl+z, fg, bg, kill, a stop from elsewhere, and `&`."""

from __future__ import annotations

import itertools
import os
import shlex
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.controls import written
from tests.ui.terminal import COLONY, PATIENCE, Terminal, colony, colony_environment, shows_apps

pytestmark = pytest.mark.pty

DEMO = ("--demo", "--seed", "32")
_numbers = itertools.count(1)
COMMAND = shlex.join([*COLONY, *DEMO])


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        yield Path(directory)
        colony(Path(directory), *DEMO, "station", "stop", "--force")


@pytest.fixture
def shell(home: Path) -> Iterator[Terminal]:
    """A shell with job control. `PROMPT` is on the screen where it waits for a command."""
    bash = shutil.which("bash")
    assert bash, "job control needs bash"
    environment = {**colony_environment(home), "PS1": "PROMPT> ", "HISTFILE": ""}
    terminal = Terminal([bash, "--norc", "--noprofile", "--noediting", "-i"], environment, 100, 30)
    terminal.wait("PROMPT>")
    yield terminal
    terminal.close()


def _at_prompt(shell: Terminal) -> None:
    """Wait until the shell has the terminal, and see that it was given back."""
    shell.wait(lambda _: os.tcgetpgrp(shell._master) == shell.process.pid)
    shell.settle()
    found = written(shell.sent_bytes, bells=True)
    assert found.left - {2004} == set()  # bash itself wants pastes in brackets
    assert found.keyboard == 0


def _console(shell: Terminal) -> int:
    """Return the process that has the terminal, once it is not the shell."""
    deadline = time.monotonic() + PATIENCE
    while (group := os.tcgetpgrp(shell._master)) == shell.process.pid:
        assert time.monotonic() < deadline, shell.text()
        shell.settle(0.05, 0.1)
    return group


def _said(shell: Terminal, command: str) -> str:
    """Run *command* in the shell and return what is seen afterwards."""
    number = next(_numbers)
    # As it is typed it is not what is waited for.
    shell.press(f"clear; {command}; echo DO''NE {number}\r")
    return shell.wait(f"DONE {number}")


def test_ctrl_z_goes_to_the_shell_and_fg_comes_back_in_the_new_size(shell: Terminal) -> None:
    shell.press(f"{COMMAND}\r")
    shell.wait("oxygen-generator")
    shell.press("2")
    shell.wait(shows_apps)
    shell.press("\x1a")
    _at_prompt(shell)
    assert "Stopped" in _said(shell, "jobs")
    assert "-echo " not in _said(shell, "stty -a")
    shell.resize(80, 24)
    shell.press("clear; fg\r")
    text = shell.wait(lambda seen: "NAMESPACE" in seen and "DEMO" in seen)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
    shell.press("q")
    _at_prompt(shell)
    assert "status 0" in _said(shell, "echo status $?")


def test_a_stop_from_elsewhere_too(shell: Terminal) -> None:
    shell.press(f"{COMMAND}\r")
    shell.wait("oxygen-generator")
    os.kill(_console(shell), signal.SIGTSTP)
    _at_prompt(shell)
    shell.press("clear; fg\r")
    shell.wait("oxygen-generator")
    # Of SIGSTOP nobody hears: the shell sets the terminal as it wants it.
    os.kill(_console(shell), signal.SIGSTOP)
    shell.wait(lambda _: os.tcgetpgrp(shell._master) == shell.process.pid)
    before = shell.sent_bytes.count(b"\x1b[?1049h")
    shell.press("clear; fg\r")
    # What is typed before it took the terminal again is the shell's.
    shell.wait(lambda _: shell.sent_bytes.count(b"\x1b[?1049h") > before)
    shell.settle()
    shell.press("3")
    shell.wait("ALLOCATIONS")
    shell.press("q")
    _at_prompt(shell)


def test_a_sigcont_that_nothing_came_before_changes_nothing(shell: Terminal) -> None:
    shell.press(f"{COMMAND}\r")
    shell.wait("oxygen-generator")
    for _ in range(3):
        os.kill(_console(shell), signal.SIGCONT)
    shell.settle(1.0, 5.0)  # what is typed while it takes the terminal again is dropped
    shell.press("3")
    shell.wait("ALLOCATIONS")
    shell.press("q")
    _at_prompt(shell)
    assert "status 0" in _said(shell, "echo status $?")


def test_in_the_background_it_stays_stopped_and_can_be_killed(shell: Terminal) -> None:
    shell.press(f"{COMMAND}\r")
    shell.wait("oxygen-generator")
    shell.press("\x1a")
    _at_prompt(shell)
    _said(shell, "bg")
    shell.settle(0.5)
    assert "Stopped" in _said(shell, "jobs")
    _said(shell, "kill %1")
    shell.wait(lambda _: "143" in _said(shell, "jobs; wait %1; echo $?"))
    _at_prompt(shell)


def test_started_in_the_background_it_says_what_to_do(shell: Terminal) -> None:
    shell.press(f"{COMMAND} &\r")
    shell.wait("`fg` opens it")
    shell.settle(0.5)
    assert "Stopped" in _said(shell, "jobs")
    shell.press("clear; fg\r")
    shell.wait("oxygen-generator")
    shell.press("q")
    _at_prompt(shell)


def test_without_a_shell_that_could_go_on_ctrl_z_says_so(home: Path) -> None:
    """As where sshd starts it itself: a process that stopped would stay so for ever."""
    terminal = Terminal([*COLONY, *DEMO], colony_environment(home))
    try:
        terminal.wait("oxygen-generator")
        terminal.press("\x1a")
        terminal.wait("no shell started this console")
        terminal.press("3")
        terminal.wait("ALLOCATIONS")
        terminal.press("q")
        assert terminal.end() == 0
    finally:
        terminal.close()
