"""Writes the leaves of actions to the log, and reads actions back from it."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Coroutine, Sequence
from hashlib import sha256
from typing import Any, TypeVar

import msgspec

from adapters.clock import Clock
from adapters.contract import Envelope, Preview, Receipt
from adapters.records import ActionState, Approval, Key, StageTime
from console.station import lifecycle
from console.station.backoff import Backoff
from console.station.digest import send_digest
from console.station.intent import Intent
from console.station.log import Leaf, Log, LogError

_INTENT = """SELECT id, action, title, source, arguments, target, target_key, target_uid, actor,
at, uid, reason, undoes FROM intents WHERE id = :id"""
_STAGES = "SELECT state, at, detail FROM stages WHERE intent = :id ORDER BY seq"
_PREVIEW = """SELECT body, digest, (SELECT data FROM leaves WHERE idx = leaf) FROM previews
WHERE intent = :id"""
_APPROVALS = """SELECT actor, uid, decision, at, reason, detail, break_glass FROM approvals
WHERE intent = :id ORDER BY seq"""
_LEAF = """SELECT max(leaf) FROM (SELECT leaf FROM stages WHERE intent = :id
UNION SELECT leaf FROM approvals WHERE intent = :id)"""
_ENVELOPE = """SELECT target, body, notes, (SELECT data FROM leaves WHERE idx = leaf)
FROM envelopes WHERE intent = :id"""
_RECEIPT = "SELECT detail, notes, window_ends FROM receipts WHERE intent = :id"
_RECORDS = "SELECT intent FROM records WHERE recorder = :id"
_RECORDED = "SELECT recorder, detail FROM records WHERE intent = :id ORDER BY seq DESC LIMIT 1"
_DUE = """SELECT intent FROM records AS r WHERE recorder IS NULL AND detail = '' AND NOT EXISTS
(SELECT 1 FROM records AS later WHERE later.intent = r.intent AND later.seq > r.seq)
ORDER BY leaf"""
_RECENT = "SELECT id FROM intents ORDER BY leaf DESC LIMIT :limit"
_OPEN = f"""SELECT intent FROM stages AS s WHERE state IN
({", ".join(f"'{state.value}'" for state in lifecycle.OPEN)}) AND NOT EXISTS
(SELECT 1 FROM stages AS later WHERE later.intent = s.intent AND later.seq > s.seq)
ORDER BY leaf"""  # noqa: S608  (the states are the program's own)


ResultT = TypeVar("ResultT")


class Journal:
    """The actions' side of the log.

    What must be on the disk before something is done goes through `must`. What has happened
    already goes through `keep`: if the log cannot take it now, it waits in memory, in order, and
    is written when the log can. If the station ends before that, the next one finds the same out
    from the real system.
    """

    def __init__(self, log: Log, clock: Clock) -> None:
        self.log = log
        self._clock = clock
        self._waiting: deque[tuple[Leaf, Intent | None]] = deque()
        self._flusher: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._turn = asyncio.Lock()

    @property
    def behind(self) -> int:
        """How many leaves wait for the log to be writable."""
        return len(self._waiting)

    async def must(self, leaf: Leaf) -> int:
        """Return its index when *leaf*, and all before it, is on the disk; raises `LogError`."""
        return await self._whole(self._must(leaf))

    async def keep(self, leaf: Leaf, intent: Intent | None = None) -> None:
        """Write *leaf* now, or as soon as the log can be written; *intent* is told where it is."""
        await self._whole(self._keep(leaf, intent))

    async def close(self) -> None:
        """Finish what is being written and stop trying again."""
        if self._flusher is not None:
            self._flusher.cancel()
            self._tasks.add(self._flusher)
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _whole(self, work: Coroutine[Any, Any, ResultT]) -> ResultT:
        """Do *work* to its end even if the caller is cancelled: the disk does not stop half way."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def _must(self, leaf: Leaf) -> int:
        async with self._turn:
            await self._flush()
            return await self.log.append(leaf)

    async def _keep(self, leaf: Leaf, intent: Intent | None) -> None:
        self._waiting.append((leaf, intent))
        try:
            async with self._turn:
                await self._flush()
        except LogError:
            if self._flusher is None or self._flusher.done():
                self._flusher = asyncio.ensure_future(self._try_again())

    async def _flush(self) -> None:
        while self._waiting:
            leaf, intent = self._waiting[0]
            index = await self.log.append(leaf)
            self._waiting.popleft()
            if intent is not None:
                intent.leaf = index

    async def _try_again(self) -> None:
        backoff = Backoff()
        while self._waiting:
            await self._clock.sleep(backoff.next())
            try:
                async with self._turn:
                    await self._flush()
            except LogError:
                continue

    async def open_intents(self) -> list[Intent]:
        """Return the actions that have not ended, in order."""
        return await self._load_all([row[0] for row in await self.log.read(_OPEN)])

    async def recent(self, limit: int) -> list[Intent]:
        """Return the last *limit* actions, the oldest first."""
        rows = await self.log.read(_RECENT, limit=limit)
        return await self._load_all([row[0] for row in reversed(rows)])

    async def due(self) -> list[Intent]:
        """Return the actions whose record is still to be begun, in order."""
        return await self._load_all([row[0] for row in await self.log.read(_DUE)])

    async def load(self, name: str) -> Intent | None:
        """Return the action called *name* as the log has it, None where it has none.

        Raises `LogError` where preview or envelope are not what their leaves say.
        """
        rows = await self.log.read(_INTENT, id=name)
        if not rows:
            return None
        (_, action, title, source, arguments, target, key, *rest) = rows[0]
        intent = Intent(
            name,
            action,
            title,
            source,
            json.loads(arguments),
            target,
            Key(*json.loads(key)) if key != "[]" else None,
            *rest,
        )
        for body, digest, leaf in await self.log.read(_PREVIEW, id=name):
            _compare(name, "preview", leaf, "preview", sha256(body).hexdigest())
            intent.preview = msgspec.json.decode(body, type=Preview)
            intent.digest = digest
        for who, uid, decision, at, reason, detail, glass in await self.log.read(
            _APPROVALS, id=name
        ):
            why = detail if decision == "refused" else ""
            said = Approval(who, uid, decision, at, reason, why, bool(glass))
            intent.hear(said)
            if decision == "approved":
                intent.approval_reason = reason
        ((intent.leaf,),) = await self.log.read(_LEAF, id=name)
        for where, body, notes, leaf in await self.log.read(_ENVELOPE, id=name):
            intent.envelope = Envelope(where, body, json.loads(notes))
            _compare(name, "envelope", leaf, "send_digest", send_digest(intent.envelope))
            intent.sealed = True
        for detail, notes, window_ends in await self.log.read(_RECEIPT, id=name):
            intent.receipt = Receipt(detail, json.loads(notes))
            intent.window_ends = window_ends
        for state, at, detail in await self.log.read(_STAGES, id=name):
            reached = ActionState(state)
            intent.stages.append(StageTime(reached, at, detail, intent.until(reached, at)))
        if intent.preview is not None:
            asked = any(stage.state is ActionState.REQUESTED for stage in intent.stages)
            intent.needs = 2 if asked or any(each.glass for each in intent.approvals) else 1
        for (recorded,) in await self.log.read(_RECORDS, id=name):
            intent.records = recorded
        for recorder, detail in await self.log.read(_RECORDED, id=name):
            intent.record_due = recorder is None and not detail
            intent.progress = detail
        return intent

    async def _load_all(self, names: Sequence[str]) -> list[Intent]:
        found = [await self.load(name) for name in names]
        return [intent for intent in found if intent is not None]


def _compare(name: str, what: str, leaf: bytes | None, field: str, digest: str) -> None:
    """Compare what a row holds with the digest in its leaf; raises `LogError`."""
    if leaf is not None and json.loads(leaf).get(field) != digest:
        raise LogError(f"the {what} of {name} in the log is not the one that its entry says")
