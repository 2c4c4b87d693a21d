"""The bottom line of every screen: the keys, a note, what is under way, or a line to type in."""

from __future__ import annotations

from collections.abc import Awaitable

from console.keys import Hint
from console.screens.prompting import Prompting
from console.widgets.keyline import KeyLine
from console.widgets.spans import Line, line
from console.work import Work


class Bottom(Prompting):
    """A screen with that line, in `#bottom`, which a subclass makes."""

    work: Work | None = None
    """What is under way and can be given up; see `do`."""

    def paint_now(self) -> None:
        """Paint everything at once."""

    def lead(self) -> Line:
        """Return what stands before the keys: what is under way, or that the screen is still."""
        session = self.session
        if self.work is not None:
            return line((f" ● {self.work.text(session.link.monotonic())} ", "info"))
        if session.still is not None:
            goes_on = session.bound.key("freeze")
            told = session.still.text(session.link.monotonic())
            return line((f" ◼ {told} · {goes_on} goes on ", "found"))
        return ()

    def help_hint(self) -> Hint:
        """Return the key for help, which the bottom line always has: one that is not typed, where
        a letter goes into a text.
        """
        bound = self.session.bound
        shown = bound.key("help")
        if self.focused is not None and self.focused.check_consume_key("question_mark", "?"):
            untyped = (one for one in bound.keys("help") if one[:1] == "f" and one[1:].isdigit())
            shown = next(untyped, shown)
        return Hint(shown, "help", "help")

    @property
    def _keys(self) -> KeyLine | None:
        """That line, None while there is none: the app may speak before a page is made."""
        return next(iter(self.query("#keys").results(KeyLine)), None)

    def say(self, text: str, tone: str = "info") -> None:
        """Answer a key: show *text* in the bottom line for a few seconds."""
        if (keys := self._keys) is not None:
            keys.say(text, tone, self.session.link.monotonic())
        elif not self.is_mounted:
            self.call_later(self.say, text, tone)

    def tell(self, text: str, tone: str = "info") -> None:
        """Tell what nobody asked for, there too, beside no answer that is still to be read."""
        if (keys := self._keys) is not None:
            keys.tell(text, tone, self.session.link.monotonic())
        elif not self.is_mounted:
            self.call_later(self.tell, text, tone)

    def unsay(self) -> None:
        """Take away what was said: a key was pressed that it was for."""
        if (keys := self._keys) is not None:
            keys.forget()

    def do(self, what: str, work: Awaitable[object], group: str) -> None:
        """Do *work* beside all else; what it is and for how long stands in the key line.

        Esc gives it up.
        """

        async def done() -> None:
            try:
                await work
            finally:
                if self.work is made:
                    self.work = None
                    self.paint_now()

        made = Work(what, self.session.link.monotonic())
        self.work = made
        made.worker = self.run_worker(done(), group=group, exclusive=True)
        self.paint_now()

    def give_up(self) -> bool:
        """Give up what is under way; return whether anything was."""
        if self.work is None:
            return False
        work, self.work = self.work, None
        if work.worker is not None:
            work.worker.cancel()
        self.say(f"given up: {work.what}", "warn")
        self.paint_now()
        return True
