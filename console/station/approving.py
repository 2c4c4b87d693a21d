"""Approval: one person's word, or two people's, and what takes it away again.

The first word of an action that needs two makes it *requested*: everybody sees it at once, with
the same digest. The second one counts only after another look at the target and another
simulation: what came out of them must be what the first person approved, to the digit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from adapters.clock import Clock
from adapters.contract import Preview, Refused
from adapters.records import ActionState, Approval
from adapters.text import clean
from console.station import entries, faults, gate, lifecycle, request
from console.station.blast import joined
from console.station.book import Book
from console.station.digest import authorisation
from console.station.gate import Voice
from console.station.intent import REASON_LIMIT, Intent, line
from console.station.journal import Journal
from console.station.log import Leaf, LogError
from console.station.policy import UNENFORCEABLE, Policy
from console.station.request import Offers, Request

Simulate = Callable[[Intent, Request], Awaitable[Preview]]
"""Asks the adapter what an action would do; raises `AdapterError`."""


class Approving:
    """Takes what people say of actions. `fly` is told of each that may be sent."""

    def __init__(
        self,
        colony: str,
        book: Book,
        journal: Journal,
        clock: Clock,
        offers: Offers,
        policy: Policy,
        hooks: faults.Faults,
        simulate: Simulate,
        fly: Callable[[Intent], None],
    ) -> None:
        self.policy = policy
        self._colony = colony
        self._book = book
        self._journal = journal
        self._clock = clock
        self._offers = offers
        self._faults = hooks
        self._simulate = simulate
        self._fly = fly
        self._windows: dict[str, asyncio.Task[None]] = {}

    # What is to be approved

    async def simulated(self, intent: Intent, found: Request) -> tuple[Preview, str]:
        """Return what *intent* would do, as the policy sees it, and its authorisation digest.

        Raises `AdapterError`.
        """
        preview = self.policy.raised(intent, await self._simulate(intent, found))
        preview = msgspec.structs.replace(preview, blast=joined(intent, preview, self._offers))
        warnings = (found.warning, *preview.warnings) if found.warning else preview.warnings
        if self.policy.needs(intent, preview) > 1 and not self.policy.shared:
            warnings = (*warnings, UNENFORCEABLE)
        preview = msgspec.structs.replace(preview, warnings=warnings)
        significance = preview.significance.value
        digest = authorisation(
            intent.action, self._colony, intent.source, preview.binds, significance
        )
        return preview, digest

    # What people say

    async def approve(
        self, intent: Intent, digest: str, confirm: str | bool, reason: str, voice: Voice
    ) -> None:
        """Take an approval; return when it is on the disk. Raises `Refused`, which is logged."""
        reason, at = clean(reason, REASON_LIMIT), self._clock.now()
        try:
            passed = gate.check(intent, digest, confirm, at, voice, self.policy)
            self._book.free(intent.key, intent.exclusive)
        except Refused as error:
            await self._refuse(intent, str(error), voice, reason, digest)
            raise
        voice = voice if passed.glass else voice._replace(glass=None)
        second = intent.state is ActionState.REQUESTED
        # From here on another approval finds it decided on: nothing was awaited since the check.
        intent.deciding = True
        try:
            if second:
                await self._again(intent, voice, reason)
            if not passed.enough:
                await self._request(intent, reason, voice)
                return
            how = f"by {voice.actor}"
            if voice.glass is not None:
                how += f", BREAK-GLASS: {voice.glass.reason}"
            await self.approved(intent, how, reason, voice)
        finally:
            intent.deciding = False
            self._book.stir()

    async def approved(self, intent: Intent, detail: str, reason: str, voice: Voice) -> None:
        """Write the approval down that is enough, and let *intent* fly."""
        intent.deciding, at = True, self._clock.now()
        self._faults.at("before-approval")
        try:
            leaf = entries.approved(intent, at, detail, voice, reason)
            await self._must(intent, leaf)
            intent.approval_reason = reason
            glass = voice.glass is not None and (intent.needs or 1) > 1
            intent.hear(Approval(voice.actor, voice.uid, "approved", at, reason, "", glass))
            self._book.step(intent, ActionState.APPROVED, at, detail)
            self._faults.at("after-approval")
            self.leave(intent)
            self._fly(intent)
        finally:
            intent.deciding = False
            self._book.stir()

    async def decline(self, intent: Intent, reason: str, voice: Voice) -> None:
        """Decline *intent* for a *reason*; raises `Refused`."""
        gate.may_decide(intent, voice, "decline")
        reason = clean(" ".join(reason.split()), REASON_LIMIT)
        waits = intent.state in (ActionState.SIMULATED, ActionState.REQUESTED)
        if not waits or intent.deciding or intent.ending:
            raise Refused(f"{intent.id} cannot be declined: it is {intent.state}")
        if not reason:
            raise Refused("declining needs a reason")
        at, detail = self._clock.now(), f"declined by {voice.actor}: {reason}"
        intent.deciding = True
        try:
            await self._must(intent, entries.declined(intent, at, detail, voice, reason))
            intent.hear(Approval(voice.actor, voice.uid, "declined", at, reason))
            self._book.step(intent, ActionState.REFUSED, at, detail)
            self.leave(intent)
        finally:
            intent.deciding = False
            self._book.stir()

    # The windows of what waits for people

    def watch(self, intent: Intent) -> None:
        """End *intent* when the window of its stage is over and nobody has decided."""
        self.leave(intent)
        until = intent.stages[-1].until
        if until is not None:
            self._windows[intent.id] = self._book.spawn(self._expire(intent, until))

    def leave(self, intent: Intent) -> None:
        """Wait for nobody any more."""
        task = self._windows.pop(intent.id, None)
        if task is not None and task is not asyncio.current_task():
            task.cancel()

    async def _expire(self, intent: Intent, until: float) -> None:
        stage = intent.stages[-1]
        await self._clock.sleep(max(0.0, until - self._clock.now()))
        while intent.deciding:
            await self._book.moved()
        if intent.stages[-1] is not stage or intent.ending:
            return
        if stage.state is ActionState.REQUESTED:
            minutes = lifecycle.WINDOWS[ActionState.REQUESTED] / 60.0
            why = f"no second person decided within {minutes:.0f} min; nothing was sent"
            await self._book.end(intent, ActionState.TIMED_OUT, why)
        elif stage.state is ActionState.SIMULATED:
            await self._book.end(intent, ActionState.CANCELLED, "nobody approved it in time")

    # Inside

    async def _request(self, intent: Intent, reason: str, voice: Voice) -> None:
        """Write the first of two approvals down, and wait for the second."""
        at, detail = self._clock.now(), f"by {voice.actor}; needs a second person"
        leaf = entries.approved(intent, at, detail, voice, reason, enough=False)
        await self._must(intent, leaf)
        intent.approval_reason = reason
        intent.hear(Approval(voice.actor, voice.uid, "approved", at, reason))
        self._book.step(intent, ActionState.REQUESTED, at, detail)
        self._faults.at("after-request")
        self.watch(intent)

    async def _again(self, intent: Intent, voice: Voice, reason: str) -> None:
        """Look at the target and simulate once more; end *intent* where it is not the same."""
        try:
            name = f"{intent.source}:{intent.action}"
            found = request.understand(name, intent.arguments, self._offers)
            uid = clean(found.record.uid) if found.record else ""
            if uid != intent.target_uid:
                raise Refused(f"{intent.target} was deleted and made again")
            intent.record = found.record
            preview, digest = await self.simulated(intent, found)
            if preview.nothing:
                raise Refused(preview.nothing)
            self._same(intent, preview, digest)
        except Refused as error:
            why = f"it changed since it was asked for: {error}; simulate again"
            await self._refuse(intent, why, voice, reason, intent.digest)
            await self._book.end(intent, ActionState.REFUSED, why)
            self.leave(intent)
            raise Refused(f"{intent.id}: {why}") from error

    def _same(self, intent: Intent, preview: Preview, digest: str) -> None:
        before = intent.preview
        if before is None or (digest == intent.digest and preview.outcome == before.outcome):
            return
        changed = [name for name, value in preview.binds.items() if before.binds.get(name) != value]
        if not changed and preview.significance is not before.significance:
            changed = ["significance"]
        raise Refused(f"another {', '.join(changed)}" if changed else "another outcome")

    async def _refuse(
        self, intent: Intent, why: str, voice: Voice, reason: str, digest: str
    ) -> None:
        """Log an approval that is not taken. The action stays where it is."""
        at = self._clock.now()
        leaf = entries.not_approved(intent, at, why, voice, reason, digest)
        await self._journal.keep(leaf, intent)
        intent.hear(Approval(voice.actor, voice.uid, "refused", at, reason, line(why)))
        if intent.stages:
            self._book.tell(intent)

    async def _must(self, intent: Intent, leaf: Leaf) -> None:
        try:
            intent.leaf = await self._journal.must(leaf)
        except LogError as error:
            raise Refused(f"{error}; no action is taken until it can be written") from error
