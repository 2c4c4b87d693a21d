"""Tells consoles of the log: where it stands, and its last entries as each comes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from adapters.records import LogEntry, LogHead, Record
from console.leaves import line, read
from console.station import ledger_head
from console.station.ledger_reading import leaf
from console.station.log import Log, LogError

KEPT = 500
"""Entries that a console which comes is told of; `log.page` has all."""

_LAST = "SELECT idx, hash, data, at FROM leaves WHERE idx >= :first ORDER BY idx LIMIT :count"
_OF = "SELECT action, target FROM intents WHERE id = :id"


class LedgerFeed:
    """Publishes `LogHead` and `LogEntry` records; `run` is a task of the station.

    `head` is where the log stood last. `mismatch` and `witnesses` tell what is known beside the
    log itself: where a chain contradicts it, what is wrong with each witness, and which of them
    contradict it.
    """

    def __init__(
        self,
        log: Log,
        publish: Callable[[str, Iterable[Record]], None],
        *,
        mismatch: Callable[[], str] = lambda: "",
        witnesses: Callable[[], Mapping[str, str]] = dict,
        contradicts: Callable[[], Collection[str]] = tuple,
    ) -> None:
        self.head = LogHead(source="station", name="log", trouble=log.trouble)
        self._log = log
        self._publish = publish
        self._mismatch = mismatch
        self._witnesses = witnesses
        self._contradicts = contradicts
        self._told = -1
        self._of: dict[str, tuple[str, str]] = {}
        self._changed = asyncio.Event()
        self._turn = asyncio.Lock()

    def stir(self) -> None:
        """Look again: the log grew, or what is known beside it changed."""
        self._changed.set()

    async def run(self) -> None:
        """Publish what is, and whatever changes, until cancelled."""
        self._log.grown = self.stir
        while True:
            self._changed.clear()
            await self.look()
            await self._changed.wait()

    async def look(self) -> LogHead:
        """Publish what is new; return where the log stands. A log that cannot be read says so."""
        async with self._turn:
            return await self._look()

    async def _look(self) -> LogHead:
        try:
            head = await ledger_head.read(
                self._log,
                mismatch=self._mismatch(),
                witnesses=self._witnesses(),
                contradicts=self._contradicts(),
            )
            entries = await self._new(head.size)
        except LogError as error:
            self._publish("log", [self._failed(str(error))])
            return self.head
        self.head = head
        self._publish("log", [head, *entries])
        return head

    def _failed(self, why: str) -> LogHead:
        self.head = msgspec.structs.replace(self.head, trouble=why)
        return self.head

    async def _new(self, size: int) -> Sequence[LogEntry]:
        first = max(self._told, size - KEPT, 0)
        found = []
        for row in await self._log.read(_LAST, first=first, count=KEPT):
            found.append(await self._entry(*row))
        self._told = first + len(found)
        return found

    async def _entry(self, index: int, digest: bytes, data: bytes | None, at: float) -> LogEntry:
        said = read(leaf(index, digest, data, at))
        action, target = await self._named(said.intent)
        return LogEntry(
            source="station", name=str(index), at=at, index=index, event=said.event,
            intent=said.intent, action=action, target=target, state=said.state, actor=said.actor,
            text=line(said),
        )  # fmt: skip

    async def _named(self, intent: str) -> tuple[str, str]:
        """Return action and target of an intent; what is known is not asked again."""
        if intent and intent not in self._of:
            with contextlib.suppress(LogError):
                rows = await self._log.read(_OF, id=intent)
                if len(self._of) > 10 * KEPT:
                    self._of.clear()
                self._of[intent] = rows[0] if rows else ("", "")
        return self._of.get(intent, ("", ""))
