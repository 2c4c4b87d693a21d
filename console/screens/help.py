"""Help for the screen below: its keys, and what its columns and marks mean."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widget import Widget

from adapters.records import App
from console.bound import USUAL, Bound
from console.keys import FIND, GLOBAL, MOVES, NOTE, ON_APP, KeyDef
from console.panels.base import Moment
from console.screens.base import ConsoleScreen
from console.screens.page import crumbs
from console.session import Session
from console.widgets.document import Document
from console.widgets.oneline import OneLine
from console.widgets.spans import Row, beside, fit, line, row, rule
from console.widgets.wrapped import wrapped

FILTERS = (
    "A filter is words that must all occur; -word must not; field:value looks in one column, "
    'field:one,two for either; "two words" for both together.'
)


class HelpScreen(ConsoleScreen):
    """Esc or ? goes back."""

    CSS = "HelpScreen > #crumbs { height: 1; }"

    def __init__(self, session: Session, below: ConsoleScreen) -> None:
        super().__init__(session)
        self.below = below

    def body(self) -> ComposeResult:
        """Make the crumbs and the page."""
        yield OneLine(id="crumbs")
        yield Document(id="page")

    def focus_first(self) -> Widget | None:
        """Return the page."""
        return self.query_one("#page", Document)

    def app_here(self) -> App | None:
        """Nothing is selected here."""
        return None

    def paint_body(self, moment: Moment) -> None:
        """Show the page."""
        title, text = self.below.help_text()
        bound = self.session.bound
        self.query_one("#crumbs", OneLine).show(crumbs("Help", title))
        acts = not self.session.read_only
        keys = (*self.below.KEYS, NOTE, *(key for key in ON_APP if acts or not key.acts))
        extra = (*(key for key in self.below.ACTS if acts and key not in ON_APP),)
        self.query_one("#page", Document).show(
            help_rows(bound.fill(text), (*keys, *extra), self.wide - 1, bound, read_only=not acts)
        )


def help_rows(
    text: str, own: tuple[KeyDef, ...], width: int, bound: Bound = USUAL, *, read_only: bool
) -> list[Row]:
    """Return the help page in *width* cells: what the screen shows, its keys, all other keys."""
    rows: list[Row] = [Row(())]
    for paragraph in text.split("\n\n"):
        rows += wrapped(paragraph.replace("\n", " "), min(width - 2, 110), indent=2)
    rows.append(Row(()))
    mine = [_key_row(key, bound) for key in _each(own)]
    everywhere = [_key_row(key, bound) for key in (*MOVES, *GLOBAL, *FIND)]
    here = rule(width, line(("KEYS HERE", "title")))
    else_ = rule(width, line(("KEYS EVERYWHERE", "title")))
    if width >= 140:
        half = (width - 2) // 2
        left = [rule(half, line(("KEYS HERE", "title"))), *mine]
        right = [rule(half, line(("KEYS EVERYWHERE", "title"))), *everywhere]
        rows += beside([left, right], [half, half], gap=2)
    else:
        rows += [here, *mine, Row(()), else_, *everywhere]
    rows.append(Row(()))
    rows += wrapped(FILTERS, min(width - 2, 110), "dim", indent=2)
    if read_only:
        rows += wrapped("This console is read-only: keys that act on the colony are not bound.",
                        width - 2, "warn", indent=2)  # fmt: skip
    return rows


def _each(keys: tuple[KeyDef, ...]) -> list[KeyDef]:
    return list({key.id: key for key in keys}.values())


def _key_row(key: KeyDef, bound: Bound) -> Row:
    return row("  ", (fit(bound.key(key.id), 9), "key"), " ", key.help)
