"""One approved action on its way: prepared, written down, sent, accepted, verified.

This module alone calls an action's `prepare`, `send` and `reconcile`. Nothing here sends twice:
`send` is called in one place, after the envelope was committed by this very flight, and a flight
that finds an envelope in the log begins with `reconcile`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adapters.clock import Clock
from adapters.contract import (
    Action,
    AdapterError,
    Envelope,
    Fate,
    Progress,
    Reached,
    Receipt,
    Reconciled,
    Refused,
)
from adapters.records import ActionState
from console.station import entries
from console.station.backoff import Backoff
from console.station.faults import Faults
from console.station.intent import Intent, line
from console.station.journal import Journal
from console.station.log import Leaf, LogError, Row
from console.station.waiting import Late, within

PREPARE = 15.0
"""Seconds for the last check and simulation before sending."""
SEND = 30.0
"""Seconds for the real system to answer what was sent."""
RECONCILE = 15.0
"""Seconds for one question what became of what was sent."""
SETTLE = 5.0
"""Seconds between the two answers "not sent" that are believed: bytes may be on their way."""
LOOKS = 5
"""Answers "cannot tell" after which the station stops asking and leaves it to people."""
LAST_LOOK = 30.0
"""Seconds to look for an effect whose window ended while no station ran."""
OFTEN, SLOWLY = 0.2, 30.0
"""Seconds between two questions on what is pending: at least, and at most."""


@dataclass
class Deps:
    """What a flight needs of the station. `find` returns the intent's action, None if not there.

    `recorded` is whether the colony keeps a record of its deployments.
    """

    journal: Journal
    clock: Clock
    faults: Faults
    find: Callable[[Intent], Action | None]
    tell: Callable[[Intent], None]
    recorded: bool = False


class Flight:
    """Takes one intent from approved, or from what the log says of it, to its end."""

    def __init__(self, intent: Intent, deps: Deps) -> None:
        self._intent = intent
        self._deps = deps
        self._stopped = True
        """Whether the sending has ended for certain: no byte of it can leave any more."""
        self._preparing: asyncio.Future[Envelope] | None = None

    async def run(self) -> None:
        """Send it and see it through. Raises nothing but a cancellation."""
        try:
            if await self._prepare() and await self._send():
                await self._verify()
        except Exception as error:
            await self._broken(error)

    async def resume(self) -> None:
        """Find out what became of it, without sending, and see it through."""
        try:
            if self._intent.receipt is None:
                why = "the station ended while it was being sent"
                if not await self._reconcile(why):
                    return
            await self._verify(LAST_LOOK)
        except Exception as error:
            await self._broken(error)

    def cancel(self, actor: str) -> None:
        """End it before it is sent, if it is not too late: `intent.sealed` says so."""
        self._intent.cancelled_by = actor
        if self._preparing is not None:
            self._preparing.cancel()

    async def _prepare(self) -> bool:
        """Check again and put the envelope on the disk; return whether it may be sent."""
        intent, deps = self._intent, self._deps
        action, preview = deps.find(intent), intent.preview
        if action is None or preview is None:
            why = f"{intent.source} does not offer {intent.action} any more"
            return await self._not_sent(ActionState.FAILED, why)
        if intent.cancelled_by:
            return await self._not_sent(ActionState.CANCELLED, "")
        deps.faults.at("before-prepare")
        try:
            self._preparing = asyncio.ensure_future(action.prepare(intent.draft(), preview))
            envelope = await within(deps.clock, PREPARE, self._preparing)
        except Refused as error:
            return await self._not_sent(ActionState.REFUSED, str(error))
        except Late as error:
            return await self._not_sent(ActionState.TIMED_OUT, f"the last check: {error}")
        except Exception as error:
            return await self._not_sent(ActionState.FAILED, _named(error))
        deps.faults.at("after-prepare")
        if intent.cancelled_by:
            return await self._not_sent(ActionState.CANCELLED, "")
        intent.sealed = True
        deps.faults.at("before-envelope")
        at = deps.clock.now()
        try:
            intent.leaf = await deps.journal.must(entries.submitted(intent, envelope, at))
        except LogError as error:
            intent.sealed = False
            return await self._not_sent(ActionState.FAILED, str(error))
        intent.envelope = envelope
        self._step(ActionState.SUBMITTED, at, envelope.target)
        deps.faults.at("after-envelope")
        return True

    async def _send(self) -> bool:
        """Send the envelope, once; return whether the real system took it."""
        intent, deps = self._intent, self._deps
        action, envelope = deps.find(intent), intent.envelope
        if action is None or envelope is None:
            gone = f"{intent.source} went away before it was sent"
            return await self._end(ActionState.FAILED, f"{gone}; nothing was sent")
        try:
            receipt = await within(deps.clock, SEND, action.send(envelope))
        except Refused as error:
            return await self._end(ActionState.REFUSED, f"{error}; nothing changed")
        except Late as error:
            self._stopped = error.stopped
            return await self._reconcile(f"sending: {error}")
        except Exception as error:
            return await self._reconcile(f"sending: {_named(error)}")
        deps.faults.at("after-send")
        if not receipt.included:
            return await self._reconcile(receipt.detail, taken=True)
        await self._included(receipt)
        return True

    async def _reconcile(self, why: str, taken: bool = False) -> bool:
        """Ask what became of the envelope until there is an answer; return whether it is in.

        *taken* is whether the real system is known to have the bytes: as long as it has, they may
        get their effect at any time. Then nobody gives up asking, nor believes "not sent" of it.
        """
        intent, deps = self._intent, self._deps
        backoff, denials, looks = Backoff(), 0, 0
        patience = self._patience()
        self._progress(why if taken else f"{why}; asking what became of it")
        while True:
            deps.faults.at("before-reconcile")
            try:
                answer = await self._ask()
            except Exception as error:
                denials = 0
                wait = backoff.next()
                if not taken or deps.clock.now() >= patience:
                    await self._unknown(f"{why}; {_named(error)}")
                self._progress(f"{_named(error)}; asking again in {wait:.0f} s")
                await deps.clock.sleep(wait)
                continue
            deps.faults.at("after-reconcile")
            receipt = answer.receipt or Receipt(answer.detail)
            pending = answer.fate is Fate.PENDING or not receipt.included
            if answer.fate is Fate.FAILED:
                return await self._end(ActionState.FAILED, answer.detail)
            if answer.fate is Fate.SENT and not pending:
                await self._included(receipt)
                return True
            if pending:
                taken, denials, looks = True, 0, 0
                backoff.reset()
                late = deps.clock.now() >= patience
                if late:
                    await self._unknown(f"{answer.detail}; it was expected in by now")
                self._progress(answer.detail)
                wait = SLOWLY if late else min(max(answer.again, OFTEN), SLOWLY)
                await deps.clock.sleep(wait)
                continue
            if answer.fate is Fate.NOT_SENT and self._stopped and not taken:
                denials += 1
                if denials == 2:
                    detail = f"{why}; {answer.detail}; nothing was sent"
                    return await self._end(ActionState.FAILED, detail)
                await deps.clock.sleep(SETTLE)
                continue
            denials, looks = 0, looks + 1
            if not taken or deps.clock.now() >= patience:
                await self._unknown(f"{why}; {answer.detail}")
            if looks == LOOKS and not taken:
                self._progress(
                    f"{answer.detail}; look at {intent.target or intent.source} yourself"
                )
                return False
            self._progress(answer.detail)
            await deps.clock.sleep(backoff.next())

    def _patience(self) -> float:
        """Return until when what is pending is submitted, and not unknown."""
        intent = self._intent
        at = intent.at(ActionState.SUBMITTED) or 0.0
        window = intent.preview.window if intent.preview else 0.0
        return max(at + window, self._deps.clock.now() + LAST_LOOK)

    async def _ask(self) -> Reconciled:
        intent, deps = self._intent, self._deps
        action, envelope = deps.find(intent), intent.envelope
        if action is None or envelope is None:
            raise AdapterError(f"{intent.source} is not there to be asked")
        return await within(deps.clock, RECONCILE, action.reconcile(envelope))

    async def _included(self, receipt: Receipt) -> None:
        intent, deps = self._intent, self._deps
        at = deps.clock.now()
        window = intent.preview.window if intent.preview else 0.0
        intent.receipt, intent.window_ends = receipt, at + window
        deps.faults.at("before-receipt")
        leaf = entries.included(intent, receipt, at, at + window)
        await self._keep(leaf, ActionState.INCLUDED, at, receipt.detail)
        deps.faults.at("after-receipt")

    async def _verify(self, least: float = 0.0) -> None:
        """Watch the effect until it is there, cannot be any more, or the window is over.

        It is watched for *least* seconds even if the window was over before.
        """
        intent, deps = self._intent, self._deps
        deps.faults.at("before-verify")
        left = max((intent.window_ends or 0.0) - deps.clock.now(), least)
        try:
            verdict = await within(deps.clock, left, self._watch())
        except Late:
            last = f"; last seen: {intent.progress}" if intent.progress else ""
            state = ActionState.TIMED_OUT
            detail = f"accepted, but its effect was not seen within {left:.0f} s{last}"
            good = False
        else:
            good = verdict.reached is Reached.VERIFIED
            state = ActionState.VERIFIED if good else ActionState.NOT_VERIFIED
            detail = verdict.detail
        deps.faults.at("after-verdict")
        intent.record_due = good and deps.recorded and intent.to_be_recorded
        rows = (entries.due(intent, deps.clock.now()),) if intent.record_due else ()
        await self._end(state, detail, rows)
        deps.faults.at("after-outcome")

    async def _watch(self) -> Progress:
        """Return the verdict; a watch that breaks is begun again."""
        backoff = Backoff()
        while True:
            try:
                async with self._looks() as looks:
                    async for look in looks:
                        if look.reached in (Reached.VERIFIED, Reached.NOT_VERIFIED):
                            return look
                        await self._looked(look)
                return Progress(Reached.NOT_VERIFIED, "nothing more can be seen of its effect")
            except Exception as error:
                self._progress(f"its effect cannot be seen: {_named(error)}")
                await self._deps.clock.sleep(backoff.next())

    @asynccontextmanager
    async def _looks(self) -> AsyncIterator[AsyncIterator[Progress]]:
        intent = self._intent
        action = self._deps.find(intent)
        if action is None or intent.envelope is None or intent.receipt is None:
            raise AdapterError(f"{intent.source} is not there to be asked")
        looks = action.verify(intent.envelope, intent.receipt)
        try:
            yield looks
        finally:
            close = getattr(looks, "aclose", None)
            if close is not None:
                await close()

    async def _looked(self, look: Progress) -> None:
        if look.reached is Reached.FINAL and self._intent.state is ActionState.INCLUDED:
            at = self._deps.clock.now()
            leaf = entries.stage(self._intent, ActionState.FINAL, at, look.detail, "station")
            await self._keep(leaf, ActionState.FINAL, at, look.detail)
            self._deps.faults.at("after-final")
        share = "" if look.share is None else f" ({look.share:.0%})"
        self._progress(f"{look.detail}{share}")

    async def _unknown(self, detail: str) -> None:
        """Say, once, that nobody knows whether it was sent."""
        if self._intent.state is ActionState.SUBMITTED:
            await self._end(ActionState.UNKNOWN, detail)

    async def _not_sent(self, state: ActionState, detail: str) -> bool:
        if self._intent.cancelled_by:
            state, detail = ActionState.CANCELLED, f"by {self._intent.cancelled_by}"
        return await self._end(state, f"{detail}; nothing was sent")

    async def _broken(self, error: Exception) -> None:
        """End on a fault of the station's own, saying what is known."""
        intent = self._intent
        if intent.state is ActionState.APPROVED:
            await self._end(ActionState.FAILED, f"{_named(error)}; nothing was sent")
        elif intent.state is ActionState.SUBMITTED:
            await self._end(ActionState.UNKNOWN, _named(error))
        elif intent.state in (ActionState.INCLUDED, ActionState.FINAL):
            await self._end(ActionState.TIMED_OUT, f"accepted, but not verified: {_named(error)}")
        else:
            self._progress(_named(error))

    async def _end(self, state: ActionState, detail: str, rows: tuple[Row, ...] = ()) -> bool:
        """Go on to *state*, telling why; returns False: there is nothing more to send."""
        intent, at = self._intent, self._deps.clock.now()
        actor = intent.cancelled_by if state is ActionState.CANCELLED else "station"
        intent.progress = ""
        leaf = entries.stage(intent, state, at, detail, actor, rows=rows)
        await self._keep(leaf, state, at, detail)
        return False

    async def _keep(self, leaf: Leaf, state: ActionState, at: float, detail: str) -> None:
        await self._deps.journal.keep(leaf, self._intent)
        self._step(state, at, detail)

    def _step(self, state: ActionState, at: float, detail: str) -> None:
        self._intent.step(state, at, detail)
        self._deps.tell(self._intent)

    def _progress(self, detail: str) -> None:
        detail = line(detail)
        if detail != self._intent.progress:
            self._intent.progress = detail
            self._deps.tell(self._intent)


def _named(error: Exception) -> str:
    """Return what *error* says; with its type where it was not made for people."""
    if isinstance(error, (AdapterError, LogError, Late)):
        return str(error)
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
