"""A screen with one table: filtered and sorted as the panels are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget

from adapters.records import Key
from console.binding import bindings
from console.keys import BACK, TABLES, Hint, hints
from console.panels.base import Moment, Opened
from console.panels.listing import Listing
from console.screens.base import ConsoleScreen
from console.screens.page import crumbs
from console.widgets.livetable import LiveTable
from console.widgets.oneline import OneLine
from console.widgets.spans import line, spread


class TableScreen(ConsoleScreen):
    """A subclass makes `listing` and says where we are (`trail`)."""

    CSS = """
    TableScreen > #crumbs { height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(TABLES)]
    KEYS = TABLES
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
        return hints(BACK, TABLES[0], TABLES[1])

    def paint_body(self, moment: Moment) -> None:
        """Paint the crumbs and the table."""
        counts = self.listing.counts
        some = f"{counts.shown} of {counts.total}" if self._text else str(counts.total)
        right = line((f"/{self._text}  " if self._text else "", "accent"), (f"{some} ", "dim"))
        where = spread(crumbs(*self.trail()), right, self.wide)
        self.query_one("#crumbs", OneLine).show(where)
        self.listing.paint(moment)

    async def action_filter(self) -> None:
        """Open the line for a filter."""
        await self.open_prompt("/", self._text)

    def prompting(self, sign: str, value: str) -> None:
        """Filter while it is typed."""
        if sign == "/":
            self._filter(value)
            errors = self.listing.errors
            counts = self.listing.counts
            self.remark(errors[0] if errors else f"{counts.shown} of {counts.total}")

    def prompted(self, sign: str, value: str | None) -> None:
        """Keep the filter, or take it away where it was given up."""
        if sign == "/":
            self._filter(value or "")
        super().prompted(sign, value)

    def _filter(self, text: str) -> None:
        self._text = text
        self.listing.filter(text)
        self.paint_now()

    async def action_back(self) -> None:
        """Clear the filter first, then go back."""
        if self._text:
            self._filter("")
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
