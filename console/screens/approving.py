"""Deciding on an action: approve it, as the first or the second person, decline it, cancel it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic

from textual.events import Key as KeyEvent

from adapters.contract import Preview, Significance
from adapters.records import ActionState, ActionStatus
from console.ahead import DROPPED, Typed, Unseen, leads_away
from console.bound import table
from console.feed.answers import Simulated
from console.feed.client import FeedError
from console.keys import APPROVE, Hint, hint
from console.rows import waiting
from console.screens.base import ConsoleScreen
from console.screens.prompting import put_first
from console.session import Session

BEFORE_APPROVAL = frozenset({ActionState.DRAFT, ActionState.SIMULATED, ActionState.REQUESTED})
CANCELLABLE = BEFORE_APPROVAL | {ActionState.APPROVED}
GLASS = 5.0
"""Seconds after which a page counts as read where the terminal does not say that it shows it."""
NAME, KEY, NO = "✎", "⚿", "✖"
"""The signs of the lines that take a target's name, a key's passphrase, why somebody declines."""


class ApprovingScreen(ConsoleScreen):
    """The page of one action as far as it decides anything. A subclass shows it (`paint_body`)."""

    def __init__(
        self, session: Session, id: str, simulated: Simulated | None = None, reason: str = ""
    ) -> None:
        super().__init__(session)
        self.intent = id
        self.preview: Preview | None = simulated.preview if simulated else None
        self.source = simulated.source if simulated else ""
        self.digest = simulated.digest if simulated else ""
        self.code = simulated.code if simulated else ""
        self.reason = reason
        self.error = ""
        """Why the station did not take what was decided."""
        self.sending = ""
        """What is asked of the station now."""
        self.warning = ""
        """What is to be known while something is typed."""
        self._shown: ActionStatus | None = None
        self._decided: set[ActionState] = set()
        self._unlocked = False
        self._unseen = Unseen()
        self._dropped = False
        self._showing = 0

    def came_out(self, when_shown: Callable[[Callable[[float], None]], None]) -> None:
        """Ask when the page is there to be read: over a slow line that is not yet."""
        seen = partial(self._came_to_be_read, self._showing)
        when_shown(seen)
        self.set_timer(GLASS, lambda: seen(monotonic()))

    def shows_anew(self) -> None:
        """Take it that nobody has read the page yet: what is decided about came only now."""
        self._showing += 1
        self._unseen.seen = None
        self.is_out = False

    def _came_to_be_read(self, showing: int, at: float) -> None:
        """Take keys from now on, and say if some came before."""
        if showing != self._showing or self._unseen.seen is not None:
            return
        self._unseen.seen = at
        if self._dropped:
            self._dropped = False
            self.call_later(self.say, DROPPED, "warn")

    def came_after(self, typed: float | None) -> None:
        """Drop what goes on from what was *typed* at that time: it was before this page was."""
        self._unseen, self._dropped = Unseen(typed), typed is not None

    def keeps(self, event: Typed) -> bool:
        """Drop what acts and was typed before the page was on the screen, however it got here.

        An enter and a y in one go, over a slow line or by habit, would approve what nobody read.
        """
        asks = self._prompt is not None and self._prompt.is_open
        if not isinstance(event, KeyEvent) or asks or leads_away(self, event):
            return False
        active = self.active_bindings.get(event.key)
        key = table().get(active.binding.id or "") if active is not None else None
        dropped = self._unseen.drops(event.time, acts=key is not None and key.acts)
        if dropped and self._unseen.seen is not None:
            self.say(DROPPED, "warn")
        elif dropped:
            self._dropped = True
        return dropped

    def status(self) -> ActionStatus | None:
        """Return the action as the station last told it."""
        for record in self.session.store.every(ActionStatus):
            if record.name == self.intent:
                return record
        return self._shown

    # What can be done now

    @property
    def state(self) -> ActionState:
        """Where the action stands. Its simulation may be here before the record that says so."""
        status = self.status()
        if status is None or (status.state is ActionState.DRAFT and self.digest):
            return ActionState.SIMULATED
        return status.state

    @property
    def awaits_approval(self) -> bool:
        """Whether it was simulated, would do something, and nobody approved it yet."""
        preview, status = self.preview, self.status()
        if preview is None or preview.nothing or not self.digest or self.sending:
            return False
        if self.state in self._decided:
            return False
        if status is None or status.state is ActionState.DRAFT:
            return True
        return waiting.may_approve(status, self.session.me, self.session.now())

    @property
    def asked_of_others(self) -> bool:
        """Whether somebody else asked for it, and it can still be declined."""
        status = self.status()
        if status is None or status.state is not ActionState.REQUESTED or self.sending:
            return False
        return not waiting.is_own(status, self.session.me)

    @property
    def may_break_glass(self) -> bool:
        """Whether a second person is needed here and this one may do without, or mends it."""
        status, session = self.status(), self.session
        if session.read_only or not session.may("commander"):
            return False
        if session.glass is not None:
            return True
        if status is None or status.state not in (ActionState.SIMULATED, ActionState.REQUESTED):
            return False
        own = waiting.is_own(status, session.me)
        return own and (status.needs or 0) > 1 and not self.sending

    # Approval

    async def action_approve_routine(self) -> None:
        """Enter: enough for what is routine."""
        preview = self.preview
        if preview is None or await self._locked(preview):
            return
        if preview.significance is Significance.ROUTINE:
            self._approve("")
        elif preview.significance is Significance.CRITICAL:
            await self._ask_name(preview)
        else:
            self.say(
                self.session.bound.fill("this asks for caution: {approve} approves it"), "warn"
            )

    async def action_approve(self) -> None:
        """Y: enough for what asks for caution."""
        preview = self.preview
        if preview is None or await self._locked(preview):
            return
        if preview.significance is Significance.CRITICAL:
            await self._ask_name(preview)
        elif preview.significance is Significance.CAUTION:
            self._approve("y")
        else:
            self.say(
                self.session.bound.fill("this is routine: {approve-routine} approves it"), "info"
            )

    async def _locked(self, preview: Preview) -> bool:
        """Ask for the passphrase of a key that is locked; return whether that comes first."""
        if not preview.locked or self._unlocked:
            return False
        question = f"passphrase of the key {preview.locked}   esc leaves"
        await self.ask_line(KEY, question, self._passphrase, secret=True)
        return True

    def _passphrase(self, text: str) -> str | None:
        """Have the key opened by *text*; the line stays, and keeps the keys, until it is."""
        if not text or self.preview is None:
            return "the passphrase is empty   esc leaves"
        self.error, self.sending = "", f"unlocking the key {self.preview.locked}"
        unlock = self._unlock(self.preview.locked, text)
        self.run_worker(unlock, group="approve", exclusive=True)
        self.paint_now()
        return self.sending

    async def _unlock(self, key: str, passphrase: str) -> None:
        """Have the key opened, and go on to the approval."""
        try:
            said = await self.session.link.ask(
                "unlock", str, source=self.source, key=key, passphrase=passphrase
            )
            self._unlocked = True
        except FeedError as error:
            self.error = str(error)
        finally:
            self.sending = ""
        if self._unlocked:
            self.close_prompt()
        elif self.asking is not None:
            self.asking.refuse(self.error)
        self.paint_now()
        if self._unlocked and self.preview is not None and self.awaits_approval:
            self.say(said)
            if self.preview.significance is Significance.CAUTION:
                self._approve("y")
            else:
                await self.action_approve_routine()

    async def _ask_name(self, preview: Preview) -> None:
        await self.ask_line(NAME, f"type {self.phrase(preview)} to approve", self._named)

    def _named(self, text: str) -> str | None:
        """Approve where the target's name was typed."""
        if self.preview is None:
            return None
        phrase = self.phrase(self.preview)
        if text.strip() != phrase:
            return f"not approved: that is not {phrase}   esc leaves"
        if self.awaits_approval:
            self._approve(phrase)
        else:
            self.say(f"not approved: it is {self.state} by now", "warn")
        return None

    def phrase(self, preview: Preview) -> str:
        """Return what is to be typed for a critical action: the target's name."""
        status = self.status()
        named = (status.target or status.action) if status is not None else ""
        return preview.confirm or named or self.intent

    def prompted(self, sign: str, value: str | None) -> None:
        """Take what was typed; a key that is being unlocked for who gave up approves nothing."""
        super().prompted(sign, value)
        if self.asking is None:
            self.warning = ""
        if sign == KEY and value is None and self.sending:
            self.workers.cancel_group(self, "approve")
            self.sending = ""
            self.paint_now()

    def _approve(self, confirm: str) -> None:
        self.error = ""
        self.unsay()  # a key dropped before is none of this one's
        self.sending = "approving: the station writes it down before anything is sent"
        self.run_worker(self._send_approval(confirm), group="approve", exclusive=True)
        self.paint_now()

    async def _send_approval(self, confirm: str) -> None:
        state = self.state
        try:
            self._shown = await self.session.link.ask(
                "action.approve", ActionStatus, id=self.intent, digest=self.digest,
                confirm=confirm, reason=self.reason,
            )  # fmt: skip
            self._decided.add(state)
        except FeedError as error:
            self.error = str(error)
        finally:
            self.sending = ""
        self.paint_now()

    async def action_decline(self) -> None:
        """Ask why, and decline what somebody else asked for."""
        if self.asked_of_others:
            remark = "why do you decline it? needs a reason   esc leaves"
            await self.ask_line(NO, remark, self._declined, history=self.session.reasons)
        elif self.state in BEFORE_APPROVAL:
            self.say(self.session.bound.fill("your own: {cancel} cancels it"), "info")
        else:
            self.say(f"it is {self.state}: there is nothing to decline", "warn")

    def _declined(self, reason: str) -> str | None:
        if not reason.strip():
            return "that needs a reason   esc leaves"
        put_first(self.session.reasons, reason.strip())
        self.error, self.sending = "", "declining"
        work = self._send("action.decline", reason=reason.strip())
        self.run_worker(work, group="approve", exclusive=True)
        self.paint_now()
        return None

    async def action_glass(self) -> None:
        """Break the glass, where a second person is needed; mend it where it is broken."""
        from console.screens.glass import ask_glass, mend

        if not self.may_break_glass:
            needs = (
                "only a commander breaks the glass, for an own action that needs a second person"
            )
            self.say(needs, "warn")
        elif self.session.glass is not None:
            mend(self)
        else:
            await ask_glass(self)

    def action_cancel(self) -> None:
        """Cancel it, as long as it was not sent."""
        if self.asked_of_others:
            self.say(
                self.session.bound.fill("not yours: {decline} declines it, with a reason"), "warn"
            )
        elif self.state in CANCELLABLE:
            self.sending = "cancelling"
            self.run_worker(self._send("action.cancel"), group="approve", exclusive=True)
            self.paint_now()
        else:
            self.say(f"it is {self.state}: too late to cancel; undo it when it has ended", "warn")

    async def _send(self, topic: str, **arguments: str) -> None:
        try:
            await self.session.link.ask(topic, id=self.intent, **arguments)
        except FeedError as error:
            self.error = str(error)
        finally:
            self.sending = ""
        self.paint_now()


def approval_hint(preview: Preview, code: str) -> Hint:
    """Return the key that approves, beside the code: it is in sight without scrolling."""
    match preview.significance:
        case Significance.ROUTINE:
            return hint(APPROVE[1], f"approve {code}")
        case Significance.CAUTION:
            return hint(APPROVE[0], f"approve {code}")
        case _:
            return hint(APPROVE[1], f"approve {code}: type the name")
