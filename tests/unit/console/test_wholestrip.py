"""A line that was painted goes when its table lets go of it."""

from __future__ import annotations

import gc
import weakref

import pytest
from rich.segment import Segment
from textual.strip import Strip

from console.widgets.wholestrip import WholeStrip


class Line(WholeStrip):
    """One that can be watched."""

    __slots__ = ("__weakref__",)


@pytest.mark.parametrize("cuts", [[5], [5, 6], [2, 5], [2], []])
def test_cut_where_textual_cuts(cuts: list[int]) -> None:
    """The pieces are the ones that Textual's own gives."""
    segments = [Segment("abc"), Segment("de")]
    assert WholeStrip(segments, 5).divide(cuts) == Strip(segments, 5).divide(cuts)


def test_no_ring_keeps_it() -> None:
    """Taken whole, beyond its end too, it needs no search for rubbish to go."""
    line = Line([Segment("abcde")], 5)
    assert line.divide([5]) == [line]
    assert line.divide(iter([5, 6])) == [line]
    watched = weakref.ref(line)
    gc.disable()
    try:
        del line
        assert watched() is None
    finally:
        gc.enable()
