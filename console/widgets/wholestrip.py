"""A strip that does not hold on to itself, and makes what it remembers when it remembers it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from rich.segment import Segment
from textual.cache import FIFOCache
from textual.strip import Strip

_CACHES: Final = {
    "_divide_cache": 4,
    "_crop_cache": 16,
    "_style_cache": 16,
    "_filter_cache": 4,
    "_line_length_cache": 4,
    "_crop_extend_cache": 4,
    "_offsets_cache": 4,
}
"""How much each of Textual's caches of a strip holds."""
_NOTHING: Final = Strip([], 0)


class WholeStrip(Strip):
    """A line as its widget drew it, which the compositor mostly takes whole.

    Textual's own makes seven caches for each line, of which a line that is painted once uses none:
    three quarters of the time that a strip takes to make. And it remembers that it was cut at its
    end, itself being the one piece: a ring that only a search for rubbish frees. A table of 36
    lines made one at each paint, a tenth of its time.
    """

    __slots__ = ()

    def __init__(self, segments: Iterable[Segment], cell_length: int) -> None:
        self._segments = list(segments)
        self._cell_length = cell_length
        self._render_cache = self._link_ids = self._cell_count = None

    def __getattr__(self, name: str) -> Any:
        """Make the cache called *name*, asked for the first time; AttributeError if it is none."""
        if name not in _CACHES:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        cache: FIFOCache[Any, Any] = FIFOCache(_CACHES[name])
        setattr(self, name, cache)
        return cache

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Return the pieces that end at *cuts*, in cells; a cut beyond its end is none."""
        end = self.cell_length
        wanted = [cut for cut in cuts if cut <= end]
        return [self] if wanted == [end] else super().divide(wanted)

    def crop(self, start: int, end: int | None = None) -> Strip:
        """Return the cells from *start* to *end*.

        The compositor cuts a piece of no cells out of each line beside one that it paints.
        """
        return _NOTHING if end is not None and end <= max(start, 0) else super().crop(start, end)
