"""Anchors the log: its signed root goes onto a chain from time to time, by an action of its own.

That goes the way of any other, by the word of the configuration (see `standing`). What became of
it is read from the chain itself: so is an anchor of which a station that ended never heard. And
each time the chain is compared with the log: who changes both has to change the chain too.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

from adapters.clock import Clock
from adapters.contract import AdapterError, Answer, Finding, Found
from adapters.records import ActionState
from console.station import anchors
from console.station.anchors import Said, Signed
from console.station.intent import line
from console.station.log import Log, LogError
from console.station.standing import Standing

LOOK = 5.0
"""Seconds between two looks whether there is something to anchor."""
SOON = 60.0
"""Seconds after a start before anything is anchored."""
LONGEST = 3600.0
"""Seconds that are waited at most after anchors that failed; each doubles the wait."""
NOBODY = "no adapter here anchors a log; configure its contract Anchor"

Ask = Callable[[str, str, Mapping[str, str]], Awaitable[Answer]]
"""Asks an adapter instance about a topic."""

_log = logging.getLogger("colony.station")


class Anchoring:
    """Runs as a task of the station.

    `mismatch` says where the chain contradicts the log, `trouble` why nothing is anchored now; ""
    where there is none. `told` is called when one of them, or what is anchored, has changed.
    """

    def __init__(
        self,
        log: Log,
        origin: Callable[[], str],
        standing: Standing,
        clock: Clock,
        ask: Ask,
        *,
        every: float,
        in_flight: Callable[[], int],
        told: Callable[[], None] = lambda: None,
        acts: bool = True,
    ) -> None:
        """Anchor *log*, called *origin*, at most once in *every* seconds.

        `in_flight` counts the actions under way: nothing is anchored beside them. Without `acts`
        the chain is compared with the log and nothing is written to either.
        """
        self.mismatch = ""
        self.trouble = ""
        self.said: Said | None = None
        """What the chain said last."""
        self._log = log
        self._origin = origin
        self._standing = standing
        self._clock = clock
        self._ask = ask
        self._every = every
        self._in_flight = in_flight
        self._told = told
        self._acts = acts
        self._next = clock.monotonic() + min(every, SOON)
        self._at = -every
        """When the log was last anchored, in the colony's time."""
        self._failed = 0
        self._failure = ""
        self._lost = False
        """Whether the mismatch is that the chain lost an anchor: another one heals that."""
        self._known = False
        """Whether the chain was compared since the last time that it may have changed."""
        self._quiet = 0
        """The first entry that was not looked at for something to anchor."""

    async def run(self) -> None:
        """Look from time to time, until cancelled."""
        while True:
            await self._clock.sleep(min(LOOK, self._every))
            try:
                await self.look()
                trouble = self._failure
            except (AdapterError, LogError, TimeoutError) as error:
                trouble = line(str(error))
            except Exception as error:  # what an adapter breaks is not the end of anchoring
                _log.exception("anchoring")
                trouble = line(f"{type(error).__name__}: {error}")
            if trouble != self.trouble:
                self.trouble = trouble
                if trouble:
                    _log.warning("the log is not anchored: %s", trouble)
                self._told()

    async def look(self) -> None:
        """Compare where that is due, and anchor what there is. Raises `AdapterError`, `LogError`.

        What the chain holds is found out first: what was anchored already is not anchored again.
        """
        if self._log.trouble:
            raise LogError(self._log.trouble)
        if not self._known:
            await self._compare()
        if not self._acts or not self._is_time():
            return
        await self._standing.ready()
        head = await anchors.signed(self._log)
        if head is None or not await self._has_news(head):
            return
        await self._compare()
        if self._known and self._is_time() and self._anchored < head.size:
            await self._anchor(head)

    def findings(self) -> list[Finding]:
        """Return what `colony doctor` says of it."""
        if self.mismatch:
            advice = "do not trust this log before it is explained; `colony ledger verify` compares"
            return [Finding("anchor", Found.BAD, self.mismatch, advice)]
        if self.trouble:
            return [Finding("anchor", Found.WARNING, self.trouble, "it is tried again by itself")]
        if self.said is None:
            return [Finding("anchor", Found.WARNING, "the chain was not asked yet", "")]
        last = self.said.last
        detail = anchors.line(self.said, last) if last else "nothing is anchored yet"
        return [Finding("anchor", Found.GOOD, detail, "")]

    @property
    def _anchored(self) -> int:
        """How much of the log the chain has."""
        last = self.said.last if self.said else None
        return last.size if last else 0

    def _is_time(self) -> bool:
        """Whether an anchor may be made now. Nothing is put on top of what the log has not."""
        rested = self._clock.now() - self._at >= self._every
        over = self._clock.monotonic() >= self._next
        return rested and over and not self._in_flight() and (self._lost or not self.mismatch)

    async def _has_news(self, head: Signed) -> bool:
        self._quiet = max(self._quiet, self._anchored)
        if await anchors.news(self._log, self._quiet):
            return True
        self._quiet = head.size
        return False

    async def _compare(self) -> None:
        """Ask the chain what it has of this log, and hold that against the log."""
        self._known = False
        facts = anchors.facts(self._origin(), *self._log.head)
        source = self._standing.find(facts, NOBODY).source
        answer = await self._ask(source, "anchors", {"log": facts["log"], "last": "true"})
        said = anchors.understood(answer.text)
        mismatch, self._lost = await self._against(said)
        if mismatch != self.mismatch:
            if mismatch:
                _log.error("the log and the chain disagree: %s", mismatch)
                self._next = self._clock.monotonic() + self._every  # it is there to be seen
            self.mismatch = mismatch
        if self._lost:
            self._quiet = 0  # what that anchor covered is to be anchored again
        self.said = said
        last = said.last
        if last is not None and not mismatch and last.final is not False and self._acts:
            await self._keep(said, last)
        # What is under way, or not final, will have changed the chain by the next look.
        waits = last is not None and last.final is False
        self._known = not waits and not self._in_flight()
        self._told()

    async def _against(self, said: Said) -> tuple[str, bool]:
        """Return where *said* contradicts the log, "" if nowhere; and whether an anchor is lost."""
        last, head = said.last, self._log.head
        mine = [each for each in await anchors.read(self._log, 1) if each.chain == said.chain]
        size = last.size if last else 0
        if mine and mine[-1].size > size:
            was = f"{mine[-1].size:,} entries were anchored in block {mine[-1].block:,}"
            now = f"{size:,}" if size else "none"
            return f"{was}, and {said.chain} has {now} now: that block was taken away", True
        if last is None:
            return "", False
        where = anchors.line(said, last)
        if last.size > head.size:
            return f"{where}, and the log has {head.size:,}: entries were lost", False
        if await anchors.root(self._log, last.size) != last.digest:
            return f"{where}, and the log has another root there: entries were changed", False
        return "", False

    async def _keep(self, said: Said, last: anchors.Found) -> None:
        """Write down the newest anchor where the log does not know of it."""
        for known in await anchors.read(self._log, 1):
            self._at = known.at
            same = known.transaction == last.transaction or not last.transaction
            if (known.chain, known.size) == (said.chain, last.size) and same:
                return
        intent = await anchors.intent_of(self._log, last.size)
        self._at = self._clock.now()
        await self._standing.journal.must(anchors.leaf(said, last, intent, self._at))
        _log.info("anchored: %s", anchors.line(said, last))

    async def _anchor(self, head: Signed) -> None:
        """Put *head* onto the chain, and wait for what becomes of it."""
        found = self._standing.find(anchors.facts(self._origin(), head.size, head.root), NOBODY)
        intent = self._standing.intent(found, "station")
        intent.anchors = head
        intent.reason = f"the log's root at {head.size:,} entries"
        self._known = False
        self._failed += 1
        self._next = self._clock.monotonic() + min(LONGEST, self._every * 2**self._failed)
        try:
            await self._standing.propose(intent, found)
            instead = "give the station a key with a passphrase_file"
            await self._standing.approve(intent, "log.anchor = true", instead)
        except AdapterError as error:
            self._failure = line(str(error))
            return
        while intent.state is not None and not intent.state.ended:
            await self._standing.book.moved()
        if intent.state is not ActionState.VERIFIED:
            self._failure = line(f"{intent.id} is {intent.state}: {intent.stages[-1].detail}")
            return
        self._failed, self._failure = 0, ""
        self._next = self._clock.monotonic()
        await self._compare()
