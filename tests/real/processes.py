"""Starts and ends the programs of a test's real systems, so that none outlives the session."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class DidNotStart(RuntimeError):
    """A program ended early or was not ready in time; the message holds the end of its log."""


def free_port() -> int:
    """Return a TCP port that is free on loopback now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """One child process: its log is a file, and it dies with the process that started it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        directory: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.log = directory / f"{name}.log"
        self.environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process id while it was started and not ended by `kill`."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start it. Only from the main thread.

        The kernel sends PDEATHSIG when the *thread* that forked ends: started from a worker
        thread, the program would die in the middle of the session.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError(f"{self.name} must be started from the main thread")
        parent = os.getpid()

        def dies_with_its_parent() -> None:
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != parent:  # it ended between the fork and the line above
                os._exit(1)

        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C reaches the tests first, and they end their systems.
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=None if self.environment is None else dict(self.environment),
                preexec_fn=dies_with_its_parent,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End it at once, as a crash would, with all that it started."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            os.killpg(process.pid, signal.SIGKILL)  # what it started may outlive it
        except ProcessLookupError:
            pass
        process.wait()

    def end(self, seconds: float = 10.0) -> None:
        """Ask it to end, and wait until it has; kill it if that takes longer than *seconds*."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                pass
        self.kill()

    def check(self) -> None:
        """Raise `DidNotStart` if it ended by itself."""
        if self._process is not None and self._process.poll() is not None:
            raise DidNotStart(
                f"{self.name} ended with {self._process.returncode}; its log ends:\n{self.tail()}"
            )

    def tail(self, lines: int = 15) -> str:
        """Return the end of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class Deadline:
    """A limit on waiting for something real, which nothing can announce to us."""

    def __init__(self, seconds: float, what: str) -> None:
        self._ends = time.monotonic() + seconds
        self._seconds = seconds
        self._what = what

    def passed(self) -> bool:
        """Whether it is over."""
        return time.monotonic() > self._ends

    def pause(self, *programs: Program, seconds: float = 0.05) -> None:
        """Wait a little; raise if a program ended meanwhile or the time is over."""
        for program in programs:
            program.check()
        if self.passed():
            logs = "\n".join(f"--- {program.name}\n{program.tail()}" for program in programs)
            raise DidNotStart(f"{self._what}: not within {self._seconds:.0f} s\n{logs}")
        time.sleep(seconds)
