"""What a panel is in a line of the overview."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from console.rows import severity
from console.rows.cells import Cell
from console.rows.severity import Severity

WORST_KEPT = 3
"""Things that a summary names; the panel has the rest."""


class Summary(NamedTuple):
    """One panel in a line: `counts` beside its title, `words` after them, in this order.

    `trend` is how it went lately, oldest first, None where nobody knows: only what was measured.
    """

    panel: str
    title: str
    counts: tuple[Cell, ...]
    words: tuple[Cell, ...]
    trend: tuple[float | None, ...] = ()


def severity_counts(grades: Iterable[Severity]) -> tuple[Cell, ...]:
    """Return "9 ✔", "1 ▲", "1 ✖" as cells, from good to bad, without those that are none."""
    return severity_cells(Counter(grades))


def severity_cells(counted: Mapping[Severity, int]) -> tuple[Cell, ...]:
    """Return how many there are of each grade as `severity_counts` does."""
    order = (
        Severity.NONE, Severity.MOVING, Severity.UNKNOWN, Severity.DEGRADED, Severity.CRITICAL,
    )  # fmt: skip
    return tuple(
        Cell(f"{counted[grade]} {severity.mark(grade).text}", severity.mark(grade).tone)
        for grade in order
        if counted.get(grade)
    )
