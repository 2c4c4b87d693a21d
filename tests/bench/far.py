"""A program at the far end of an ssh, seen from the near one: what `tests.bench.slowline` reads."""

from __future__ import annotations

import os
import re
import select
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from tests.bench.screens import PANELS
from tests.real.relay import Line
from tests.real.sshd.running import COLONY, DEMO
from tests.real.sshd.shell import ShellSshd
from tests.ui.terminal import Terminal, colony_environment

COLUMNS, LINES = 120, 40
LOGIN, FRESH = 40.0, 12.0
"""Seconds for a login and a first paint over the slowest line, and for the next of every panel."""
IN_VAIN = 16.0
"""Seconds for both where nothing is expected to come of it."""
_PYTHON = COLONY.with_name("python")
_STAMP = re.compile(r"@(\d{4}\.\d\d)")
_CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d)Z *$")
_LANGUAGE = "env LANG=C.UTF-8 COLORTERM=truecolor"


class Far(Terminal):
    """The near end's terminal. Use it as a context manager: it hangs up on the way out."""

    NAME: ClassVar[str] = ""

    def __init__(self, sshd: ShellSshd, line: Line, driver: str, home: Path) -> None:
        self.hopeful = driver != "plain"
        command = sshd.shell(line, f"exec {_LANGUAGE} {self.script(driver)}")
        super().__init__(command, colony_environment(home), COLUMNS, LINES)

    def __enter__(self) -> Far:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def script(self, driver: str) -> str:
        """Return the command at the far end."""
        raise NotImplementedError

    def begin(self) -> None:
        """Come to where keys are typed, the first paint over, if that comes to pass."""
        raise NotImplementedError

    def typed(self) -> int:
        """Return how many of the keys that were typed are on the screen."""
        raise NotImplementedError

    def age(self, now: float) -> float | None:
        """Return how old the oldest of the screen is, None while that cannot be told."""
        raise NotImplementedError

    def leave(self, patience: float) -> float:
        """Leave as a person does; return the seconds that took, infinite beyond *patience*."""
        raise NotImplementedError

    def type(self, keys: str) -> float:
        """Type *keys* and return when."""
        at = time.monotonic()
        self.press(keys)
        return at

    def ready(self, seconds: float) -> bool:
        """Wait for at most *seconds*; return whether there is something to read."""
        return bool(select.select([self._master], [], [], seconds)[0])

    def read(self) -> None:
        """Read what has come, a little at a time: the screen is looked at between."""
        try:
            data = os.read(self._master, 2048)
        except OSError:
            time.sleep(0.01)  # the other end is closed; the program is about to end
            return
        self.sent_bytes += data
        self._stream.feed(data)

    def line(self, number: int) -> str:
        """Return one line of the screen."""
        row = self.screen.buffer[number]
        return "".join(row[x].data for x in range(COLUMNS))

    def watch(
        self, until: Callable[[], bool], seconds: float, looked: Callable[[], None] = lambda: None
    ) -> bool:
        """Read until *until* holds, for *seconds* at most, calling *looked* before each read."""
        end = time.monotonic() + seconds
        while not until():
            left = end - time.monotonic()
            if left <= 0:
                return False
            came = self.ready(min(left, 0.05))
            looked()
            if came:
                self.read()
        return True

    def _left(self, patience: float) -> float:
        began = time.monotonic()
        gone = self.watch(lambda: self.process.poll() is not None, patience)
        return time.monotonic() - began if gone else float("inf")


class Overloaded(Far):
    """Twelve panels at 10 Hz, each with the moment at which it was made."""

    NAME = "twelve panels"
    _at: tuple[int, ...] = ()

    def script(self, driver: str) -> str:
        """Return the command at the far end."""
        return f"{_PYTHON} -m tests.bench.screens overload {driver}"

    def begin(self) -> None:
        """Wait until every panel is there and was painted again."""
        self.watch(lambda: len(self._stamps()) == PANELS, LOGIN if self.hopeful else IN_VAIN)
        first = set(self._stamps())
        self.watch(lambda: first.isdisjoint(self._stamps()), FRESH if self.hopeful else 1.0)
        # What waited for the first paint to end is sent by then too.
        self.watch(lambda: False, 1.0)

    def typed(self) -> int:
        """Return how many keys stand in the top line."""
        return self.line(0).partition("typed: ")[2].count("z")

    def age(self, now: float) -> float | None:
        """Return the age of the oldest panel."""
        stamps = self._stamps()
        if len(stamps) < PANELS:
            return None
        return max((now - stamp) % 10_000 for stamp in stamps)

    def leave(self, patience: float) -> float:
        """Leave by Q."""
        self.press("Q")
        return self._left(patience)

    def _stamps(self) -> list[float]:
        """Return the stamps on the screen. They stay on their lines, once those are known."""
        found = [one for y in self._at for one in _STAMP.findall(self.line(y))]
        if len(found) < PANELS:
            self._at = tuple(y for y in range(LINES) if "@" in self.line(y))
            found = [one for y in self._at for one in _STAMP.findall(self.line(y))]
        return [float(one) for one in found]


class Demo(Far):
    """The console on the demo that runs there: keys at its `:` prompt, the clock in its corner."""

    NAME = "the demo"
    _shown = ""
    _first: float | None = None

    def script(self, driver: str) -> str:
        """Return the command at the far end."""
        plain = "COLONY_PLAIN=1 " if driver == "plain" else ""
        return f"{plain}{COLONY} {' '.join(DEMO)}"

    def begin(self) -> None:
        """Wait for the overview, and open the prompt."""
        self.watch(lambda: "oxygen" in "\n".join(self.screen.display), LOGIN)
        self.watch(lambda: False, 4.0)
        self.press(":")
        self.watch(lambda: False, 1.0)

    def typed(self) -> int:
        """Return how many keys stand at the prompt."""
        found = re.search(r":\s?(z+)", self.line(LINES - 1))
        return len(found.group(1)) if found else 0

    def age(self, now: float) -> float | None:
        """Return how much later than the earliest step of the clock the last one came."""
        found = _CLOCK.search(self.line(0))
        if found is None or found.group(0) == self._shown:
            return None
        hours, minutes, seconds = map(int, found.groups())
        before, self._shown = self._shown, found.group(0)
        if not before:
            return None
        passed = now - (hours * 3600 + minutes * 60 + seconds)
        self._first = passed if self._first is None else min(passed, self._first)
        return passed - self._first

    def leave(self, patience: float) -> float:
        """Leave the prompt and the console."""
        self.press("\x1b")
        self.watch(lambda: False, 2.0)
        self.press("q")
        return self._left(patience)
