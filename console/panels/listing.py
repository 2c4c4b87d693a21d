"""A titled table of the records of one kind: filtered, sorted, and repainted where it changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Protocol

from textual.app import ComposeResult
from textual.containers import Vertical

from adapters.records import Key
from console.panels.base import Counts, Moment
from console.rows import filter as filters
from console.rows.cells import Cell, Column, place
from console.rows.overview import waiting_for
from console.session import Session
from console.widgets.livetable import LiveTable
from console.widgets.oneline import OneLine
from console.widgets.spans import line, rule

SORT_AT_ONCE = 500
"""Rows up to which a changed order is shown at the next paint; beyond, at most once a second."""


class Rows(Protocol):
    """What a module of `console.rows` for one kind of record has."""

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


class Listing(Vertical):
    """One kind of record as a table. `keep` leaves out what it is false for.

    It is told of changes by `paint` and has no timer. With *most*, it is only so high as its
    rows need, at most *most* lines of them.
    """

    DEFAULT_CSS = "Listing { height: 1fr; } Listing > .title { height: 1; }"

    def __init__(
        self,
        session: Session,
        kind: str,
        rows: Rows,
        *,
        title: str = "",
        most: int = 0,
        records: Callable[[], Sequence[Any]] | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.session = session
        self.kind = kind
        self.rows = rows
        self.table = LiveTable(rows.COLUMNS, self._cells)
        self._title = title
        self._most = most
        self._records = records
        self._sort, self._reversed = rows.DEFAULT_SORT, False
        self._order: dict[Hashable, Any] = {}
        self._filter = filters.NONE
        self._total = 0
        self._unsorted = False

    def compose(self) -> ComposeResult:
        """Make the title, where there is one, and the table."""
        if self._title:
            yield OneLine(classes="title")
        yield self.table

    @property
    def counts(self) -> Counts:
        """How many rows the filter leaves of how many."""
        return Counts(len(self._order), self._total)

    @property
    def errors(self) -> Sequence[str]:
        """What in the filter makes no sense."""
        return self._filter.errors

    def filter(self, text: str) -> None:
        """Show only what matches *text*."""
        self._filter = filters.parse(text, self.rows.FIELDS) if text.strip() else filters.NONE
        self._rebuild()

    def sort_next(self) -> str:
        """Sort by the next visible column and return its title."""
        shown = [one.column for one in place(self.rows.COLUMNS, self.table.size.width)]
        keys = [column.key for column in shown]
        at = keys.index(self._sort) + 1 if self._sort in keys else 0
        column = shown[at % len(shown)]
        self.sort_by(column.key)
        return column.title or "what is wrong"

    def sort_by(self, column: str) -> None:
        """Sort by *column*, the other way round where it is sorted by that already."""
        self._reversed = not self._reversed if column == self._sort else False
        self._sort = column
        self._rebuild()

    def reverse(self) -> None:
        """Turn the order around."""
        self._reversed = not self._reversed
        self._rebuild()

    def paint(self, moment: Moment) -> None:
        """Show what changed."""
        if moment.whole:
            self._rebuild()
            self.table.refresh_visible()
            return
        dirty = moment.dirty.get(self.kind, set())
        if self._records is not None:
            if moment.dirty or moment.tick:
                self._rebuild()
        else:
            key_of = self.rows.sort_key(self._sort)
            for key in dirty:
                self._update(key, key_of)
        if self._unsorted and (moment.tick or len(self._order) <= SORT_AT_ONCE):
            self._lay()
        if moment.tick or moment.dirty.get("Scope"):
            self.table.refresh_visible()
            self._tell()
        else:
            self.table.refresh_keys(dirty)

    def on_live_table_header_chosen(self, message: LiveTable.HeaderChosen) -> None:
        """Sort by the column whose title was clicked."""
        message.stop()
        self.sort_by(message.column)

    def _cells(self, key: Hashable) -> Sequence[Cell]:
        item = self.item(key)
        return () if item is None else self.rows.cells(item, self.session.context())

    def item(self, key: Hashable) -> Any:
        """Return what the row called *key* shows, None where it is gone."""
        return self.session.store.get(key) if isinstance(key, Key) else None

    def key_of(self, item: Any) -> Hashable:
        """Return what to call the row that shows *item*."""
        key: Hashable = item.key
        return key

    def _all(self) -> Sequence[Any]:
        if self._records is not None:
            return self._records()
        return list(self.session.store.records(self.kind).values())

    def _rebuild(self) -> None:
        key_of = self.rows.sort_key(self._sort)
        records = self._all()
        self._total = len(records)
        self._order = {self.key_of(one): key_of(one) for one in records if self._matches(one)}
        self._lay()

    def _matches(self, item: Any) -> bool:
        return not self._filter.terms or self._filter.matches(self.rows.haystack(item))

    def _update(self, key: Key, key_of: Callable[[Any], Any]) -> None:
        """Take in one changed record: where it belongs in the order, if anywhere."""
        record = self.session.store.get(key)
        shown = record is not None and self._matches(record)
        if not shown:
            if self._order.pop(key, None) is not None:
                self._unsorted = True
        else:
            place_ = key_of(record)
            if self._order.get(key) != place_:
                self._order[key] = place_
                self._unsorted = True
        self._total = len(self.session.store.records(self.kind))

    def _lay(self) -> None:
        self._unsorted = False
        keys = sorted(self._order, key=self._order.__getitem__, reverse=self._reversed)
        self.table.set_sort(self._sort, descending=self._reversed)
        self._tell()
        if list(self.table.keys) != keys:
            self.table.set_rows(keys)
        if self._most:
            height = min(max(1, len(keys)), self._most) + 1 + bool(self._title)
            if self.styles.height is None or self.styles.height.value != height:
                self.styles.height = height

    def _tell(self) -> None:
        """Say what the title says, and why there is nothing where there is nothing."""
        self.table.empty = self._why_empty()
        if not self._title:
            return
        counts = self.counts
        some = f"{counts.shown} of {counts.total}" if counts.shown < counts.total else counts.total
        title = line((self._title, "title"), (f"  {some}", "dim"))
        self.query_one(".title", OneLine).show(
            rule(self.size.width or self.app.size.width, title).line
        )

    def _why_empty(self) -> str:
        if self._filter.terms and self._total:
            return f"  nothing here matches the filter; there are {self._total}"
        waits = waiting_for(self.session.context())
        return f"  {waits or self.session.bound.fill(self.rows.EMPTY)}"
