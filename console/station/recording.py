"""Writes down what was done: the record of a verified action, as an action of its own.

A colony whose configuration says `record = true` has each verified deployment written down by the
action that offers to (`Action.recording`). That goes the way of any other: simulated, gated, sent
once, verified. The word of the configuration approves it, up to caution, and what becomes of it
changes nothing about the action that it records.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from adapters.clock import Clock
from adapters.contract import AdapterError, Refused
from adapters.records import ActionState
from adapters.text import clean
from console.feed.messages import Simulated
from console.station import entries, request
from console.station.book import Book
from console.station.intent import REASON_LIMIT, Intent, line
from console.station.journal import Journal
from console.station.request import Offers, Request

PATIENCE = 120.0
"""Seconds that what a record needs has to be known: after a start, adapters have yet to answer."""
AGAIN = 2.0
"""Seconds between two looks for it."""

_log = logging.getLogger("colony.station")


class Gate(Protocol):
    """What the commanding does for a record as for any other action."""

    async def propose(self, intent: Intent, found: Request) -> Simulated:
        """Draft and simulate; raises `AdapterError` once it has ended."""
        ...

    async def accept(self, intent: Intent, detail: str) -> None:
        """Approve and let it fly; raises `Refused`."""
        ...


class Recorder:
    """Begins records, each once: the log has which are due and which were begun."""

    def __init__(
        self,
        book: Book,
        journal: Journal,
        clock: Clock,
        offers: Offers,
        gate: Gate,
        ids: Callable[[], str],
    ) -> None:
        self._book = book
        self._journal = journal
        self._clock = clock
        self._offers = offers
        self._gate = gate
        self._ids = ids
        self._begun: set[str] = set()

    @property
    def under_way(self) -> int:
        """How many records are on their way to being sent."""
        return len(self._begun)

    def begin(self, done: Intent) -> None:
        """Record *done*, which is verified and due, from now on."""
        if done.record_due and done.id not in self._begun:
            self._begun.add(done.id)
            self._book.spawn(self._through(done, self._record(done)))

    async def _through(self, done: Intent, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:
            if done.record_due:
                await self._none(done, f"{type(error).__name__}: {error}")
        finally:
            self._begun.discard(done.id)
            self._book.stir()

    async def _record(self, done: Intent) -> None:
        try:
            found = await self._wanted(done)
        except AdapterError as error:
            await self._none(done, str(error))
            return
        intent = found.intent(self._ids(), done.actor, self._clock.now())
        intent.uid, intent.records = done.uid, done.id
        why = done.reason or done.approval_reason
        what = f"the record of {done.id}"
        intent.reason = clean(f"{what}: {why}" if why else what, REASON_LIMIT)
        try:
            await self._gate.propose(intent, found)
        except AdapterError as error:
            if intent.state is None:  # it could not even be written down
                await self._none(done, str(error))
                return
        self._told(done)
        await self._approve(intent)

    async def _approve(self, intent: Intent) -> None:
        """Approve what was simulated by the configuration's word, or end it with what is wrong."""
        if intent.state is not ActionState.SIMULATED or intent.preview is None:
            return
        locked = intent.preview.locked
        try:
            if locked:
                raise Refused(
                    f"the key {clean(locked)} is locked, and nobody is there to unlock it; "
                    "unlock it and make the record yourself"
                )
            detail = f"by the colony's configuration (record = true), for {intent.actor}"
            await self._gate.accept(intent, detail)
        except Refused as error:
            if intent.state is ActionState.SIMULATED:
                await self._book.end(intent, ActionState.REFUSED, str(error))

    async def _wanted(self, done: Intent) -> Request:
        """Return what writes *done* down; raises `AdapterError` where nothing does.

        What is not known yet may be in a moment: it is looked for again until `PATIENCE` is over.
        """
        until = self._clock.monotonic() + PATIENCE
        while True:
            try:
                found = self._asked(done)
                self._book.free(found.record.key if found.record else None, found.action.exclusive)
            except Refused:
                if self._clock.monotonic() >= until:
                    raise
                await self._clock.sleep(AGAIN)
            else:
                return found

    def _asked(self, done: Intent) -> Request:
        """Ask each action whether it writes *done* down; the first that does is taken."""
        record: Mapping[str, str] = done.preview.record if done.preview else {}
        facts = {**record, "actor": done.actor, "action": done.action, "intent": done.id}
        for source, action in self._offers.actions():
            try:
                arguments = action.recording(facts)
            except Exception as error:
                raise AdapterError(f"{source}: {action.name}: {error}") from error
            if arguments is not None:
                return request.understand(f"{source}:{action.name}", arguments, self._offers)
        raise AdapterError("no adapter here keeps a record of deployments; configure its contract")

    async def _none(self, done: Intent, why: str) -> None:
        """Say, in the log and of *done*, that there is no record of it."""
        why = line(f"not recorded: {why}")
        _log.warning("%s was %s", done.id, why)
        await self._journal.keep(entries.not_recorded(done, self._clock.now(), why))
        done.progress = why
        self._told(done)

    def _told(self, done: Intent) -> None:
        done.record_due = False
        self._book.tell(done)
