"""Textual's driver for terminals with our own way of writing: only what changed, as fast as the
line takes it.

It leans on four things of the pinned Textual that are nobody's promise: `App._display` writes a
frame in one piece that starts with a cursor position, a cursor report comes to
`process_message`, what else is written stands alone, and `disable_input` comes before the
terminal is given back. Where a frame is not what is expected it passes through.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from console.terminal.ascii import to_ascii
from console.terminal.canvas import Canvas
from console.terminal.capabilities import Capabilities, capabilities
from console.terminal.flow import Flow, Line
from console.terminal.frame import draws_nothing, is_frame
from console.terminal.writer import SYNC_END, SYNC_START, Writer

if TYPE_CHECKING:
    from textual.app import App

ECHO: Final = 0.3
"""Seconds after a key in which a frame is taken for what it led to."""
RAW: Final = "\x1b[?25l"
"""What Textual writes first once the line is raw."""
SCREEN: Final = "\x1b[?1049h"
"""What takes the screen; before it nothing may be drawn."""
STRANGE: Final = 3
"""Frames in a row that are not understood, after which all pass through for good."""
_ERASERS: Final = ("xterm", "alacritty", "foot", "ghostty", "wezterm", "rxvt", "konsole", "vte")


def erases(environment: Mapping[str, str], can: Capabilities) -> bool:
    """Return whether the terminal erases in the colour that is set (BCE); no multiplexer does."""
    term = environment.get("TERM", "")
    return term.startswith(_ERASERS) and can.multiplexer in ("", "mosh")


class ColonyDriver(LinuxDriver):
    """Writes frames as differences, with flow control."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        can: Capabilities = getattr(app, "can", None) or capabilities(os.environ)
        self._erases = erases(os.environ, can)
        self._plain = None if can.utf8 else to_ascii
        # Where errors go elsewhere the screen still goes where it is seen.
        files = [file for file in (sys.__stderr__, sys.__stdout__) if file is not None]
        self._output = next((file for file in files if file.isatty()), files[0]).fileno()
        self._writer: Writer | None = None
        self._canvas: Canvas | None = None
        self._flow = Flow()
        self._told: tuple[int, int] | None = None
        self._key_at = float("-inf")
        self._rested = False
        self._strange = 0
        self.passing = False
        """Whether frames pass through as they are, because they are not what is expected."""

    @property
    def line(self) -> Line:
        """What was measured of the way to the terminal."""
        return self._writer.line if self._writer is not None else Line()

    # Writing

    def write(self, data: str) -> None:
        """Take what Textual writes: a frame, or what passes through."""
        writer = self._writer
        if writer is None:
            return
        if data == RAW:
            # From here on the terminal's answers are read, and shown by nobody.
            writer.pass_through(data)
            writer.ask()
        elif data == SCREEN:
            writer.pass_through(data)
            if not self.passing:
                writer.begin()
        elif data in (SYNC_START, SYNC_END):
            writer.synchronised = True
        elif not is_frame(data):
            writer.pass_through(data, spoils=not draws_nothing(data))
        elif self.passing:
            writer.pass_frame(self._shown(data))
        else:
            self._frame(writer, data)

    def _shown(self, data: str) -> str:
        """Return *data* in what the terminal can show; controls are ASCII and stay."""
        return data if self._plain is None else self._plain(data)

    def _frame(self, writer: Writer, data: str) -> None:
        """Take a frame; let one that is not understood through, and have all of it drawn again."""
        try:
            if writer.frame(data, urgent=writer.now() - self._key_at < ECHO):
                self._strange = 0
                return
        except Exception as error:  # whatever it is, the screen must go on
            self._app.log.error("a frame cannot be taken in", repr(error))
            self._strange = STRANGE
        writer.pass_through(self._shown(data), spoils=True)
        self._strange += 1
        if self._strange >= STRANGE:
            self._pass_on()
        else:
            self._app.log.warning("a frame is not understood", repr(data[:200]))
            self._app.call_later(self._draw_all)

    def _pass_on(self) -> None:
        """Let all frames through from now on, and say so."""
        if self.passing:
            return
        self.passing = True
        if self._writer is not None:
            self._writer.give_up()
        self._say("the screen is not what the differ expects: frames pass through whole")
        self._draw_all_soon()

    def _failed(self, error: Exception) -> None:
        """The same where the painting failed; called by the writer's thread."""
        self._loop.call_soon_threadsafe(self._app.log.error, "the differ failed", repr(error))
        self._loop.call_soon_threadsafe(self._pass_on)

    def _draw_all(self) -> None:
        """Have Textual write a whole frame."""
        self._app.refresh(layout=True)
        self._app.screen.refresh(layout=True)

    def _draw_all_soon(self) -> None:
        """The same from another thread."""
        self._loop.call_soon_threadsafe(self._draw_all)

    def _say(self, text: str) -> None:
        """Tell a person, where the app has a place for that."""
        self._app.log.warning(text)
        problems = getattr(self._app, "problems", None)
        if isinstance(problems, list):
            problems.append(text)
        say = getattr(self._app, "say", None)
        if say is not None:
            self._app.call_later(say, text, "warn")

    def when_shown(self, call: Callable[[float], None]) -> None:
        """Have the app call *call* with the time when the terminal shows what was written so far.

        Seconds of the clock of keys: one that was typed later was typed by who could see it.
        """
        if self._writer is None or self.passing:
            call(monotonic())
            return

        def shown(at: float) -> None:
            self._loop.call_soon_threadsafe(self._app.call_next, call, at)

        self._writer.when_shown(shown)

    def repaint(self) -> None:
        """Write every cell again."""
        if self._writer is not None:
            self._writer.repaint()

    # Reading

    def process_message(self, message: Message) -> None:
        """Keep the answers to our own probes; runs in the thread that reads."""
        writer = self._writer
        if writer is not None:
            if isinstance(message, events.CursorPosition):
                if writer.answered():
                    return
            elif isinstance(message, (events.Key, events.Paste, events.MouseScrollDown,
                                      events.MouseScrollUp, events.MouseDown)):  # fmt: skip
                self._key_at = writer.now()
            elif isinstance(message, events.Resize):
                # In band it may come before the signal, and before the kernel knows.
                self._told = (message.size.width, message.size.height)
                writer.resized = True
                self._loop.call_soon_threadsafe(writer.look)
        super().process_message(message)

    # Beginning and ending

    def start_application_mode(self) -> None:
        """Begin, or begin again after a suspension."""
        self._rested = False
        self._told = None
        if self._canvas is None:
            self._canvas = Canvas(*self._get_terminal_size(), erase=self._erases, plain=self._plain)
        writer = self._writer = Writer(
            self._output,
            self._canvas,
            self._flow,
            encoding="ascii" if self._plain is not None else "utf-8",
            size=self._terminal_size,
            drained=self._draw_all_soon,
            failed=self._failed,
        )
        writer.resized = True
        writer.start()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._writer_thread is not None:
            # Textual's own has nothing to do.
            self._writer_thread.stop()
            self._writer_thread = None
        self._watch_size()
        writer.ask()

    def _terminal_size(self) -> tuple[int, int]:
        """Return columns and rows: what the terminal said in band, else what the kernel says."""
        told, self._told = self._told, None
        return told or self._get_terminal_size()

    def _watch_size(self) -> None:
        """Have every SIGWINCH noted. The handler takes no lock: it may run inside one of ours."""
        handler = signal.getsignal(signal.SIGWINCH)

        def resized(number: int, frame: Any) -> None:
            writer = self._writer
            if writer is not None:
                writer.resized = True
                self._loop.call_soon_threadsafe(writer.look)
            if callable(handler):
                handler(number, frame)

        signal.signal(signal.SIGWINCH, resized)

    def _rest(self) -> None:
        """Paint no more; let the answers come that are on their way, else the shell gets them."""
        writer = self._writer
        if writer is not None and not self._rested:
            self._rested = True
            reading = self._key_thread is not None and self._key_thread.is_alive()
            writer.rest(answers=reading and self.input_tty)

    def disable_input(self) -> None:
        """Stop reading."""
        self._rest()
        super().disable_input()

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was. No frame follows."""
        self._rest()
        if self._writer is not None:
            # Whatever was on, the shell's first line shall not wear it.
            self._writer.pass_through("\x1b[0m")
        super().stop_application_mode()

    def close(self) -> None:
        """End the writing."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.stop()
        super().close()
