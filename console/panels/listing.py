"""A titled table of the records of one kind: filtered, sorted, and repainted where it changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from types import MappingProxyType
from typing import Any, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.worker import Worker

from adapters.records import Key
from console.panels.arranging import AT_ONCE, Arranging, Narrowing
from console.panels.base import Counts, Moment
from console.panels.kept import keep, kept, kept_sort
from console.panels.ordering import Ordering
from console.panels.returning import Returning
from console.panels.rowkind import Rows
from console.panels.slices import in_slices
from console.related import OWN_KINDS
from console.rows import filter as filters
from console.rows.cells import Cell, Column, place
from console.rows.layout import Layout, layout_of, titles
from console.rows.overview import waiting_for
from console.rows.values import values_of
from console.session import Session
from console.widgets.livetable import LiveTable
from console.widgets.oneline import OneLine
from console.widgets.spans import line, rule

SORT_AT_ONCE = 500
"""Rows up to which a changed order is shown at the next paint; beyond, at most once a second."""
CAUGHT_UP = 500
"""Rows that changed while nobody looked up to which they are taken in before the next paint."""
AGED_EVERY = 10
"""Seconds after which a filter on ages is asked again where there are many rows."""


class Listing(Vertical):
    """One kind of record as a table. *records* says which, where they are not all of the kind.

    It is told of changes by `paint` and has no timer. With *most*, it is only so high as its
    rows need, at most *most* lines of them. Its *id* is the name under which its order, its
    columns and the row of the cursor are remembered; without one they are by its kind.
    """

    DEFAULT_CSS = "Listing { height: 1fr; } Listing > .title { height: 1; }"

    class Arranged(Message):
        """Many rows were filtered or sorted in the background, or it takes its time."""

        def can_replace(self, message: Message) -> bool:
            """Only the last one matters."""
            return isinstance(message, Listing.Arranged)

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
        self.named = title.lower() or id or kind.lower()
        """What a person calls it."""
        self.table = LiveTable(rows.COLUMNS, self._cells)
        self._title = title
        self._most = most
        self._records = records
        self._kept = id or kind
        self._ordering = Ordering(rows.DEFAULT_SORT)
        self._picks: tuple[int, ...] = ()
        self._busy: tuple[int, int] | None = None
        self._asked = False
        self.slow = False
        """Whether what is `busy` takes so long that a person is told."""
        self._meanwhile: set[Key] = set()
        self._arranging: Worker[None] | None = None
        self._returning = Returning(session, self._kept)
        self.chosen = layout_of(kept(session, "columns", self._kept))
        """Which columns are shown, as a person chose them."""
        sort = kept_sort(session, self._kept)
        if sort is not None and sort[0] in {column.key for column in rows.COLUMNS}:
            self._ordering.sort, self._ordering.descending = sort
        self._show_columns()

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
    def busy(self) -> tuple[int, int] | None:
        """How many of how many records were looked at so far, None where all of them were."""
        return self._busy

    @property
    def errors(self) -> Sequence[str]:
        """What in the filter makes no sense."""
        return self._filter.errors

    @property
    def sorted_by(self) -> tuple[str, bool]:
        """The key of the column that sorts, and whether it is turned around."""
        return self._ordering.sort, self._ordering.descending

    @property
    def columns(self) -> Sequence[Column]:
        """The columns that are shown where there is room, in order."""
        return [self.rows.COLUMNS[i] for i in self._picks]

    @property
    def keys(self) -> Sequence[Hashable]:
        """What the filter leaves, in order."""
        return self._ordering.settled()

    @property
    def _filter(self) -> filters.Filter:
        return self._ordering.filter

    @property
    def _order(self) -> dict[Hashable, Any]:
        return self._ordering.order

    @property
    def _total(self) -> int:
        return self._ordering.total

    # What a person asks for

    def filter(self, text: str) -> None:
        """Show only what matches *text*."""
        before, ordering = self._filter, self._ordering
        rows = self.rows
        read = filters.parse(text, rows.FIELDS, values_of(rows), titles(rows.COLUMNS))
        ordering.filter = read if text.strip() else filters.NONE
        if ordering.filter._replace(errors=()) == before._replace(errors=()):
            return
        self._asked = True
        # A letter more: only what was found so far can still be found, and stays in its order.
        within = self._busy is None and not ordering.unsorted and ordering.filter.within(before)
        self._arrange(self._all(), within=within and not before.ages)

    def sort_next(self) -> str:
        """Sort by the next visible column and return its title."""
        shown = [one.column for one in place(self.columns, self.table.size.width)]
        keys = [column.key for column in shown]
        sort = self._ordering.sort
        at = keys.index(sort) + 1 if sort in keys else 0
        column = shown[at % len(shown)]
        self.sort_by(column.key)
        return column.title or "what is wrong"

    def sort_by(self, column: str, *, descending: bool | None = None) -> None:
        """Sort by *column*, the other way round where it is sorted by that already."""
        ordering = self._ordering
        if descending is None:
            descending = not ordering.descending if column == ordering.sort else False
        ordering.sort, ordering.descending = column, descending
        usual = (column, descending) == (self.rows.DEFAULT_SORT, False)
        keep(self.session, "sorts", self._kept, None if usual else [column, descending])
        self._asked = True
        self._rebuild()

    def reverse(self) -> None:
        """Turn the order around."""
        self.sort_by(self._ordering.sort, descending=not self._ordering.descending)

    def choose(self, chosen: Layout) -> None:
        """Show the columns of *chosen*."""
        self.chosen = chosen
        keep(self.session, "columns", self._kept, chosen.plain() if chosen.chosen else None)
        self._show_columns()

    def _show_columns(self) -> None:
        self._picks = self.chosen.columns(self.rows.COLUMNS)
        sort, descending = self.sorted_by
        self.table.set_columns(self.columns, sort, descending=descending)

    def stand_on(self, key: Hashable) -> bool:
        """Put the cursor on the row of *key*, now or once it is there; False where it is not."""
        return self._returning.go(self.table, key)

    # Painting

    def paint(self, moment: Moment) -> None:
        """Show what changed."""
        if moment.whole:
            self._catch_up()
            self.table.refresh_visible()
            return
        dirty = moment.dirty.get(self.kind, set())
        aged = moment.tick and self._filter.ages and self._busy is None
        if aged and len(self._order) > SORT_AT_ONCE:
            aged = int(self.session.now()) % AGED_EVERY == 0
        if self._records is not None:
            if moment.dirty or moment.tick:
                self._rebuild()
        elif aged:
            self._rebuild()
        else:
            self._take_in(dirty)
        if self._ordering.unsorted and (moment.tick or len(self._order) <= SORT_AT_ONCE):
            self._lay()
        if moment.tick or moment.dirty.get("Scope"):
            self.table.refresh_visible()
            self._tell()
        else:
            self.table.refresh_keys(dirty)

    def forget(self) -> None:
        """Look at every record again at the next whole paint: what its rows hang on changed."""
        self._ordering.forget()

    def on_live_table_header_chosen(self, message: LiveTable.HeaderChosen) -> None:
        """Sort by the column whose title was clicked."""
        message.stop()
        self.sort_by(str(message.key))

    def on_live_table_moved(self, message: LiveTable.Moved) -> None:
        """Remember where the cursor stands."""
        self._returning.moved(message.key)

    def _cells(self, key: Hashable) -> Sequence[Cell]:
        item = self.item(key)
        if item is None:
            return ()
        cells = self.rows.cells(item, self.session.context())
        return [cells[i] for i in self._picks] if self.chosen.chosen else cells

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

    def _catch_up(self) -> None:
        """Take in all that changed while nobody looked; of many rows, only that."""
        records = self.session.store.records(self.kind)
        if self._records is None and len(records) > AT_ONCE:
            missed = self._ordering.missed(records)
            if len(missed) <= CAUGHT_UP and not self._filter.ages:
                self._take_in({key for key in missed if isinstance(key, Key)})
                self._lay()
                return
        self._rebuild()

    def _rebuild(self) -> None:
        self._ordering.forget()
        self._arrange(self._all())

    def _arrange(self, everything: Sequence[Any], *, within: bool = False) -> None:
        """Filter and sort *everything*: at once, or in slices where it is much.

        Where *within* is set only what is shown already can match.
        """
        ordering, now = self._ordering, self.session.now()
        haystack = self.rows.haystack
        run: Arranging | Narrowing
        if within:
            run = ordering.narrowing(self.item, haystack, now)
        else:
            records = [one for one in everything if one is not None]
            sort_key = self.rows.sort_key(ordering.sort)
            run = ordering.run(records, self.key_of, sort_key, haystack, now)
        run.everything = len(everything)
        if self._records is None and run.everything > AT_ONCE:
            # Copied as a whole, no key is looked at: 1 ms of 50,000 instead of 15.
            records_now = cast("MappingProxyType[Any, Any]", self.session.store.records(self.kind))
            run.seen = records_now.copy()
        self._meanwhile.clear()
        if run.total <= AT_ONCE or not self.is_attached:
            self.workers.cancel_group(self, "arrange")
            run.finish()
            self._adopt(run)
            return
        self._busy = 0, run.total
        if not self.table.keys:
            self._tell()

        # A function: a coroutine that is given up before it began would complain.
        async def work() -> None:
            try:
                await in_slices(run, self.session.link.monotonic, self._went_on)
                self._adopt(run)
            finally:
                # The worker is a ring that may be frozen: it must not keep what it made.
                run.give_up()
            self.post_message(self.Arranged())

        self._arranging = self.run_worker(work, group="arrange", exclusive=True)

    def _went_on(self, done: int, *, slow: bool) -> None:
        """Take in that so many were looked at so far; where it is *slow*, that is said."""
        if self._busy is not None:
            self._busy = done, self._busy[1]
        if slow:
            self.slow = True
            self.post_message(self.Arranged())

    def _adopt(self, run: Arranging | Narrowing) -> None:
        self._busy, self.slow = None, False
        self._ordering.adopt(run, run.seen, run.everything)
        # What changed while it went on was seen as it was before.
        meanwhile, self._meanwhile = self._meanwhile, set()
        self._take_in(meanwhile)
        self._lay()
        if self._asked:
            # A person's filter moved the cursor, if anything did.
            self._asked, self.table.fell = False, None

    def _take_in(self, dirty: Collection[Key]) -> None:
        """Take in the changed records called *dirty*."""
        if not dirty:
            return
        if self._busy is not None:
            # The rows that are there may be in another order than the one that is asked for.
            self._meanwhile |= set(dirty)
            return
        if len(dirty) > AT_ONCE and self._records is None:
            self._rebuild()
            return
        key_of = self.rows.sort_key(self._ordering.sort)
        for key in dirty:
            self._update(key, key_of)

    def _update(self, key: Key, key_of: Callable[[Any], Any]) -> None:
        """Take in one changed record: where it belongs in the order, if anywhere."""
        ordering, record = self._ordering, self.session.store.get(key)
        ordering.changed(key)
        if record is not None and ordering.finds(
            key, record, self.rows.haystack, self.session.now()
        ):
            ordering.place(key, record, key_of(record))
        else:
            ordering.leave_out(key, record)
        ordering.total = len(self.session.store.records(self.kind))

    def _lay(self) -> None:
        keys = self._ordering.settled()
        sort, descending = self.sorted_by
        self.table.set_sort(sort, descending=descending)
        self._tell()
        if self.table.keys is not keys and list(self.table.keys) != keys:
            self.table.set_rows(keys)
            self._returning.laid(self.table, self._order)
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
        if self._busy is not None:
            return f"  looking through {self._busy[1]:,}"
        if self._filter.narrows and self._total:
            return f"  nothing here matches the filter; there are {self._total}"
        # What the station says of itself may miss anything that is watched.
        kind = "" if self.kind in OWN_KINDS else self.kind
        waits = waiting_for(self.session.context(), kind)
        return f"  {waits or self.session.bound.fill(self.rows.EMPTY)}"
