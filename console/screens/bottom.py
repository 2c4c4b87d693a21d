"""The bottom line of every screen: the keys, a note, what is under way, or a line to type in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.widget import Widget

from console.keys import Hint
from console.screens.messages import Command
from console.session import Session
from console.widgets.keyline import KeyLine
from console.widgets.spans import Line, line
from console.work import Work

if TYPE_CHECKING:
    from console.widgets.prompt import Complete, Prompt


class Bottom(Screen[None]):
    """A screen with that line, in `#bottom`, which a subclass makes."""

    session: Session
    work: Work | None = None
    """What is under way and can be given up; see `do`."""
    _prompt: Prompt | None = None
    _then: tuple[str, Callable[[str], None]] | None = None

    def focus_first(self) -> Widget | None:
        """Return what keys should go to."""
        return None

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

    def say(self, text: str, tone: str = "info") -> None:
        """Show *text* in the bottom line for a few seconds."""
        self.query_one("#keys", KeyLine).say(text, tone, self.session.link.monotonic())

    def unsay(self) -> None:
        """Take away what was said: a key was pressed that it was for."""
        self.query_one("#keys", KeyLine).forget()

    async def open_prompt(
        self,
        sign: str,
        value: str = "",
        *,
        history: Sequence[str] = (),
        complete: Complete | None = None,
        secret: bool = False,
    ) -> None:
        """Open a line to type in at the bottom; `prompted` gets what was typed.

        *history* is what was typed before, the newest first; the up arrow finds it, and tab what
        *complete* makes of what is typed.
        What is *secret* is masked, and forgotten as soon as it was handed over.
        """
        if self._prompt is None:
            # Made at the first use: what reads text is imported by nobody who types none.
            from console.widgets.prompt import Prompt

            self._prompt = Prompt(self.prompted, self.prompting)
            await self.query_one("#bottom").mount(self._prompt)
        self._open(self._prompt, sign, value, secret, history, complete)

    def _open(
        self,
        prompt: Prompt,
        sign: str,
        value: str,
        secret: bool,
        history: Sequence[str] = (),
        complete: Complete | None = None,
    ) -> None:
        # In the place of the key line: a line more at the bottom would move, and so repaint, all.
        self.query_one("#keys").display = False
        prompt.input.password = secret
        prompt.open(sign, value, history, complete)

    async def ask_line(
        self,
        sign: str,
        remark: str,
        then: Callable[[str], None],
        value: str = "",
        *,
        usual: bool = False,
    ) -> None:
        """Ask for one line and hand it to *then*; where it is given up, nothing is done.

        Where *value* is only what is *usual*, what is typed takes its place.
        """
        await self.open_prompt(sign, value)
        if usual and self._prompt is not None:
            self._prompt.replaced()
        self._then = (sign, then)
        self.remark(remark)

    def ask_next(self, sign: str, remark: str, then: Callable[[str], None], value: str) -> None:
        """Ask for one more line from within *then*: at once, keys typed ahead are for it."""
        if self._prompt is not None:
            self._open(self._prompt, sign, value, False)
            self._then = (sign, then)
            self.remark(remark)

    def remark(self, text: str) -> None:
        """Say *text* beside what is typed."""
        if self._prompt is not None:
            self._prompt.remark(text)

    def prompting(self, sign: str, value: str) -> None:
        """Take what is typed so far."""

    def prompted(self, sign: str, value: str | None) -> None:
        """Take what was typed, None where it was given up."""
        if self._prompt is not None and self._prompt.input.password:
            self._prompt.input.value = ""
            self._prompt.input.password = False
        self.query_one("#keys").display = True
        self.set_focus(self.focus_first())
        asked, self._then = self._then, None
        if asked is not None and asked[0] == sign and value is not None:
            asked[1](value)
        if sign == ":" and value:
            self.post_message(Command(value.strip()))

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
