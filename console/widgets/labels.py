"""Letters over what can be chosen: a widget that draws lines puts them over its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rich.cells import get_character_cell_size
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from console.widgets.tones import Palette

LETTERS: Final = "asdfghjklqwertyuiopzxcvbnm"
"""Those under the fingers first."""


def letters(count: int) -> list[str]:
    """Return *count* labels of one letter, or of two where one each is not enough.

    None begins another: where it is typed, nothing more is waited for.
    """
    if count <= len(LETTERS):
        return list(LETTERS[:count])
    # As many of one letter as can be, so that two are left for the rest.
    first = len(LETTERS)
    while first and first + (len(LETTERS) - first) * len(LETTERS) < count:
        first -= 1
    two = [one + other for one in LETTERS[first:] for other in LETTERS]
    return [*LETTERS[:first], *two][:count]


class Labels:
    """The labels of one widget, by line of its window: what stands at which cell."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._palette = Palette(widget)
        self._at: Mapping[int, Sequence[tuple[int, str]]] = {}

    def show(self, at: Mapping[int, Sequence[tuple[int, str]]]) -> None:
        """Show these in the place of those before; only their cells are painted."""
        for lines in (self._at, at):
            for y, several in lines.items():
                for x, text in several:
                    before = min(x, len(text) + 1)
                    self._widget.refresh(Region(x - before, y, before + len(text), 1))
        self._at = at
        self._palette.clear()

    def over(self, strips: list[Strip], crop: Region) -> list[Strip]:
        """Return the *strips* of the lines in *crop* with the labels over them."""
        if not self._at:
            return strips
        lines = zip(crop.line_range, strips, strict=True)
        return [self._over(strip, self._at.get(y, ()), crop.x) for y, strip in lines]

    def _over(self, strip: Strip, several: Sequence[tuple[int, str]], left: int) -> Strip:
        for x, text in several:
            start = _beside(strip.text, x - left, len(text))
            end = start + len(text)
            if start < 0 or end > strip.cell_length:
                continue
            before, _, after = [*strip.divide([start, end, strip.cell_length]), Strip([])][:3]
            label = Strip([Segment(text, self._palette.style("found"))], len(text))
            strip = Strip.join([before, label, after])
        return strip


def _beside(shown: str, at: int, width: int) -> int:
    """Return the cell at which a label of *width* hides least of what begins at the cell *at*.

    That is its beginning where a mark or blanks stand there, else the cells before it where they
    are blank or a frame's: its ground tells it from both its neighbours. Where there are none, it
    is its beginning after all: the letter takes the place of the name's first.
    """
    cells = _cells(shown)
    if at < width or not any(map(str.isalnum, cells[at : at + width])):
        return at
    start = at - width
    free = all(one == " " or "─" <= one <= "╿" for one in cells[start:at])
    return start if free else at


def _cells(text: str) -> list[str]:
    """Return what stands in each cell of *text*; "x" in the second of a wide character."""
    found: list[str] = []
    for character in text:
        width = get_character_cell_size(character)
        found += [character, *["x"] * (width - 1)] if width else []
    return found
