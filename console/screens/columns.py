"""The columns of one table: which are shown, in which order, and by which it is sorted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget

from console.binding import bindings
from console.keys import BACK, NEEDS_APP, Hint, KeyDef, hints
from console.pagekeys import COLUMN
from console.panels.base import Moment
from console.panels.listing import Listing
from console.rows.cells import Column
from console.rows.layout import FIXED, Layout, fitting, title_of
from console.screens.base import ConsoleScreen
from console.screens.page import show_crumbs
from console.session import Session
from console.widgets.document import Document
from console.widgets.oneline import OneLine
from console.widgets.spans import Row, fit, line, row

TITLE, STATE = 18, 34


def column_rows(
    columns: Sequence[Column], chosen: Layout, sort: tuple[str, bool], width: int
) -> list[Row]:
    """Return a row for each column, in order; *width* is that of the table, in cells."""
    shown = [columns[i] for i in chosen.columns(columns)]
    there = fitting(shown, width)
    rows = []
    for i in chosen.all(columns):
        column = columns[i]
        key = column.key
        on = key not in chosen.hidden
        box = ("[x]", "good") if on else ("[ ]", "dim")
        if key == FIXED:
            box = (" ■ ", "dim")
        if not on:
            state = ("not shown", "dim")
        elif key not in there:
            state = (f"no room for it at {width} cells", "warn")
        elif key == FIXED:
            state = ("stays: how the row stands", "dim")
        else:
            state = ("shown", "")
        arrow = ("↓" if sort[1] else "↑") + " sorts" if key == sort[0] else ""
        title = fit(title_of(column), TITLE)
        parts = (" ", box, " ", (title, "" if on else "dim"), (fit(state[0], STATE), state[1]))
        rows.append(row(*parts, (arrow, "key"), target=key))
    return rows


class ColumnsScreen(ConsoleScreen):
    """What is chosen here shows at once in the table below, and is remembered."""

    CSS = "ColumnsScreen > #crumbs { height: 1; } ColumnsScreen > #said { height: 1; }"
    TITLE_OF_HELP = "Columns"
    HELP_TEXT = """\
Space shows the column under the cursor or leaves it out; < and > move it before or behind the
next; {column-sort} sorts by it, once more turns the order around; enter goes back to the table; =
puts everything back as it was at first.

"No room for it" says that the column is shown on a wider screen: leave others out, and it is.
Columns of less weight go first. The mark always stays: it says how far a row can be trusted.

What is chosen is kept for this table, in this colony."""
    BINDINGS: ClassVar[list[BindingType]] = bindings(COLUMN)
    KEYS: ClassVar[tuple[KeyDef, ...]] = COLUMN

    def __init__(self, session: Session, listing: Listing) -> None:
        super().__init__(session)
        self.listing = listing

    def body(self) -> ComposeResult:
        """Make the crumbs, the list, and a line on what does not fit."""
        yield OneLine(id="crumbs")
        yield Document(id="list")
        yield OneLine(id="said")

    @property
    def list(self) -> Document:
        """The list of columns."""
        return self.query_one("#list", Document)

    def focus_first(self) -> Widget | None:
        """Return the list."""
        return self.list

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply here."""
        return [*hints(BACK), *hints(*COLUMN)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is about apps is off here."""
        if action in NEEDS_APP or action in ("call", "note", "copy"):
            return False
        return super().check_action(action, parameters)

    def paint_body(self, moment: Moment) -> None:
        """Show the columns."""
        listing = self.listing
        columns = listing.rows.COLUMNS
        show_crumbs(self, listing.named.capitalize(), "columns")
        width = listing.table.scrollable_content_region.width or self.wide
        self.list.show(column_rows(columns, listing.chosen, listing.sorted_by, width))
        out = [title_of(one) for one in listing.columns if one.key not in self._fitting(width)]
        said = f" {len(out)} do not fit at {width} cells: {', '.join(out)}" if out else ""
        self.query_one("#said", OneLine).show(line((said, "warn")))

    def _fitting(self, width: int) -> frozenset[str]:
        return fitting(self.listing.columns, width)

    def _here(self) -> str:
        value = self.list.value
        return value if isinstance(value, str) else ""

    def _choose(self, chosen: Layout) -> None:
        self.listing.choose(chosen)
        self.paint_body(Moment({}))

    def action_show_or_not(self) -> None:
        """Show the column under the cursor, or leave it out."""
        columns, key = self.listing.rows.COLUMNS, self._here()
        if key == FIXED:
            self.say("the mark stays: it says how far a row can be trusted", "warn")
            return
        chosen = self.listing.chosen.toggled(columns, key)
        if chosen == self.listing.chosen:
            self.say("one column has to stay", "warn")
        self._choose(chosen)

    def action_shift(self, step: int) -> None:
        """Move the column under the cursor *step* places on."""
        self._choose(self.listing.chosen.moved(self.listing.rows.COLUMNS, self._here(), step))

    def action_sort(self) -> None:
        """Sort by the column under the cursor, or turn the order around."""
        if self._here():
            self.listing.sort_by(self._here())
            self.paint_body(Moment({}))

    def action_reset(self) -> None:
        """Put columns and order back as they were at first."""
        self.listing.sort_by(self.listing.rows.DEFAULT_SORT, descending=False)
        self._choose(Layout())
        self.say("columns and order are as they were at first")

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Go back to the table."""
        message.stop()
        if self.is_current:  # an escape may have been there before what enter chose
            # Not awaited: this handler would wait for the end of its own screen.
            self.app.pop_screen()
