"""Asks for a form again while it is filled in: one question at a time, the newest state wins."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

PAUSE = 0.2
"""Seconds of quiet before a question: nobody wants an answer to half a word."""

Arguments = Mapping[str, str]


class LiveForm:
    """Keeps a form's answer up with its arguments. `run` does the work until it is cancelled.

    `ask` asks and shows the answer; it is told whether that is still of the newest state once it
    has it. `sleep` is the clock's.
    """

    def __init__(
        self,
        sleep: Callable[[float], Awaitable[None]],
        ask: Callable[[Arguments, Callable[[], bool]], Awaitable[None]],
    ) -> None:
        self._sleep = sleep
        self._ask = ask
        self._wanted: Arguments = {}
        self._asked: Arguments | None = {}
        self._wake = asyncio.Event()
        self._hurry = asyncio.Event()
        self._still = asyncio.Event()

    @property
    def behind(self) -> bool:
        """Whether what is shown is not of the newest state."""
        return self._wanted != self._asked

    def start(self, arguments: Arguments) -> None:
        """Begin with the answer to *arguments*, which is there."""
        self._wanted = self._asked = dict(arguments)

    def change(self, arguments: Arguments) -> None:
        """Take note that the form holds *arguments* now."""
        if arguments != self._wanted:
            self._wanted = dict(arguments)
        if self.behind:
            self._wake.set()

    def again(self) -> None:
        """Ask again although nothing changed."""
        self._asked = None
        self.change(self._wanted)
        self._hurry.set()

    async def settled(self) -> None:
        """Return when the newest state is answered, without the pause for a typist."""
        while self.behind:
            self._hurry.set()
            self._still.clear()
            await self._still.wait()

    async def run(self) -> None:
        """Ask whenever there is something new to ask."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self.behind:
                await self._pause()
                asked = self._wanted
                await self._ask(asked, lambda asked=asked: asked == self._wanted)  # type: ignore[misc]
                self._asked = asked
                self._still.set()

    async def _pause(self) -> None:
        """Wait until it has been quiet for a while, or somebody cannot wait."""
        while not self._hurry.is_set():
            self._wake.clear()
            quiet = asyncio.ensure_future(self._sleep(PAUSE))
            others = (self._hurry.wait(), self._wake.wait())
            waits = {quiet, *map(asyncio.ensure_future, others)}
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                if quiet.done() and not self._wake.is_set():
                    break
            finally:
                for wait in waits:
                    wait.cancel()
        self._hurry.clear()
