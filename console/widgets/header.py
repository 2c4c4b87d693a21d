"""The header: which colony, in what mode, who you are, what is wrong, how old the data is."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.containers import Horizontal

from console.rows import tally
from console.widgets.oneline import OneLine
from console.widgets.spans import Line, Span, fit, fit_line, line, line_width, spread

CLOCK_WIDTH = 11
"""Cells of the clock, with the spaces before it: "14:02:31Z"."""
PRODUCTION = "-production"
"""The class of a screen on which what is done is done to people who live there."""

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
    alarms: tuple[int, int, str, str] = (0, 0, "", "")
    """How many alarms call, of how many; the shape and the tone of the worst of those that do."""
    heard: bool = True
    """Whether any source was heard: before that, nobody knows that nothing is wrong."""
    missing: bool = False
    """Whether something never came: `age` is that of the rest."""

    @property
    def real(self) -> bool:
        """Whether what is done here is done to a colony that people live in."""
        return self.production and self.mode == "LIVE"


def header_line(facts: Facts, width: int) -> Line:
    """Return the header in *width* cells, without the clock; what matters least goes first."""
    badge = _BADGE.get(facts.mode, (f" {facts.mode} ", "lost")) if facts.mode else ("", "")
    name = (f" {facts.colony.upper() or 'COLONY'} ", "title")
    if facts.real:
        badge = (" ▌LIVE PRODUCTION▐ ", "production")
    elif facts.production and facts.mode == "READ-ONLY":
        badge = (" ⊘ READ-ONLY production ", "read-only")
    modes = [badge]
    if facts.read_only and facts.mode not in ("", "READ-ONLY"):
        modes += [(" ", ""), _BADGE["READ-ONLY"]]
    user, _, host = facts.who.partition("@")
    whos = [facts.who, user, ""] if host else [user, ""]
    roles = [f" · {facts.role}" if facts.role else "", ""]
    # What asks for a person is said shorter before who that is goes.
    rights = [_right(facts, _SHORTER[:shorter]) for shorter in range(len(_SHORTER) + 1)]
    for role in roles:
        for who in whos:
            left = line(name, *modes, "  " if who else "", who, (role if who else "", "dim"))
            for right in rights:
                if line_width(left) + 2 + line_width(right) <= width:
                    return spread(left, right, width)
    return _narrow(name, [_BRIEF.get(text, text) for text, _ in modes], modes, facts, width)


def _narrow(
    name: Span, brief: Sequence[str], modes: Sequence[Span], facts: Facts, width: int
) -> Line:
    """Return the header where not even the name, the mode and the least of the rest have room.

    The mode is said in a word and never cut: first the rest gets shorter, then the name is cut or
    goes, and of the rest the end is cut at last.
    """
    badges = line(*((text, tone) for text, (_, tone) in zip(brief, modes, strict=True)))
    for shorter in range(len(_SHORTER) + len(_LEAST) + 1):
        right = _right(facts, (*_SHORTER, *_LEAST)[:shorter])
        if line_width((name, *badges)) + 1 + line_width(right) <= width:
            return spread((name, *badges), right, width)
    room = width - line_width(badges) - 1
    left = room - line_width(right)
    called = line((fit(name[0].rstrip(), left - 1) + " ", name[1])) if left >= 6 else ()
    shown = fit_line(right, room) if left < 0 else right
    return spread((*called, *badges), shown, width)


_BRIEF = {
    " ▌LIVE PRODUCTION▐ ": " ▌PROD▐ ",
    " ⊘ READ-ONLY production ": " ⊘ PROD ",
    " ⊘ READ-ONLY ": "⊘ ",
    " ▞▞ DEMO ▞▞ ": " DEMO ",
}
"""What says the mode in a word, by what says it where there is room."""
_SHORTER = ("missing", "waiting", "alarms", "critical", "glass", "log", "total")
"""What is said in fewer words where there is less room, in turn."""
_LEAST = ("lost", "age")
"""The same where even the mode is."""


def _right(facts: Facts, short: Sequence[str]) -> Line:
    spans: list[str | Span] = []
    if facts.glass:
        glass = facts.glass if "glass" not in short else facts.glass.replace(" min", "m")
        spans += [(f" BREAK-GLASS {glass} ", "lost"), " "]
    if facts.waiting:
        words = f" {facts.waiting}" if "waiting" in short else f" {facts.waiting} waits for you"
        words = words.replace("waits", "wait") if facts.waiting > 1 else words
        spans += [(f" ⚑{words}: {facts.waiting_key} ", "found"), " "]
    if facts.log:
        spans += [("✖ log" if "log" in short else "✖ the log cannot be written", "bad"), "  "]
    calling, total, shape, tone = facts.alarms
    count = tally.words(calling, total, ("alarms" in short) + ("total" in short))
    if calling:
        spans += [(f"{shape} {count}", tone), "  "]
    elif total:
        spans += [(count, "dim"), "  "]
    # What is wrong and no alarm, or not yet: one count at a time, but nothing critical unsaid.
    if facts.bad and (not total or (calling and tone != "bad")):
        beside = " critical" if total and "critical" not in short else ""
        spans += [(f"✖ {facts.bad}{beside}", "bad"), "  "]
    if facts.warnings and not total:
        spans += [(f"▲ {facts.warnings}", "warn"), "  "]
    if facts.lost:
        events = "" if "lost" in short else " events"
        spans += [(f"{facts.lost}{events} lost", "warn"), "  "]
    if facts.told:
        spans.append((facts.told, "bad" if facts.stale else "info"))
    else:
        unknown = not facts.heard or facts.missing
        calls = facts.waiting or facts.glass or facts.log or total or unknown
        if not (facts.bad or facts.warnings or calls) and facts.mode:
            spans += [("✔ nothing wrong", "good"), "  "]
        some = "some missing" if "missing" in short else "some never received"
        age = facts.age.removeprefix("data ") if "age" in short else facts.age
        age = f"{age}, {some}" if facts.missing and facts.heard else age
        spans.append((age, "stale" if facts.stale else "dim"))
    return line(*spans)


class Header(Horizontal):
    """The top line of every screen; where it is real, it and the last one are of a ground that
    nothing else has.

    The clock is a widget of its own: a partial repaint writes a line from its widget's left edge,
    and a second that costs the whole header is 0.3 KB.
    """

    # The last line of a screen is none of a header's children.
    SCOPED_CSS: ClassVar[bool] = False
    DEFAULT_CSS: ClassVar[str] = """
    Header { height: 1; dock: top; background: $panel; }
    Header > #facts { width: 1fr; }
    Header > #clock { width: 11; }
    Screen.-production Header, Screen.-production #bottom, Screen.-production KeyLine {
        background: $production-bar; text-style: $style-production-bar;
    }
    Screen.-production Header > OneLine { text-style: $style-production-bar; }
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
        if self.screen.has_class(PRODUCTION) is not facts.real:
            self.screen.set_class(facts.real, PRODUCTION)
        self._draw()
        self.query_one("#clock", OneLine).show(line((f"  {clock}", "")))

    def on_resize(self) -> None:
        """Fit the facts into the new width."""
        self._draw()

    def _draw(self) -> None:
        wide = (self.size.width or self.app.size.width) - CLOCK_WIDTH
        if self._facts is not None and wide > 0:
            self.query_one("#facts", OneLine).show(header_line(self._facts, wide))
