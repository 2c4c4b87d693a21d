"""The console: paints first, then attaches; one painter; everything else is in its screens."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.app import App as TextualApp
from textual.binding import BindingType
from textual.command import Provider
from textual.driver import Driver
from textual.events import Event, Paste
from textual.events import Key as KeyEvent
from textual.filter import LineFilter
from textual.screen import Screen
from textual.theme import Theme
from textual.widget import Widget

from adapters.clock import Clock, SystemClock
from adapters.text import clean_text
from console.binding import bindings
from console.clipboard import osc52
from console.keys import FIND, GLOBAL, RETRY
from console.link import Attach, FeedLike, OnClose, OnDeliver, OnProgress
from console.panels.base import GoTo, Moment, Opened
from console.preferences import Preferences, load
from console.screens.base import ConsoleScreen
from console.screens.main import MainScreen
from console.screens.messages import Command
from console.session import Session
from console.terminal.capabilities import USUAL, Capabilities
from console.terminal.lastgate import Harmless
from console.terminal.signals import Signals
from console.themes import DEFAULT, default_theme, load_themes, token_defaults
from console.theming import Theming

if TYPE_CHECKING:
    from adapters.records import Key
    from console.feed.messages import Interest, Welcome
    from console.launch import Choice
    from console.terminal.flow import Line
    from console.remembered import Opener, Remembered
    from console.screens.annunciating import Annunciator

LOCAL_FPS = 10.0
SSH_FPS = 4.0
"""Paints a second where the terminal is at the other end of a line."""
SAVE_EVERY = 5
"""Seconds after which what is remembered is written, if it changed: a hang-up asks nobody."""
KEY_PATIENCE = 0.5
"""Seconds to wait at most for a widget to take a typed character before the next key."""


def _provider() -> type[Provider]:
    """Return what the palette finds; imported when it is first opened."""
    from console.screens.palette import ConsoleCommands

    return ConsoleCommands


class ColonyApp(TextualApp[int]):
    """Textual's part of the console. *attach* finds or starts the station, after the first paint.

    *clock* tells the colony's time until the station says otherwise; *fps* bounds the painter.
    """

    TITLE = "colony"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = bindings(GLOBAL, FIND, [RETRY])
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_provider}

    def __init__(
        self,
        attach: Attach,
        *,
        colony: str = "",
        read_only: bool = False,
        demo: bool = False,
        clock: Clock | None = None,
        fps: float | None = None,
        theme: str = DEFAULT,
        themes: Path | None = None,
        preferences: Preferences | None = None,
        remember: Opener | None = None,
        environment: Mapping[str, str] = os.environ,
        can: Capabilities = USUAL,
        driver: type[Driver] | None = None,
    ) -> None:
        self._loaded, self.problems = load_themes(themes)
        self.can = can
        self._gates: tuple[LineFilter, ...] = (Harmless(),)
        if not can.colours:
            from console.terminal.colourless import Colourless

            self._gates = (Colourless(), *self._gates)
        self.signals: Signals | None = None
        super().__init__(driver_class=driver)
        for one in self._loaded:
            self.register_theme(one)
        if theme not in self.available_themes:
            self.problems.append(f"theme {theme}: there is none of that name")
            theme = DEFAULT
        self.theme = theme
        self.theming = Theming(self, themes)
        # Animations and smooth scrolling cost a paint each; over SSH they are seconds.
        self.animation_level = "none"
        self.session = Session(
            attach,
            clock or SystemClock(),
            colony=colony,
            read_only=read_only,
            demo=demo,
            preferences=preferences,
            remember=remember,
        )
        if self.session.preferences.keys:
            from console.rebinding import read

            self.session.bound, problems = read(self.session.preferences.keys)
            self.problems += problems
        over_ssh = bool(environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"))
        self.fps = fps or (SSH_FPS if over_ssh else LOCAL_FPS)
        self._paced = fps is None
        self._next_beat = 0.0
        self._environment = environment
        self._interests: tuple[Interest, ...] | None = None
        self._second = 0
        self._welcome: Welcome | None = None
        self._announced: frozenset[str] = frozenset()
        self._annunciator: Annunciator | None = None

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the console's own tokens, made of the theme where it does not set them."""
        return token_defaults(self.current_theme)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what all that is drawn passes: no control, and no colour where there are none."""
        if self.can.colours:
            return (*super().get_line_filters(), *self._gates)
        return self._gates

    def get_default_screen(self) -> Screen[None]:
        """Return the panels."""
        return MainScreen(self.session)

    def on_mount(self) -> None:
        """Start the painter, and after the first frame the rest."""
        if self.signals is not None:
            self.signals.running()
        self.set_interval(1 / self.fps, self._beat)
        self.call_after_refresh(self._begin)
        self.theme_changed_signal.subscribe(self, self._theme_changed)

    def _theme_changed(self, theme: Theme) -> None:
        """Let every widget forget the styles of the theme before: tones are not CSS."""
        for screen in self.screen_stack:
            for widget in screen.walk_children(Widget):
                widget.notify_style_update()
            screen.refresh(layout=True)

    def _begin(self) -> None:
        self.run_worker(self.session.link.run(), name="link", exit_on_error=True)
        for problem in self.problems[:1]:
            self.say(problem, "warn")

    # Painting

    @property
    def line(self) -> Line | None:
        """What was measured of the way to the terminal, None where nothing measures it."""
        return getattr(self._driver, "line", None)

    @property
    def between(self) -> float:
        """Seconds from one paint to the next: more on a slow line, unless a rate was asked for."""
        from console.terminal.pace import beat

        return beat(self.fps, self.line if self._paced else None)

    def _beat(self) -> None:
        """Paint, where the line took the last paint."""
        now = monotonic()
        if now >= self._next_beat:
            # The timer is not exact, and a beat must not fall out for a millisecond.
            self._next_beat = now + self.between - 0.5 / self.fps
            self.paint()

    def paint(self) -> None:
        """Show what changed since the last paint. The only place that tells widgets of data."""
        screen = self.screen_stack[-1] if self.screen_stack else None
        if not isinstance(screen, ConsoleScreen) or not screen.is_mounted:
            return
        self._want(screen)
        second = int(self.session.now())
        tick, self._second = second != self._second, second
        if tick:
            self.theming.look()
        if tick and second % SAVE_EVERY == 0:
            self._save()
        dirty = self.session.store.take_dirty()
        self._announce(dirty)
        changed = self.session.take_change() or screen.pending()
        if dirty or tick or changed:
            with self.batch_update():
                screen.paint(Moment(dirty, tick=tick))

    def _save(self) -> None:
        """Write what is remembered, where something changed, and say what could not be."""
        remembered = self.session.remembered
        remembered.save()
        for problem in remembered.problems[:1]:
            self.say(problem, "warn")
            remembered.problems.clear()

    def _announce(self, dirty: Mapping[str, set[Key]]) -> None:
        """Tell of requests that came to wait for this person, and look at the glasses anew."""
        link = self.session.link
        if link.welcome is not self._welcome or "LogHead" in dirty:
            # Who broke a glass is in the log: where that did not move, no glass did.
            self._welcome = link.welcome
            if link.attached:
                self.run_worker(self.session.look_for_glass(), group="glass", exclusive=True)
        listens = self._annunciator is not None and self._annunciator.listens
        if "Alarm" in dirty or (link.attached and not listens):
            self._annunciate()
        if "ActionStatus" in dirty:
            from console.screens.announcing import announcement

            said, self._announced = announcement(self.session, self._announced)
            if said:
                self.bell()
                self.say(said, "warn")

    def _annunciate(self) -> None:
        """Tell of alarms that were raised since the last time, as a person asked for."""
        from console.notification import notification
        from console.screens.annunciating import Annunciator

        preferences = self.session.preferences
        if self._annunciator is None:
            self._annunciator = Annunciator(preferences.bell, preferences.notify)
        news = self._annunciator.news(self.session)
        if news is None:
            return
        self.say(news.text, news.tone)
        if news.bell:
            self.bell()
        if news.notify and self._driver is not None:
            title = f"colony {self.session.colony}"
            self._driver.write(notification(title, news.text, self._environment))

    def _want(self, screen: ConsoleScreen) -> None:
        interests = tuple(screen.interests())
        if interests != self._interests:
            self._interests = interests
            self.run_worker(self.session.want(interests), group="want", exclusive=True)

    def say(self, text: str, tone: str = "info") -> None:
        """Show *text* in the bottom line for a few seconds."""
        if isinstance(self.screen, ConsoleScreen):
            self.screen.say(text, tone)

    # Keys

    async def on_event(self, event: Event) -> None:
        """Handle keys one after another, each to its end.

        Textual forwards every waiting key to the widget that has the focus now, and a key that
        moves the focus takes effect later: of "/oxygen" typed ahead over a slow line the table
        would get all, and the "y" of a name would open a page. So a key's binding runs here and
        now, and a character for a line of text is waited for.
        """
        if isinstance(event, Paste):
            # What was copied somewhere else is from outside as well.
            event.text = clean_text(event.text).replace("\t", " ")
        if not isinstance(event, KeyEvent) or event.is_forwarded:
            await super().on_event(event)
            return
        focused = self.focused
        if focused is not None and focused.check_consume_key(event.key, event.character):
            await super().on_event(event)
            taken = asyncio.Event()
            focused.call_later(taken.set)
            try:
                await asyncio.wait_for(taken.wait(), KEY_PATIENCE)
            except TimeoutError:
                pass
        elif not (
            await self._check_bindings(event.key, priority=True)
            or await self._check_bindings(event.key)
        ):
            await super().on_event(event)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy *text* by OSC 52, through tmux too."""
        self._clipboard = text
        if self._driver is not None:
            self._driver.write(osc52(text, self._environment))

    async def action_command(self) -> None:
        """Open the line for a command."""
        if isinstance(self.screen, ConsoleScreen):
            from console.screens.commands import names

            await self.screen.open_prompt(":", suggestions=names(self.session))

    async def action_panel(self, name: str) -> None:
        """Go to the panel called *name* from wherever we are."""
        await self._go_to(name)

    def action_help_quit(self) -> None:
        """Ctrl+C, which ends other programs: say what leaves this one."""
        self.say(self.session.bound.fill("{quit} leaves; what is in flight goes on in the station"))

    async def action_quit(self) -> None:
        """Leave; ask first where an action is in flight."""
        flying = self.session.in_flight()
        if flying and self.session.link.attached:
            from console.screens.leave import LeaveScreen

            self.push_screen(LeaveScreen(flying), self._leave)
        else:
            await self._leave(True)

    async def _leave(self, sure: bool | None) -> None:
        if sure:
            flying = bool(self.session.in_flight())
            # The station itself knows what is in flight; this only says that we need it no more.
            await self.session.link.close(end=not flying)
            self.session.remembered.save()
            self.exit(0)

    def action_retry(self) -> None:
        """Try the station again where it is not attached."""
        if not self.session.link.attached:
            self.session.link.retry()
        elif self.session.read_only:
            self.say(self.session.refusal, "warn")

    def _fatal_error(self) -> None:
        """Leave after an error that nobody handled; say where it was, without any value."""
        from rich.text import Text

        from console.terminal.crash import crash_text

        error = sys.exc_info()[1] or RuntimeError("no error is known")
        self._exit_renderables.append(Text(crash_text(error), overflow="fold"))
        self._close_messages_no_wait()

    # The terminal, as signals take it and give it back

    def end(self, status: int) -> None:
        """Leave at once with *status*: the station knows what is in flight."""
        self.exit(status)

    def leave_terminal(self) -> None:
        """Give the terminal back to the shell."""
        if self._driver is not None:
            self._driver.suspend_application_mode()

    def take_terminal(self) -> None:
        """Take the terminal again and paint all, in the size that it has now."""
        if self._driver is not None:
            self._driver.resume_application_mode()
            self.action_repaint()

    def action_suspend_process(self) -> None:
        """Ctrl+Z: stop here, and go back to the shell until it says `fg`."""
        if self.signals is not None:
            self.signals.stop()

    def action_line(self) -> None:
        """Say what was measured of the way to the terminal."""
        from console.terminal.pace import said

        self.say(said(self.line, self.between))

    def action_repaint(self) -> None:
        """Write every cell again: what another program left on the terminal never heals else."""
        repaint = getattr(self._driver, "repaint", None)
        if repaint is not None:
            repaint()
        self.refresh(layout=True)
        self.screen.refresh(layout=True)

    def action_help(self) -> None:
        """Open the help of the screen on top."""
        if isinstance(self.screen, ConsoleScreen):
            from console.screens.help import HelpScreen

            self.push_screen(HelpScreen(self.session, self.screen))

    def action_changes(self) -> None:
        """Open what changed in the last 30 minutes."""
        from console.screens.changes import ChangesScreen

        if isinstance(self.screen, ConsoleScreen) and not isinstance(self.screen, ChangesScreen):
            self.push_screen(ChangesScreen(self.session))

    def action_waiting(self) -> None:
        """Open the request that waits for this person the longest."""
        from console.screens.facts import waiting_for_me

        here = getattr(self.screen, "intent", "")
        found = [one for one in waiting_for_me(self.session) if one.name != here]
        if not isinstance(self.screen, ConsoleScreen):
            return
        if found:
            self.on_opened(Opened(found[0].key))
        else:
            self.say("nothing else waits for you" if here else "nothing waits for you")

    # What screens and panels ask for

    async def on_go_to(self, message: GoTo) -> None:
        """Go to a panel."""
        await self._go_to(message.panel, message)

    async def _go_to(self, panel: str, message: GoTo | None = None) -> None:
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        if isinstance(self.screen, MainScreen):
            await self.screen.go_to(panel, message.key if message else None)

    def on_opened(self, message: Opened) -> None:
        """Open the page of a record, or the panel that lists it."""
        key = message.key
        if key.kind == "App":
            from console.screens.detail import DetailScreen

            self.push_screen(DetailScreen(self.session, key))
        elif key.kind == "ActionStatus":
            from console.screens.action import ActionScreen

            self.push_screen(ActionScreen(self.session, key.name))
        elif key.kind == "Token":
            from console.screens.token import TokenScreen

            self.push_screen(TokenScreen(self.session, key))
        elif key.kind == "Contract":
            from console.screens.contract import ContractScreen

            self.push_screen(ContractScreen(self.session, key))
        elif key.kind == "LedgerEntry":
            from console.screens.entry import EntryScreen

            self.push_screen(EntryScreen(self.session, key))
        elif key.kind == "LogEntry":
            from console.screens.leaf import LeafScreen

            self.push_screen(LeafScreen(self.session, int(key.name)))
        elif key.kind == "Alarm":
            from console.screens.alarm import AlarmScreen

            self.push_screen(AlarmScreen(self.session, key))
        elif key.kind in ("Plant", "Inverter", "Battery"):
            from console.screens.device import DeviceScreen

            self.push_screen(DeviceScreen(self.session, key))
        else:
            from console.screens.record import RecordScreen

            self.push_screen(RecordScreen(self.session, key))

    async def on_command(self, message: Command) -> None:
        """Run a command that was typed after `:`."""
        from console.screens.commands import run_command

        await run_command(self, self.session, message.text)


def attach_to(choice: Choice) -> Attach:
    """Return what attaches to the station of *choice*. It imports nothing until it is called."""

    async def attach(on_deliver: OnDeliver, on_close: OnClose, on_progress: OnProgress) -> FeedLike:
        from console import launch

        return await launch.attach(
            choice,
            on_deliver=on_deliver,
            on_close=on_close,
            attended=True,
            on_progress=on_progress,
        )

    return attach


def _remember(colony: str, demo: bool) -> Remembered:
    from console.remembered import of_colony

    return of_colony(colony, demo=demo)


def run(choice: Choice, can: Capabilities, *, fps: float | None = None, plain: bool = False) -> int:
    """Open the console on *choice* in a terminal that *can*; return its exit status.

    *plain* leaves the writing to Textual's own driver.
    """
    from console.terminal.choosing import driver_class

    preferences, problems = load()
    if preferences.ascii is not None:
        can = can._replace(utf8=not preferences.ascii)
    app = ColonyApp(
        attach_to(choice),
        colony=choice.colony or "",
        read_only=choice.read_only,
        demo=choice.demo,
        fps=fps or preferences.fps,
        theme=preferences.theme or default_theme(can.colours),
        themes=preferences.themes,
        preferences=preferences,
        remember=_remember,
        can=can,
        driver=driver_class(os.environ, can, differ=preferences.differ and not plain),
    )
    app.problems += problems
    with Signals(app) as app.signals:
        status = app.run()
    return app.signals.status or (status if status is not None else app.return_code or 0)
