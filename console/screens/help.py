"""Help for the screen below: its keys, and what its columns and marks mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.app import ComposeResult
from textual.widget import Widget

from adapters.records import App
from console.bound import USUAL, Bound, table
from console.keys import FIND, GLOBAL, MOVES, KeyDef
from console.panels.base import Moment
from console.screens.base import ConsoleScreen
from console.screens.page import show_crumbs
from console.session import Session
from console.widgets.document import Document
from console.widgets.oneline import OneLine
from console.widgets.spans import Row, beside, fit, line, row, rule
from console.widgets.wrapped import wrapped

FILTERS = (
    "A filter is words that must all occur; -word must not; field:value looks in one column, "
    'field:one,two for either, field:>3 or field:<1h compares a number or a time; "two words" '
    "for both together."
)
LOOKALIKE = (
    "≈ before a name, anywhere: a letter or a sign of it only looks like the usual one and is of "
    "another script, Cyrillic say. It is not the name that it looks like, and equals only itself."
)
EVERYWHERE = (*MOVES, *GLOBAL, *FIND)
"""Keys that are the same on every screen."""
COLUMN = 13
"""Cells of a column's title."""


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
        show_crumbs(self, "Help", title)
        self.query_one("#page", Document).show(
            help_rows(
                bound.fill(text), keys_of(self.below), self.wide - 1, bound, tables_of(self.below),
                read_only=self.session.read_only,
            )
        )  # fmt: skip


class Described(NamedTuple):
    """A table to be explained: its title, "" for the only one, and its columns' meanings."""

    title: str
    columns: tuple[tuple[str, str], ...]


def tables_of(screen: ConsoleScreen) -> list[Described]:
    """Return the tables in sight on *screen*, each with what its columns mean."""
    from console.panels.listing import Listing
    from console.rows.meanings import meaning

    found = []
    for one in screen.query(Listing):
        if all(node.display for node in one.ancestors_with_self if isinstance(node, Widget)):
            said = ((column.title, meaning(one.kind, column.key)) for column in one.rows.COLUMNS)
            found.append(Described(one.named, tuple((name, text) for name, text in said if text)))
    return found if len(found) > 1 else [one._replace(title="") for one in found]


def keys_of(screen: ConsoleScreen) -> tuple[KeyDef, ...]:
    """Return the keys that are bound on *screen* where it is now, those of everywhere aside."""
    bound = {
        one.id
        for _, map_ in screen._binding_chain
        for several in map_.key_to_bindings.values()
        for one in several
    }
    own = {key.id for key in screen.KEYS} | bound
    apart = {key.id for key in EVERYWHERE}
    if screen.session.link.attached:
        apart.add("retry")
    return tuple(
        key
        for key in table().values()
        if key.id in own and key.id not in apart and screen.offers(key.command)
    )


def help_rows(
    text: str,
    own: tuple[KeyDef, ...],
    width: int,
    bound: Bound = USUAL,
    tables: Sequence[Described] = (),
    *,
    read_only: bool,
) -> list[Row]:
    """Return the help page in *width* cells: what the screen shows, its keys, what its columns
    mean, all other keys.
    """
    rows: list[Row] = [Row(())]
    for paragraph in text.split("\n\n"):
        rows += wrapped(paragraph.replace("\n", " "), min(width - 2, 110), indent=2)
        rows.append(Row(()))
    mine = [_key_row(key, bound) for key in own]
    everywhere = [_key_row(key, bound) for key in EVERYWHERE]
    half = (width - 2) // 2 if width >= 140 else width
    left = [rule(half, line(("KEYS HERE", "title"))), *mine]
    for one in tables:
        name = f"COLUMNS of {one.title}" if one.title else "COLUMNS"
        left += [Row(()), rule(half, line((name, "title")))]
        for title, meaning in one.columns:
            left += _column_rows(title, meaning, half)
    right = [rule(half, line(("KEYS EVERYWHERE", "title"))), *everywhere]
    rows += beside([left, right], [half, half], gap=2) if half < width else [*left, Row(()), *right]
    rows.append(Row(()))
    for said in (FILTERS, LOOKALIKE):
        rows += wrapped(said, min(width - 2, 110), "dim", indent=2)
        rows.append(Row(()))
    if read_only:
        rows += wrapped("This console is read-only: keys that act on the colony are not bound.",
                        width - 2, "warn", indent=2)  # fmt: skip
    return rows


def _key_row(key: KeyDef, bound: Bound) -> Row:
    return row("  ", (fit(bound.key(key.id), 9), "key"), " ", key.help)


def _column_rows(title: str, meaning: str, width: int) -> list[Row]:
    """Return what a column means, under its title as the table has it; a bar has none."""
    room = max(10, width - COLUMN - 4)
    first, *more = wrapped(meaning, room)
    rows = [Row((*line("  ", (fit(title, COLUMN), "title"), " "), *first.line))]
    return [*rows, *(Row((*line(" " * (COLUMN + 3)), *one.line)) for one in more)]
