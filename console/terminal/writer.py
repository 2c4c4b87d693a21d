"""The thread that writes to the terminal: what passes through first, then what differs.

A line that stands still holds up this thread and nobody else: not the event loop, not the exit.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from console.terminal.canvas import Canvas
from console.terminal.flow import PROBE, Flow, Line
from console.terminal.output import Output

SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
REST: Final = 2.0
"""Seconds to wait at most for answers that are still to come, before somebody else reads them."""
LEAVE: Final = 0.7
"""Seconds at most for the last controls to be taken by the terminal."""
PATIENCE: Final = 0.5
"""Seconds to wait for the lock at most where that could be for ever."""
SETTLE: Final = 0.05
"""Seconds after a resize in which a frame of the new size is waited for."""
HEAP: Final = 65_536
"""Bytes that may wait where frames pass through."""
BACKLOG: Final = 1 << 20
"""Bytes of what passes through that may wait; more has nobody who reads it."""
TEARS: Final = 512
"""Bytes of a piece from which on one could see it being drawn, and marks are worth theirs. On a
slow line they would hold back what a key changed, which comes first in a piece."""
HAND_OVER: Final = 0.004
"""Seconds at most that a frame's rest is waited for: none, where the terminal takes it at once."""
SMALL, SELDOM = 48, 0.5
"""A piece of fewer bytes so soon after a probe needs none of its own."""


class Writer(threading.Thread):
    """Writes *canvas* to the terminal *fd*, as fast as *flow* allows.

    The lock is re-entrant: a signal's handler may write while the main thread holds it.
    """

    def __init__(
        self,
        fd: int,
        canvas: Canvas,
        flow: Flow,
        *,
        encoding: str = "utf-8",
        size: Callable[[], tuple[int, int]],
        drained: Callable[[], None] = lambda: None,
        failed: Callable[[Exception], None] = lambda error: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(daemon=True, name="colony-output")
        self.canvas = canvas
        self.flow = flow
        self.synchronised = False
        """Whether the terminal draws what is between two marks at once."""
        self.resized = False
        """Set by the handler of SIGWINCH, which takes no lock."""
        self._output = Output(fd)
        self._encoding = encoding
        self._size = size
        self._drained = drained
        self._failed = failed
        self._owed = False
        self._clock = clock
        self._changed = threading.Condition()
        self._queue: deque[str] = deque()
        self._queued = 0
        self._left = b""
        self._painting = False
        self._stopping = False
        self._ended = False
        self._busy = False
        self._until = float("inf")
        self._hold = 0.0
        self._probed = float("-inf")
        self._age = 0.0
        self._given = float("-inf")
        """When the last frame came."""
        self._watched: list[tuple[float, Callable[[float], None]]] = []
        self._written = float("-inf")
        """Changes older than this have a probe behind them."""

    # From other threads

    def now(self) -> float:
        """Return the time by this writer's clock, in seconds."""
        return self._clock()

    @property
    def line(self) -> Line:
        """What was measured so far."""
        with self._changed:
            behind = max(self.canvas.behind(self._clock()), self._age)
            return Line(self.flow.rate, self.flow.base, behind)

    def begin(self) -> None:
        """Paint from now on."""
        with self._changed:
            self._painting = True
            self._changed.notify_all()

    def frame(self, text: str, *, urgent: bool = False) -> bool:
        """Take a frame; False where it is not understood. It is drawn while we paint."""
        with self._changed:
            self._look_at_size()
            self._given = self._clock()
            taken = self.canvas.merge(text, self._given, urgent=urgent)
            self._hold = 0.0
            if not (self._busy or self._left or self._stopping) and self.is_alive():
                # Here and now where the terminal takes it: waking the thread costs 5 ms while the
                # main thread computes on, and a key is waiting.
                self._left = self._output.at_once(self._data())
            self._changed.notify_all()
            if self._painting and not self.flow.slow:
                # The thread goes on with it. Where both compute, each takes twice as long.
                self._changed.wait_for(self._idle, HAND_OVER)
            return taken

    def _idle(self) -> bool:
        """Whether all is written that may be."""
        return not (self._busy or self._left or self.canvas.pending) or not self.is_alive()

    def pass_through(self, text: str, *, spoils: bool = False) -> None:
        """Write *text* as it is, in order. *spoils* is what may have changed cells."""
        with self._changed:
            if self._queued > BACKLOG and not self._stopping:
                return
            self._queue.append(text)
            self._queued += len(text)
            if spoils:
                self.canvas.forget(self._clock())
            self._changed.notify_all()

    def pass_frame(self, text: str) -> None:
        """Write a frame as it is. One that a slow line has no room for is left out, and `drained`
        is called when there is room again: to draw all.
        """
        with self._changed:
            if self._queued > HEAP:
                self._owed = True
            else:
                self.pass_through(text)

    def repaint(self) -> None:
        """Write every cell again."""
        with self._changed:
            self.canvas.forget(self._clock())
            self._changed.notify_all()

    def give_up(self) -> None:
        """Paint no more: what comes passes through."""
        with self._changed:
            self._painting = False

    def look(self) -> None:
        """Look again: a signal's handler changed something."""
        with self._changed:
            self._look_at_size()
            self._changed.notify_all()

    def answered(self) -> bool:
        """Note that the terminal said where its cursor is; False where we did not ask.

        For the thread that reads. The main thread may wait for that one in a signal's handler that
        came while it held the lock, so it is not waited for without end.
        """
        if not self._changed.acquire(timeout=PATIENCE):
            return True
        try:
            now = self._clock()
            ours = self.flow.answered(now)
            while self._watched and self._watched[0][0] < self.flow.shown:
                self._watched.pop(0)[1](now)
            self._changed.notify_all()
            return ours
        finally:
            self._changed.release()

    def when_shown(self, call: Callable[[float], None]) -> None:
        """Call *call* with the time when the terminal shows all that it was given until now.

        From any thread, once; at once where the terminal does not say how far it is. An answer
        that is lost makes it late, or never.
        """
        with self._changed:
            tells = self.flow.answers and self._painting
            if not tells or self._given < self.flow.shown:
                call(self._clock())
                return
            self._watched.append((self._given, call))
            self._changed.notify_all()

    def ask(self) -> None:
        """Send a probe alone: how long an answer takes without anything before it."""
        with self._changed:
            self._queue.append(PROBE)
            self._changed.notify_all()

    def rest(self, *, answers: bool) -> None:
        """Paint no more, and wait until all is written and answered, for 2 s at most.

        Without *answers* nobody reads them, so there is nothing to wait for.
        """
        with self._changed:
            self._painting = False
            end = self._clock() + REST
            while True:
                now = self._clock()
                awaited = answers and self.flow.awaited(now)
                if not (self._busy or self._left or self._queue or awaited):
                    break
                left = end - now
                if left <= 0 or self._ended or not self.is_alive():
                    break
                self._changed.wait(left)

    def stop(self) -> None:
        """Write what passes through still, for a second at most, and end."""
        with self._changed:
            self._painting = False
            self._stopping = True
            self._until = self._clock() + LEAVE
            self._changed.notify_all()
            # Not by joining: a handler that came while the lock is held would keep it.
            while self.is_alive() and not self._ended:
                left = self._until + 0.2 - self._clock()
                if left <= 0:
                    break
                self._changed.wait(left)
        self.join(0.1)
        if not self.is_alive():
            self._output.close()

    # The thread

    def run(self) -> None:
        """Write until told to stop, or until the terminal is gone."""
        try:
            self._run()
        finally:
            with self._changed:
                self._ended = True
                self._busy = False
                self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                while not (data := self._left or self._data()):
                    self._changed.notify_all()
                    if self._stopping:
                        return
                    self._changed.wait(self._nap())
                self._left = b""
                self._busy = True
            if not self._output.write(data, self._patient):
                return

    def _data(self) -> bytes:
        """Return what to write now, nothing for nothing."""
        return self._next().encode(self._encoding, "replace")

    def _patient(self) -> bool:
        """Whether to wait on for a line that takes nothing."""
        return self._clock() < self._until

    def _next(self) -> str:
        """Return what to write now, "" for nothing."""
        now = self._clock()
        if self._queue:
            return self._passing(now)
        if not self._painting:
            return ""
        self._look_at_size()
        if not self.canvas.pending or now < self._hold:
            return self._last_probe(now)
        room = self.flow.room(now)
        if not room:
            return ""
        try:
            piece = self.canvas.take(self.flow.chunk(room), now)
        except Exception as error:  # whatever it is, the screen must go on
            self._painting = False
            self._failed(error)
            return ""
        if not piece.text:
            self._age = 0.0
            return ""
        self._age = piece.age
        text = piece.text
        if self.synchronised and len(text) >= TEARS and not self.flow.slow:
            text = SYNC_START + text + SYNC_END
        seldom = len(text) < SMALL and now - self._probed < SELDOM and not self._watched
        if not self.flow.asks or seldom:
            self.flow.passed(now, len(text))
            return text
        return self._with_probe(text, now)

    def _with_probe(self, text: str, now: float) -> str:
        text += PROBE
        self._probed, self._written = now, self.canvas.written(now)
        self.flow.sent(now, len(text.encode(self._encoding, "replace")), until=self._written)
        return text

    def _last_probe(self, now: float) -> str:
        """Return a probe alone where somebody waits for what has none behind it."""
        if not self._watched or self._watched[-1][0] < self._written or self.canvas.pending:
            return ""
        return self._with_probe("", now) if self.flow.asks else ""

    def _passing(self, now: float) -> str:
        """Return all that passes through, the first probes among it."""
        for one in self._queue:
            if one is PROBE:
                self._probed = now
                self.flow.sent(now, len(one), first=True)
            else:
                self.flow.passed(now, len(one))
        text = "".join(self._queue)
        self._queue.clear()
        self._queued = 0
        if self._owed:
            self._owed = False
            self._drained()
        return text

    def _nap(self) -> float | None:
        """Return how long to wait for something to happen at most, None for ever."""
        if not (self._painting and self.canvas.pending):
            return None
        now = self._clock()
        if now < self._hold:
            return self._hold - now
        wake = self.flow.wake()
        return max(wake - now, 0.001) if wake is not None else 1.0

    def _look_at_size(self) -> None:
        if self.resized:
            self.resized = False
            now = self._clock()
            self.canvas.resize(*self._size(), now)
            self._hold = now + SETTLE
