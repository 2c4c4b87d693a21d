"""Keeps a log to one process, and remembers beside it how long it was.

The file holds the pid of the station, the log's id and its last known size and root. It is
written after each commit and not synced, so it can be behind the log and never ahead of it: a log
that is shorter than it says has lost entries, and one that is missing was not always missing.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import NamedTuple

_WIDTH = 160


class Held(Exception):
    """Another process has the lock; its pid, 0 if that cannot be told."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"in use by another station ({f'pid {pid}' if pid else 'pid unknown'})")
        self.pid = pid


class Mark(NamedTuple):
    """What was known of the log: the pid of its station, its id, its size and its root."""

    pid: int
    log: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Log, size and root in a line."""
        return f"{self.log} {self.size} {self.root.hex()}"


class Lock:
    """An flock on a file of its own: closing another handle of a database drops SQLite's locks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def acquire(self) -> Mark | None:
        """Take the lock and return what the last station left there, None at first.

        Raises `Held`, or `OSError` where the file cannot be written.
        """
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            mark = _parse(os.pread(handle, _WIDTH, 0))
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Held(mark.pid if mark else 0) from None
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle
        return mark

    def note(self, log: str, size: int, root: bytes) -> None:
        """Write down where the log stands; a failure is let pass, the log itself has it."""
        if self._handle is None:
            return
        line = f"{os.getpid()} {log} {size} {root.hex()}".ljust(_WIDTH - 1) + "\n"
        try:
            os.pwrite(self._handle, line.encode(), 0)
        except OSError:
            pass

    def release(self) -> None:
        """Let another process have it."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _parse(text: bytes) -> Mark | None:
    try:
        pid, log, size, root = text.decode("ascii").split()
        return Mark(int(pid), log, int(size), bytes.fromhex(root))
    except ValueError:
        return None
