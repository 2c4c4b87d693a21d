"""An app with a LiveTable and nothing else, and what that table asks to have painted."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from console.rows.cells import Cell, Column
from console.themes import token_defaults
from console.widgets.livetable import LiveTable

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("name", "NAME", 12, least=8, flex=1, priority=10),
    Column("count", "N", 5, align="right", priority=8),
    Column("why", "WHY", 14, least=10, flex=1, priority=5),
)


class Shown(App[None]):
    """An app with one table over `rows`, and a list of what the table told."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, rows: dict[Hashable, Sequence[Cell]], columns: Sequence[Column] = COLUMNS):
        super().__init__()
        self.rows = rows
        self.asked: list[Hashable] = []
        self.told: list[Any] = []
        self.table = LiveTable(columns, self.cells_of, empty="Nothing\nhere [/]")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return token_defaults(self.current_theme)

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.table.set_rows(list(self.rows))

    def cells_of(self, key: Hashable) -> Sequence[Cell]:
        self.asked.append(key)
        return self.rows[key]

    def on_live_table_chosen(self, message: LiveTable.Chosen) -> None:
        self.told.append(("chosen", message.key))

    def on_live_table_moved(self, message: LiveTable.Moved) -> None:
        self.told.append(("moved", message.key))

    def on_live_table_header_chosen(self, message: LiveTable.HeaderChosen) -> None:
        self.told.append(("header", message.key))

    def lines(self) -> list[str]:
        """Return the table as it is painted."""
        whole = Region(0, 0, self.table.size.width, self.table.size.height)
        return [strip.text for strip in self.table.render_lines(whole)]

    def put(self, key: Hashable, **changes: str) -> None:
        """Change cells of one row."""
        cells = list(self.rows[key])
        for number, column in enumerate(COLUMNS):
            if column.key in changes:
                cells[number] = Cell(changes[column.key], cells[number].tone)
        self.rows[key] = tuple(cells)


def some(count: int) -> dict[Hashable, Sequence[Cell]]:
    """Return *count* rows by their numbers."""
    return {
        n: (Cell("✔ ", "good"), Cell(f"row-{n:05}"), Cell(str(n)), Cell("ready", "dim"))
        for n in range(count)
    }


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[Region]:
    """What the table asks to have painted; a Region(0, 0, 0, 0) stands for all of it."""
    regions: list[Region] = []
    refresh = LiveTable.refresh

    def spy(self: LiveTable, *some: Region, **more: Any) -> LiveTable:
        if more.get("repaint", True):
            regions.extend(some or (Region(),))
        return refresh(self, *some, **more)

    monkeypatch.setattr(LiveTable, "refresh", spy)
    return regions
