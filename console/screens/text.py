"""A screen with one long text that the station is asked for: searched, copied, cancellable."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget

from adapters.records import App
from console.binding import bindings
from console.feed.messages import Interest
from console.keys import BACK, NEEDS_APP, Hint, KeyDef, hint, hints
from console.pagekeys import COPY_TEXT, MATCHES, SEARCH
from console.panels.base import Moment
from console.rows import numbers
from console.rows.times import duration
from console.screens.base import ConsoleScreen
from console.screens.page import show_crumbs
from console.session import Session
from console.widgets.lines import Lines
from console.widgets.oneline import OneLine
from console.widgets.spans import Line, line, spread
from console.widgets.textview import TextView
from console.widgets.wrapped import wrapped


class TextScreen(ConsoleScreen):
    """Asks with a worker and shows what comes at the painter's pace. Esc ends the asking too."""

    TOPIC: ClassVar[str] = ""
    CSS = """
    TextScreen > #crumbs { height: 1; }
    TextScreen > #said { height: 1; }
    """
    ACTS = tuple(key for key in ConsoleScreen.ACTS if key.id != "call")  # c copies here
    BINDINGS: ClassVar[list[BindingType]] = bindings([SEARCH, COPY_TEXT], MATCHES)
    KEYS: ClassVar[tuple[KeyDef, ...]] = (SEARCH, *MATCHES, COPY_TEXT)

    def __init__(self, session: Session, app: App) -> None:
        super().__init__(session)
        self.subject = app
        self.began = session.link.monotonic()
        self.waiting = True
        self.error = ""
        self._incoming: list[str] = []
        self._told: tuple[str, ...] = ()

    def body(self) -> ComposeResult:
        """Make the crumbs, why something is not shown, the text, and a line on what is."""
        yield OneLine(id="crumbs")
        yield Lines(id="wrong")
        yield TextView(id="text")
        yield OneLine(id="said")

    @property
    def view(self) -> TextView:
        """The text."""
        return self.query_one("#text", TextView)

    def selected_here(self) -> Hashable:
        """Return what the text is of: why it is down, and its alarms, are asked of that."""
        return self.subject.key

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say which key exists here: those for apps are of the page below, but for trying again."""
        if action in NEEDS_APP:
            return action == "rollback" and not self.session.link.attached
        return super().check_action(action, parameters)

    def interests(self) -> Sequence[Interest]:
        """Keep what the page below needs, so that it is there on the way back."""
        return (Interest("Pod", self.subject.namespace, self.subject.name),)

    def focus_first(self) -> Widget | None:
        """Return the text."""
        return self.view

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply here."""
        found = hints(BACK, SEARCH)
        if self.view.needle:
            found += hints(*MATCHES)
        return [*found, hint(COPY_TEXT), Hint("←→", "sideways")]

    def trail(self) -> tuple[str, ...]:
        """Return the crumbs."""
        return ("Apps", f"{self.subject.namespace}/{self.subject.name}", self.TOPIC)

    def pending(self) -> bool:
        """Return whether lines came, or an error."""
        return bool(self._incoming) or self.wrong() != self._told

    def wrong(self) -> tuple[str, ...]:
        """Return why something is not here, a text each."""
        return (self.error,) if self.error else ()

    def _wrong_lines(self) -> list[Line]:
        """Return `wrong` wrapped; where it is long, the end of it is what has no room."""
        rows = [
            one.line
            for text in self._told
            for one in wrapped(f"✖ {text}", self.wide - 1, "bad", 1, 2)
        ]
        # Header, crumbs, the line below and the keys stay; so does a text that there is.
        most = max(2, self.size.height // 3 if self.view.total else self.size.height - 4)
        if len(rows) > most:
            rows[most - 1 :] = [line((f"   … {self.more_words()}", "bad"))]
        return rows

    def more_words(self) -> str:
        """Return where the rest of what is wrong can be read."""
        return "a larger window shows the rest"

    def state_words(self) -> str:
        """Return what is shown, for the line below the text."""
        view = self.view
        parts = [numbers.plural(view.total, "line")]
        if view.dropped:
            parts.append(f"{numbers.count(view.dropped)} older ones not kept")
        if view.needle:
            parts.append(f"{numbers.plural(view.matches, 'line')} with “{view.needle}”")
            if view.only:
                parts.append("only these")
        return " · ".join(parts)

    def paint_body(self, moment: Moment) -> None:
        """Show the lines that came since the last paint."""
        if self._incoming:
            lines, self._incoming = self._incoming, []
            self.view.add(lines)
        show_crumbs(self, *self.trail())
        said = self.query_one("#said", OneLine)
        self._told = self.wrong()
        self.query_one("#wrong", Lines).show(self._wrong_lines())
        if self.waiting:
            passed = duration(self.session.link.monotonic() - self.began)
            said.show(line((f" ● {self.waiting_words()}, {passed}   esc cancels", "info")))
        else:
            left = line((f" {self.state_words()}", "dim"))
            said.show(spread(left, self.state_mark(), self.wide))

    def waiting_words(self) -> str:
        """Return what is waited for."""
        return f"asking for {self.TOPIC}"

    def state_mark(self) -> tuple[tuple[str, str], ...]:
        """Return what stands at the right end of that line."""
        return ()

    def come(self, text: str) -> None:
        """Take in *text*; the painter shows it."""
        self.waiting = False
        self._incoming += text.splitlines()

    def fail(self, error: Exception) -> None:
        """Say why there is nothing, or nothing more."""
        self.waiting = False
        self.error = str(error)

    async def action_search(self) -> None:
        """Open the line for what to search."""
        await self.open_prompt("/", self.view.needle)

    def prompting(self, sign: str, value: str) -> None:
        """Mark what is typed so far."""
        if sign == "/":
            self.view.search(value)
            self.remark(f"{numbers.plural(self.view.matches, 'line')}   enter goes to the first")

    def prompted(self, sign: str, value: str | None) -> None:
        """Go to the first match, or end the search where it was given up."""
        super().prompted(sign, value)
        if sign == "/":
            self.view.search(value or "")
            if not value:
                self.view.show_only(False)
            elif not self.view.only and not self.view.find_next(1):
                self.say(f"nothing here holds “{value}”", "warn")
            self.paint_now()

    def action_find(self, step: int) -> None:
        """Go to the next match, or the one before."""
        if self.view.needle and not self.view.find_next(step):
            self.say(f"nothing here holds “{self.view.needle}”", "warn")

    def action_only(self) -> None:
        """Show only lines that match, or all again."""
        if self.view.needle:
            self.view.show_only(not self.view.only)
            self.paint_now()

    async def action_back(self) -> None:
        """End the search first, then the screen."""
        if self.view.needle:
            self.view.search("")
            self.view.show_only(False)
            self.paint_now()
        else:
            await super().action_back()

    def copy_here(self) -> tuple[str, str]:
        """Return the text."""
        return f"the {self.TOPIC}", self.view.text()
