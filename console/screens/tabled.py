"""What every screen with a table has: a filter, an order, columns to choose, and a file to save."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.worker import Worker

from console.binding import bindings
from console.keys import TABLES, TAKE, KeyDef
from console.panels.base import Counts, Moment
from console.screens.base import ConsoleScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from console.panels.listing import Listing
    from console.screens.saving import Job


class TabledScreen(ConsoleScreen):
    """A subclass says which table the cursor is in (`table_here`) and how it is filtered."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(TABLES, TAKE)
    KEYS: ClassVar[tuple[KeyDef, ...]] = (*TABLES, *TAKE)
    _saving: Worker[None] | None = None

    def table_name(self) -> str:
        """Return what a file with the table is called."""
        return ""

    def filter_text(self) -> str:
        """Return the filter that is on, "" for none."""
        return ""

    def filter_counts(self) -> Counts:
        """Return how many rows the filter leaves of how many."""
        return Counts(0, 0)

    def filter_errors(self) -> Sequence[str]:
        """Return what in the filter makes no sense."""
        return ()

    def filter_by(self, text: str) -> None:
        """Show only what *text* leaves."""

    # Filter

    async def action_filter(self) -> None:
        """Open the line for a filter, with the one that is on."""
        # What a table is made of is imported with the first panel, after the first paint.
        from console.panels.kept import searches
        from console.screens.completing import field_completer

        await self.open_prompt(
            "/", self.filter_text(), history=searches(self.session), complete=field_completer(self)
        )
        self.tell_counts()

    def prompting(self, sign: str, value: str) -> None:
        """Filter while it is typed."""
        if sign == "/":
            self.filter_by(value)
            self.paint_some()
            self.tell_counts()

    def prompted(self, sign: str, value: str | None) -> None:
        """Keep the filter that was typed, or take it away where it was given up."""
        if sign == "/":
            from console.panels.kept import keep_search

            self.filter_by(value or "")
            keep_search(self.session, value or "")
            self.paint_some()
        super().prompted(sign, value)

    def paint_some(self) -> None:
        """Paint what the filter changed: the table itself has painted its rows."""
        if self.is_attached and self.is_current:
            with self.app.batch_update():
                self.paint_body(Moment({}))

    def on_listing_arranged(self, message: Listing.Arranged) -> None:
        """Say how many rows there are, now that many were looked through."""
        message.stop()
        self.paint_some()
        self.tell_counts()

    def tell_counts(self) -> None:
        """Say beside the filter what it leaves, or what is wrong with it."""
        if self._prompt is None or not self._prompt.is_open or self._prompt.sign != "/":
            return
        errors, table = self.filter_errors(), self.table_here()
        busy = table.busy if table is not None else None
        if errors:
            self.remark(errors[0])
        elif busy is not None:
            self.remark(f"looking through {busy[1]:,}")
        elif self._prompt.input.value.strip():
            shown, total = self.filter_counts()
            self.remark(f"{shown:,} of {total:,}   enter keeps   esc clears")
        else:
            self.remark("word -word field:value   ↑ before   esc leaves")

    # Order and columns

    def sort_column(self, text: str) -> str | None:
        """Sort by the column that *text* names; the other way round where it does already.

        Returns what is wrong where it names none.
        """
        from console.rows.layout import named, title_of

        table = self.table_here()
        if table is None:
            return "there is no table here to sort"
        columns = table.rows.COLUMNS
        found = named(columns, text)
        if len(found) != 1:
            these = ", ".join(title_of(one).lower() for one in found or columns)
            return f"could be {these}" if found else f"no column here; there are {these}"
        table.sort_by(found[0].key)
        way = ", the other way round" if table.sorted_by[1] else ""
        self.say(f"sorted by {title_of(found[0]).lower()}{way}")
        return None

    def action_columns(self) -> None:
        """Choose which columns are shown, and in which order."""
        table = self.table_here()
        if table is None:
            self.say("there is no table here", "warn")
            return
        from console.screens.columns import ColumnsScreen

        self.app.push_screen(ColumnsScreen(self.session, table))

    # Saving

    async def action_save(self) -> None:
        """Ask where to save the table."""
        from console.screens.saving import ask_where

        await ask_where(self)

    def save(self, job: Job) -> None:
        """Save in the background; esc cancels."""
        from console.screens.saving import write

        self._saving = self.run_worker(partial(write, self, job), group="save", exclusive=True)

    def cancel_saving(self) -> bool:
        """Give up the file that is being written; False where there is none."""
        if self._saving is None or self._saving.is_finished:
            return False
        self._saving.cancel()
        self._saving = None
        self.say("saving was cancelled; no file is left", "warn")
        return True
