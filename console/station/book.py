"""The actions at hand: those under way and the last that ended, with what runs for each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

from adapters.clock import Clock
from adapters.contract import Refused
from adapters.records import ActionState, ActionStatus, Key
from adapters.text import clean
from console.station import entries
from console.station.flight import Flight
from console.station.intent import Intent
from console.station.journal import Journal
from console.station.log import Row

HISTORY = 200
"""Actions that ended which are kept at hand; the log has all."""

ResultT = TypeVar("ResultT")


class Book:
    """Holds intents, takes each from stage to stage, and tells."""

    def __init__(
        self, journal: Journal, clock: Clock, publish: Callable[[ActionStatus], None]
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._publish = publish
        self._intents: dict[str, Intent] = {}
        self._flights: dict[str, Flight] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._moved = asyncio.Event()

    def __iter__(self) -> Iterator[Intent]:
        """Iterate over the intents, the oldest first."""
        return iter(list(self._intents.values()))

    def add(self, intent: Intent) -> None:
        """Take *intent* in; what ended longest ago goes if there are too many."""
        self._intents[intent.id] = intent
        spare = len(self._intents) - HISTORY
        if spare > 0:
            for other in list(self._intents.values())[:spare]:
                if other.state is not None and other.state.ended and other.id not in self._flights:
                    del self._intents[other.id]

    def get(self, name: str) -> Intent | None:
        """Return the intent called *name*, None if it is not at hand."""
        return self._intents.get(name)

    def known(self, name: str) -> Intent:
        """Return the intent called *name*; raises `Refused`."""
        intent = self._intents.get(name)
        if intent is None:
            raise Refused(f"no action is called {clean(name)!r}")
        return intent

    def free(self, key: Key | None, exclusive: bool = True) -> None:
        """Check that no action under way keeps the target *key*; raises `Refused`.

        One that is exclusive goes with no other on its target, whichever of them was first.
        """
        if key is None:
            return
        for other in self._intents.values():
            busy = other.busy or other.id in self._flights
            if other.key == key and busy and (exclusive or other.exclusive):
                raise Refused(
                    f"{other.id} ({other.action}) is under way on {other.target} and is "
                    f"{other.state}; wait for its end"
                )

    def flight(self, intent: Intent) -> Flight | None:
        """Return what runs for *intent*, None where nothing does."""
        return self._flights.get(intent.id)

    def fly(self, intent: Intent, flight: Flight, work: Coroutine[Any, Any, None]) -> None:
        """Let *work* of *flight* run until it ends."""
        self._flights[intent.id] = flight
        self.spawn(work).add_done_callback(lambda done: self._landed(intent))

    def spawn(self, work: Coroutine[Any, Any, ResultT]) -> asyncio.Task[ResultT]:
        """Run *work* as a task that `close` ends."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def step(self, intent: Intent, state: ActionState, at: float, detail: str) -> None:
        """Take *intent* to *state*, which is in the log, and tell."""
        intent.step(state, at, detail)
        self.tell(intent)

    async def end(
        self,
        intent: Intent,
        state: ActionState,
        detail: str,
        actor: str = "station",
        rows: tuple[Row, ...] = (),
    ) -> None:
        """Take *intent* to its end *state*: into the log as soon as that can be, and tell."""
        at = self._clock.now()
        leaf = entries.stage(intent, state, at, detail, actor, rows=rows)
        intent.ending = True
        try:
            await self._journal.keep(leaf, intent)
            self.step(intent, state, at, detail)
        finally:
            intent.ending = False

    def tell(self, intent: Intent) -> None:
        """Publish *intent* as it stands."""
        self._moved.set()
        self._publish(intent.status(self._clock.now()))

    def stir(self) -> None:
        """Let who waits for a change look again."""
        self._moved.set()

    async def moved(self) -> None:
        """Return when anything has changed."""
        self._moved.clear()
        await self._moved.wait()

    def in_flight(self) -> int:
        """Return how many actions may yet get an effect; see `Commanding.in_flight`."""
        return sum(
            intent.deciding
            or (intent.id in self._flights and intent.state is not ActionState.UNKNOWN)
            for intent in self._intents.values()
        )

    async def close(self) -> None:
        """Stop at once what runs."""
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await self._journal.close()

    def _landed(self, intent: Intent) -> None:
        self._flights.pop(intent.id, None)
        self._moved.set()
