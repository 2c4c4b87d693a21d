"""Why an app is down: asked of the station when it is opened, and again when something changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from adapters.links import Fit
from adapters.records import App, Key, Pod
from console.feed.answers import Why
from console.feed.client import FeedError
from console.feed.messages import Interest
from console.joins import bears_on, reference
from console.keys import BACK, GLOBAL, ON_APP, OPEN, Hint, hint, hints
from console.panels.base import Moment, Opened
from console.screens.detail import joined_interests
from console.screens.page import PageScreen, show_crumbs
from console.screens.why_page import (
    OfChange,
    OfFit,
    OfLink,
    asked,
    failed_rows,
    target,
    waiting_rows,
    why_rows,
)
from console.session import Session
from console.widgets.document import Document

AT_LEAST, AT_MOST = 1.0, 10.0
"""Seconds between two questions: however much changes, and although nothing does (what is not
watched, nodes, may have changed)."""
_STATES = ("AdapterStatus", "Scope")
"""Kinds of which only the state matters here; the rest of them changes each second."""


class WhyScreen(PageScreen):
    """One app: what broke first, what it stands on, what fits, and what changed before."""

    TITLE_OF_HELP = "Why an app is down"
    HELP_TEXT = """\
The first line says what broke first, and the third when and how that is known.

IT STANDS ON is all that the app stands on, from the workload down to the ground: ✔ good, ● on its
way, ▲ degraded, ✖ broken, ? not known. ▶ is the link that broke first: the lowest failure that
explains those above it; "with it" are those, and "fails too" is what it does not explain. What is
not known is never the culprit. Enter opens what a link is about; of pods it shows the worst one's
logs.

WHAT FITS are actions that may mend it: enter opens the form with what it says filled in.

WHAT CHANGED BEFORE is the newest first, with how long before the break: rollouts, calls of
contracts, new owners, actions of operators, Events. Enter opens what it is about.

It is asked again when something about the app changed, at most each second; the first line says
how old the answer is."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "section(1)", show=False),
        Binding("shift+tab", "section(-1)", show=False),
    ]

    def __init__(self, session: Session, app: App) -> None:
        super().__init__(session, app.key)
        self.subject = app
        self.why: Why | None = None
        self.error = ""
        self._asked = -AT_MOST
        self._began = session.link.monotonic()
        self._asking = False
        self._due = True
        self._news = False
        self._stood = False
        self._states: frozenset[tuple[Key, str]] = frozenset()

    def interests(self) -> Sequence[Interest]:
        """Return what the app's page needs: what of it changes is asked about again."""
        return joined_interests(self.key)

    def app_here(self) -> App | None:
        """Return this app, None once it is gone."""
        return self.session.app(self.key)

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply here."""
        acts = not self.session.read_only
        found = [*hints(BACK)]
        if self.page.value is not None:
            form = isinstance(self.page.value, OfFit)
            found.append(hint(OPEN)._replace(label="its form" if form else "open"))
        app = self.app_here()
        keys = [key for key in ON_APP if key.acts and acts and app is not None and app.actions]
        keys += [key for key in ON_APP if not key.acts]
        rest = [key for key in GLOBAL if key.id in ("changes", "help")]
        return [*found, *hints(*keys), *hints(*rest)]

    # Asking

    def pending(self) -> bool:
        """Return whether an answer came that is not painted."""
        return self._news

    def ask(self) -> None:
        """Ask the station, unless it is being asked."""
        if self._asking or not self.session.link.attached:
            return
        self._asked, self._due, self._asking = self.session.link.monotonic(), False, True
        self.run_worker(self._ask(), group="why", exclusive=True)

    async def _ask(self) -> None:
        try:
            app = reference(self.subject)
            self.why = await self.session.link.ask("why", Why, app=app)
            self.error = ""
        except FeedError as error:
            self.error = str(error)
        finally:
            self._asking = False
            self._news = True

    def _look(self, moment: Moment) -> None:
        """Ask where something changed, or where that was long ago."""
        app = self.app_here() or self.subject
        if moment.whole or any(kind in moment.dirty for kind in _STATES):
            before, self._states = self._states, self._states_now()
            self._due = self._due or before != self._states
        self._due = self._due or any(
            kind == "Pool" or any(self._about(key, app) for key in keys)
            for kind, keys in moment.dirty.items()
            if kind not in _STATES
        )
        passed = self.session.link.monotonic() - self._asked
        if passed >= (AT_LEAST if self._due else AT_MOST):
            self.ask()

    def _states_now(self) -> frozenset[tuple[Key, str]]:
        """Return how each adapter and what it watches stand."""
        store = self.session.store
        found = (store.records(kind) for kind in _STATES)
        return frozenset(
            (key, str(getattr(record, "state", "")))
            for records in found
            for key, record in records.items()
        )

    def _about(self, key: Key, app: App) -> bool:
        record = self.session.store.get(key)
        if record is None:
            return key.kind in ("Pod", "Revision", "App", "Address")
        return key == app.key or bears_on(record, app)

    # Painting

    def paint_body(self, moment: Moment) -> None:
        """Lay the page out again; only lines that differ are painted."""
        self._look(moment)
        if not (moment.whole or moment.tick or moment.dirty or self._news):
            return
        self._news = False
        name = f"{self.key.namespace}/{self.subject.name}"
        now = self.session.now()
        right = asked(self.why, now, self.error) if self.why is not None else ()
        show_crumbs(self, "Apps", name, "why", right=right)
        if self.why is None:
            waited = self.session.link.monotonic() - self._began
            rows = failed_rows(name, self.error) if self.error else waiting_rows(name, waited)
            self.page.show(rows)
            return
        acts, keys = not self.session.read_only, self.session.bound
        self.page.show(why_rows(self.why, now, self.wide - 1, acts=acts, keys=keys))
        if not self._stood and self.why.broken is not None:
            self._stood = True
            self.page.stand_on(target(self.why.links[self.why.broken]))

    # Keys

    def action_section(self, step: int) -> None:
        """Go to the next part of the page."""
        self.page.jump(step, type)

    def action_rollback(self) -> None:
        """Begin to roll back, to the revision that fits where one does."""
        fitting = [one for one in (self.why.actions if self.why else ())
                   if one.action == "app.rollback"]  # fmt: skip
        if fitting and self.session.link.attached:
            self.take(fitting[0])
        else:
            super().action_rollback()

    def take(self, fit: Fit) -> None:
        """Open the form of an action that fits, filled in."""
        if self.session.read_only:
            self.say(self.session.refusal, "warn")
            return
        from console.screens.form import FormScreen

        self.app.push_screen(FormScreen(self.session, fit.action, dict(fit.arguments)))

    def action_why(self) -> None:
        """Ask again, as soon as it may be: this is the page already."""
        self._due = True
        self._look(Moment({}))

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Open what a line is about, or begin the action that it names."""
        message.stop()
        match message.value:
            case OfFit(fit):
                self.take(fit)
            case OfChange(change):
                self.open(change.key)
            case OfLink() as chosen:
                links = self.why.links if self.why is not None else ()
                self.open(next((one.key for one in links if target(one) == chosen), None))

    def open(self, key: Key | None) -> None:
        """Open the record called *key*; of a pod its logs, where they are the app's."""
        record = self.session.store.get(key) if key is not None else None
        app = self.app_here()
        if key is None or (record is None and key.kind != "LedgerEntry"):
            self.say("there is nothing to open for it here")
        elif isinstance(record, Pod) and app is not None:
            from console.screens.logs import LogScreen

            self.app.push_screen(LogScreen(self.session, app, pod=record.name))
        else:
            self.post_message(Opened(key))
