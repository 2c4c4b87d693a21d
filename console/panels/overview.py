"""The overview: what is wrong first, then the state of each domain, then what happened."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from textual.app import ComposeResult
from textual.widget import Widget

from adapters.records import Key
from console.feed.messages import Interest
from console.panels.base import GoTo, Moment, Opened, Panel
from console.panels.overview_page import overview
from console.widgets.document import Document

REST = 9
"""How much longer than a look takes the next one waits at least."""
BRIEF = 0.02
"""Seconds of a look that needs no rest: what comes when a console attaches is shown as it comes."""


class OverviewPanel(Panel):
    """One page, laid out for the size that there is."""

    TITLE = "Overview"
    SORTS = False
    HELP = """\
WRONG NOW lists what is not as it should be, the worst first: ✖ failed or down, ▲ degraded or in
danger. The time on the right is how long it has been so.

Arrows go from line to line; enter opens what the cursor stands on; {rollback} rolls back the
app there; {acknowledge} acknowledges its alarms, {shelve} shelves one.

The count at the top is of alarms: what was wrong for long enough to be one, and how many of them
nobody has seen yet. While there is none it counts what is wrong now.

Below it, one line or frame a domain, then what changed in the last 30 minutes.

A ? where a number should be means that the source did not say; ◔ marks a value that is stale."""

    _rest_until = 0.0

    def compose(self) -> ComposeResult:
        """Make the page."""
        yield Document(id="page")

    def interests(self) -> Sequence[Interest]:
        """Return what the page needs: Events, for what happened, trends, and the ledger."""
        return (Interest("Event"), Interest("Trend"), Interest("LedgerEntry"))

    def selected(self) -> Hashable:
        """Return what the cursor stands on."""
        return self._page.value

    def focus_target(self) -> Widget:
        """Return the page."""
        return self._page

    def paint(self, moment: Moment) -> None:
        """Lay the page out again; only lines that differ are painted."""
        if not (moment.whole or moment.tick or moment.dirty):
            return
        monotonic = self.session.link.monotonic
        began = monotonic()
        if not moment.whole and began < self._rest_until:
            return
        size = self.size or self.room
        self._page.show(overview(self.session.context(), size.width, size.height))
        # Of thousands of records a look costs milliseconds: it takes a tenth of the time at most.
        took = monotonic() - began
        self._rest_until = monotonic() + REST * took if took > BRIEF else 0.0

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Open what was chosen: a record, or a domain's panel."""
        message.stop()
        if isinstance(message.value, Key):
            self.post_message(Opened(message.value))
        elif isinstance(message.value, str):
            self.post_message(GoTo(message.value))

    @property
    def _page(self) -> Document:
        return self.query_one("#page", Document)
