"""How much may be written to a terminal now, told from how fast it answers.

After a piece of output the terminal is asked where its cursor is. It answers when it has come
that far, so the answers tell how fast the line is, wherever its bytes wait: `TIOCOUTQ` says 0 on
a pseudo-terminal, and sshd swallows megabytes. Pure: the time is given, in seconds.
"""

from __future__ import annotations

from collections import deque
from typing import Final, NamedTuple

PROBE: Final = "\x1b[6n"
"""Asks for the cursor's place. `ESC[5n` would do, but its answer reads as keys."""
LEAST: Final = 192
"""Bytes of the smallest piece that is worth a probe."""
QUEUE: Final = 0.15
"""Seconds of output that may wait in the line: what a key waits for at most."""
FIRST: Final = 1024
"""Bytes on their way at most before anything is known of the line."""
GREETING: Final = 0.3
"""Seconds that the first frame waits at most for what the first probes tell of the line."""
IN_FLIGHT: Final = 2
PATIENCE, MOST_PATIENCE = 1.0, 8.0
"""Seconds without an answer after which we write on all the same; doubled each time in a row."""
SILENT: Final = 3
"""Probes in a row without any answer ever, after which the terminal is taken for one that has
none, and is asked no more."""
TELLING: Final = 40
"""Bytes from which on a piece says something of a rate that is not known at all."""
LOST: Final = 10.0
"""Seconds after which an answer is not awaited any more."""
SLOW: Final = 64_000
"""Bytes a second below which a line is a slow one."""
COARSE: Final = 0.004
"""Seconds below which a time says nothing but "fast": a busy process reads late."""
NOISE: Final = 0.02
"""Seconds of a line that a piece must be for its time to be the line's."""
UNTRIED: Final = 8192
"""Bytes on their way at most where not a quarter as many were answered lately, however fast the
line was: it may have become a slow one since."""
FASTEST: Final = 16e6


class Line(NamedTuple):
    """What was measured of the way to the terminal.

    `rate` in bytes/s and `round_trip` in seconds are None while not known, or where the terminal
    does not answer; `behind` is how many seconds the oldest change waits that is not written yet.
    """

    rate: float | None = None
    round_trip: float | None = None
    behind: float = 0.0


class _Probe:
    __slots__ = ("alone", "at", "first", "given_up", "size", "until")

    def __init__(self, at: float, size: int, until: float, *, alone: bool, first: bool) -> None:
        self.at = at
        self.size = size
        self.until = until
        self.alone = alone
        self.first = first
        self.given_up = False


class Flow:
    """Flow control of one terminal."""

    def __init__(self) -> None:
        self.rate: float | None = None
        self.base: float | None = None
        self.answers = True
        """Whether to ask at all: not a terminal that never answered."""
        self.shown = float("-inf")
        """The terminal shows all changes that are older than this."""
        self._probes: deque[_Probe] = deque()
        self._last_answer = float("-inf")
        self._patience = PATIENCE
        self._unanswered = 0
        self._answered = False
        self._unmeasured = 0
        self._passed_at = 0.0
        self._proven = 0.0
        self._quick: list[float] = []
        self._since = 0.0
        """From when on some answer was awaited all the time."""
        self._asking = True
        """Not while it is in doubt which answer belongs to which probe, as `room` saw last."""

    @property
    def slow(self) -> bool:
        """Whether one could watch a screen being drawn."""
        return self.rate is not None and self.rate < SLOW

    def awaited(self, now: float) -> int:
        """Return how many answers may still come: none, from a terminal that never gave one."""
        if not self.answers:
            return 0
        return sum(now - probe.at <= LOST for probe in self._probes)

    def _flying(self) -> list[_Probe]:
        return [probe for probe in self._probes if not probe.given_up]

    def room(self, now: float) -> int:
        """Return how many bytes may be written now; 0 means: wait for an answer."""
        if not self.answers:
            return 1 << 20
        self._give_up(now)
        flying = self._flying()
        # Perhaps one answer was lost, and each since was taken for the one before: the line would
        # seem slower and slower. So nothing is asked, from time to time, until none is awaited.
        self._asking = not (self._probes and now - self._since > LOST)
        if not self._asking:
            newest = self._probes[-1]
            if now - newest.at >= self._wait(newest):
                self._probes.clear()
                self._asking, flying = True, []
            elif not flying:
                return 0
        if self.rate is None and not self.asks:
            return 0
        room = self._allowed() - sum(probe.size for probe in flying) - self._unmeasured
        if not flying:
            return max(room, LEAST)
        # Without a probe of its own only what leaves the line half empty: a key's echo, a clock.
        if not self.asks:
            room -= self._allowed() // 2
        return room if room >= LEAST else 0

    @property
    def asks(self) -> bool:
        """Whether the next piece should have a probe: two at most are on their way."""
        return self.answers and self._asking and len(self._flying()) < IN_FLIGHT

    def _waiting(self, now: float) -> int:
        """Return how much of what has no probe behind it is still on its way, by the rate."""
        taken = int((self.rate or 0.0) * (now - self._passed_at))
        return max(0, self._unmeasured - taken)

    def _allowed(self) -> int:
        """Return how many bytes may be on their way: what the line holds, and the queue."""
        if self.rate is None:
            return FIRST if self._patience == PATIENCE else LEAST
        by_rate = int(self.rate * ((self.base or 0.0) + QUEUE))
        return max(min(by_rate, max(UNTRIED, 4 * int(self._proven))), 2 * LEAST)

    def chunk(self, room: int) -> int:
        """Return how many of *room* bytes one piece should have: the queue is for two of them."""
        if not self.answers:
            return room
        most = self._allowed() // IN_FLIGHT
        if self.rate is not None:
            most = min(most, int(self.rate * QUEUE))
        return max(min(room, most), LEAST)

    def sent(
        self, now: float, size: int, *, until: float = float("-inf"), first: bool = False
    ) -> None:
        """Note that *size* bytes were written with a probe behind them.

        With them all changes were written that are older than *until*.
        *first* are those before there is a frame: two, with little between them. How far apart
        their answers are is the first that is known of the rate.
        """
        if not self._probes:
            self._since = now
        alone = not self._flying()
        size += self._waiting(now)
        self._probes.append(_Probe(now, size, until, alone=alone, first=first))
        self._unmeasured = 0

    def passed(self, now: float, size: int) -> None:
        """Note that *size* bytes were written without a probe."""
        self._unmeasured += size
        self._passed_at = now

    def wake(self) -> float | None:
        """Return when to look again although no answer came, None where nothing is awaited."""
        flying = self._flying()
        return flying[0].at + self._wait(flying[0]) if flying else None

    def _wait(self, probe: _Probe) -> float:
        if probe.first and not self._answered:
            return GREETING
        # A piece that takes a second by itself is not late after one.
        own = probe.size / self.rate if self.rate else 0.0
        return self._patience + own + (self.base or 0.0)

    def _give_up(self, now: float) -> None:
        late = [probe for probe in self._flying() if now - probe.at >= self._wait(probe)]
        if not late:
            return
        for probe in self._flying():
            probe.given_up = True
        self._unanswered += 1
        if late[0].first:
            return
        if not self._answered and self._unanswered >= SILENT:
            self.answers = False
        self._patience = min(self._patience * 2, MOST_PATIENCE)
        if self.rate is not None:
            # What did not come in that time was no faster than this.
            most = sum(probe.size for probe in late) / (now - late[0].at)
            self.rate = max(min(self.rate / 2, most), LEAST)

    def answered(self, now: float) -> bool:
        """Note an answer; return whether it is one to a probe of ours."""
        while self._probes and now - self._probes[0].at > LOST:
            self._probes.popleft()
        if not self._probes:
            return False
        probe = self._probes.popleft()
        self._answered = self.answers = True
        self._unanswered = 0
        self._patience = PATIENCE
        self.shown = max(self.shown, probe.until)
        took = max(now - probe.at, 1e-6)
        self._proven = max(probe.size, 0.9 * self._proven)
        known = self.base is not None
        self._learn_base(took, probe)
        if known:
            self._learn_rate(now, probe)
        self._last_answer = now
        return True

    def _learn_base(self, took: float, probe: _Probe) -> None:
        if self.base is None or took < self.base:
            self.base = took
            self._quick.clear()
        elif probe.alone and probe.size <= LEAST:
            # The way itself got longer where three answers in a row say so.
            own = probe.size / self.rate if self.rate else 0.0
            self._quick.append(max(took - own, 1e-6))
            if len(self._quick) >= 3:
                self.base = max(self.base, min(self._quick))
                self._quick.clear()

    def _learn_rate(self, now: float, probe: _Probe) -> None:
        if probe.size < TELLING and self.rate is None:
            return
        # While the line was busy with the piece before, this one waited for it.
        began = max(probe.at + (self.base or 0.0), self._last_answer)
        busy = now - began
        if busy < COARSE:
            seen = probe.size / COARSE
            if self.rate is None or now - probe.at < COARSE:
                # The whole way there and back is no longer: the terminal is near.
                self.rate = min(max(seen, self.rate or 0.0), FASTEST)
            elif seen > self.rate:
                # Perhaps too much was taken off for the way: not believed at once.
                self.rate = min(self.rate * 2, FASTEST)
            return
        seen = probe.size / busy
        if self.rate is None:
            self.rate = seen
            return
        # A little piece that came late says more of a busy process than of a fast line.
        enough = LEAST if seen > self.rate else max(LEAST, self.rate * NOISE)
        weight = 0.4 * min(1.0, probe.size / enough)
        self.rate += weight * (seen - self.rate)
