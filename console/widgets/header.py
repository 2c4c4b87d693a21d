"""The header: which colony, in what mode, who you are, what is wrong, how old the data is."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.containers import Horizontal

from console.widgets.oneline import OneLine
from console.widgets.spans import Line, Span, line, line_width, spread

CLOCK_WIDTH = 10
"""Cells of the clock, with the space before it: "14:02:31Z"."""

_BADGE = {
    "LIVE": (" ● LIVE ", "live"),
    "READ-ONLY": (" ⊘ READ-ONLY ", "read-only"),
    "DEMO": (" ▞▞ DEMO ▞▞ ", "demo"),
}


class Facts(NamedTuple):
    """What the header says. `told` takes the place of the data's age while there is no station.

    `waiting` counts the requests of others that wait for this person, `glass` says for how long a
    broken glass lasts and whose it is, "" for none, and `log` why nothing can be written.
    """

    colony: str
    mode: str
    production: bool
    read_only: bool
    who: str
    role: str
    bad: int
    warnings: int
    age: str
    stale: bool
    lost: int
    told: str
    waiting: int = 0
    glass: str = ""
    log: str = ""
    waiting_key: str = "W"


def header_line(facts: Facts, width: int) -> Line:
    """Return the header in *width* cells, without the clock; what matters least goes first."""
    badge = _BADGE.get(facts.mode, (f" {facts.mode} ", "lost")) if facts.mode else ("", "")
    name = (f" {facts.colony.upper() or 'COLONY'} ", "title")
    if facts.production and facts.mode == "LIVE":
        badge = (" ● LIVE production ", "live")
    modes = [badge]
    if facts.read_only and facts.mode not in ("", "READ-ONLY"):
        modes += [(" ", ""), _BADGE["READ-ONLY"]]
    user, _, host = facts.who.partition("@")
    whos = [facts.who, user, ""] if host else [user, ""]
    roles = [f" · {facts.role}" if facts.role else "", ""]
    # What asks for a person is said shorter before who that is goes.
    rights = [_right(facts, short=short) for short in (False, True)]
    for role in roles:
        for who in whos:
            left = line(name, *modes, "  " if who else "", who, (role if who else "", "dim"))
            for right in rights:
                if line_width(left) + 2 + line_width(right) <= width:
                    return spread(left, right, width)
    right = rights[-1]
    return spread(line(name, *modes, " "), right, width)


def _right(facts: Facts, *, short: bool) -> Line:
    spans: list[str | Span] = []
    if facts.glass:
        glass = facts.glass if not short else facts.glass.replace(" min", "m")
        spans += [(f" BREAK-GLASS {glass} ", "lost"), " "]
    if facts.waiting:
        words = f" {facts.waiting}" if short else f" {facts.waiting} waits for you"
        words = words.replace("waits", "wait") if facts.waiting > 1 else words
        spans += [(f" ⚑{words}: {facts.waiting_key} ", "found"), " "]
    if facts.log:
        spans += [("✖ log" if short else "✖ the log cannot be written", "bad"), "  "]
    if facts.bad:
        spans += [(f"✖ {facts.bad}", "bad"), "  "]
    if facts.warnings:
        spans += [(f"▲ {facts.warnings}", "warn"), "  "]
    if facts.lost:
        spans += [(f"{facts.lost} events lost", "warn"), "  "]
    if facts.told:
        spans.append((facts.told, "bad" if facts.stale else "info"))
    else:
        calls = facts.waiting or facts.glass or facts.log
        if not (facts.bad or facts.warnings or calls) and facts.mode:
            spans += [("✔ nothing wrong", "good"), "  "]
        spans.append((facts.age, "stale" if facts.stale else "dim"))
    return line(*spans)


class Header(Horizontal):
    """The top line of every screen.

    The clock is a widget of its own: a partial repaint writes a line from its widget's left edge,
    and a second that costs the whole header is 0.3 KB.
    """

    DEFAULT_CSS: ClassVar[str] = """
    Header { height: 1; dock: top; background: $panel; }
    Header > #facts { width: 1fr; }
    Header > #clock { width: 10; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._facts: Facts | None = None

    def compose(self) -> ComposeResult:
        """Make the two lines."""
        yield OneLine(id="facts")
        yield OneLine(id="clock")

    def show(self, facts: Facts, clock: str) -> None:
        """Show *facts* and the time."""
        self._facts = facts
        self._draw()
        self.query_one("#clock", OneLine).show(line((f" {clock}", "")))

    def on_resize(self) -> None:
        """Fit the facts into the new width."""
        self._draw()

    def _draw(self) -> None:
        wide = (self.size.width or self.app.size.width) - CLOCK_WIDTH
        if self._facts is not None and wide > 0:
            self.query_one("#facts", OneLine).show(header_line(self._facts, wide))
