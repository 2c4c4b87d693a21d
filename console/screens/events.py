"""The Kubernetes Events of one app."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.records import App, Event, Key
from console.feed.messages import Interest
from console.panels.listing import Listing
from console.rows import events
from console.screens.detail import app_interests
from console.screens.tables import TableScreen
from console.session import Session


class EventsScreen(TableScreen):
    """One table, the latest first."""

    TITLE_OF_HELP = "Events"
    HELP_TEXT = """\
What Kubernetes' components said of the app and of what it is made of, the latest first. ▲ is a
warning. N counts how often it was said, FIRST and LAST when.

The cluster keeps Events for an hour or so; this console keeps the last 2,000."""

    def __init__(self, session: Session, key: Key) -> None:
        super().__init__(session)
        self.key = key
        self.listing = Listing(session, "Event", events, records=self._events)

    def interests(self) -> Sequence[Interest]:
        """Return the events of this app."""
        return app_interests(self.key, "Event")

    def app_here(self) -> App | None:
        """Return the app."""
        return self.session.app(self.key)

    def trail(self) -> tuple[str, ...]:
        """Return the crumbs."""
        return ("Apps", f"{self.key.namespace}/{self.key.name}", "events")

    def _events(self) -> Sequence[Event]:
        app = self.app_here()
        return self.session.store.events_of(app) if app is not None else ()
