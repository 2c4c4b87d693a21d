"""A line to type in at the bottom: `:` commands and `/` filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final, TypeAlias

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.geometry import Region
from textual.widgets import Input
from textual.widgets.input import Selection

from console.widgets.oneline import OneLine
from console.widgets.spans import Span, fit, line

Complete: TypeAlias = Callable[[str], Sequence[str]]
"""Returns, for what was typed so far, the whole texts that it may become."""
SIGN: Final = 3
"""Cells of the sign."""
STEP: Final = 12
"""Cells that what is typed has at least, and by how many that grows."""


class TypeLine(Input):
    """An Input that answers enter, escape and tab at once, through a callback.

    Textual's own posts a message, and keys typed ahead over a slow line would overtake it.
    `finish` gets what was typed, None where it was given up.
    """

    # In the terminal's own colours Textual reverses black on white: no cursor on a black ground.
    DEFAULT_CSS: ClassVar[str] = """
    TypeLine:ansi > .input--cursor {
        background: ansi_default; color: ansi_default; text-style: reverse;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", show=False),
        Binding("escape", "abandon", show=False),
        Binding("tab", "complete(1)", show=False),
        Binding("shift+tab", "complete(-1)", show=False),
        Binding("up", "before(1)", show=False),
        Binding("down", "before(-1)", show=False),
    ]

    def __init__(self, finish: Callable[[str | None], None], *, placeholder: str = "") -> None:
        super().__init__(compact=True, select_on_focus=False, placeholder=placeholder)
        # A blinking cursor writes 2.2 KB/s to the terminal.
        self.cursor_blink = False
        self._finish = finish
        self._history: tuple[str, ...] = ()
        self._back = 0
        self._typed = ""
        self.complete_by(None)

    def go_back_through(self, history: Sequence[str]) -> None:
        """Let the up arrow find *history*, the newest first, down to what is typed now."""
        self._history, self._back = tuple(history), 0

    def on_resize(self) -> None:
        """Keep the cursor in sight: Textual looks to that only where the cursor moves."""
        self.scroll_to_region(Region(self._cursor_offset, 0, 1, 1), force=True, animate=False)

    def action_accept(self) -> None:
        """Hand over what was typed."""
        self._finish(self.value)

    def action_abandon(self) -> None:
        """Give up."""
        self._finish(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave tab to the screen where there is nothing to complete."""
        return self._complete is not None if action == "complete" else True

    def complete_by(self, complete: Complete | None) -> None:
        """Let tab go through what *complete* makes of what is typed."""
        self._complete = complete
        self._found: tuple[str, ...] = ()
        self._at = -1

    def completions(self) -> Sequence[str]:
        """Return what tab goes through now."""
        if self._at >= 0 and self._found[self._at] == self.value:
            return self._found
        self._at = -1
        self._found = tuple(self._complete(self.value)) if self._complete is not None else ()
        return self._found

    def action_complete(self, step: int) -> None:
        """Take the next completion of what was typed (1), or the one before (-1)."""
        found = self.completions()
        if not found:
            return
        if self._at < 0 and self.value in found and len(found) > 1:
            self._at = found.index(self.value)
        self._at = (self._at + step) % len(found) if self._at >= 0 else min(0, step)
        self._at %= len(found)
        self.value = found[self._at]
        self.cursor_position = len(self.value)

    def action_before(self, step: int) -> None:
        """Show what was typed before (1), or after that (-1); at last what is typed now."""
        goal = max(0, min(self._back + step, len(self._history)))
        if not self._back:
            self._typed = self.value
            if self._history[:1] == (self.value,) and step > 0:
                goal = min(2, len(self._history))  # it stands there already
        if goal == self._back:
            return
        self._back = goal
        self.value = self._history[goal - 1] if goal else self._typed
        self.cursor_position = len(self.value)


class Prompt(Horizontal):
    """A sign, a line to type in, and a remark on the right; hidden unless open."""

    DEFAULT_CSS: ClassVar[str] = """
    Prompt { height: 1; background: $panel; display: none; }
    Prompt > #sign { width: 3; }
    Prompt > TypeLine { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
    Prompt > TypeLine:focus { border: none; background-tint: $panel 0%; }
    Prompt > #remark { width: 1; }
    """

    def __init__(
        self,
        finished: Callable[[str, str | None], None],
        changed: Callable[[str, str], None],
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.sign = ""
        self.input = TypeLine(self.finish)
        self._finished = finished
        self._changed = changed
        self._completes = False
        self._said: Span = ("", "dim")
        self._question: str | None = None

    def compose(self) -> ComposeResult:
        """Make the three parts."""
        yield OneLine(id="sign")
        yield self.input
        yield OneLine(id="remark")

    @property
    def is_open(self) -> bool:
        """Whether it takes keys."""
        return self.display

    def open(
        self,
        sign: str,
        value: str = "",
        history: Sequence[str] = (),
        complete: Complete | None = None,
    ) -> None:
        """Take the keys from now on, until it is finished. *history* is the newest first.

        What *complete* returns stands beside, and tab goes through it.
        """
        self.sign = sign
        self.input.go_back_through(history)
        self.input.complete_by(complete)
        self._completes = complete is not None
        self._question = None
        with self.prevent(Input.Changed):
            self.input.value = value
        self.input.cursor_position = len(value)
        self.query_one("#sign", OneLine).show(line(f" {sign} "))
        self.remark(self._beside())
        self.display = True
        # Not focus(): that takes effect later, and the keys typed ahead go elsewhere.
        self.screen.set_focus(self.input)

    def replaced(self) -> None:
        """Let what is typed first take the place of what stands there: it is only the usual."""
        self.input.selection = Selection(0, len(self.input.value))

    def finish(self, value: str | None) -> None:
        """Close, and tell the screen what was typed; None says that it was given up."""
        self.display = False
        self._finished(self.sign, value)

    def remark(self, text: str) -> None:
        """Say *text* on the right, as far as there is room."""
        self._said = (text, "dim")
        self._lay()

    def refuse(self, wrong: str) -> None:
        """Say what is *wrong* with what stands there, until that is changed."""
        self._question = self._said[0]
        self._said = (wrong, "warn")
        self._lay()

    def _lay(self) -> None:
        """Show what is said in the room that what is typed leaves it."""
        text, tone = self._said
        width = max(1, min(cell_len(text) + 2, self._room())) if text else 1
        remark = self.query_one("#remark", OneLine)
        remark.styles.width = width
        remark.show(line((f" {fit(text, width - 2)} ", tone) if text else ""))

    def _room(self) -> int:
        """Return the cells for the remark: a third, or more as long as all that is typed shows.

        In steps: one that gave way to each letter would be written anew at each.
        """
        width = self.size.width or self.app.size.width
        typed = -(-(cell_len(self.input.value) + 2) // STEP) * STEP
        return max(width // 3, width - SIGN - typed)

    def on_resize(self) -> None:
        """Fit the remark into the new width."""
        self._lay()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass on what is typed, with the sign."""
        event.stop()
        # One that was under way when the line was closed comes too late to matter.
        if self.is_open:
            question, self._question = self._question, None
            if self._completes:
                self.remark(self._beside())
            elif question is not None:
                self.remark(question)
            else:
                self._lay()
            self._changed(self.sign, event.value)

    def _beside(self) -> str:
        """Return the completions that fit beside what is typed, a word of each."""
        text = ""
        for one in self.input.completions():
            word = one.partition(" ")[2] or one
            text = f"{text}  {word}" if text else word
            if cell_len(text) > self._room():
                break
        return text
