"""When the station ends by itself: who started it, who is there, what is in flight."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable

from adapters.clock import Clock

ATTENDED = 15 * 60.0
"""Seconds that it stays after a console was cut off, for the operator to come back."""
COMMAND = 60.0
"""Seconds that it stays after a one-shot command, for the next one."""
LOOK = 1.0
"""Seconds between two looks at whether the time has come."""


class Starter(enum.StrEnum):
    """Who started the station."""

    CONSOLE = "console"
    COMMAND = "command"
    OPERATOR = "operator"


class Ending:
    """Decides when to end. `in_flight` says how many actions still go on.

    A station that an operator started with `colony station` stays. Else it goes when nobody is
    attached any more: at once where the last console of one that a console started was quit;
    fifteen minutes after a console was cut off; a minute after a one-shot command. What is in
    flight is always waited for.
    """

    def __init__(self, clock: Clock, starter: Starter, in_flight: Callable[[], int]) -> None:
        self._clock = clock
        self._starter = starter
        self._in_flight = in_flight
        self._here = 0
        self._until = clock.monotonic() + COMMAND
        self.asked = False
        """Whether it was told to end."""
        self._wake = asyncio.Event()

    @property
    def stays(self) -> bool:
        """Whether it never ends by itself."""
        return self._starter is Starter.OPERATOR

    @property
    def linger(self) -> float | None:
        """Seconds until it ends by itself, None while somebody is attached or if it stays."""
        if self.stays or self._here:
            return None
        return max(0.0, self._until - self._clock.monotonic())

    def joined(self) -> None:
        """Somebody has attached."""
        self._here += 1

    def left(self, *, attended: bool, end: bool) -> None:
        """Somebody has gone. *end* is whether it was said that the station is not needed."""
        self._here -= 1
        now = self._clock.monotonic()
        if end and self._starter is Starter.CONSOLE:
            self._until = now
        else:
            self._until = max(self._until, now + (ATTENDED if attended else COMMAND))
        self._wake.set()

    def ask(self) -> None:
        """End, whoever is attached."""
        self.asked = True
        self._wake.set()

    @property
    def due(self) -> bool:
        """Whether the time has come."""
        return self.asked or (
            not self.stays
            and not self._here
            and self._clock.monotonic() >= self._until
            and not self._in_flight()
        )

    async def wait(self) -> None:
        """Return when the time has come."""
        while not self.due:
            self._wake.clear()
            woken = asyncio.ensure_future(self._wake.wait())
            look = asyncio.ensure_future(self._clock.sleep(LOOK))
            await asyncio.wait({woken, look}, return_when=asyncio.FIRST_COMPLETED)
            woken.cancel()
            look.cancel()
