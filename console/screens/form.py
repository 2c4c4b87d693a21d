"""An action's form: choices, the reason, and the simulation. Nothing is sent from here."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.worker import Worker

from adapters.contract import Field, Form
from adapters.records import App
from console.feed.client import FeedError
from console.feed.messages import Interest, Simulated
from console.joins import parse_reference
from console.keys import Hint
from console.panels.base import Moment
from console.rows.times import duration
from console.screens.base import ConsoleScreen
from console.screens.detail import crumbs
from console.screens.form_page import form_rows
from console.session import Session
from console.widgets.document import Document
from console.widgets.oneline import OneLine
from console.widgets.prompt import TypeLine
from console.widgets.spans import fit, line, row

REASON = "reason"
"""The name of the line for the reason; it is the log's, not an argument."""


class TextField(Horizontal):
    """A label and a line to type in."""

    DEFAULT_CSS: ClassVar[str] = """
    TextField { height: 1; }
    TextField > OneLine { width: 14; }
    TextField > TypeLine { width: 1fr; border: none; padding: 0; background: $panel; }
    TextField > TypeLine:focus { border: none; }
    """

    def __init__(self, name: str, label: str, input_: TypeLine) -> None:
        super().__init__()
        self.field = name
        self.label = label
        self.input = input_

    def compose(self) -> ComposeResult:
        """Make the two parts."""
        yield OneLine()
        yield self.input

    def on_mount(self) -> None:
        """Write the label."""
        self.query_one(OneLine).show(line((fit(f" {self.label}", 13), "dim")))


class FormScreen(ConsoleScreen):
    """Asks the station for the form of *action*, and to simulate what was filled in.

    *arguments* are those that are known already; *undoes* is the action that this one undoes.
    """

    TITLE_OF_HELP = "An action's form"
    HELP_TEXT = """\
Choose with the arrows; enter simulates the action with that choice: the real system says what
would change, and nothing is changed.

tab goes to the line for the reason, which goes into the log, and back. Esc goes back; while it
is simulated, esc ends that."""
    CSS = "FormScreen > #crumbs { height: 1; } FormScreen > #said { height: 1; }"
    DIGITS: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "simulate", show=False),
        Binding("tab", "field(1)", show=False),
        Binding("shift+tab", "field(-1)", show=False),
    ]

    def __init__(
        self, session: Session, action: str, arguments: Mapping[str, str], undoes: str = ""
    ) -> None:
        super().__init__(session)
        self.action = action
        self.arguments = dict(arguments)
        self.undoes = undoes
        self.form: Form | None = None
        self.chosen: dict[str, str] = {}
        self.error = ""
        self._since = session.link.monotonic()
        self._work: Worker[None] | None = None
        self._fields: list[TextField] = []

    def body(self) -> ComposeResult:
        """Make the crumbs, the choices, the lines to type in, and a line on how it goes."""
        yield OneLine(id="crumbs")
        yield Document(id="page")
        yield OneLine(id="said")

    def on_mount(self) -> None:
        """Ask for the form."""
        super().on_mount()
        self._run(self._load())

    def interests(self) -> Sequence[Interest]:
        """Return the revisions of the app, and what the page below shows."""
        app = parse_reference(self.arguments.get("app", ""))
        if app is None:
            return ()
        return tuple(
            Interest(kind, app.namespace, app.name) for kind in ("Revision", "Pod", "Event")
        )

    def subject(self) -> App | None:
        """Return the app that the action is about, None where it is about none."""
        named = parse_reference(self.arguments.get("app", ""))
        if named is None:
            return None
        found = self.session.store.records("App").values()
        return next((one for one in found if isinstance(one, App) and named.names(one)), None)

    def focus_first(self) -> Widget | None:
        """Return the choices."""
        return self.query_one("#page", Document)

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply here."""
        if self._working:
            return [Hint("esc", "cancel")]
        if self.form is None:
            return [Hint("esc", "back")]
        typing = self.focused is not self.query_one("#page")
        tab = Hint("tab", "choices" if typing else "reason")
        return [Hint("enter", "simulate: nothing is changed"), tab, Hint("esc", "back")]

    def paint_body(self, moment: Moment) -> None:
        """Show the form, and how the asking goes."""
        subject = self.arguments.get("app", "").partition(":")[2] or self.arguments.get("app", "")
        named = parse_reference(self.arguments.get("app", ""))
        if named is not None:
            subject = f"{named.namespace}/{named.name}"
        self.query_one("#crumbs", OneLine).show(crumbs("Actions", self.action, subject))
        page = self.query_one("#page", Document)
        if self.form is not None:
            width = self.wide - 1
            context = self.session.context()
            page.show(form_rows(self.form, self.chosen, self.subject(), context, width))
        elif not self._working:
            page.show([])
        said = self.query_one("#said", OneLine)
        passed = duration(self.session.link.monotonic() - self._since)
        if self._working:
            what = "simulating: the real system says what would change" if self.form else (
                "asking what can be chosen"
            )  # fmt: skip
            said.show(line((f" ● {what}, {passed}", "info")))
        else:
            said.show(line((f" ✖ {self.error}" if self.error else "", "bad")))

    # Choosing

    def on_document_moved(self, message: Document.Moved) -> None:
        """Take what the cursor stands on as chosen."""
        self._choose(message.value)

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Simulate with the choice."""
        message.stop()
        self._choose(message.value)
        self.action_simulate()

    def _choose(self, value: Hashable) -> None:
        if isinstance(value, tuple) and len(value) == 2:
            field, option = value
            self.chosen[str(field)] = str(option)
            self.paint_now()

    def action_field(self, step: int) -> None:
        """Go to the next line, or back to the choices."""
        places: list[Widget] = [self.query_one("#page", Document)]
        places += [field.input for field in self._fields]
        at = places.index(self.focused) if self.focused in places else 0
        self.set_focus(places[(at + step) % len(places)])
        self.paint_now()

    async def action_back(self) -> None:
        """End what is under way, or go back."""
        if self._working and self._work is not None:
            self._work.cancel()
            self._work = None
            if self.form is not None:
                self.error = ""
                self.say("the simulation was cancelled; nothing was changed")
                self.paint_now()
                return
        await super().action_back()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys for apps are off here: a letter typed by mistake opens nothing."""
        if action in ("logs", "events", "yaml", "rollback"):
            return False
        return super().check_action(action, parameters)

    def action_simulate(self) -> None:
        """Ask the station to simulate."""
        if self.form is None or self._working:
            return
        page = self.query_one("#page", Document)
        if page.has_focus:
            self._choose(page.value)
        self.error = ""
        self._run(self._simulate())

    # Asking

    @property
    def _working(self) -> bool:
        return self._work is not None and not self._work.is_finished

    def _run(self, work: object) -> None:
        self._since = self.session.link.monotonic()
        self._work = self.run_worker(work, group="ask", exclusive=True)  # type: ignore[arg-type]
        self.call_after_refresh(self.paint_now)

    async def _load(self) -> None:
        try:
            form: Form = await self.session.link.ask(
                "action.form", Form, action=self.action, arguments=self.arguments
            )
        except FeedError as error:
            self._failed(error)
            return
        self.form = form
        for field in form.fields:
            preset = self.arguments.get(field.name, "") if field.options else ""
            self.chosen[field.name] = preset or field.default
        typed = [field for field in form.fields if not field.options and not self._known(field)]
        self._fields = [
            *(self._line(field.name, field.label, field.default) for field in typed),
            self._line(REASON, "Reason", "", "why, for the log (optional)"),
        ]
        await self.mount(*self._fields, before="#said")
        # This worker is not finished yet, but what it was for is.
        self._work = None
        self.paint_now()
        page = self.query_one("#page", Document)
        for field in form.fields:
            if field.options:
                page.stand_on((field.name, self.chosen[field.name]))
                break
        self.paint_now()

    def _known(self, field: Field) -> bool:
        return bool(self.arguments.get(field.name))

    def _line(self, name: str, label: str, value: str, hint: str = "") -> TextField:
        made = TypeLine(self._typed, placeholder=hint)
        made.value = value
        return TextField(name, label, made)

    def _typed(self, value: str | None) -> None:
        """Enter in a line simulates, escape goes back to the choices."""
        if value is None:
            self.set_focus(self.focus_first())
            self.paint_now()
        else:
            self.action_simulate()

    async def _simulate(self) -> None:
        texts = {field.field: field.input.value.strip() for field in self._fields}
        reason = texts.pop(REASON, "")
        arguments = {**self.arguments, **self.chosen, **texts}
        try:
            simulated: Simulated = await self.session.link.ask(
                "action.simulate", Simulated, action=self.action,
                arguments={name: value for name, value in arguments.items() if value},
                reason=reason, undoes=self.undoes,
            )  # fmt: skip
        except FeedError as error:
            self._failed(error)
            return
        self._work = None
        from console.screens.action import ActionScreen

        self.app.push_screen(ActionScreen(self.session, simulated.id, simulated, reason))

    def _failed(self, error: Exception) -> None:
        self._work = None
        self.error = str(error)
        if self.form is None:
            self.query_one("#page", Document).show([row()])
        self.paint_now()
