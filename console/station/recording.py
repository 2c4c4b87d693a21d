"""Writes down what was done: the record of a verified action, as an action of its own.

A colony whose configuration says `record = true` has each verified deployment written down by the
action that offers to (`Action.recording`). That goes the way of any other: simulated, gated, sent
once, verified. The word of the configuration approves it, up to caution, and what becomes of it
changes nothing about the action that it records.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Mapping

from adapters.clock import Clock
from adapters.contract import AdapterError
from adapters.text import clean
from console.station import entries
from console.station.intent import REASON_LIMIT, Intent, line
from console.station.request import Request
from console.station.standing import Standing

NOBODY = "no adapter here keeps a record of deployments; configure its contract"

_log = logging.getLogger("colony.station")


class Recorder:
    """Begins records, each once: the log has which are due and which were begun."""

    def __init__(self, standing: Standing, clock: Clock) -> None:
        self._standing = standing
        self._book = standing.book
        self._journal = standing.journal
        self._clock = clock
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
        intent = self._standing.intent(found, done.actor)
        intent.uid, intent.records = done.uid, done.id
        why = done.reason or done.approval_reason
        what = f"the record of {done.id}"
        intent.reason = clean(f"{what}: {why}" if why else what, REASON_LIMIT)
        try:
            await self._standing.propose(intent, found)
        except AdapterError as error:
            if intent.state is None:  # it could not even be written down
                await self._none(done, str(error))
                return
        self._told(done)
        instead = "unlock it and make the record yourself"
        await self._standing.approve(intent, "record = true", instead)

    async def _wanted(self, done: Intent) -> Request:
        """Return what writes *done* down; raises `AdapterError` where nothing does."""
        record: Mapping[str, str] = done.preview.record if done.preview else {}
        facts = {**record, "actor": done.actor, "action": done.action, "intent": done.id}
        return await self._standing.wanted(facts, NOBODY)

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
