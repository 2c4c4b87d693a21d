"""Standing orders: actions that the colony's configuration asks for, and nobody else.

They go the way of any other: simulated, gated, sent once, verified. The word of the configuration
approves them, up to caution and never more; where a person is needed they end, saying so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from adapters.clock import Clock
from adapters.contract import AdapterError, Refused
from adapters.records import ActionState
from adapters.text import clean
from console.feed.answers import Simulated
from console.station import request
from console.station.book import Book
from console.station.intent import Intent
from console.station.journal import Journal
from console.station.request import Offers, Request

PATIENCE = 120.0
"""Seconds that what an order needs has to be known: after a start, adapters have yet to answer."""
AGAIN = 2.0
"""Seconds between two looks for it."""


class Gate(Protocol):
    """What the commanding does for a standing order as for any other action."""

    async def propose(self, intent: Intent, found: Request) -> Simulated:
        """Draft and simulate; raises `AdapterError` once it has ended."""
        ...

    async def accept(self, intent: Intent, detail: str) -> None:
        """Approve and let it fly; raises `Refused`."""
        ...


class Standing:
    """Finds the action that writes facts down, and takes it through the gate.

    `ready` returns once actions may be taken, and raises `AdapterError` where they may not.
    """

    def __init__(
        self,
        book: Book,
        journal: Journal,
        clock: Clock,
        offers: Offers,
        gate: Gate,
        ids: Callable[[], str],
        ready: Callable[[], Awaitable[None]],
    ) -> None:
        self.book = book
        self.journal = journal
        self.ready = ready
        self._clock = clock
        self._offers = offers
        self._gate = gate
        self._ids = ids

    def intent(self, found: Request, actor: str) -> Intent:
        """Return a new intent of *found*, on behalf of *actor*."""
        return found.intent(self._ids(), actor, self._clock.now())

    async def wanted(self, facts: Mapping[str, str], nobody: str) -> Request:
        """Return what writes *facts* down, as soon as it can be taken; raises `AdapterError`.

        What is not known yet may be in a moment: it is looked for again until `PATIENCE` is over.
        """
        until = self._clock.monotonic() + PATIENCE
        while True:
            try:
                return self.find(facts, nobody)
            except Refused:
                if self._clock.monotonic() >= until:
                    raise
                await self._clock.sleep(AGAIN)

    def find(self, facts: Mapping[str, str], nobody: str) -> Request:
        """Return what writes *facts* down: the first action that says so is taken.

        Raises `AdapterError` with *nobody* where none does, `Refused` where it cannot be taken now.
        """
        for source, action in self._offers.actions():
            try:
                arguments = action.recording(facts)
            except Exception as error:
                raise AdapterError(f"{source}: {action.name}: {error}") from error
            if arguments is not None:
                found = request.understand(f"{source}:{action.name}", arguments, self._offers)
                key = found.record.key if found.record else None
                self.book.free(key, found.action.exclusive)
                return found
        raise AdapterError(nobody)

    async def propose(self, intent: Intent, found: Request) -> None:
        """Draft and simulate; raises `AdapterError` once it has ended, or was never begun."""
        await self._gate.propose(intent, found)

    async def approve(self, intent: Intent, word: str, instead: str) -> None:
        """Approve what was simulated by the configuration's *word*, or end it with what is wrong.

        *instead* is what a person may do where they are needed.
        """
        if intent.state is not ActionState.SIMULATED or intent.preview is None:
            return
        locked = intent.preview.locked
        try:
            if locked:
                raise Refused(
                    f"the key {clean(locked)} is locked, and nobody is there to unlock it; "
                    f"{instead}"
                )
            detail = f"by the colony's configuration ({word}), for {intent.actor}"
            await self._gate.accept(intent, detail)
        except Refused as error:
            if intent.state is ActionState.SIMULATED:
                await self.book.end(intent, ActionState.REFUSED, str(error))
