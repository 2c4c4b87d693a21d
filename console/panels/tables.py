"""A panel made of one or more listings: one filter for all, the cursor in one of them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from textual.app import ComposeResult
from textual.events import DescendantFocus
from textual.widget import Widget

from adapters.records import Key
from console.panels.base import Counts, Moment, Opened, Panel
from console.panels.listing import Listing
from console.session import Session
from console.widgets.livetable import LiveTable


class TablesPanel(Panel):
    """Listings one above the other. A subclass says which (`listings`)."""

    def __init__(self, session: Session, *, id: str | None = None) -> None:
        super().__init__(session, id=id)
        self._listings = tuple(self.listings())
        self._text = ""
        self._here: Listing | None = None

    def listings(self) -> Sequence[Listing]:
        """Make the listings, from top to bottom."""
        return ()

    def first(self) -> int:
        """Return which listing the cursor is in at first."""
        return 0

    def compose(self) -> ComposeResult:
        """Show the listings."""
        yield from self._listings

    def paint(self, moment: Moment) -> None:
        """Pass on what changed."""
        for one in self._listings:
            one.paint(moment)

    @property
    def here(self) -> Listing:
        """The listing that the cursor is in."""
        # Not has_focus: that is set when its message was handled, which is too late for a paint.
        focused = self.screen.focused if self.is_attached else None
        for one in self._listings:
            if one.table is focused:
                self._here = one
        # While keys go to a line at the bottom, what is typed there is for where the cursor was.
        return self._here or self._listings[self.first()]

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Note which table has the cursor, also where nobody asks meanwhile."""
        self._here = next((one for one in self._listings if one.table is event.widget), self._here)

    def table_here(self) -> Listing:
        """Return the listing that the cursor is in."""
        return self.here

    def selected(self) -> Hashable:
        """Return the key of the row under the cursor."""
        return self.here.table.cursor_key

    def focus_target(self) -> Widget:
        """Return the table that keys go to."""
        return self.here.table

    def filter(self, text: str) -> None:
        """Filter every listing."""
        self._text = text
        for one in self._listings:
            one.filter(text)

    @property
    def filtered(self) -> tuple[str, Counts] | None:
        """The filter and what it leaves, over all listings."""
        if not self._text:
            return None
        counts = [one.counts for one in self._listings]
        return self._text, Counts(sum(c.shown for c in counts), sum(c.total for c in counts))

    @property
    def filter_errors(self) -> Sequence[str]:
        """What in the filter makes no sense for the listing of the cursor."""
        return self.here.errors

    def sort(self, *, reverse: bool) -> str:
        """Sort the listing of the cursor by its next column, or turn it around."""
        if reverse:
            self.here.reverse()
            return "the other way round"
        return f"sorted by {self.here.sort_next().lower()}"

    def next_table(self, step: int) -> None:
        """Put the cursor into the next listing."""
        at = self._listings.index(self.here)
        self.screen.set_focus(self._listings[(at + step) % len(self._listings)].table)

    def stand_on(self, key: Key) -> None:
        """Put the cursor on the row of *key*."""
        self.paint(Moment({}, whole=True))
        if self._text and not any(key in one.keys for one in self._listings):
            # What is asked for comes before a filter that hides it.
            self.filter("")
        for one in self._listings:
            if one.kind == key.kind and one.stand_on(key):
                self.screen.set_focus(one.table)

    def on_live_table_chosen(self, message: LiveTable.Chosen) -> None:
        """Open the record of the row."""
        message.stop()
        if isinstance(message.key, Key):
            self.post_message(Opened(message.key))
