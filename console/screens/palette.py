"""The palette: anything by a few letters, the best first, with the key that does it beside."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from adapters.records import Key
from console.keys import BACK, OPEN, Hint, hint, hints
from console.panels.base import Moment, Opened
from console.rows import numbers
from console.screens.base import ConsoleScreen
from console.screens.commands import Named, run
from console.screens.completing import themes
from console.screens.finding import Found, Names, of_colony, of_console, search
from console.screens.page import show_crumbs
from console.session import Session
from console.widgets.document import Document
from console.widgets.oneline import OneLine
from console.widgets.prompt import TypeLine
from console.widgets.spans import Line, Row, fit, fit_line, line, line_width, row, spread


class FindLine(TypeLine):
    """The line to type in; the arrows are for what is found."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,shift+tab", "screen.step(-1)", show=False),
        Binding("down,tab", "screen.step(1)", show=False),
        Binding("pageup", "screen.step(-10)", show=False),
        Binding("pagedown", "screen.step(10)", show=False),
    ]


class PaletteScreen(ConsoleScreen):
    """Type to find, arrows choose, enter goes; esc goes back. Nothing here has a timer."""

    CSS = """
    PaletteScreen > #crumbs { height: 1; }
    PaletteScreen > #line { height: 1; background: $panel; }
    PaletteScreen > #line > #sign { width: 3; }
    PaletteScreen > #line > FindLine {
        width: 1fr; height: 1; border: none; padding: 0; background: $panel;
    }
    PaletteScreen > #line > FindLine:focus { border: none; background-tint: $panel 0%; }
    """
    DIGITS = False
    FREEZES = False
    TITLE_OF_HELP = "Everything, by name"
    HELP_TEXT = """\
Type a few letters: panels, commands, themes, and the colony's own apps, tokens, addresses,
contracts, plants, actions and alarms. What is called so comes first, then what begins so, then
what has words that begin so, then what has the letters in that order. Words that are apart must
all fit. On the right is the key that does the same without coming here."""

    def __init__(self, session: Session, below: ConsoleScreen) -> None:
        super().__init__(session)
        self.below = below
        self.input = FindLine(self._finished)
        self._found: list[Found] = []
        self._at = 0
        self._looked = 0
        self._searching = False
        self._names = Names(of_colony(session))
        self._among: list[Found] = []

    def body(self) -> ComposeResult:
        """Make the crumbs, the line to type in, and what is found."""
        yield OneLine(id="crumbs")
        with Horizontal(id="line"):
            yield OneLine(id="sign")
            yield self.input
        yield Document(id="page")

    def focus_first(self) -> Widget | None:
        """Return the line."""
        return self.input

    def on_mount(self) -> None:
        """Show the commands before anything is typed."""
        self._among = of_console(self.below, themes(self))
        super().on_mount()
        self.query_one("#sign", OneLine).show(line(" › "))
        self._look("")

    def hints(self) -> list[Hint]:
        """Return the keys that apply here."""
        return [hint(OPEN, "go"), Hint("↑↓", "choose"), *hints(BACK)]

    def paint_body(self, moment: Moment) -> None:
        """Show what was found so far; what the colony does meanwhile changes nothing here."""
        count = numbers.plural(self._looked, "name")
        said = f"{'searching, ' * self._searching}{count} looked at "
        right = line((said if self.input.value else "", "dim"))
        show_crumbs(self, "Find", right=right)
        if moment.whole:
            self._draw()

    def _draw(self) -> None:
        width = self.wide - 1
        lines = [_line(one, width, here=n == self._at) for n, one in enumerate(self._found)]
        page = self.query_one("#page", Document)
        nothing = row(("   nothing is called so", "dim"))
        page.show(lines or ([nothing] if self.input.value and not self._searching else []))
        top, height = page.scroll_offset.y, max(1, page.size.height)
        if not top <= self._at < top + height:
            goal = self._at if self._at < top else self._at - height + 1
            page.scroll_to(y=goal, animate=False, immediate=True, force=True)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look anew for what is typed now."""
        event.stop()
        self._look(event.value)

    def _look(self, typed: str) -> None:
        self._at = 0
        if not typed.strip():
            self._searching = False
            self.workers.cancel_group(self, "search")
            self._found = self._among
            self.paint_now()
            return
        self.run_worker(self._search(typed), group="search", exclusive=True)

    async def _search(self, typed: str) -> None:
        self._searching = True
        before: list[Found] | None = None
        async for found, looked in search(typed, self._among, self._names):
            self._looked = looked
            if found != before:
                # Only what is better than what is shown changes a line.
                before = self._found = found
                self._draw()
        self._searching = False
        self.paint_now()

    def action_step(self, step: int) -> None:
        """Go to another line of what is found."""
        if self._found:
            self._at = max(0, min(self._at + step, len(self._found) - 1))
            self._draw()

    def _finished(self, typed: str | None) -> None:
        chosen = self._found[self._at] if typed is not None and self._found else None
        self.workers.cancel_group(self, "search")
        self.app.pop_screen()
        if chosen is not None:
            self.app.call_later(self._go, chosen)

    async def _go(self, chosen: Found) -> None:
        what = chosen.what
        if isinstance(what, Key):
            self.app.post_message(Opened(what))
        elif isinstance(what, Named):
            await run(self.app, self.below, what)
        else:
            await self.app.run_action(f"app.theme({what!r})")


def _line(one: Found, width: int, *, here: bool) -> Row:
    """Return one line found: its name, what it is, and on the right its key."""
    mark = ("❯ ", "accent") if here else ("  ", "")
    name = (fit(one.name, min(44, max(20, width // 2))), "strong" if here else "")
    left: Line = line(" ", mark, name, "  ", (one.about, "dim"))
    right: Line = line((f" {one.shown} ", "key")) if one.shown else ()
    if line_width(left) + line_width(right) > width:
        left = fit_line(left, width - line_width(right))
    return Row(spread(left, right, width))
