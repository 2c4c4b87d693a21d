"""What can be done with an app: a small box to choose an action from; its form comes next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from adapters.text import clean
from console.ahead import Ahead, Typed, leads_away
from console.commanding import Commanding
from console.feed.answers import ActionInfo
from console.feed.client import FeedError
from console.inturn import KeysInTurn
from console.screens.box import Box
from console.session import Session
from console.widgets.document import Document
from console.widgets.spans import Row, fit, framed, line, row

if TYPE_CHECKING:
    from adapters.records import App
    from console.screens.base import ConsoleScreen

WIDTH = 66
_TONES = {"critical": "bad", "caution": "warn"}


def offers(infos: Sequence[ActionInfo], app: App) -> list[ActionInfo]:
    """Return what can be done with *app*: actions on apps that its own adapter offers for it."""
    return [
        each
        for each in infos
        if each.applies_to == "App" and each.source == app.source and each.name in app.actions
    ]


def choose(screen: ConsoleScreen, app: App) -> None:
    """Have a person choose of what there is to do with *app*, and open that action's form.

    Where there is only one thing to do, there is nothing to choose.
    """
    screen.app.push_screen(DoingScreen(screen.session, app), partial(_begin, screen, app))


def _begin(screen: ConsoleScreen, app: App, action: str | None) -> None:
    if action:
        screen.begin(action, app)


def doing_rows(name: str, infos: Sequence[ActionInfo], width: int) -> list[Row]:
    """Return the box: a row for each of *infos*, by title, name and significance."""
    rows = [row()]
    for info in infos:
        name_of, action = fit(clean(info.title, 80), 26), fit(clean(info.name, 80), 22)
        weight = (info.significance, _TONES.get(info.significance, "info"))
        parts = (" ", (name_of, "strong"), (action, "dim"), weight)
        rows.append(row(*parts, target=info.name, width=width - 4))
    keys = (" ", ("enter", "key"), " its form     ", ("esc", "key"), " back")
    rows += [row(), row((" Its form comes first: nothing is done at once.", "dim")), row(*keys)]
    return _boxed(name, rows, width)


def _boxed(name: str, rows: list[Row], width: int) -> list[Row]:
    title = line((f"WHAT CAN BE DONE WITH {clean(name, width - 28)}", "title"))
    return framed(title, (), rows, width, len(rows) + 2)


class DoingScreen(Box[str]):
    """Asks what there is; up and down choose, enter takes one; esc goes back and does nothing."""

    DEFAULT_CSS = """
    DoingScreen { align: center middle; background: $background 0%; }
    DoingScreen > Document { width: 66; height: auto; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,a", "back", show=False)]

    def __init__(self, session: Session, target: App) -> None:
        super().__init__()
        self.session = session
        self.target = target
        self.target_name = f"{target.namespace}/{target.name}"
        self._ahead = Ahead()
        self._asked = False

    def compose(self) -> ComposeResult:
        """Make the box."""
        yield Document()

    def on_mount(self) -> None:
        """Show that it is asked what there is to choose from, and ask."""
        asking = row((" ● asking what can be done", "info"), width=WIDTH - 4)
        self._show(_boxed(self.target_name, [row(), asking, row()], WIDTH))
        self.query_one(Document).focus()
        # The app's: a worker of a screen that closes ends with it.
        self.app.run_worker(self._ask(), group="doing", exclusive=True)

    def keeps(self, event: Typed) -> bool:
        """Keep what is typed until there is what it was typed for: it is not for the table below.

        An enter is among it: the form that it opens does nothing by itself.
        """
        if self._asked or leads_away(self, event):
            return False
        self._ahead.keep(event)
        return True

    async def _ask(self) -> None:
        said = ""
        found: list[ActionInfo] = []
        try:
            infos = await self.session.link.ask("action.list", list[ActionInfo])
        except FeedError as error:
            said = str(error)
        else:
            found = offers(infos, self.target)
            if not found:
                said = (
                    f"{self.target.workload} {self.target.name}: its adapter offers nothing to do"
                )
        if not self.is_current:
            return  # the person has gone on meanwhile
        self._asked = True
        typed, _ = self._ahead.take()
        if len(found) > 1:
            self._show(doing_rows(self.target_name, found, WIDTH))
        else:
            self.close_with(found[0].name if found else "")
        if said and isinstance(self.app, Commanding):
            self.app.say(said, "warn")
        elif isinstance(self.app, KeysInTurn):
            self.app.type_first(typed)

    def _show(self, box: list[Row]) -> None:
        page = self.query_one(Document)
        page.styles.height = len(box)
        page.show(box)

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Close with the action that was chosen."""
        message.stop()
        self.close_with(str(message.value))

    def action_back(self) -> None:
        """Close with nothing."""
        self.close_with("")
