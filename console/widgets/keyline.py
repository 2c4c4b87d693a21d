"""The bottom line: the keys that apply here, or for a few seconds a note."""

from __future__ import annotations

from collections.abc import Sequence

from console.keys import Hint
from console.widgets.notes import Notes
from console.widgets.oneline import OneLine
from console.widgets.spans import Line, Span, fit_line, line, line_width, spread


def keys_line(
    hints: Sequence[Hint], width: int, lead: Line = (), stays: Hint | None = None
) -> Line:
    """Return *lead*, then as many of *hints* as fit into *width* cells, the first ones first.

    What *stays* stands at the right end, always in one place, whatever else has to go for it.
    """
    last = _end(stays)
    room = width - line_width(last)
    if line_width(lead) > room - 1:
        lead = fit_line(lead, max(0, room - 1))
    spans: list[Span] = [*lead, (" ", "")]
    for one in hints:
        if stays is not None and one.id and one.id == stays.id:
            continue
        more: Line = ((one.shown, "key"), (f" {one.label}  ", "dim"))
        if line_width((*spans, *more)) - (0 if last else 2) > room:
            break
        spans += more
    return spread(line(*spans), last, width) if last else line(*spans)


def note_line(note: Line, width: int, stays: Hint | None = None) -> Line:
    """Return *note*, and what *stays* where there is room beside it; what is cut says so."""
    last = _end(stays)
    if line_width(note) + 1 + line_width(last) <= width:
        return spread(note, last, width)
    return fit_line(note, width) if line_width(note) > width else note


def _end(stays: Hint | None) -> Line:
    return line((stays.shown, "key"), (f" {stays.label} ", "dim")) if stays is not None else ()


class KeyLine(OneLine):
    """Shows hints; a note covers them until it is over or another comes."""

    DEFAULT_CSS = "KeyLine { background: $panel; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hints: tuple[Hint, ...] = ()
        self._lead: Line = ()
        self._stays: Hint | None = None
        self._notes = Notes()

    def hint(self, hints: Sequence[Hint], lead: Line = (), stays: Hint | None = None) -> None:
        """Show *hints* after *lead* and what *stays* at the end, unless a note is there."""
        self._hints, self._lead, self._stays = tuple(hints), lead, stays
        self._draw()

    def say(self, text: str, tone: str, now: float) -> None:
        """Answer a key with *text* at *now*, monotonic seconds."""
        self._notes.answer(line((f" {text}", tone)), now)
        self._draw()

    def tell(self, text: str, tone: str, now: float) -> None:
        """Tell news: *text*, once an answer that stands there could be read."""
        self._notes.tell(line((f" {text}", tone)), now)
        self._draw()

    def forget(self, now: float | None = None) -> None:
        """Take away the note that is over at *now*, or that a key was pressed for (None)."""
        before = self._notes.shown
        if now is None:
            self._notes.drop()
        else:
            self._notes.pass_to(now)
        # Each paint asks, and draws the keys itself behind that.
        if self._notes.shown is not before:
            self._draw()

    def on_resize(self) -> None:
        """Fit the keys into the new width."""
        self._draw()

    def _draw(self) -> None:
        width = self.size.width or self.app.size.width
        if self._notes.shown:
            self.show(note_line(self._notes.shown, width, self._stays))
        else:
            self.show(keys_line(self._hints, width, self._lead, self._stays))
