"""Commanding: the one gate that every action passes, from a key, a script or a daemon alike.

    draft → simulated → approved → submitted → included → final → verified

or not verified, refused, cancelled, failed, timed out, unknown. Each stage is in the log before
the next begins, and the exact bytes are in it before the first of them leaves. A station that
starts finishes what the last one left, by asking the real system and never by sending again.
"""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping

import msgspec

from adapters.clock import Clock
from adapters.contract import Action, AdapterError, Form, Preview, Refused
from adapters.records import ActionState, ActionStatus, Quality, Record
from adapters.text import clean, clean_struct, clean_text
from console.feed.answers import ActionInfo, ActionPage, Simulated
from console.roles import Role
from console.station import entries, faults, gate, notes, request
from console.station.approving import Approving
from console.station.asking import TookTooLong, asked
from console.station.book import Book
from console.station.digest import code
from console.station.flight import Deps, Flight
from console.station.gate import Voice
from console.station.glass import Glasses
from console.station.intent import REASON_LIMIT, Intent
from console.station.journal import Journal
from console.station.log import Leaf, Log, LogError
from console.station.policy import Policy
from console.station.recording import Recorder
from console.station.recovering import Recovery
from console.station.request import Offers, Request
from console.station.shown import shown
from console.station.standing import Standing

NOTHING_ASKED = Policy()
"""The policy of a colony that configures none."""


class Commanding:
    """A colony's actions. Call `recover` once before anything else.

    Every method raises `Refused` where the answer is no and `AdapterError` where there was none;
    both are one line for a person.
    """

    def __init__(
        self,
        colony: str,
        log: Log,
        clock: Clock,
        offers: Callable[[], Iterable[tuple[str, Action]]],
        records: Callable[[str], Iterable[Record]],
        publish: Callable[[ActionStatus], None],
        *,
        read_only: bool = False,
        record: bool = False,
        policy: Policy = NOTHING_ASKED,
        quality: Callable[[Record], Quality] = lambda record: Quality.FRESH,
        hooks: faults.Faults = faults.NONE,
        ids: Callable[[], str] = lambda: secrets.token_hex(5),
    ) -> None:
        """Command *colony*.

        `offers` lists the (adapter instance, action) pairs there are now, `records` the records of
        a kind, `quality` how far one of them can be trusted. `publish` is told each stage and each
        step of progress. `record` is whether deployments are written down, each by an action of
        its own. `ids` names intents: unique for good, as real systems keep them.
        """
        self.colony = colony
        self.read_only = read_only
        self._log = log
        self._clock = clock
        self._offers = Offers(offers, records, quality)
        self._faults = hooks
        self._ids = ids
        self._journal = Journal(log, clock)
        self._book = Book(self._journal, clock, publish)
        self.glasses = Glasses(self._journal, clock, policy)
        self._approving = Approving(
            colony, self._book, self._journal, clock, self._offers, policy, hooks,
            self._preview, self._fly,
        )  # fmt: skip
        self._deps = Deps(self._journal, clock, hooks, self._find, self._book.tell, record)
        self.standing = Standing(
            self._book, self._journal, clock, self._offers, self, ids, lambda: self._ready(False)
        )
        self._recorder = Recorder(self.standing, clock)
        self._recovery = Recovery(
            self._journal, self._book, clock, self._find, self._resume,
            self._recorder.begin, self._approving.watch, lambda: self.trouble,
        )  # fmt: skip

    @property
    def trouble(self) -> str:
        """Why no action is taken at all, "" where they are."""
        if self.read_only:
            return "read-only: no action is taken"
        if self._log.trouble:
            return f"{self._log.trouble}; no action is taken until it can be written"
        return ""

    @property
    def journal(self) -> Journal:
        """What writes into the log, in order with everything else."""
        return self._journal

    async def list(self) -> builtins.list[ActionInfo]:
        """Return what can be done, by name and adapter instance; nothing where read-only."""
        if self.read_only:
            return []
        found = [request.info(source, action) for source, action in self._offers.actions()]
        return sorted(found, key=lambda info: (info.name, info.source))

    async def form(
        self, action: str, arguments: Mapping[str, str], *, read_only: bool = False
    ) -> Form:
        """Return what to ask before *action* can be simulated, with choices from the real system.

        `arguments` may lack what the form is to ask for.
        """
        self._may_act(read_only)
        found = request.understand(action, arguments, self._offers, whole=False)
        draft = found.intent("", "", self._clock.now()).draft()
        form = await asked(self._clock, f"the form of {action}", found.action.form(draft))
        answer = None if form.answer is None else clean_text(form.answer)  # it may have lines
        return msgspec.structs.replace(clean_struct(form), answer=answer)

    async def simulate(
        self,
        action: str,
        arguments: Mapping[str, str],
        reason: str,
        actor: str,
        undoes: str = "",
        *,
        uid: int | None = None,
        read_only: bool = False,
    ) -> Simulated:
        """Draft *action* and simulate it; return what would change and what to approve.

        Where there is nothing to do, the preview says so and the action is refused already. A
        caller that is cancelled meanwhile cancels the action.
        """
        await self._ready(read_only)
        found = request.understand(action, arguments, self._offers)
        await self._undoable(undoes)
        self._book.free(found.record.key if found.record else None, found.action.exclusive)
        intent = found.intent(self._ids(), actor, self._clock.now())
        intent.uid, intent.reason, intent.undoes = uid, clean(reason, REASON_LIMIT), undoes
        task = self._book.spawn(self.propose(intent, found))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            self._book.spawn(self._abandon(intent, task))
            raise

    async def approve(
        self,
        id: str,
        digest: str,
        confirm: str | bool,
        reason: str,
        actor: str,
        *,
        uid: int | None = None,
        role: Role = Role.COMMANDER,
        read_only: bool = False,
    ) -> ActionStatus:
        """Approve what was simulated; return when that is on the disk. Sending then goes on.

        `digest` is the one that `simulate` returned: it says what was seen. `confirm` is "y" or
        True up to caution, and what the preview says for a critical action. Where a second person
        is needed the first one's word only makes it requested.
        """
        await self._ready(read_only)
        intent, voice = self._book.known(id), self._voice(actor, uid, role)
        work = self._approving.approve(intent, digest, confirm, reason, voice)
        await asyncio.shield(self._book.spawn(work))
        return intent.status(self._clock.now())

    async def decline(
        self, id: str, reason: str, actor: str, *, uid: int | None = None,
        role: Role = Role.COMMANDER, read_only: bool = False,
    ) -> ActionStatus:  # fmt: skip
        """Decline what somebody asks for, for a reason; raises `Refused`."""
        await self._ready(read_only)
        intent = self._book.known(id)
        work = self._approving.decline(intent, reason, self._voice(actor, uid, role))
        await asyncio.shield(self._book.spawn(work))
        return intent.status(self._clock.now())

    async def cancel(
        self, id: str, actor: str, *, uid: int | None = None, role: Role = Role.COMMANDER,
        read_only: bool = False,
    ) -> ActionStatus:  # fmt: skip
        """Cancel an action before it is sent; raises `Refused`, saying why, after that."""
        self._may_act(read_only)
        intent, voice = self._book.known(id), self._voice(actor, uid, role)
        gate.may_decide(intent, voice, "cancel")
        return await asyncio.shield(self._book.spawn(self._cancel(intent, voice.actor)))

    async def note(self, text: str, about: str, actor: str, uid: int | None = None) -> int:
        """Write a note into the log; return its entry's index. Raises `Refused`."""
        if self.trouble:
            raise Refused(self.trouble)
        voice = self._voice(actor, uid, Role.OPERATOR)
        return await notes.write(self._journal, text, about, voice, self._clock.now())

    async def show(self, id: str) -> ActionPage:
        """Return all that there is of one action, from the log if it is not at hand."""
        intent = self._book.get(id)
        try:
            intent = intent or await self._journal.load(id)
        except LogError as error:
            raise AdapterError(str(error)) from error
        if intent is None:
            raise Refused(f"no action is called {clean(id)!r}")
        preview = shown(intent.preview) if intent.preview else None
        status = intent.status(self._clock.now())
        return ActionPage(status, preview, intent.envelope, intent.source)

    def statuses(self) -> tuple[ActionStatus, ...]:
        """Return the actions under way and the last that ended, the oldest first."""
        at = self._clock.now()
        return tuple(intent.status(at) for intent in self._book)

    async def recover(self) -> tuple[ActionStatus, ...]:
        """Take up what the log holds; return what the last station left unfinished.

        What was never sent ends, saying so. What may have been sent is asked for, and what was is
        verified, while the station goes on: `publish` tells. A log that cannot be written is only
        read; it is taken up as soon as it can be, before any action is.
        """
        with contextlib.suppress(LogError):  # a log that cannot be read takes no action either
            await self.glasses.load()
        return await self._recovery.run()

    def in_flight(self) -> int:
        """Return how many actions may yet get an effect, or an answer on it.

        One that is unknown because the real system cannot be reached is not counted: that can
        last, and the next station asks again.
        """
        return self._book.in_flight() + self._recorder.under_way

    async def drain(self) -> None:
        """Return when nothing is in flight."""
        while self.in_flight():
            await self._book.moved()

    async def close(self) -> None:
        """Stop at once what goes on; the log has where, and the next station takes it up."""
        await self._book.close()

    async def propose(self, intent: Intent, found: Request) -> Simulated:
        """Draft *intent* and simulate it; raises `AdapterError` once it has ended."""
        book = self._book
        self._faults.at("before-draft")
        await self._must(intent, entries.drafted(intent, self.colony))
        book.add(intent)
        book.step(intent, ActionState.DRAFT, intent.created, "")
        self._faults.at("after-draft")
        try:
            preview, digest = await self._approving.simulated(intent, found)
        except AdapterError as error:
            state = ActionState.FAILED
            if isinstance(error, Refused):
                state = ActionState.REFUSED
            elif isinstance(error, TookTooLong):
                state = ActionState.TIMED_OUT
            await book.end(intent, state, str(error))
            raise
        self._faults.at("after-simulation")
        if intent.cancelled_by:
            await book.end(intent, ActionState.CANCELLED, f"by {intent.cancelled_by}")
            raise Refused(f"{intent.id} was cancelled by {intent.cancelled_by}")
        at, detail = self._clock.now(), preview.simulated_by
        try:
            await self._must(intent, entries.simulated(intent, preview, digest, at, detail))
        except Refused as error:
            await book.end(intent, ActionState.FAILED, str(error))
            raise
        intent.preview, intent.digest = preview, digest
        intent.needs = self._approving.policy.needs(intent, preview)
        book.step(intent, ActionState.SIMULATED, at, detail)
        self._faults.at("after-simulated")
        self._approving.watch(intent)
        if preview.nothing:
            self._approving.leave(intent)
            await book.end(intent, ActionState.REFUSED, f"nothing to do: {preview.nothing}")
        return Simulated(intent.id, shown(preview), digest, code(digest), intent.source)

    async def accept(self, intent: Intent, detail: str) -> None:
        """Approve a standing order by the configuration's word, up to caution; raises `Refused`."""
        voice = Voice(intent.actor, intent.uid)
        if (intent.needs or 1) > 1:
            raise Refused("it needs a second person, and the configuration is none")
        gate.check(intent, intent.digest, "y", self._clock.now(), voice, self._approving.policy)
        await self._approving.approved(intent, detail, "", voice)

    def _fly(self, intent: Intent) -> None:
        flight = Flight(intent, self._deps)
        self._book.fly(intent, flight, self._flown(intent, flight.run()))

    def _voice(self, actor: str, uid: int | None, role: Role) -> Voice:
        return Voice(clean(actor), uid, role, self.glasses.of(uid))

    async def _preview(self, intent: Intent, found: Request) -> Preview:
        work = found.action.simulate(intent.draft())
        return await asked(self._clock, f"simulating {intent.action}", work)

    def _resume(self, intent: Intent) -> None:
        flight = Flight(intent, self._deps)
        self._book.fly(intent, flight, self._flown(intent, flight.resume()))

    async def _flown(self, intent: Intent, flight: Awaitable[None]) -> None:
        """See a flight to its end, and begin its record where one is due."""
        await flight
        self._recorder.begin(intent)

    async def _cancel(self, intent: Intent, actor: str) -> ActionStatus:
        waits = (ActionState.DRAFT, ActionState.APPROVED)
        while intent.deciding or intent.ending or (intent.state in waits and not intent.sealed):
            flight = self._book.flight(intent)
            if flight is not None:
                flight.cancel(actor)
            else:
                intent.cancelled_by = actor
            await self._book.moved()
        if intent.state in (ActionState.SIMULATED, ActionState.REQUESTED):
            self._approving.leave(intent)
            await self._book.end(intent, ActionState.CANCELLED, f"by {actor}", actor)
        elif intent.cancelled_by != actor or intent.state is not ActionState.CANCELLED:
            raise Refused(f"{intent.id} cannot be cancelled: {_too_late(intent)}")
        return intent.status(self._clock.now())

    async def _abandon(self, intent: Intent, task: asyncio.Task[Simulated]) -> None:
        """Cancel a simulation that nobody waits for any more."""
        await asyncio.wait({task})
        waits = intent.state is ActionState.SIMULATED
        if waits and not (intent.deciding or intent.ending):
            self._approving.leave(intent)
            await self._book.end(intent, ActionState.CANCELLED, "who asked for it went away")

    async def _must(self, intent: Intent, leaf: Leaf) -> None:
        try:
            intent.leaf = await self._journal.must(leaf)
        except LogError as error:
            raise Refused(f"{error}; no action is taken until it can be written") from error

    async def _undoable(self, undoes: str) -> None:
        if undoes and not (await self.show(undoes)).status.undo:
            raise Refused(f"{clean(undoes)} cannot be undone: it did not end with an effect")

    def _may_act(self, read_only: bool) -> None:
        if self.read_only or read_only:
            raise Refused("read-only: no action is taken")

    async def _ready(self, read_only: bool) -> None:
        """Check that actions are taken; what the last station left is taken up before any."""
        self._may_act(read_only)
        if not self._recovery.done:
            await self.recover()
        if not self._recovery.done:
            raise Refused(self.trouble)

    def _find(self, intent: Intent) -> Action | None:
        for source, action in self._offers.actions():
            if source == intent.source and action.name == intent.action:
                return action
        return None


def _too_late(intent: Intent) -> str:
    if intent.undo():
        return "it was sent; undo it instead"
    if intent.was_sent:
        return f"it was sent and is {intent.state}"
    return f"it is {intent.state} already"
