"""The console: paints first, then attaches; one painter; everything else is in its screens.

console/opening.py opens it in a terminal.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from textual.driver import Driver
from textual.events import Event, Resize
from textual.filter import LineFilter
from textual.geometry import Size
from textual.screen import Screen
from textual.theme import Theme
from textual.widget import Widget

from adapters.clock import Clock, SystemClock
from console.clipboard import osc52
from console.commanding import Commanding
from console.link import Attach
from console.panels.base import Moment
from console.preferences import Preferences
from console.screens.base import ConsoleScreen
from console.screens.main import MainScreen
from console.session import Session
from console.terminal.capabilities import USUAL, Capabilities
from console.terminal.lastgate import Harmless
from console.terminal.signals import Signals
from console.themes import DEFAULT, load_themes, token_defaults
from console.theming import Theming, skipped

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.worker import Worker

    from adapters.records import Key
    from console.feed.messages import Interest, Welcome
    from console.remembered import Opener
    from console.screens.annunciating import Annunciator
    from console.terminal.flow import Line

LOCAL_FPS = 10.0
SSH_FPS = 4.0
"""Paints a second where the terminal is at the other end of a line."""
SAVE_EVERY = 5
"""Seconds after which what is remembered is written, if it changed: a hang-up asks nobody."""
LEAST = Size(40, 10)
"""The smallest terminal of which nothing is said."""
HASTE = 5
"""Paints at the start that wait for no beat: attached, and what then comes."""
STARTED: Final = 2.0
"""Seconds after the first paint in which a start is over."""


class ColonyApp(Commanding):
    """Textual's part of the console. *attach* finds or starts the station, after the first paint.

    *clock* tells the colony's time until the station says otherwise; *fps* bounds the painter.
    """

    TITLE = "colony"
    ENABLE_COMMAND_PALETTE = False

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
        confined: bool = False,
        environment: Mapping[str, str] = os.environ,
        can: Capabilities = USUAL,
        driver: type[Driver] | None = None,
    ) -> None:
        # The others are read after the first paint.
        loaded, self.problems = load_themes(themes, lambda name: name in (theme, DEFAULT))
        self.can = can
        self._gates: tuple[LineFilter, ...] = (Harmless(),)
        if not can.colours:
            from console.terminal.colourless import Colourless

            self._gates = (Colourless(), *self._gates)
        self.signals: Signals | None = None
        super().__init__(driver_class=driver)
        for one in loaded:
            self.register_theme(one)
        if theme not in self.available_themes:
            self.problems.append(f"theme {theme}: there is none of that name")
            theme = DEFAULT
        self.theme = theme
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
            confined=confined,
        )
        self.theming = Theming(self, self.session, themes, can.colours, self.problems, self.say)
        if self.session.preferences.keys:
            from console.rebinding import read

            self.session.bound, problems = read(self.session.preferences.keys)
            self.problems += problems
        over_ssh = bool(environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"))
        self.fps = fps or (SSH_FPS if over_ssh else LOCAL_FPS)
        self._paced = fps is None
        self._begun = False
        self._told_size: Size | None = None
        self._haste = HASTE
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
        self.session.came = self._hurry
        # Where nothing is displayed, in a test, this is when it would have been.
        self.call_after_refresh(self._begin)
        self.theme_changed_signal.subscribe(self, self._theme_changed)

    async def on_event(self, event: Event) -> None:
        """Handle *event*; leave out a size that was told before: a start tells it three times."""
        if isinstance(event, Resize):
            before, self._told_size = self._told_size, event.size
            if before == event.size and self.screen_stack and self.screen.size == before:
                return
        await super().on_event(event)

    def on_resize(self, event: Resize) -> None:
        """Say what reads best where there is hardly room for anything."""
        if event.size.width < LEAST.width or event.size.height < LEAST.height:
            self.call_after_refresh(self.say, "80×24 reads best", "warn")

    def _theme_changed(self, theme: Theme) -> None:
        """Let every widget forget the styles of the theme before: tones are not CSS."""
        for screen in self.screen_stack:
            for widget in screen.walk_children(Widget):
                widget.notify_style_update()
            screen.refresh(layout=True)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Begin as soon as the first frame is out: Textual's own callback comes 17 ms later."""
        super()._display(screen, renderable)
        if renderable is None or self._batch_count:
            return
        if isinstance(screen, ConsoleScreen) and not screen.is_out:
            screen.is_out = True
            screen.came_out(self.when_shown)
        if not self._begun:
            self.call_next(self._begin)

    def _begin(self) -> None:
        if self._begun:
            return
        self._begun = True
        self.set_timer(STARTED, self._started)
        self.run_worker(self.session.link.run(), name="link", exit_on_error=True)
        if self.problems:
            self.tell(skipped(self.problems, self.size.width), "warn")

    def _started(self) -> None:
        """Do what a start need not wait for."""
        self.theming.complete()
        if not gc.isenabled():
            # What the start made stays: it is not looked through for rubbish again.
            gc.freeze()
            gc.enable()

    # Painting

    @property
    def line(self) -> Line | None:
        """What was measured of the way to the terminal, None where nothing measures it."""
        return getattr(self._driver, "line", None)

    def when_shown(self, call: Callable[[float], None]) -> None:
        """Call *call* with the time when all that is drawn by now is on the terminal's glass.

        At once where nothing tells. Seconds of the monotonic clock, as keys have them.
        """
        when_shown = getattr(self._driver, "when_shown", None)
        if when_shown is None:
            call(monotonic())
        else:
            when_shown(call)

    @property
    def between(self) -> float:
        """Seconds from one paint to the next: more on a slow line, unless a rate was asked for."""
        from console.terminal.pace import beat

        return beat(self.fps, self.line if self._paced else None)

    def _hurry(self) -> None:
        """Paint at once what came first of all: who attaches waits for no beat."""
        if self._haste:
            self._haste -= 1
            self.call_next(self.paint)

    def _beat(self) -> None:
        """Paint, where the line took the last paint."""
        now = monotonic()
        if now >= self._next_beat:
            # The timer is not exact, and a beat must not fall out for a millisecond.
            self._next_beat = now + self.between - 0.5 / self.fps
            self.paint()

    def paint(self) -> None:
        """Show what changed since the last paint. The only place that tells widgets of data."""
        screen = self.page
        if screen is None or not screen.is_mounted:
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
            moment = Moment(dirty, tick=tick)
            with self.batch_update():
                if screen is self.screen:
                    self._paint(screen, moment)
                else:
                    # Under a box only what must not stand still; the rest when it is uncovered.
                    screen.paint_head(moment)

    def _paint(self, screen: ConsoleScreen, moment: Moment) -> None:
        """Paint *screen*; where it stands still, its header and its key line alone."""
        still = self.session.still
        if still is not None:
            still.add(moment.dirty)
        if still is None and self.jump is None:
            screen.paint(moment)
        else:
            screen.paint_frame(moment)

    def _save(self) -> None:
        """Write what is remembered, where something changed, and say what could not be."""
        remembered = self.session.remembered
        remembered.save()
        for problem in remembered.problems[:1]:
            self.tell(problem, "warn")
            remembered.problems.clear()

    def _announce(self, dirty: Mapping[str, set[Key]]) -> None:
        """Tell of requests that came to wait for this person, and look at the glasses anew."""
        link = self.session.link
        if link.welcome is not self._welcome or "LogHead" in dirty:
            # Who broke a glass is in the log: where that did not move, no glass did.
            self._welcome = link.welcome
            if link.attached:
                look = self.session.look_for_glass
                _: Worker[None] = self.run_worker(look, group="glass", exclusive=True)
        listens = self._annunciator is not None and self._annunciator.listens
        if "Alarm" in dirty or (link.attached and not listens):
            self._annunciate()
        if "ActionStatus" in dirty:
            from console.screens.announcing import announcement

            said, self._announced = announcement(self.session, self._announced)
            if said:
                self.bell()
                self.tell(said, "warn")

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
        self.tell(news.text, news.tone)
        if news.bell:
            self.bell()
        if news.notify and self._driver is not None:
            title = f"colony {self.session.colony}"
            self._driver.write(notification(title, news.text, self._environment))

    def _want(self, screen: ConsoleScreen) -> None:
        interests = tuple(screen.interests())
        if interests != self._interests:
            self._interests = interests

            # A function: a coroutine that is given up before it began would complain.
            async def want() -> None:
                await self.session.want(interests)

            _: Worker[None] = self.run_worker(want, group="want", exclusive=True)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy *text* by OSC 52, through tmux too."""
        self._clipboard = text
        if self._driver is not None:
            self._driver.write(osc52(text, self._environment))

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

    def stay(self) -> None:
        """Say why ctrl+z came to nothing."""
        quits = self.session.bound.key("quit")
        self.say(f"no shell started this console, so there is none to go back to: {quits} leaves")

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
