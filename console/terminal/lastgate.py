"""The last gate before the screen: no control and nothing invisible leaves, whoever drew it.

Texts are filtered where they enter (adapters/text.py). This holds for what somebody forgot, and
for what Textual's own widgets draw: a notification, a placeholder, a suggestion.
"""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from adapters.text import REPLACEMENT, with_stand_ins
from console.terminal.cells import SINGLE


class Harmless(LineFilter):
    """Replaces what `adapters.text` would, in as many cells as were laid out for it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return *segments* with harmless texts; *background* does not matter."""
        if SINGLE.issuperset("".join([text for text, _, _ in segments])):
            return segments
        return [Segment(harmless(text), style, control) for text, style, control in segments]


@lru_cache(1024)
def harmless(text: str) -> str:
    """Return *text* harmless and as wide as it was: what had no cell gets none."""
    found = with_stand_ins(text)
    if found == text:
        return text
    cells = cell_len(text)
    for made in (found, "".join(map(_in_place, text))):
        if cell_len(made) == cells:
            return made
    return REPLACEMENT * cells


def _in_place(one: str) -> str:
    # After a letter: a mark that stands on nothing is replaced, one on a letter is not.
    return one if with_stand_ins(f"x{one}")[1:] == one else REPLACEMENT * cell_len(one)
