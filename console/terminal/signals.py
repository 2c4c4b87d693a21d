"""Signals: an end leaves the terminal as it was, a stop gives it back and takes it again.

Textual leaves SIGTERM, SIGHUP, SIGINT and SIGQUIT to kill the process with the terminal raw, takes
a SIGCONT that nobody's stop came before for the end of one, and stops itself by SIGSTOP, of which
a process without a shell (a command forced by sshd) never comes back.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Final, Protocol

from console.terminal.restoring import Restorer

ENDS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
PATIENCE: Final = 5.0
"""Seconds that an orderly end may take: the driver waits 2 for answers that are on their way."""
HUNG_UP_PATIENCE: Final = 0.7
"""The same where nobody is at the other end."""
TRIES: Final = 20
"""Stops that have no effect before we take it that there is no shell to go on for us."""


class Screen(Protocol):
    """What of the app is needed here."""

    def end(self, status: int) -> None:
        """Leave with *status*, asking nothing."""
        ...

    def leave_terminal(self) -> None:
        """Give the terminal back; nothing is written to it from now on."""
        ...

    def take_terminal(self) -> None:
        """Take it again, in the size that it has now, and paint all."""
        ...

    def stay(self) -> None:
        """Say that a stop came to nothing: there is no shell that would continue us."""
        ...


class Signals:
    """Handles signals within its `with` block, for *screen* on the terminal *fd*."""

    def __init__(self, screen: Screen, fd: int = 0) -> None:
        self._screen = screen
        self._terminal = Restorer(fd)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending = 0
        self._away = False
        self._taking = False
        self._went_on = False

    def __enter__(self) -> Signals:
        for number in ENDS:
            # Who was started by nohup ignores SIGHUP, and goes on doing so.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._end)
        signal.signal(signal.SIGALRM, self._too_long)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number in (*ENDS, signal.SIGALRM, signal.SIGTSTP, signal.SIGCONT):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, signal.SIG_DFL)
        if error is None:
            self._terminal.modes()
        else:
            self._terminal.restore()

    def running(self) -> None:
        """Take over stops as well: to be called in the loop, after the driver took them."""
        self._loop = asyncio.get_running_loop()
        signal.signal(signal.SIGTSTP, self._stop)
        signal.signal(signal.SIGCONT, self._continued)

    def ending(self) -> None:
        """Bound the time that an end takes, however it was asked for."""
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)

    @property
    def status(self) -> int | None:
        """The exit status of a process that a signal ends, None where none did."""
        return 128 + self._ending if self._ending else None

    # Ends

    def _end(self, number: int, _: FrameType | None) -> None:
        """Leave in order, and within `PATIENCE` in any case; at once if asked twice."""
        if self._ending or self._loop is None or self._away:
            self._ending = self._ending or number
            self._give_up()
        self._ending = number
        patience = PATIENCE
        if self._terminal.hung_up:
            # Whoever writes or reads goes on as before, and nothing comes of it.
            nowhere = os.open(os.devnull, os.O_RDWR)
            for fd in {self._terminal.fd, 1, 2}:
                os.dup2(nowhere, fd)
            patience = HUNG_UP_PATIENCE
        signal.setitimer(signal.ITIMER_REAL, patience)
        self._soon(lambda: self._screen.end(128 + number))

    def _too_long(self, _: int, __: FrameType | None) -> None:
        self._give_up()

    def _give_up(self) -> None:
        """End here and now. Nothing that is to be kept is in this process."""
        if not self._away and self._loop is not None:
            self._terminal.restore()
        os._exit(self.status or 0)

    # Stops

    def stop(self) -> None:
        """Give the terminal back, stop until somebody continues us, and take it again."""
        if self._away or self._ending:
            return
        self._screen.leave_terminal()
        self._terminal.modes()
        self._away, self._went_on = True, False
        try:
            # Not by SIGSTOP: without a shell that would continue us this one does nothing. The
            # rest of the job stops with us, and we by the thread that is to wait.
            _stop_by(signal.SIGTSTP, group=True)
            wait_for_foreground(self._terminal.fd)
        finally:
            self._away = False
            signal.signal(signal.SIGTSTP, self._stop)
        if not self._ending:
            self._screen.take_terminal()
            if not self._went_on:
                self._screen.stay()

    def _stop(self, _: int, __: FrameType | None) -> None:
        self._soon(self.stop)

    def _continued(self, _: int, __: FrameType | None) -> None:
        self._went_on = True
        if not (self._away or self._taking):
            self._taking = True
            self._soon(self._again)

    def _again(self) -> None:
        """Take the terminal again after a SIGSTOP, of which nobody hears: a shell changed it."""
        try:
            if not (self._away or self._ending):
                self._screen.leave_terminal()
                self._screen.take_terminal()
        finally:
            self._taking = False

    def _soon(self, call: Callable[[], None]) -> None:
        """Call from the loop: here we may be in the middle of anything."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(call)


def _stop_by(number: signal.Signals, *, group: bool = False) -> None:
    """Stop this process by *number*, and first what is in its group beside it."""
    before = signal.getsignal(number)
    if group:
        signal.signal(number, signal.SIG_IGN)
        os.killpg(0, number)
    signal.signal(number, signal.SIG_DFL)
    signal.pthread_kill(threading.get_ident(), number)
    signal.signal(number, before)


def in_foreground(fd: int) -> bool:
    """Whether the terminal *fd* is this job's; so it is where that cannot be told."""
    try:
        return os.tcgetpgrp(fd) == os.getpgrp()
    except OSError:
        return True


def wait_for_foreground(fd: int) -> bool:
    """Stop until the shell lets this job have the terminal *fd*; False where none ever does."""
    for _ in range(TRIES):
        if in_foreground(fd):
            return True
        _stop_by(signal.SIGTTIN)
    return in_foreground(fd)
