"""What every screen has: the header, the key line, the prompt, and the keys for an app."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap, BindingType
from textual.containers import Container
from textual.dom import DOMNode
from textual.reactive import Reactive
from textual.widget import Widget

from console.binding import bindings, rebind
from console.keys import BACK, COPY, GLOBAL, NEEDS_APP, NOTE, ON_APP, WHY, Hint, KeyDef, hints
from console.panels import PANELS
from console.panels.base import Moment
from console.screens.acting import Acting
from console.screens.facts import clock_text, header_facts
from console.session import Session
from console.widgets.header import Header
from console.widgets.keyline import KeyLine

if TYPE_CHECKING:
    from console.feed.messages import Interest
    from console.panels.listing import Listing


class ConsoleScreen(Acting):
    """A screen with the header above and the keys below.

    The painter calls `paint` of the screen on top, at most so often a second; a screen passes
    that on to what is in sight and changes no widget at any other time but on a key.
    """

    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    ConsoleScreen { layout: vertical; }
    ConsoleScreen > #bottom { dock: bottom; height: 1; background: $panel; }
    """
    # Textual's own repaints the whole screen whenever the focus moves.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings([BACK, NOTE, WHY, COPY], ON_APP),
        *(
            Binding(str(number % 10), f"panel('{panel.name}')", panel.title, show=False)
            for number, panel in enumerate(PANELS, 1)
        ),
    ]
    DIGITS: ClassVar[bool] = True
    """Whether a digit goes to a panel; not where it would throw away what was typed."""
    FREEZES: ClassVar[bool] = True
    """Whether it may stand still; not where something acts on the colony."""
    TITLE_OF_HELP: ClassVar[str] = ""
    HELP_TEXT: ClassVar[str] = ""
    KEYS: ClassVar[tuple[KeyDef, ...]] = ()
    """Keys of this screen alone, for the help page."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.trail_shown: tuple[str, ...] = ()
        """Where its title line says that it is; what is opened from here begins with that."""
        self._painting_soon = False

    def compose(self) -> ComposeResult:
        """Make the header, the body and the bottom line."""
        yield Header(id="header")
        yield from self.body()
        with Container(id="bottom"):
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
        return hints(BACK, *(key for key in GLOBAL if key.id in ("help", "quit")))

    def help_text(self) -> tuple[str, str]:
        """Return a title and what is to know here, a paragraph a line."""
        return self.TITLE_OF_HELP, self.HELP_TEXT

    def selected_here(self) -> Hashable:
        """Return what the cursor stands on: a record's key, where it stands on one."""
        return None

    def about_here(self) -> str:
        """Return what a note from here is about: "app habitat/thermal-loop", "" for nothing."""
        return ""

    def copy_here(self) -> tuple[str, str]:
        """Return what is copied without asking, what it is called first; "" for nothing."""
        return "", ""

    def table_here(self) -> Listing | None:
        """Return the table that the cursor is in, None where there is none."""
        return None

    def focus_first(self) -> Widget | None:
        """Return what keys should go to."""
        return None

    # Painting

    @property
    def wide(self) -> int:
        """The screen's width in cells, the terminal's before the first layout."""
        return self.size.width or self.app.size.width

    def paint(self, moment: Moment) -> None:
        """Show what changed, in the header, the body and the key line."""
        self.bind_acts()
        self.paint_head(moment)
        self.paint_body(moment)
        self.paint_keys()

    def paint_frame(self, moment: Moment) -> None:
        """Show what changed around the body, which stands still."""
        self.paint_head(moment)
        self.paint_keys()

    def paint_head(self, moment: Moment) -> None:
        """Show what changed in the header."""
        if moment.whole or moment.tick or moment.dirty:
            self.query_one("#header", Header).show(
                header_facts(self.session), clock_text(self.session)
            )

    def paint_keys(self) -> None:
        """Show the keys that apply now, or what is said."""
        keys = self.query_one("#keys", KeyLine)
        keys.forget(self.session.link.monotonic())
        keys.hint(self.session.bound.hints(self.hints()), self.lead(), self.help_hint())
        if self.stands():
            self.paint_tour()

    def paint_tour(self) -> None:
        """Show the tour's line, in the demo."""
        if self.session.mode == "DEMO":
            from console.screens.touring import show_tour

            show_tour(self)

    def stands(self) -> bool:
        """Whether what this screen is for is there already."""
        return self.session.link.welcome is not None

    def paint_body(self, moment: Moment) -> None:
        """Show what changed between the header and the key line."""

    def pending(self) -> bool:
        """Return whether there is something to paint that is not in the store."""
        return False

    is_out = False
    """Whether a frame of it was written to the terminal."""

    def came_out(self, when_shown: Callable[[Callable[[float], None]], None]) -> None:
        """Take in that its first frame was given to the terminal.

        *when_shown* calls what it is given with the time when the terminal shows that, in
        monotonic seconds.
        """

    def paint_now(self) -> None:
        """Paint everything at once: after a key, a resize, or coming into sight."""
        if self.is_attached and self.is_current:
            with self.app.batch_update():
                self.paint(Moment({}, whole=True))

    def paint_soon(self) -> None:
        """Paint everything once the layout stands; once, however often it is asked for."""
        if not self._painting_soon:
            self._painting_soon = True
            self.call_after_refresh(self._paint_soon)

    def _paint_soon(self) -> None:
        self._painting_soon = False
        self.paint_now()

    def on_screen_resume(self) -> None:
        """Paint whole: while covered, it was not told of anything."""
        self.paint_soon()

    def on_resize(self) -> None:
        """Paint whole in the new size."""
        self.paint_soon()

    def on_mount(self) -> None:
        """Give the focus, and say what is known: the first frame has it already."""
        self.set_focus(self.focus_first())
        self.paint(Moment({}, whole=True))

    # Keys

    async def action_back(self) -> None:
        """Go back to the screen before."""
        await self.app.pop_screen()

    async def action_panel(self, name: str) -> None:
        """Leave this page for the panel called *name*: now, the next key is for that."""
        await self.app.run_action(f"app.panel({name!r})")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether a key does *action* here. What needs an app is let through without one, and
        says so: on a slow line a key that is silent and a line that is dead look the same.
        """
        return self.DIGITS if action == "panel" else True

    def offers(self, command: str) -> bool:
        """Return whether *command* has something to do here now, so that the help lists it."""
        if command in NEEDS_APP and self.app_here() is None:
            return False
        return self.check_action(command, ()) is True

    def action_logs(self) -> None:
        """Open the logs of the app here."""
        if (app := self.app_or_say("logs")) is not None:
            from console.screens.logs import LogScreen

            self.app.push_screen(LogScreen(self.session, app))

    def action_yaml(self) -> None:
        """Open the YAML of the app here."""
        if (app := self.app_or_say("yaml")) is not None:
            from console.screens.yaml import YamlScreen

            self.app.push_screen(YamlScreen(self.session, app))

    def action_events(self) -> None:
        """Open the Events of the app here."""
        if (app := self.app_or_say("events")) is not None:
            from console.screens.events import EventsScreen

            self.app.push_screen(EventsScreen(self.session, app.key))

    def action_why(self) -> None:
        """Open why the app here is down, or the one that stands on what is selected."""
        from console.screens.whying import open_why

        open_why(self)

    async def action_note(self) -> None:
        """Ask for a note on what is selected here, and write it into the log."""
        from console.screens.noting import ask_note

        await ask_note(self)

    def action_copy(self) -> None:
        """Choose what to copy of what is here."""
        from console.screens.copying import open_choices

        open_choices(self)

    def action_copy_here(self) -> None:
        """Copy what the page is about, or what the cursor stands on."""
        from console.screens.copying import copy

        what, text = self.copy_here()
        copy(self, text, what)

    async def action_handover(self) -> None:
        """Ask since when, and write what happened into a file."""
        from console.screens.handing import ask_handover

        await ask_handover(self)

    def action_acknowledge(self) -> None:
        """Acknowledge the alarms of what is selected here."""
        from console.screens.alarming import acknowledge

        acknowledge(self)

    async def action_shelve(self) -> None:
        """Ask for how long and why, and shelve the alarm of what is selected here."""
        from console.screens.alarming import shelve

        await shelve(self)

    def action_doctor(self) -> None:
        """Open what each adapter finds of its real system."""
        from console.screens.doctor import DoctorScreen

        if not isinstance(self, DoctorScreen):
            self.app.push_screen(DoctorScreen(self.session))

    def action_tour(self) -> None:
        """Begin the tour, or end it."""
        from console.screens.touring import toggle

        if told := toggle(self.session):
            self.say(told)
        self.paint_now()

    async def action_bundle(self) -> None:
        """Ask where to, and write a support bundle."""
        from console.screens.bundling import ask_bundle

        await ask_bundle(self)

    def action_mend(self) -> None:
        """Mend the glass that this person broke."""
        from console.screens.glass import mend

        mend(self)

    async def action_doing(self) -> None:
        """Choose what to do with the app here."""
        if (app := self.app_or_say("doing")) is not None:
            from console.screens.doing import choose

            choose(self, app)

    @property
    def _binding_chain(self) -> list[tuple[DOMNode, BindingsMap]]:
        """What keys do from the focus upwards, by the keys that this person has for it.

        Textual's own, which looks here for each key; there is no public place that can unbind.
        """
        chain = super()._binding_chain
        for _, bound in chain:
            rebind(bound, self.session.bound)
        return chain

    def confined(self, instead: str) -> bool:
        """Return whether no file of this host may be named from here, as for a login over SSH.

        Says so then, and what to do *instead*. Everything that writes a file which a person named
        asks here, or somebody let in for this console alone could write where they like.
        """
        if self.session.confined:
            self.say(f"this login writes no file here: {instead}", "warn")
        return self.session.confined
