"""An action's page: what would change, the approval, and then how it goes, live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget

from adapters.records import ActionState, ActionStatus, App, Key
from console.binding import bindings
from console.feed.answers import ActionPage, LogLeaf, LogPage, Simulated
from console.feed.client import FeedError
from console.feed.messages import Interest
from console.joins import parse_reference
from console.keys import (
    APPROVE,
    BACK,
    CANCEL,
    DECLINE,
    GLASS,
    GLOBAL,
    NEEDS_APP,
    UNDO,
    Hint,
    KeyDef,
    hint,
    hints,
)  # fmt: skip
from console.pagekeys import COPY_TEXT
from console.panels.base import Moment, Opened
from console.rows.log import head_of
from console.screens.action_page import action_rows
from console.screens.action_parts import asks_line, leaf_rows
from console.screens.approving import CANCELLABLE, ApprovingScreen, approval_hint
from console.screens.page import named, show_crumbs
from console.session import Session
from console.widgets.document import Document
from console.widgets.oneline import OneLine
from console.widgets.spans import Line, line

LEAVES = 200
"""Entries of the log that are shown of one action."""


class ActionScreen(ApprovingScreen):
    """One action by its id. Leaving the page stops nothing: the action is the station's."""

    TITLE_OF_HELP = "An action"
    HELP_TEXT = """\
The stages on top: a tick is a stage that was reached. Submitted is not success; verified is.

WHAT CHANGES is what the real system itself says would change. REACHES counts and names what it
reaches; ? is what nobody knows. WHAT IS APPROVED is a digest over all that decides the effect; its
code can be compared aloud.

How it is approved depends on what it may cost: routine by {approve-routine}, caution by
{approve}, critical by typing the target's name. {cancel} cancels until it is sent. {copy-text}
copies the command for another tool. Where a signing key is locked its passphrase is asked for
first; it is kept nowhere.

Where the colony asks for a second person, your approval makes it a request (⚑), and another
commander approves it the same way, on this page, or declines it with {decline} and a reason.
Compare the code aloud before. Nobody comes: {break-glass} breaks the glass, for a commander
alone, with a reason and for 30 minutes at most; your approval alone counts then, and the log says
so for ever. B or :mend mends it.

LOG: the entries of the log that this action made, each with how far it is proved; enter proves
one here.

A rollback that was verified may be followed by its record, an action of its own: enter on it
opens it.

Once it is approved it goes on in the station, whatever becomes of this page, this console or
the line. {undo} undoes an action that can be undone."""
    CSS = "ActionScreen > #crumbs { height: 1; } ActionScreen > #said { height: 1; }"
    ACTS: ClassVar[tuple[KeyDef, ...]] = (*APPROVE, CANCEL, DECLINE, GLASS, UNDO)
    BINDINGS: ClassVar[list[BindingType]] = bindings([COPY_TEXT])
    KEYS = (*APPROVE, CANCEL, DECLINE, GLASS, UNDO, COPY_TEXT)

    def __init__(
        self, session: Session, id: str, simulated: Simulated | None = None, reason: str = ""
    ) -> None:
        super().__init__(session, id, simulated, reason)
        self.leaves: Sequence[LogLeaf] | None = None
        self.no_leaves = ""
        self._asked_leaf: int | None = -1

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

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply now."""
        found: list[Hint] = []
        status = self.status()
        if not self.session.read_only:
            if self.awaits_approval and self.preview is not None:
                found.append(approval_hint(self.preview, self.code))
            if self.asked_of_others:
                found += hints(DECLINE)
            elif self.state in CANCELLABLE and not self.sending:
                found += hints(CANCEL)
            if self.may_break_glass:
                whole = self.session.glass is None
                found.append(hint(GLASS, "BREAK GLASS" if whole else "mend the glass"))
            if status is not None and status.undo:
                found += hints(UNDO)
        if self.preview is not None and self.preview.command:
            found.append(hint(COPY_TEXT, "copy command"))
        leave = "back, it goes on" if self.state.in_flight else "back"
        return [*found, hint(BACK, leave), *hints(*(key for key in GLOBAL if key.id == "help"))]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say which key exists now. Those for apps are off: y and r mean something else here."""
        if action in NEEDS_APP:
            return False
        if action == "approve_routine":
            # Where nothing waits for this person, enter opens what the cursor stands on.
            return self.awaits_approval
        if action == "approve":
            return self.awaits_approval
        return super().check_action(action, parameters)

    # Painting

    def paint_body(self, moment: Moment) -> None:
        """Lay the page out again; only lines that differ are painted."""
        status = self.status()
        what = (status.title or status.target) if status else ""
        if self.preview is not None:
            what = self.preview.title
        at = ("Actions", self.intent) if self.intent else ("Actions",)
        show_crumbs(self, *named(*at, what=what, width=self.wide))
        digest, code = self.digest, self.code
        if status is not None:
            digest, code = digest or status.digest, code or status.code
        now, width = self.session.now(), self.wide - 1
        asks: Line = ()
        if status is not None:
            asks = asks_line(status, self.session.me, code, now)
        self._ask_leaves(status)
        head = head_of(self.session.store)
        opens = not self.awaits_approval
        logged = leaf_rows(self.leaves, self.no_leaves, head, width, opens=opens)
        rows = action_rows(
            status, self.preview, digest, code, now, width, self.linked(), asks, logged
        )
        self.query_one("#page", Document).show(rows)
        said = self.query_one("#said", OneLine)
        if self.error:
            said.show(line((f" ✖ {self.error}", "bad")))
        elif self.sending:
            said.show(line((f" ● {self.sending}", "info")))
        elif self.warning:
            said.show(line((f" {self.warning} ", "lost")))
        elif self.session.read_only:
            said.show(line((f" {self.session.refusal}", "dim")))
        else:
            said.show(())

    # The rest

    def action_undo(self) -> None:
        """Begin to undo it."""
        status = self.status()
        if status is not None:
            self.begin_undo(status)

    def copy_here(self) -> tuple[str, str]:
        """Return the command for another tool."""
        return "the command", self.preview.command if self.preview is not None else ""

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Open the action that this one records or is recorded by, or an entry of the log."""
        message.stop()
        if isinstance(message.value, Key):
            self.post_message(Opened(message.value))

    async def action_back(self) -> None:
        """Go back; past the form that led here, once that is done with."""
        from console.screens.form import FormScreen

        done = self.state not in (ActionState.DRAFT, ActionState.SIMULATED)
        await self.app.pop_screen()
        if done and isinstance(self.app.screen, FormScreen):
            await self.app.pop_screen()

    def about_here(self) -> str:
        """Return this action, as a note names it."""
        return f"action {self.intent}"

    def _ask_leaves(self, status: ActionStatus | None) -> None:
        """Ask for its entries in the log where there are more than are here."""
        leaf = status.leaf if status is not None else None
        if status is None or leaf == self._asked_leaf or not self.session.link.attached:
            return
        self._asked_leaf = leaf
        self.run_worker(self._load_leaves(), group="leaves", exclusive=True)

    async def _load_leaves(self) -> None:
        try:
            page = await self.session.link.ask(
                "log.page", LogPage, intent=self.intent, count=LEAVES
            )
        except FeedError as error:
            self.no_leaves = str(error)
        else:
            self.leaves, self.no_leaves = page.leaves, ""
        self.paint_now()

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
            self.shows_anew()
        self.paint_now()
