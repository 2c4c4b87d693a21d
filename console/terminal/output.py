"""Bytes to a terminal, through a description of it of our own that does not block."""

from __future__ import annotations

import os
import select
from collections.abc import Callable

GLANCE = 0.1
"""Seconds after which a line that takes nothing is looked at again: perhaps nobody waits now."""


class Output:
    """Writes to the terminal *fd*.

    The flag that makes writing not block belongs to the open file, which *fd* shares with the
    shell: so the terminal is opened again. Where that cannot be done, writing blocks.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._own: int | None = None
        try:
            flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC
            self._own = os.open(os.ttyname(fd), flags)
        except OSError:
            pass

    def at_once(self, data: bytes) -> bytes:
        """Write what the terminal takes without waiting; return what is left."""
        if self._own is None:
            return data
        try:
            return data[os.write(self._own, data) :]
        except OSError:
            return data

    def write(self, data: bytes, patient: Callable[[], bool]) -> bool:
        """Write all of *data*; False where the terminal is gone, or no longer *patient*."""
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self._fd if self._own is None else self._own, view) :]
            except BlockingIOError:
                if not patient():
                    return False
                select.select([], [self._fd if self._own is None else self._own], [], GLANCE)
            except OSError:
                return False
        return True

    def close(self) -> None:
        """Close what was opened."""
        if self._own is not None:
            os.close(self._own)
            self._own = None
