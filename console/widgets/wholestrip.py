"""A strip that does not hold on to itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.strip import Strip


class WholeStrip(Strip):
    """A line as its widget drew it, which the compositor mostly takes whole.

    Textual's own remembers that it was cut at its end, itself being the one piece: a ring that only
    a search for rubbish frees. A table of 36 lines made one at each paint, a tenth of its time.
    """

    __slots__ = ()

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Return the pieces that end at *cuts*, in cells; a cut beyond its end is none."""
        end = self.cell_length
        wanted = [cut for cut in cuts if cut <= end]
        return [self] if wanted == [end] else super().divide(wanted)
