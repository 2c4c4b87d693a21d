"""What is repainted of rows whose cells changed."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region

from console.rows.cells import Cell, Column, place
from console.widgets.damage import MANY, damage, span

WIDTH = 30
PLACED = place([Column(name, name, 8) for name in "abc"], WIDTH)


def cells(*texts: str) -> Sequence[Cell]:
    """Return a row."""
    return [Cell(text) for text in texts]


def test_a_span_goes_from_the_first_that_differs_to_the_last() -> None:
    """Only columns that are shown count."""
    row = cells("1", "2", "3", "4")
    assert span(row, cells("1", "x", "3", "4"), PLACED, WIDTH) == (9, 17)
    assert span(row, cells("x", "2", "x", "4"), PLACED, WIDTH) == (0, 26)
    assert span(row, cells("1", "2", "3", "x"), PLACED, WIDTH) == (0, 0)
    assert span(row, cells("1", "2"), PLACED, WIDTH) == (18, 26)
    assert span((), row, PLACED, WIDTH) == (0, WIDTH)


def test_few_lines_are_repainted_each_where_it_differs() -> None:
    """One whose change is in a column that is not shown is not."""
    row = cells("1", "2", "3", "4")
    changes = [(1, (row, cells("x", "2", "3", "4"))), (2, (row, cells("1", "2", "3", "x")))]
    assert damage(changes, PLACED, WIDTH) == [Region(0, 1, 8, 1)]
    assert damage([], PLACED, WIDTH) == []


def test_many_lines_are_repainted_whole_and_together() -> None:
    """Those below one another are one region."""
    change = (cells("1"), cells("2"))
    lines = [*range(1, MANY + 1), 20, 30, 31]
    assert damage([(y, change) for y in lines], PLACED, WIDTH) == [
        Region(0, 1, WIDTH, MANY), Region(0, 20, WIDTH, 1), Region(0, 30, WIDTH, 2)
    ]  # fmt: skip
