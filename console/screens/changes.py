"""What changed in the last 30 minutes, in every domain."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from adapters.records import App, Event, Key, Revision, app_key
from console.feed.messages import Interest
from console.keys import BACK, OPEN, TABLES, Hint, hints
from console.panels.base import Opened
from console.panels.listing import Listing
from console.rows import changes
from console.screens.page import came_from
from console.screens.tables import TableScreen
from console.session import Session
from console.widgets.livetable import LiveTable


class _Rows:
    """The timeline's rows, as a listing wants them."""

    COLUMNS = changes.COLUMNS
    DEFAULT_SORT = "at"
    FIELDS = changes.FIELDS
    EMPTY = changes.EMPTY
    cells = staticmethod(changes.cells)
    haystack = staticmethod(changes.haystack)

    @staticmethod
    def sort_key(column: str) -> Callable[[changes.Change], Any]:
        """Return the key by which *column* sorts; else the latest first."""
        if column in ("what", "thing", "detail"):
            return lambda one: (getattr(one, column), -one.at)
        return lambda one: (-one.at, one.thing, one.what)


class Timeline(Listing):
    """Its rows are the changes themselves: one record may have changed more than once."""

    def __init__(self, session: Session) -> None:
        super().__init__(
            session, "Change", _Rows(), records=lambda: changes.timeline(session.context())
        )

    def item(self, key: Hashable) -> Any:
        """Return the change."""
        return key

    def key_of(self, item: changes.Change) -> Hashable:
        """Return the change."""
        return item


class ChangesScreen(TableScreen):
    """One timeline, the latest first: from every domain what changed or was done."""

    TITLE_OF_HELP = "What changed"
    HELP_TEXT = """\
New revisions, warnings, stages of actions, what the ledger tells (✔ final, ◌ not final, ✖ taken
back), and changes of state of apps, adapters and watches in the last 30 minutes, the latest first.
Enter opens what a line is about.

Changes of state that came before this console was opened are known only as far as the records
tell since when their present state holds."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.listing = Timeline(session)

    def interests(self) -> Sequence[Interest]:
        """Return what the timeline is made of beside what the header needs."""
        kinds = ("Event", "Revision", "LedgerEntry", "Token", "Chain")
        return tuple(Interest(kind) for kind in kinds)

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply here."""
        return hints(BACK, OPEN, TABLES[0])

    def trail(self) -> tuple[str, ...]:
        """Return the crumbs."""
        return (*came_from(self), "what changed in the last 30 minutes")

    def app_here(self) -> App | None:
        """Return the app that the line under the cursor is about."""
        change = self.listing.table.cursor_key
        return self.session.app(self._key(change)) if isinstance(change, changes.Change) else None

    def on_live_table_chosen(self, message: LiveTable.Chosen) -> None:
        """Open what the line is about."""
        message.stop()
        if isinstance(message.key, changes.Change):
            self.post_message(Opened(self._key(message.key)))

    def _key(self, change: changes.Change) -> Key:
        """Return the key of what *change* is about; of an Event or a revision its app's."""
        record = self.session.store.get(change.key)
        if isinstance(record, (Event, Revision)):
            return app_key(record.source, record.namespace, record.workload, record.app)
        return change.key
