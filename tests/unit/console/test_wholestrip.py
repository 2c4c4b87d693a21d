"""A line that was painted goes when its table lets go of it."""

from __future__ import annotations

import gc
import weakref

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.cache import FIFOCache
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


@pytest.mark.parametrize("end", [None, 0, 2, 5, 9])
@pytest.mark.parametrize("start", [0, 2, 5])
def test_cropped_as_textual_crops(start: int, end: int | None) -> None:
    """The piece is the one that Textual's own gives, none too."""
    segments = [Segment("abc"), Segment("de")]
    assert WholeStrip(segments, 5).crop(start, end) == Strip(segments, 5).crop(start, end)


def test_what_it_remembers_is_made_when_it_is_asked_for() -> None:
    """It has all that Textual's own has, each piece from its first use on."""
    segments, bold = [Segment("abc"), Segment("de")], Style(bold=True)
    line, own = WholeStrip(iter(segments), 5), Strip(segments, 5)
    assert line.apply_style(bold) == own.apply_style(bold)
    assert line.apply_style(bold) is line.apply_style(bold)
    assert line.adjust_cell_length(7) == own.adjust_cell_length(7)
    assert line.crop_extend(1, 7, bold) == own.crop_extend(1, 7, bold)
    assert (line.text, line.link_ids, line.cell_count) == ("abcde", set(), 5)
    for name in Strip.__slots__:
        if isinstance(cache := getattr(own, name), FIFOCache):
            assert getattr(line, name)._maxsize == cache._maxsize
    with pytest.raises(AttributeError, match="has no attribute 'colour'"):
        line.colour  # noqa: B018
