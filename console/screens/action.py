"""An action's page: what would change, the approval, and then how it goes, live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from adapters.contract import Preview, Significance
from adapters.records import ActionState, ActionStatus, App, Key
from console.feed.client import FeedError
from console.feed.messages import ActionPage, Interest, Simulated
from console.joins import parse_reference
from console.keys import APPROVE, CANCEL, UNDO, Hint, KeyDef, hints
from console.panels.base import Moment, Opened
from console.screens.action_page import action_rows
from console.screens.base import ConsoleScreen
from console.screens.page import crumbs
from console.session import Session
from console.widgets.document import Document
from console.widgets.oneline import OneLine
from console.widgets.spans import line

BEFORE_APPROVAL = frozenset({ActionState.DRAFT, ActionState.SIMULATED})
CANCELLABLE = BEFORE_APPROVAL | {ActionState.APPROVED}
KEY = "⚿"
"""The sign of the line that takes a key's passphrase."""


class ActionScreen(ConsoleScreen):
    """One action by its id. Leaving the page stops nothing: the action is the station's."""

    TITLE_OF_HELP = "An action"
    HELP_TEXT = """\
The stages on top: a tick is a stage that was reached. Submitted is not success; verified is.

WHAT CHANGES is what the real system itself says would change. WHAT IS APPROVED is a digest over
all that decides the effect; its code can be compared aloud.

How it is approved depends on what it may cost: routine by enter, caution by y, critical by
typing the target's name. x cancels until it is sent. c copies the command for another tool.
Where a signing key is locked its passphrase is asked for first; it is kept nowhere.

A rollback that was verified may be followed by its record, an action of its own: enter on it
opens it.

Once it is approved it goes on in the station, whatever becomes of this page, this console or
the line. u undoes an action that can be undone."""
    CSS = "ActionScreen > #crumbs { height: 1; } ActionScreen > #said { height: 1; }"
    ACTS: ClassVar[tuple[KeyDef, ...]] = (*APPROVE, CANCEL, UNDO)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", show=False),
    ]
    KEYS = (*APPROVE, CANCEL, UNDO)

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
        self.sending = ""
        self._shown: ActionStatus | None = None
        self._approved = False
        self._unlocked = False

    def body(self) -> ComposeResult:
        """Make the crumbs, the page, and a line on how the asking goes."""
        yield OneLine(id="crumbs")
        yield Document(id="page")
        yield OneLine(id="said")

    def on_mount(self) -> None:
        """Ask for what the log holds, where we do not come from a simulation."""
        super().on_mount()
        if self.preview is None:
            self.run_worker(self._load(), group="ask", exclusive=True)

    def status(self) -> ActionStatus | None:
        """Return the action as the station last told it."""
        for record in self.session.store.records("ActionStatus").values():
            if isinstance(record, ActionStatus) and record.name == self.intent:
                return record
        return self._shown

    def linked(self) -> list[ActionStatus]:
        """Return the action that this one records, and those that record it."""
        status = self.status()
        of = status.records if status is not None else ""
        found = self.session.store.records("ActionStatus").values()
        statuses = [one for one in found if isinstance(one, ActionStatus)]
        return [one for one in statuses if one.name == of or one.records == self.intent]

    def interests(self) -> Sequence[Interest]:
        """Return what the page of the app shows, which is where one goes from here."""
        status = self.status()
        named = parse_reference(dict(status.arguments).get("app", "")) if status else None
        if named is None:
            return ()
        return tuple(
            Interest(kind, named.namespace, named.name) for kind in ("Revision", "Pod", "Event")
        )

    def focus_first(self) -> Widget | None:
        """Return the page."""
        return self.query_one("#page", Document)

    def app_here(self) -> App | None:
        """Return the app that the action is about."""
        status = self.status()
        named = parse_reference(dict(status.arguments).get("app", "")) if status else None
        if named is None:
            return None
        found = self.session.store.records("App").values()
        return next((one for one in found if isinstance(one, App) and named.names(one)), None)

    # What can be done now

    @property
    def state(self) -> ActionState:
        """Where the action stands."""
        status = self.status()
        return status.state if status is not None else ActionState.SIMULATED

    @property
    def awaits_approval(self) -> bool:
        """Whether it was simulated, would do something, and nobody approved it yet."""
        waits = self.state is ActionState.SIMULATED and not self.sending and not self._approved
        preview = self.preview
        return waits and preview is not None and not preview.nothing and bool(self.digest)

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply now."""
        found: list[Hint] = []
        status = self.status()
        if not self.session.read_only:
            if self.awaits_approval and self.preview is not None:
                found.append(_approval_hint(self.preview, self.code))
            if self.state in CANCELLABLE and not self.sending:
                found += hints(CANCEL)
            if status is not None and status.undo:
                found += hints(UNDO)
        if self.preview is not None and self.preview.command:
            found.append(Hint("c", "copy command"))
        leave = "back, it goes on" if self.state.in_flight else "back"
        return [*found, Hint("esc", leave), Hint("?", "help")]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say which key exists now. Those for apps are off: y and r mean something else here."""
        if action in ("yaml", "rollback", "logs", "events"):
            return False
        if action in ("approve_routine", "approve"):
            return self.awaits_approval
        return super().check_action(action, parameters)

    # Painting

    def paint_body(self, moment: Moment) -> None:
        """Lay the page out again; only lines that differ are painted."""
        status = self.status()
        what = (status.title or status.target) if status else ""
        if self.preview is not None:
            what = self.preview.title
        trail = ("Actions", self.intent, what) if what and self.wide >= 100 else ("Actions", what)
        self.query_one("#crumbs", OneLine).show(crumbs(*(part for part in trail if part)))
        digest, code = self.digest, self.code
        if status is not None:
            digest, code = digest or status.digest, code or status.code
        rows = action_rows(
            status, self.preview, digest, code, self.session.now(), self.wide - 1, self.linked()
        )
        self.query_one("#page", Document).show(rows)
        said = self.query_one("#said", OneLine)
        if self.error:
            said.show(line((f" ✖ {self.error}", "bad")))
        elif self.sending:
            said.show(line((f" ● {self.sending}", "info")))
        elif self.session.read_only:
            said.show(line((" read-only: nothing can be approved here", "dim")))
        else:
            said.show(())

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
            self.say("this asks for caution: y approves it", "warn")

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
            self.say("this is routine: enter approves it", "info")

    async def _locked(self, preview: Preview) -> bool:
        """Ask for the passphrase of a key that is locked; return whether that comes first."""
        if not preview.locked or self._unlocked:
            return False
        await self.open_prompt(KEY, secret=True)
        self.remark(f"passphrase of the key {preview.locked}   esc leaves")
        return True

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
        self.paint_now()
        if self._unlocked and self.preview is not None and self.awaits_approval:
            self.say(said)
            if self.preview.significance is Significance.CAUTION:
                self._approve("y")
            else:
                await self.action_approve_routine()

    async def _ask_name(self, preview: Preview) -> None:
        await self.open_prompt("✎", "")
        self.remark(f"type {self.phrase(preview)} to approve")

    def phrase(self, preview: Preview) -> str:
        """Return what is to be typed for a critical action: the target's name."""
        status = self.status()
        named = (status.target or status.action) if status is not None else ""
        return preview.confirm or named or self.intent

    def prompted(self, sign: str, value: str | None) -> None:
        """Approve where the target's name was typed."""
        super().prompted(sign, value)
        if sign == KEY and value and self.preview is not None:
            self.error, self.sending = "", f"unlocking the key {self.preview.locked}"
            unlock = self._unlock(self.preview.locked, value)
            self.run_worker(unlock, group="approve", exclusive=True)
            self.paint_now()
        if sign != "✎" or self.preview is None or value is None:
            return
        phrase = self.phrase(self.preview)
        if value.strip() == phrase and self.awaits_approval:
            self._approve(phrase)
        else:
            self.say(f"not approved: “{value}” is not {phrase}", "warn")

    def _approve(self, confirm: str) -> None:
        self.error = ""
        self.sending = "approving: the station writes it down before anything is sent"
        self.run_worker(self._send_approval(confirm), group="approve", exclusive=True)
        self.paint_now()

    async def _send_approval(self, confirm: str) -> None:
        try:
            self._shown = await self.session.link.ask(
                "action.approve", ActionStatus, id=self.intent, digest=self.digest,
                confirm=confirm, reason=self.reason,
            )  # fmt: skip
            self._approved = True
        except FeedError as error:
            self.error = str(error)
        finally:
            self.sending = ""
        self.paint_now()

    def action_cancel(self) -> None:
        """Cancel it, as long as it was not sent."""
        if self.state in CANCELLABLE:
            self.sending = "cancelling"
            self.run_worker(self._send_cancel(), group="approve", exclusive=True)
            self.paint_now()
        else:
            self.say(f"it is {self.state}: too late to cancel; undo it when it has ended", "warn")

    async def _send_cancel(self) -> None:
        try:
            self._shown = await self.session.link.ask("action.cancel", ActionStatus, id=self.intent)
        except FeedError as error:
            self.error = str(error)
        finally:
            self.sending = ""
        self.paint_now()

    # The rest

    def action_undo(self) -> None:
        """Begin to undo it."""
        status = self.status()
        if status is not None:
            self.begin_undo(status)

    def action_copy(self) -> None:
        """Copy the command for another tool."""
        if self.preview is not None and self.preview.command:
            self.app.copy_to_clipboard(self.preview.command)
            self.say("copied, if your terminal takes OSC 52")

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Open the action that this one records, or the one that records it."""
        message.stop()
        if isinstance(message.value, Key):
            self.post_message(Opened(message.value))

    async def action_back(self) -> None:
        """Go back; past the form that led here, once that is done with."""
        from console.screens.form import FormScreen

        done = self.state is not ActionState.SIMULATED
        await self.app.pop_screen()
        if done and isinstance(self.app.screen, FormScreen):
            await self.app.pop_screen()

    async def _load(self) -> None:
        try:
            page: ActionPage = await self.session.link.ask(
                "action.show", ActionPage, id=self.intent
            )
        except FeedError as error:
            self.error = str(error)
        else:
            self._shown, self.preview, self.source = page.status, page.preview, page.source
            self.digest, self.code = page.status.digest, page.status.code
        self.paint_now()


def _approval_hint(preview: Preview, code: str) -> Hint:
    """Return the key that approves, beside the code: it is in sight without scrolling."""
    match preview.significance:
        case Significance.ROUTINE:
            return Hint("enter", f"approve {code}")
        case Significance.CAUTION:
            return Hint("y", f"approve {code}")
        case _:
            return Hint("enter", "approve: type the name")
