"""A screen with one table: filtered and sorted as the panels are."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widget import Widget

from adapters.records import Key
from console.keys import BACK, TABLES, TAKE, Hint, hints
from console.panels.base import Counts, Moment, Opened
from console.panels.listing import Listing
from console.screens.page import show_crumbs
from console.screens.tabled import TabledScreen
from console.widgets.livetable import LiveTable
from console.widgets.oneline import OneLine
from console.widgets.spans import line


class TableScreen(TabledScreen):
    """A subclass makes `listing` and says where we are (`trail`)."""

    CSS = """
    TableScreen > #crumbs { height: 1; }
    """
    listing: Listing
    _text = ""

    def body(self) -> ComposeResult:
        """Make the crumbs and the table."""
        yield OneLine(id="crumbs")
        yield self.listing

    def trail(self) -> tuple[str, ...]:
        """Return the crumbs."""
        return ()

    def focus_first(self) -> Widget | None:
        """Return the table."""
        return self.listing.table

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply here."""
        return hints(BACK, TABLES[0], TABLES[1], *TAKE)

    def paint_body(self, moment: Moment) -> None:
        """Paint the crumbs and the table."""
        self.listing.paint(moment)
        counts = self.listing.counts
        some = f"{counts.shown} of {counts.total}" if self._text else str(counts.total)
        right = line((f"/{self._text}  " if self._text else "", "accent"), (f"{some} ", "dim"))
        show_crumbs(self, *self.trail(), right=right)

    def table_here(self) -> Listing:
        """Return the table."""
        return self.listing

    def table_name(self) -> str:
        """Return the kind of what it lists."""
        return self.listing.kind.lower()

    def filter_text(self) -> str:
        """Return the filter that is on."""
        return self._text

    def filter_counts(self) -> Counts:
        """Return how many rows the filter leaves of how many."""
        return self.listing.counts

    def filter_errors(self) -> Sequence[str]:
        """Return what in the filter makes no sense."""
        return self.listing.errors

    def filter_by(self, text: str) -> None:
        """Show only what *text* leaves."""
        self._text = text
        self.listing.filter(text)

    async def action_back(self) -> None:
        """Give up what is being saved first, then the filter, then go back."""
        if self.cancel_saving():
            return
        if self._text:
            self.filter_by("")
            self.paint_now()
        else:
            await super().action_back()

    def action_sort(self) -> None:
        """Sort by the next column."""
        self.say(f"sorted by {self.listing.sort_next().lower()}")

    def action_reverse(self) -> None:
        """Turn the order around."""
        self.listing.reverse()

    def on_live_table_chosen(self, message: LiveTable.Chosen) -> None:
        """Open the record of the row."""
        message.stop()
        if isinstance(message.key, Key):
            self.post_message(Opened(message.key))
