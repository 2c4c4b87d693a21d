"""The terminal as it was: kept at the start, put back at the end, whatever the end is."""

from __future__ import annotations

import os
import termios
from threading import Thread
from typing import Any, Final

PATIENCE: Final = 0.5
"""Seconds to wait for a line that takes nothing more."""

RESET: Final = (
    "\x18"  # CAN: a sequence that was cut in the middle ends here
    "\x1b[?2026l"  # paints at once again
    "\x1b[<u"  # the kitty keyboard's modes of ours
    "\x1b[?1016l\x1b[?1015l\x1b[?1006l\x1b[?1003l\x1b[?1000l"  # the mouse
    "\x1b[?2048l\x1b[?2004l\x1b[?1004l"  # sizes told, paste in brackets, focus
    "\x1b[?7h\x1b[0m"  # lines wrap, and text is plain
    "\x1b[?1049l\x1b[?25h"  # the screen before, and its cursor
)
"""All that the console may have set, unset; each does nothing where it is unset."""


class Restorer:
    """What the terminal of *fd* was; `restore` puts it back without Textual's help."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self._modes: list[Any] | None = None
        try:
            self._modes = termios.tcgetattr(fd)
        except termios.error:
            pass  # no terminal, and so nothing to put back

    @property
    def hung_up(self) -> bool:
        """Whether there was a terminal and is none any more."""
        try:
            termios.tcgetattr(self.fd)
        except termios.error:
            return self._modes is not None
        return False

    def modes(self) -> None:
        """Put the line's modes back: echo, line by line, ctrl+c. Textual forgets one of its own."""
        if self._modes is not None and not self.hung_up:
            self._write_within(PATIENCE, "\x1b[?1016l")
            try:
                termios.tcsetattr(self.fd, termios.TCSANOW, self._modes)
            except termios.error:
                pass

    def restore(self) -> None:
        """Put all back at once: what still waits to be written is thrown away."""
        if self._modes is None:
            return
        try:
            termios.tcflush(self.fd, termios.TCOFLUSH)
        except termios.error:
            return
        self._write_within(PATIENCE, RESET)
        self.modes()

    def _write_within(self, seconds: float, text: str) -> None:
        """Write *text*; a line that takes nothing more holds a thread, and not us."""
        writer = Thread(target=self._write, args=(text,), daemon=True)
        writer.start()
        writer.join(seconds)

    def _write(self, text: str) -> None:
        # By its name: what a shell gave as standard input may be open for reading alone.
        try:
            fd = os.open(os.ttyname(self.fd), os.O_WRONLY | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError:
            fd = -1
        try:
            os.write(self.fd if fd < 0 else fd, text.encode())
        except OSError:
            pass
        finally:
            if fd >= 0:
                os.close(fd)
