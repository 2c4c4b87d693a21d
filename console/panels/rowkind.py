"""What a listing wants of the module of `console.rows` that makes the rows of one kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from console.rows.cells import Cell, Column


class Rows(Protocol):
    """What a module of `console.rows` for one kind of record has.

    Where it also has `VALUES` (see `console.rows.values`), those can be compared and saved.
    """

    @property
    def COLUMNS(self) -> Sequence[Column]:
        """All columns."""
        ...

    @property
    def DEFAULT_SORT(self) -> str:
        """The column that sorts at first."""
        ...

    @property
    def FIELDS(self) -> Sequence[str]:
        """Fields that a filter can name."""
        ...

    @property
    def EMPTY(self) -> str:
        """What stands where there is no row."""
        ...

    @property
    def cells(self) -> Callable[[Any, Any], Sequence[Cell]]:
        """Return one record's cells."""
        ...

    @property
    def sort_key(self) -> Callable[[str], Callable[[Any], Any]]:
        """Return the key by which a column sorts."""
        ...

    @property
    def haystack(self) -> Callable[[Any], Mapping[str, str]]:
        """Return what the filter looks in."""
        ...
