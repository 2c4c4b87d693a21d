"""The page of one app: what it is made of and what happened to it, live."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from adapters.records import App, Key, Pod, Revision
from console.feed.messages import Interest
from console.keys import BACK, GLOBAL, ON_APP, WHY, Hint, hints
from console.panels.base import Moment, Opened
from console.screens.detail_page import detail_rows
from console.screens.page import PageScreen, show_crumbs
from console.widgets.document import Document
from console.widgets.spans import row


def app_interests(key: Key, *kinds: str) -> tuple[Interest, ...]:
    """Return interests in what of *kinds* bears on the app called *key*.

    A key's name has the workload before it where that is no Deployment; an interest has not.
    """
    return tuple(Interest(kind, key.namespace, key.name.rpartition("/")[2]) for kind in kinds)


def joined_interests(key: Key) -> tuple[Interest, ...]:
    """Return interests in all that bears on the app called *key*, and that it is joined with."""
    whole = ("Token", "LedgerEntry", "Chain", "Contract", "Plant")
    own = app_interests(key, "Revision", "Pod", "Event")
    return (*own, *(Interest(kind) for kind in whole))


class DetailScreen(PageScreen):
    """One app. Of revisions, pods and events it subscribes to those of that app alone."""

    TITLE_OF_HELP = "An app"
    HELP_TEXT = """\
The first lines say how the app is and why, and how far that can be trusted: live, or stale
since when.

REVISIONS: ● is the one that runs; enter on another begins a rollback to it. PODS: enter shows
the pod's logs. ADDRESSES: enter shows it among all addresses. ACTIONS: enter opens the action's
page.

The line on the token says who holds it, and whether it names this app as this app names it; SITE
is the power there, LEDGER what the chain says of the app or its token. Enter opens them.

tab goes to the next of these."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "section(1)", show=False),
        Binding("shift+tab", "section(-1)", show=False),
    ]

    def interests(self) -> Sequence[Interest]:
        """Return the revisions, pods and events of this app, and what its token and site join."""
        return joined_interests(self.key)

    def app_here(self) -> App | None:
        """Return this app, None once it is gone."""
        return self.session.app(self.key)

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply here."""
        acts = not self.session.read_only
        keys = [*(key for key in ON_APP if key.acts and acts), *(k for k in ON_APP if not k.acts)]
        rest = [key for key in GLOBAL if key.id in ("changes", "help")]
        return [*hints(BACK, WHY, *keys), Hint("tab", "next"), *hints(*rest)]

    def paint_body(self, moment: Moment) -> None:
        """Lay the page out again; only lines that differ are painted."""
        if not (moment.whole or moment.tick or moment.dirty):
            return
        name = f"{self.key.namespace}/{self.key.name}"
        show_crumbs(self, "Apps", name)
        app = self.app_here()
        page = self.page
        if app is None:
            page.show([row((f" {name} is gone: nothing is known of it any more.", "warn"))])
        else:
            page.show(detail_rows(app, self.session.context(), self.wide - 1))

    def action_section(self, step: int) -> None:
        """Go to the next table."""
        self.page.jump(step, _kind)

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Act on the row: roll back to a revision, show a pod's logs, open the rest."""
        message.stop()
        key = message.value
        record = self.session.store.get(key) if isinstance(key, Key) else None
        app = self.app_here()
        if app is None or record is None:
            return
        if isinstance(record, Revision):
            if record.current:
                self.say(f"revision {record.number} is the one that runs", "info")
            else:
                self.begin("app.rollback", app, {"to": str(record.number)})
        elif isinstance(record, Pod):
            from console.screens.logs import LogScreen

            self.app.push_screen(LogScreen(self.session, app, pod=record.name))
        else:
            self.post_message(Opened(record.key))


def _kind(value: Hashable) -> Hashable:
    return value.kind if isinstance(value, Key) else None
