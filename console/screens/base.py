"""What every screen has: the header, the key line, the prompt, and the keys for an app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widget import Widget

from adapters.records import App
from console.feed.messages import Interest
from console.keys import BACK, ON_APP, Hint, KeyDef, binding, bindings
from console.panels.base import Moment
from console.screens.facts import clock_text, header_facts
from console.session import Session
from console.widgets.header import Header
from console.widgets.keyline import KeyLine


class ConsoleScreen(Screen[None]):
    """A screen with the header above and the keys below.

    The painter calls `paint` of the screen on top, at most so often a second; a screen passes
    that on to what is in sight and changes no widget at any other time but on a key.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings([BACK], ON_APP)]
    ACTS: ClassVar[tuple[KeyDef, ...]] = tuple(key for key in ON_APP if key.acts)
    """Keys of this screen that act on the colony; bound only where that is allowed."""
    HELP_TITLE: ClassVar[str] = ""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._acts_bound = False
        self._whole = True

    def compose(self) -> ComposeResult:
        """Make the header, the body and the bottom line."""
        yield Header(id="header")
        yield from self.body()
        yield KeyLine(id="keys")

    def body(self) -> ComposeResult:
        """Make what is between the header and the bottom line."""
        yield from ()

    # What a screen says of itself

    def interests(self) -> Sequence[Interest]:
        """Return what it needs beside what the header always does."""
        return ()

    def hints(self) -> Sequence[Hint]:
        """Return the keys for the bottom line."""
        return ()

    def help_text(self) -> tuple[str, str]:
        """Return a title and what is to know here, a paragraph a line."""
        return self.HELP_TITLE, ""

    def app_here(self) -> App | None:
        """Return the app that the keys for apps are about, None without one."""
        return None

    def first_focus(self) -> Widget | None:
        """Return what keys should go to when the screen opens."""
        return None

    # Painting

    def paint(self, moment: Moment) -> None:
        """Show what changed, in the header, the body and the key line."""
        if self._whole:
            moment, self._whole = moment._replace(whole=True), False
        if not self._acts_bound and not self.session.read_only:
            self._bind_acts()
        if moment.whole or moment.tick or moment.dirty:
            self.paint_header()
        self.paint_body(moment)
        keys = self.query_one("#keys", KeyLine)
        keys.forget(self.session.link.monotonic())
        keys.hint(self.hints())

    def paint_body(self, moment: Moment) -> None:
        """Show what changed between the header and the key line."""

    def paint_header(self) -> None:
        """Show who, where, what is wrong, how old the data is, and the time."""
        self.query_one("#header", Header).show(
            header_facts(self.session), clock_text(self.session)
        )

    def again(self) -> None:
        """Let the next paint show everything anew: the screen came into sight, or was resized."""
        self._whole = True

    def on_screen_resume(self) -> None:
        """Paint whole: while covered, it was not told of anything."""
        self.again()

    def on_resize(self) -> None:
        """Paint whole in the new size."""
        self.again()

    def on_mount(self) -> None:
        """Give the focus."""
        target = self.first_focus()
        if target is not None:
            self.set_focus(target)

    # Keys

    def say(self, text: str, tone: str = "info") -> None:
        """Show *text* in the bottom line for a few seconds."""
        self.query_one("#keys", KeyLine).say(text, tone, self.session.link.monotonic())

    def action_back(self) -> None:
        """Go back to the screen before."""
        self.app.pop_screen()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether *action* exists here: what is for apps only where there is one."""
        if action in ("logs", "events", "yaml", "rollback"):
            return self.app_here() is not None
        return True

    def action_logs(self) -> None:
        """Open the logs of the app here."""
        self._open_text("logs")

    def action_yaml(self) -> None:
        """Open the YAML of the app here."""
        self._open_text("yaml")

    def action_events(self) -> None:
        """Open the Events of the app here."""
        app = self.app_here()
        if app is not None:
            from console.screens.events import EventsScreen

            self.app.push_screen(EventsScreen(self.session, app.key))

    def action_rollback(self) -> None:
        """Begin to roll the app here back; or try the station again where it is gone."""
        app = self.app_here()
        if not self.session.link.attached:
            self.session.link.retry()
        elif app is not None:
            self.begin_action("app.rollback", app)

    def begin_action(self, name: str, app: App) -> None:
        """Open the form of the action called *name* for *app*."""
        if name not in app.actions:
            self.say(f"{app.workload} {app.name}: its adapter offers no {name}", "warn")
            return
        from console.screens.form import FormScreen

        self.app.push_screen(FormScreen(self.session, name, app))

    def _open_text(self, topic: str) -> None:
        app = self.app_here()
        if app is None:
            return
        from console.screens.texts import LogScreen, YamlScreen

        screen = LogScreen if topic == "logs" else YamlScreen
        self.app.push_screen(screen(self.session, app))

    def _bind_acts(self) -> None:
        """Bind the keys that act. Until a station said that this may act, there are none."""
        for key in self.ACTS:
            one = binding(key)
            self._bindings.bind(one.key, one.action, one.description, show=False)
        self._acts_bound = True
