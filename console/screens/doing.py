"""What can be done with an app: a small box to choose an action from; its form comes next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from adapters.text import clean
from console.feed.answers import ActionInfo
from console.feed.client import FeedError
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


async def choose(screen: ConsoleScreen, app: App) -> None:
    """Ask the station what there is, have a person choose, and open that action's form.

    Where there is only one thing to do, there is nothing to choose.
    """
    try:
        infos: list[ActionInfo] = await screen.session.link.ask("action.list", list[ActionInfo])
    except FeedError as error:
        screen.say(str(error), "bad")
        return
    found = offers(infos, app)
    if not screen.is_current:
        return  # the person has gone on meanwhile
    if not found:
        screen.say(f"{app.workload} {app.name}: its adapter offers nothing to do", "warn")
    elif len(found) == 1:
        screen.begin(found[0].name, app)
    else:
        name = f"{app.namespace}/{app.name}"
        screen.app.push_screen(DoingScreen(name, found), partial(_begin, screen, app))


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
    title = line((f"WHAT CAN BE DONE WITH {clean(name, width - 28)}", "title"))
    return framed(title, (), rows, width, len(rows) + 2)


class DoingScreen(ModalScreen[str]):
    """Up and down choose, enter takes one; esc goes back and does nothing."""

    DEFAULT_CSS = """
    DoingScreen { align: center middle; background: $background 0%; }
    DoingScreen > Document { width: 66; height: auto; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,a", "back", show=False)]

    def __init__(self, name: str, infos: Sequence[ActionInfo]) -> None:
        super().__init__()
        self.named = name
        self.infos = infos

    def compose(self) -> ComposeResult:
        """Make the box."""
        yield Document()

    def on_mount(self) -> None:
        """Show what there is to choose from."""
        box = doing_rows(self.named, self.infos, WIDTH)
        page = self.query_one(Document)
        page.styles.height = len(box)
        page.show(box)
        page.focus()

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Close with the action that was chosen."""
        message.stop()
        self.dismiss(str(message.value))

    def action_back(self) -> None:
        """Close with nothing."""
        self.dismiss("")
