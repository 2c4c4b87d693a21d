"""A real pseudo-terminal with a real program in it, and pyte to read what it drew."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds before a wait gives up: a bound on a hang, not a measure of speed."""


class Terminal:
    """One program in a pseudo-terminal of *columns* × *lines*."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        columns: int = 80,
        lines: int = 24,
    ) -> None:
        self.screen = pyte.Screen(columns, lines)
        # A terminal answers where its cursor is: the console asks, to learn how slow the line is.
        self.screen.write_process_input = self._answer
        self._stream = pyte.ByteStream(self.screen)
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=dict(environment), cwd=ROOT,
            start_new_session=True, preexec_fn=_take_terminal,
        )  # fmt: skip
        os.close(slave)
        self.sent_bytes = b""

    def text(self) -> str:
        """Return what the screen shows now, after reading what has come."""
        self._read(0.0)
        return "\n".join(self.screen.display)

    def press(self, keys: str) -> None:
        """Type *keys* as they are."""
        os.write(self._master, keys.encode())

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size, as a window does that somebody drags."""
        self.screen.resize(lines, columns)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def line_modes(self) -> list[object]:
        """Return how the line is set: echo, whole lines, what ctrl+c is."""
        return termios.tcgetattr(self._master)

    def wait(self, seen: str | Callable[[str], bool], *, patience: float = PATIENCE) -> str:
        """Read until the screen shows *seen*; raises AssertionError with the screen if never."""
        holds = seen if callable(seen) else lambda text: seen in text
        deadline = time.monotonic() + patience
        while not holds(text := self.text()):
            assert time.monotonic() < deadline, f"never seen: {seen!r}; the screen is\n{text}"
            assert self.process.poll() is None, f"ended ({self.process.returncode}):\n{text}"
            self._read(0.1)
        return text

    def settle(self, quiet: float = 0.3, patience: float = PATIENCE) -> None:
        """Read until nothing came for *quiet* seconds, or *patience* is over."""
        deadline = time.monotonic() + patience
        before = -1
        while before != len(self.sent_bytes) and time.monotonic() < deadline:
            before = len(self.sent_bytes)
            self._read(quiet)

    def hang_up(self) -> None:
        """Close the line, as a dropped SSH connection does; wait until the program is gone."""
        os.close(self._master)
        self._master = -1
        self.process.wait(PATIENCE)

    def end(self, patience: float = PATIENCE) -> int:
        """Wait for the program to end by itself and return its exit status."""
        deadline = time.monotonic() + patience
        while self.process.poll() is None and time.monotonic() < deadline:
            self._read(0.1)
        return self.process.wait(1)

    def close(self) -> None:
        """End the program, whatever it does."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def _answer(self, data: str) -> None:
        if self._master >= 0:
            with contextlib.suppress(OSError):
                os.write(self._master, data.encode())

    def _read(self, seconds: float) -> None:
        while self._master >= 0:
            ready, _, _ = select.select([self._master], [], [], seconds)
            if not ready:
                return
            try:
                data = os.read(self._master, 65536)
            except OSError:  # EIO: the program closed its end
                return
            if not data:
                return
            self.sent_bytes += data
            self._stream.feed(data)
            seconds = 0.0


def _take_terminal() -> None:
    """Make the pseudo-terminal the child's controlling one, so that closing it is a SIGHUP."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def colony_environment(home: Path) -> dict[str, str]:
    """Return an environment in which `colony` keeps everything under *home*."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("COLONY_", "SSH_"))}
    run = home / "run"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        **kept,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(run),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
    }


COLONY = [sys.executable, "-m", "console"]


def shows_apps(text: str) -> bool:
    """Whether *text* is the demo's panel of apps with its rows; until then keys for an app do
    nothing.

    The name of one is not enough: a line of the ledger has that before the apps are known.
    """
    return "NAMESPACE" in text and "2/3" in text


def colony(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one headless command to its end."""
    return subprocess.run(
        [*COLONY, *arguments], env=colony_environment(home), cwd=ROOT, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
