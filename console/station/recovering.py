"""Takes up what the log holds when a station starts: what the last one left is brought to its end.

What was never sent ends, saying so. What may have been sent is asked for and never sent again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from adapters.clock import Clock
from adapters.contract import Action
from adapters.records import ActionState, ActionStatus
from console.station import entries
from console.station.book import HISTORY, Book
from console.station.intent import Intent
from console.station.journal import Journal
from console.station.log import LogError

_RECOVERED = """SELECT idx, data FROM said JOIN leaves USING (idx) WHERE event = 'recovered'
ORDER BY idx DESC"""


class Recovery:
    """Does so once. `done` is whether it did: no action is taken before.

    `resume` goes on with what may have been sent, `record` with a record that is due, and `waits`
    with a request that a second person has yet to decide on. `trouble` says why nothing may be
    taken up now, "" where it may.
    """

    def __init__(
        self,
        journal: Journal,
        book: Book,
        clock: Clock,
        find: Callable[[Intent], Action | None],
        resume: Callable[[Intent], None],
        record: Callable[[Intent], None],
        waits: Callable[[Intent], None],
        trouble: Callable[[], str],
    ) -> None:
        self._journal = journal
        self._book = book
        self._clock = clock
        self._find = find
        self._resume = resume
        self._record = record
        self._waits = waits
        self._trouble = trouble
        self._turn = asyncio.Lock()
        self.done = False
        self._lost = -1
        """The last entry that says that entries before it were lost; -1: none does."""

    async def run(self) -> tuple[ActionStatus, ...]:
        """Take up the log; return what the last station left unfinished.

        A log that cannot be written is only read: it is taken up when this is called again.
        """
        async with self._turn:
            return () if self.done else await self._run()

    async def _run(self) -> tuple[ActionStatus, ...]:
        log, trouble = self._journal.log, ""
        if log.trouble:
            await log.open()
        try:
            self._lost = await self._lost_before()
            recent = await self._journal.recent(HISTORY)
            left = {intent.id: intent for intent in await self._journal.open_intents()}
            due = await self._journal.due()
        except LogError as error:
            log.trouble = log.trouble or str(error)
            return ()
        trouble = self._trouble()
        for intent in (*left.values(), *(each for each in recent if each.id not in left)):
            self._book.add(intent)
        for intent in self._book:
            action = self._find(intent)
            intent.exclusive = action is None or action.exclusive
            if intent.id in left and trouble:
                intent.progress = f"left unfinished; {trouble}"
            elif intent.id in left:
                intent.progress = ""
                await self._take_up(intent)
            self._book.tell(intent)
        self.done = not log.trouble
        if not trouble:
            for intent in due:
                self._record(self._book.get(intent.id) or intent)
        at = self._clock.now()
        return tuple(intent.status(at) for intent in left.values())

    async def _take_up(self, intent: Intent) -> None:
        """Go on with what the last station left."""
        if intent.envelope is not None:
            self._resume(intent)
        elif intent.state is ActionState.UNKNOWN:
            pass  # nobody can be asked: what was sent is not known either
        elif intent.leaf is not None and intent.leaf < self._lost:
            detail = "entries of the log were lost after this: it may have been sent; look yourself"
            await self._book.end(intent, ActionState.UNKNOWN, detail)
        elif intent.state is ActionState.REQUESTED:
            self._waits(intent)
        elif intent.state is ActionState.APPROVED:
            detail = "the station ended before it was sent; nothing was sent"
            await self._unsent(intent, ActionState.FAILED, detail)
        else:
            await self._unsent(intent, ActionState.CANCELLED, "the station restarted")

    async def _lost_before(self) -> int:
        for index, data in await self._journal.log.read(_RECOVERED):
            told = json.loads(data)
            if told["lost_to"] is None or told["lost_to"] >= told["lost_from"]:
                return int(index)
        return -1

    async def _unsent(self, intent: Intent, state: ActionState, detail: str) -> None:
        """End what was not sent; what it was to record is due again, in the same entry."""
        recorded = self._book.get(intent.records) if intent.records else None
        rows = (entries.due_again(intent, self._clock.now()),) if intent.records else ()
        await self._book.end(intent, state, detail, rows=rows)
        if recorded is not None:
            recorded.record_due = True
            self._record(recorded)
