"""The bottom line: the keys that apply here, or for a few seconds a note."""

from __future__ import annotations

from collections.abc import Sequence

from console.keys import Hint
from console.widgets.oneline import OneLine
from console.widgets.spans import Line, Span, fit_line, line, line_width

NOTE_SECONDS = 6.0
"""How long a note stays."""


def keys_line(hints: Sequence[Hint], width: int, lead: Line = ()) -> Line:
    """Return *lead*, then as many of *hints* as fit into *width* cells, the first ones first."""
    spans: list[Span] = [*lead, (" ", "")]
    for shown, label, _ in hints:
        more: Line = ((shown, "key"), (f" {label}  ", "dim"))
        if line_width((*spans, *more)) - 2 > width:
            break
        spans += more
    return line(*spans)


class KeyLine(OneLine):
    """Shows hints; a note covers them until it is over or another comes."""

    DEFAULT_CSS = "KeyLine { background: $panel; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hints: tuple[Hint, ...] = ()
        self._lead: Line = ()
        self._note: Line = ()
        self._until = 0.0

    def hint(self, hints: Sequence[Hint], lead: Line = ()) -> None:
        """Show *hints* after *lead*, unless a note is there."""
        self._hints, self._lead = tuple(hints), lead
        self._draw()

    def say(self, text: str, tone: str, now: float) -> None:
        """Show *text* until `NOTE_SECONDS` after *now*, monotonic seconds."""
        self._note = line((f" {text}", tone))
        self._until = now + NOTE_SECONDS
        self._draw()

    def forget(self, now: float | None = None) -> None:
        """Take the note away: it is over at *now*, or a key was pressed (None)."""
        if self._note and (now is None or now >= self._until):
            self._note = ()
            self._draw()

    def on_resize(self) -> None:
        """Fit the keys into the new width."""
        self._draw()

    def _draw(self) -> None:
        width = self.size.width or self.app.size.width
        # What does not fit ends with a mark: a note that is cut says that it goes on.
        note = fit_line(self._note, width) if line_width(self._note) > width else self._note
        self.show(note or keys_line(self._hints, width, self._lead))
