"""Which columns of a table are shown, and in which order, as a person chose.

A choice survives a version that has other columns: what it does not know is shown where the table
has it, what is gone is forgotten. The first column without a title is the mark; it always stays,
in its place: it says how far the rest of the row can be trusted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from console.rows.cells import Column, place

FIXED = "mark"
"""The column that is always shown, first."""


class Layout(NamedTuple):
    """A choice of columns: all keys in their order, and those of them that are not shown."""

    order: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()

    @property
    def chosen(self) -> bool:
        """Whether a person chose anything."""
        return bool(self.order or self.hidden)

    def columns(self, columns: Sequence[Column]) -> tuple[int, ...]:
        """Return the numbers among *columns* of those that are shown, in order."""
        if not self.chosen:
            return tuple(range(len(columns)))
        shown = tuple(i for i in self.all(columns) if columns[i].key not in self.hidden)
        return shown or tuple(range(len(columns)))

    def all(self, columns: Sequence[Column]) -> tuple[int, ...]:
        """Return the numbers of all *columns* in order, hidden ones too."""
        places = {column.key: i for i, column in enumerate(columns)}
        order = [places[key] for key in dict.fromkeys(self.order) if key in places]
        for i, column in enumerate(columns):
            if i not in order:
                # Behind the one that it stands behind in the table.
                before = next((order.index(j) for j in range(i - 1, -1, -1) if j in order), -1)
                order.insert(before + 1, i)
            if column.key == FIXED:
                order.remove(i)
                order.insert(0, i)
        return tuple(order)

    def toggled(self, columns: Sequence[Column], key: str) -> Layout:
        """Return the choice with *key* shown or hidden; of the last one shown nothing changes."""
        if key == FIXED:
            return self
        order = self.keys(columns)
        hidden = self.hidden ^ {key}
        return self if hidden >= set(order) - {FIXED} else Layout(order, hidden)

    def moved(self, columns: Sequence[Column], key: str, step: int) -> Layout:
        """Return the choice with *key* *step* places on."""
        order = list(self.keys(columns))
        if key not in order or key == FIXED:
            return self
        at = order.index(key)
        first = 1 if order[0] == FIXED else 0
        order.insert(max(first, min(at + step, len(order) - 1)), order.pop(at))
        return Layout(tuple(order), self.hidden)

    def keys(self, columns: Sequence[Column]) -> tuple[str, ...]:
        """Return the keys of all *columns* in order."""
        return tuple(columns[i].key for i in self.all(columns))

    def plain(self) -> dict[str, list[str]]:
        """Return the choice as plain values, to be remembered."""
        return {"order": list(self.order), "hidden": sorted(self.hidden)}


def layout_of(found: Any) -> Layout:
    """Return the choice that *found*, as it was remembered, is; none where it is nothing such."""
    if not isinstance(found, Mapping):
        return Layout()
    order, hidden = found.get("order", ()), found.get("hidden", ())
    if not isinstance(order, list) or not isinstance(hidden, list):
        return Layout()
    return Layout(
        tuple(key for key in order if isinstance(key, str)),
        frozenset(key for key in hidden if isinstance(key, str) and key != FIXED),
    )


def fitting(columns: Sequence[Column], width: int) -> frozenset[str]:
    """Return the keys of those of *columns* for which *width* cells have room."""
    return frozenset(one.column.key for one in place(columns, width))


def title_of(column: Column) -> str:
    """Return what to call *column*: its title, or what stands in it where it has none."""
    return column.title or {"mark": "MARK", "bar": "BAR", "gauge": "GAUGE"}.get(
        column.key, column.key.upper()
    )


def titles(columns: Sequence[Column]) -> dict[str, str]:
    """Return the keys of *columns* by what a person calls them."""
    return {title_of(column).lower(): column.key for column in columns}


def named(columns: Sequence[Column], text: str) -> list[Column]:
    """Return those of *columns* that *text* may mean: by key or title, whole or how it begins."""
    wanted = text.strip().lower()
    names = [(column, {column.key.lower(), title_of(column).lower()}) for column in columns]
    exact = [column for column, those in names if wanted in those]
    return exact or [
        column for column, those in names if wanted and any(n.startswith(wanted) for n in those)
    ]
