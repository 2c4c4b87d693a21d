"""A line to type in at the bottom of a screen: while it is there, all keys are for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from textual.binding import BindingsMap
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from console.session import Session

if TYPE_CHECKING:
    from console.widgets.prompt import Complete, Prompt

STAYS: Final = frozenset({"repaint", "suspend"})
"""Keys of the app that a line leaves it: they change nothing of what is asked."""
Then: TypeAlias = Callable[[str], str | None]
"""Takes an answer. Returns what is wrong with it where it does not: then the line stays open."""


NEITHER: Final = "y or n"
"""What is wrong with an answer that is neither."""


KEPT: Final = 10
"""Texts of one kind that the up arrow finds again."""


def put_first(kept: list[str], text: str) -> None:
    """Put *text* before all that was *kept* to be found again; the oldest of many is forgotten."""
    kept[:] = [text, *(one for one in kept if one != text)][:KEPT]


class Asked(NamedTuple):
    """What is asked for: the line's sign, the question beside it, and what takes the answer."""

    sign: str
    question: str
    then: Then
    secret: bool = False
    history: Sequence[str] = ()
    complete: Complete | None = None


def yes_or_no(text: str) -> bool | None:
    """Return whether *text* says yes; nothing says no, and what is neither is None."""
    word = text.strip().lower()
    return word in ("y", "yes") if word in ("y", "yes", "n", "no", "") else None


class Prompting(Screen[None]):
    """A screen with that line, in `#bottom`, in the place of `#keys`; a subclass makes both."""

    session: Session
    _prompt: Prompt | None = None
    _question: Asked | None = None

    def focus_first(self) -> Widget | None:
        """Return what keys should go to."""
        return None

    @property
    def asking(self) -> Prompt | None:
        """The line, while it is open."""
        return self._prompt if self._prompt is not None and self._prompt.is_open else None

    def set_focus(
        self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False
    ) -> None:
        """Give *widget* the keys, but not while a line is open: a click beside it takes none."""
        if self.asking is None or widget is self.asking.input:
            super().set_focus(widget, scroll_visible, from_app_focus)

    @property
    def _binding_chain(self) -> list[tuple[DOMNode, BindingsMap]]:
        """What keys do: while a line is open, what they do in it.

        What the line lets through would act on what is selected, and whoever types looks at what
        they type.
        """
        chain = super()._binding_chain
        prompt = self.asking
        if prompt is None:
            return chain
        for node, bound in chain:
            if node is self.app:
                bound.key_to_bindings = {
                    key: [one for one in several if one.id in STAYS]
                    for key, several in bound.key_to_bindings.items()
                }
        return [one for one in chain if one[0] is self.app or prompt in one[0].ancestors_with_self]

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
        then: Then,
        value: str = "",
        *,
        usual: bool = False,
        secret: bool = False,
        history: Sequence[str] = (),
        complete: Complete | None = None,
    ) -> None:
        """Ask for one line and hand it to *then*; where it is given up, nothing is done.

        Where *value* is only what is *usual*, what is typed takes its place. What is *secret* is
        not kept in the line where *then* refuses it.
        """
        await self.open_prompt(sign, value, secret=secret, history=history, complete=complete)
        if usual and self._prompt is not None:
            self._prompt.replaced()
        self._question = Asked(sign, remark, then, secret, history, complete)
        if remark:
            self.remark(remark)

    def ask_next(
        self, sign: str, remark: str, then: Then, value: str, history: Sequence[str] = ()
    ) -> None:
        """Ask for one more line from within *then*: at once, keys typed ahead are for it."""
        if self._prompt is None:
            asks = self.ask_line(sign, remark, then, value, history=history)
            self.run_worker(asks, group="ask-next")
        else:
            self._put(Asked(sign, remark, then, history=history), value)

    def _put(self, asked: Asked, value: str) -> None:
        if self._prompt is not None:
            self._open(self._prompt, asked.sign, value, asked.secret, asked.history, asked.complete)
            self._question = asked
            if asked.question:
                self.remark(asked.question)

    def close_prompt(self) -> None:
        """Close the line, whatever stands in it, as if it had been given up."""
        if self.asking is not None:
            self.asking.finish(None)

    def remark(self, text: str) -> None:
        """Say *text* beside what is typed."""
        if self._prompt is not None:
            self._prompt.remark(text)

    def prompting(self, sign: str, value: str) -> None:
        """Take what is typed so far."""

    def prompted(self, sign: str, value: str | None) -> None:
        """Take what was typed, None where it was given up.

        An answer that is refused stands there again at once: what is typed next is for it.
        """
        if self._prompt is not None and self._prompt.input.password:
            self._prompt.input.value = ""
            self._prompt.input.password = False
        self.query_one("#keys").display = True
        self.set_focus(self.focus_first())
        asked, self._question = self._question, None
        if asked is None or asked.sign != sign or value is None:
            return
        wrong = asked.then(value)
        if wrong and self._prompt is not None:
            self._put(asked, "" if asked.secret else value)
            self._prompt.refuse(wrong)
