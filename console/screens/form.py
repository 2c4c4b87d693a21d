"""An action's form: fields, the reason, and the simulation. Nothing is sent from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from adapters.contract import Form
from adapters.records import App
from console.binding import bindings
from console.feed.answers import Simulated
from console.feed.client import FeedError
from console.feed.messages import Interest
from console.joins import parse_reference
from console.keys import NEEDS_APP, TABLES, Hint, KeyDef, hint
from console.pagekeys import COPY_TEXT
from console.panels.base import Moment
from console.rows.times import duration
from console.screens import form_values
from console.screens.asking import AskingScreen
from console.screens.form_body import REASON, FormBody
from console.screens.form_fields import ChoiceField, FormField
from console.screens.form_live import LiveForm
from console.screens.form_values import Slot
from console.screens.page import show_crumbs
from console.session import Session
from console.widgets.oneline import OneLine
from console.widgets.spans import line

MANY = 8
"""Options from which on the key for a filter is shown."""


class FormScreen(AskingScreen):
    """Asks the station for the form of *action*, and to simulate what was filled in.

    *arguments* are those that are known already; *undoes* is the action that this one undoes. A
    form that is live is asked for again while it is filled in, and may have other fields then.
    """

    TITLE_OF_HELP = "An action's form"
    HELP_TEXT = """\
Fill in the fields: tab goes to the next, shift+tab back. Choose from a list with the arrows;
{filter} leaves only the options that hold what you type. What is wrong with a field stands below
it, and how it was understood.

Enter goes to the next field that is still empty; in the last one it simulates the action: the
real system says what would change, and nothing is changed. A read changes nothing: its answer
stands below the fields, and enter asks again.

The reason goes into the log. {copy-text} copies the equivalent for another tool, where there is
one. Esc goes back; while it is simulated, esc ends that."""
    CSS = """
    FormScreen > #crumbs { height: 1; }
    FormScreen > #said { height: 1; }
    """
    DIGITS: ClassVar[bool] = False
    FREEZES: ClassVar[bool] = False
    ACTS: ClassVar[tuple[KeyDef, ...]] = ()
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", show=False),
        Binding("tab", "field(1)", show=False),
        Binding("shift+tab", "field(-1)", show=False),
        *bindings([TABLES[0], COPY_TEXT]),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    def __init__(
        self, session: Session, action: str, arguments: Mapping[str, str], undoes: str = ""
    ) -> None:
        super().__init__(session)
        self.action = action
        self.arguments = dict(arguments)
        self.undoes = undoes
        self.form: Form | None = None
        self.error = ""
        self.live = LiveForm(session.link.sleep, self._ask_again)
        self._made_of: Mapping[str, str] = self.arguments
        self.fields = FormBody(self._typed, id="fields")

    def body(self) -> ComposeResult:
        """Make the crumbs, the fields between what is said of them, and a line on how it goes."""
        yield OneLine(id="crumbs")
        yield self.fields
        yield OneLine(id="said")

    def on_mount(self) -> None:
        """Ask for the form."""
        super().on_mount()
        self.ask(self._load(), "asking what can be chosen")

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
        """Return the field that keys went to last."""
        here = self.fields.here
        return here.target if here is not None else None

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply here."""
        if self.working:
            return [Hint("esc", "cancel")]
        if self.form is None:
            return [Hint("esc", "back")]
        if self.form.reads:
            enter = [Hint("enter", "ask again")]
        else:
            enter = [Hint("enter", "simulate: nothing is changed")]
        found = [*enter, Hint("tab", "next field")]
        here = self.fields.here
        if isinstance(here, ChoiceField):
            if len(here.field.options) > MANY:
                found.append(hint(TABLES[0]))
            if self.form.command:
                found.append(hint(COPY_TEXT, "copy command"))
        return [*found, Hint("esc", "back")]

    # Painting

    def paint_body(self, moment: Moment) -> None:
        """Show the form, and how the asking goes."""
        trail = (part for part in ("Actions", self.action, self._about()) if part)
        show_crumbs(self, *trail)
        if self.form is not None:
            self.fields.paint(
                self.form, self.subject(), self.session.context(), self.wide - 1,
                self.size.height - 4, self.live.behind,
            )  # fmt: skip
        said = self.query_one("#said", OneLine)
        passed = duration(self.session.link.monotonic() - self._since)
        if self.working:
            said.show(line((f" ● {self._doing}, {passed}", "info")))
        else:
            wrong = self.error or (self.form.error if self.form and not self.form.reads else "")
            said.show(line((f" ✖ {wrong}" if wrong else "", "bad")))

    def _about(self) -> str:
        """Return what the action is aimed at: the app, or what the first list says."""
        given = self.arguments.get("app", "")
        named = parse_reference(given)
        if named is not None:
            return f"{named.namespace}/{named.name}"
        values = self.fields.values()
        return given.partition(":")[2] or given or "".join(values[s] for s in self.fields.lists[:1])

    # Going from field to field

    def watch_focused(self, focused: Widget | None) -> None:
        """Open the list that keys go to and close the others, however that came about."""
        self.fields.focused(focused)
        self.paint_now()

    def action_field(self, step: int) -> None:
        """Go to the next field, or the one before."""
        self.fields.step(step)

    def action_page(self, step: int) -> None:
        """Scroll the fields."""
        rows = step * max(1, self.fields.size.height - 1)
        self.fields.scroll_relative(y=rows, animate=False)

    async def action_filter(self) -> None:
        """Type what the options of the list must hold."""
        here = self.fields.here
        if isinstance(here, ChoiceField):
            await self.open_prompt("/", here.words)

    def prompting(self, sign: str, value: str) -> None:
        """Leave only what holds what is typed."""
        here = self.fields.here
        if sign == "/" and isinstance(here, ChoiceField):
            here.words = value
            self.paint_now()

    def prompted(self, sign: str, value: str | None) -> None:
        """Keep the filter that was typed, or take it away where it was given up."""
        self.prompting(sign, value or "")
        super().prompted(sign, value)

    def _typed(self, value: str | None) -> None:
        """Enter in a line goes on."""
        self.action_enter()

    async def action_back(self) -> None:
        """End what is under way, or go back."""
        if self.working and self._work is not None:
            self._work.cancel()
            self.drop_ahead(told=False)
            if self.form is not None:
                self.error = ""
                self.say("the simulation was cancelled; nothing was changed")
                self.paint_now()
                return
        await super().action_back()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys for apps are off here: a letter typed by mistake opens nothing."""
        if action in NEEDS_APP or action == "call":
            return False
        return super().check_action(action, parameters)

    def copy_here(self) -> tuple[str, str]:
        """Return the equivalent for another tool."""
        return "the command", self.form.command if self.form is not None else ""

    # Filling in

    def filled(self) -> dict[str, str]:
        """Return the arguments as they are filled in now."""
        values = self.fields.values()
        values.pop(REASON, None)
        return {**self.arguments, **form_values.composed(values.items())}

    def to_check(self) -> dict[str, str]:
        """Return what to have checked: what was filled in, and no default that may yet change.

        Where what decides on the parts of an argument is another now, they are left out: they are
        of another question.
        """
        values = self.fields.values(chosen=True)
        values.pop(REASON, None)
        asked = {**self.arguments, **form_values.composed(values.items())}
        form = self.form
        if form is None:
            return asked
        names = form_values.deciding(form)
        same = all(asked.get(name, "") == self._made_of.get(name, "") for name in names)
        return asked if same else form_values.without_parts(form, asked)

    def on_form_field_changed(self, message: FormField.Changed) -> None:
        """Have it checked."""
        message.stop()
        self.error = ""
        if self.form is not None and self.form.live:
            self.live.change(self.to_check())
        self.paint_now()

    def on_form_field_entered(self, message: FormField.Entered) -> None:
        """Enter on an option."""
        message.stop()
        self.action_enter()

    def action_enter(self) -> None:
        """Go to the next empty field; from the last one, simulate or read."""
        if self.form is not None and not self.working:
            self.error = ""
            self.ask(self._go_on(self.fields.at), "checking what was filled in")

    async def _go_on(self, here: Slot | None) -> None:
        while self.form is not None and self.form.live:
            self.live.change(self.to_check())
            if not self.live.behind:
                break
            await self.live.settled()
        if self.form is None:
            return
        fields = form_values.shown(self.form, self.arguments)
        blank = form_values.next_blank(fields, self.fields.values(), here)
        missing = form_values.missing(fields, self.fields.values())
        wrong = form_values.wrong(self.form)
        if wrong is None and missing is None and blank is None and not self.form.reads:
            await self._simulate(self.filled(), self.fields.values().get(REASON, ""))
            return
        if wrong is not None:
            self.error = form_values.named(wrong[1], wrong[1].error)
            if wrong[0] in self.fields.fields:
                self.fields.go_to(wrong[0])
        elif blank is not None:
            self.fields.go_to(blank)
        elif missing is not None:
            self.error = form_values.named(missing[1], "is missing")
            self.fields.go_to(missing[0])
        else:
            self.live.again()
            self.say("a read: it is answered below, and there is nothing to approve")
        self.go_ahead()
        self.paint_now()

    # Asking

    async def _form(self, arguments: Mapping[str, str]) -> Form:
        form: Form = await self.session.link.ask(
            "action.form", Form, action=self.action, arguments=dict(arguments)
        )
        return form

    async def _load(self) -> None:
        try:
            form = await self._form(self.arguments)
        except FeedError as error:
            self._failed(error)
            return
        self.live.start(self.arguments)
        self.fields.kept = form_values.preset(form, self.arguments)
        understood = {slot.name: text for slot, text in self.fields.kept.items() if not slot.into}
        self._made_of = {**self.arguments, **understood}
        fields = form_values.shown(form, self.arguments)
        # What has a field is that field's from now on.
        for slot, _ in fields:
            self.arguments.pop(slot.into or slot.name, None)
        await self._take(form)
        blank = form_values.next_blank(fields, self.fields.values(), None)
        places = [*self.fields.lists, *self.fields.fields]
        if form.live:  # with all filled in, an arrow is to change nothing
            places.reverse()
        if blank is not None or places:
            self.fields.go_to(blank or places[0])
        if form.live:
            self.run_worker(self.live.run(), group="live", exclusive=True)
            self.live.change(self.to_check())
        self.go_ahead()
        self.paint_now()

    async def _ask_again(self, arguments: Mapping[str, str], newest: Callable[[], bool]) -> None:
        """Ask for the form with *arguments*; show the answer if it is still of the newest state."""
        try:
            form = await self._form(arguments)
        except FeedError as error:
            self.error = str(error)
        else:
            if newest():
                self._made_of = arguments
                await self._take(form)
                self.live.change(self.to_check())
        self.call_after_refresh(self.paint_now)

    async def _take(self, form: Form) -> None:
        self.form = form
        fresh = set(self.fields.fields)
        with self.app.batch_update():
            await self.fields.take(form, self.arguments)
            self.paint_now()
            for slot in set(self.fields.lists) - fresh:
                field = self.fields.fields[slot]
                if isinstance(field, ChoiceField):
                    field.stand()

    async def _simulate(self, arguments: Mapping[str, str], reason: str) -> None:
        self._doing = "simulating: the real system says what would change"
        self.paint_now()
        try:
            simulated: Simulated = await self.session.link.ask(
                "action.simulate", Simulated, action=self.action, arguments=dict(arguments),
                reason=reason, undoes=self.undoes,
            )  # fmt: skip
        except FeedError as error:
            self._failed(error)
            return
        from console.screens.action import ActionScreen

        page = ActionScreen(self.session, simulated.id, simulated, reason)
        page.came_after(self.drop_ahead(told=False))
        self.app.push_screen(page)

    def _failed(self, error: Exception) -> None:
        self.drop_ahead()
        self.error = str(error)
        self.paint_now()
