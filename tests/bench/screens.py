"""Small apps that change at a set rate, in stock Textual or through the console's own driver.

    python -m tests.bench.screens APP DRIVER

APP is one of `datatable` (three cells at 10 Hz), `panels` (twelve at 4 Hz), `overload` (the twelve
at 10 Hz), `lines` (three cells of a LiveTable at 10 Hz) and `still`; DRIVER is `plain` or `ours`.
What is typed stands in the top line, and each of the twelve panels says when it was made, in
hundredths of a second of `time.monotonic`, so that who reads the screen can tell how old it is.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Hashable, Sequence
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid
from textual.events import Key
from textual.widgets import DataTable, Static

from console.rows.cells import Cell, Column
from console.themes import token_defaults
from console.widgets.livetable import LiveTable

ROWS, COLUMNS, SHOWN = 200, 8, 30
CELLS, TABLE_RATE = 3, 10
PANELS, VALUES, PANEL_RATE = 12, 8, 4
CHANGED = 3
"""Values of each panel that change at a time, beside its stamp."""


def driver_class(name: str) -> type[Any] | None:
    """Return the driver called *name*: `plain` is Textual's own, `ours` the console's."""
    if name == "plain":
        return None
    from console.terminal.driver import ColonyDriver

    return ColonyDriver


def stamp(at: float) -> str:
    """Return a moment of `time.monotonic` as a panel shows it, to a hundredth of a second."""
    return f"@{at % 10_000:07.2f}"


class Changing(App[None]):
    """An app whose top line has what was typed, and that does its work so often a second."""

    ENABLE_COMMAND_PALETTE = False
    RATE: ClassVar[float] = 0
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "suspend_process", show=False, priority=True),
        Binding("Q", "quit", show=False, priority=True),
    ]
    CSS = """
    #typed { height: 1; }
    Grid { grid-size: 4 3; }
    Grid > Static { border: round $primary; }
    """

    def __init__(self, driver: str) -> None:
        super().__init__(driver_class=driver_class(driver))
        self.animation_level = "none"
        self.typed = ""
        self.choose = random.Random(5)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the console's own colours."""
        return token_defaults(self.current_theme)

    def compose(self) -> ComposeResult:
        """Make the line of what was typed, and the rest."""
        yield Static("typed: ", id="typed", markup=False)
        yield from self.rest()

    def rest(self) -> ComposeResult:
        """Make what changes."""
        yield from ()

    def on_mount(self) -> None:
        """Fill it and begin."""
        self.fill()
        if self.RATE:
            self.set_interval(1 / self.RATE, self.work)

    def fill(self) -> None:
        """Show what there is at first."""

    def work(self) -> None:
        """Change something."""

    def on_key(self, event: Key) -> None:
        """Show what was typed."""
        if event.character and event.character.isalpha():
            self.typed = (self.typed + event.character)[-40:]
            self.query_one("#typed", Static).update(f"typed: {self.typed}")


class Table(Changing):
    """Textual's own table with three changing cells."""

    RATE = TABLE_RATE

    def rest(self) -> ComposeResult:
        """Make the table."""
        yield DataTable(cursor_type="row")

    def fill(self) -> None:
        """Make the rows."""
        self.table = self.query_one(DataTable)
        for column in range(COLUMNS):
            self.table.add_column(f"COLUMN {column}", key=str(column), width=12)
        for row in range(ROWS):
            self.table.add_row(*(f"{row} {column}" for column in range(COLUMNS)), key=str(row))

    def work(self) -> None:
        """Change three cells."""
        with self.batch_update():
            for _ in range(CELLS):
                row, column = self.choose.randrange(SHOWN), self.choose.randrange(1, COLUMNS)
                value = str(self.choose.randrange(100_000))
                self.table.update_cell(str(row), str(column), value)


class Lines(Changing):
    """The console's own table with three changing cells."""

    RATE = TABLE_RATE

    def rest(self) -> ComposeResult:
        """Make the table."""
        columns = [Column(str(n), f"COLUMN {n}", 12) for n in range(COLUMNS)]
        self.cells = [[Cell(f"{row} {n}") for n in range(COLUMNS)] for row in range(ROWS)]
        yield LiveTable(columns, self.of)

    def of(self, key: Hashable) -> Sequence[Cell]:
        """Return one row."""
        return tuple(self.cells[key])  # type: ignore[call-overload]

    def fill(self) -> None:
        """Make the rows."""
        self.table = self.query_one(LiveTable)
        self.table.set_rows(range(ROWS))

    def work(self) -> None:
        """Change three cells."""
        rows: set[Hashable] = set()
        for _ in range(CELLS):
            row, column = self.choose.randrange(SHOWN), self.choose.randrange(1, COLUMNS)
            self.cells[row][column] = Cell(str(self.choose.randrange(100_000)))
            rows.add(row)
        with self.batch_update():
            self.table.refresh_keys(rows)


class Panels(Changing):
    """Twelve panels of eight values and a stamp each, all of them told at once."""

    RATE = PANEL_RATE

    def rest(self) -> ComposeResult:
        """Make the panels."""
        with Grid():
            for number in range(PANELS):
                yield Static(id=f"panel-{number}", markup=False)

    def fill(self) -> None:
        """Give each its values."""
        self.values = [
            [self.choose.randrange(10_000) for _ in range(VALUES)] for _ in range(PANELS)
        ]
        self.panels = [self.query_one(f"#panel-{n}", Static) for n in range(PANELS)]
        self.show()

    def work(self) -> None:
        """Change a few values of each."""
        for values in self.values:
            for _ in range(CHANGED):
                values[self.choose.randrange(VALUES)] += self.choose.randrange(-40, 40)
        self.show()

    def show(self) -> None:
        """Show all values, and when that was."""
        made = stamp(time.monotonic())
        with self.batch_update():
            for panel, values in zip(self.panels, self.values, strict=True):
                lines = [f"value {n} {value:>8}/s" for n, value in enumerate(values)]
                panel.update("\n".join((made, *lines)))


class Overload(Panels):
    """The same as often as a local screen is painted: more than a slow line carries."""

    RATE = 10


APPS: dict[str, type[Changing]] = {
    "datatable": Table, "panels": Panels, "lines": Lines, "overload": Overload, "still": Changing,
}  # fmt: skip


if __name__ == "__main__":
    APPS[sys.argv[1]](sys.argv[2]).run()
