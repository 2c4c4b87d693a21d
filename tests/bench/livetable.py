"""LiveTable against DataTable in a real terminal: python -m tests.bench.livetable

10,000 rows of 8 columns at 120×40, 1,000 updates a second on visible rows, in hundreds, each
hundred painted at once. DataTable cannot keep that up and paints fewer, so what is compared is the
CPU, above that of the same app with nothing to do, for each hundred that was shown.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import msgspec
from textual.app import App, ComposeResult
from textual.widgets import DataTable

from adapters.records import Key, Pod, Scope, ScopeState
from console.feed.messages import Parcel
from console.rows import pods
from console.rows.cells import Cell, Column
from console.rows.context import Context
from console.store import Store
from console.themes import token_defaults
from console.widgets.livetable import LiveTable
from tests.bench.pty import Pty, machine, table

ROWS, COLUMNS, SHOWN = 10_000, 8, 36
RATE, PAINTS = 1_000, 10
WARM, SPAN = 2.0, 8.0
BARS = {"store": 10.0, "bare": 20.0}
CELL_BAR = 300
"""Bytes for one changed cell."""


def place(count: int) -> tuple[int, int]:
    """Return the visible row and the column that update number *count* is for, scattered."""
    return count * 23 % 37 % SHOWN, 1 + count * 5 % (COLUMNS - 1)


class Bench(App[None]):
    """An app with one table in it; `work` is what it does ten times a second."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, mode: str) -> None:
        super().__init__()
        self.mode = mode
        self.count = 0

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the console's own colours."""
        return token_defaults(self.current_theme)

    def on_mount(self) -> None:
        """Fill the table and begin."""
        self.fill()
        if self.mode == "one":
            self.set_interval(1.0, lambda: self.work(1))
        elif self.mode == "busy":
            self.set_interval(1 / PAINTS, lambda: self.work(RATE // PAINTS))

    def fill(self) -> None:
        """Make the rows."""
        raise RuntimeError("a bench fills its table")

    def work(self, updates: int) -> None:
        """Change so many cells of visible rows."""
        raise RuntimeError("a bench changes its cells")


class OfTextual(Bench):
    """Textual's own table, each cell updated as its documentation says."""

    def compose(self) -> ComposeResult:
        """Make the table."""
        yield DataTable(cursor_type="row")

    def fill(self) -> None:
        """Make the rows."""
        self.table = self.query_one(DataTable)
        for column in range(COLUMNS):
            self.table.add_column(f"COLUMN {column}", key=str(column), width=12)
        for row in range(ROWS):
            self.table.add_row(*(f"{row} {column}" for column in range(COLUMNS)), key=str(row))

    def work(self, updates: int) -> None:
        """Change so many cells of visible rows."""
        with self.batch_update():
            for _ in range(updates):
                self.count += 1
                row, column = place(self.count)
                self.table.update_cell(str(row), str(column), f"{self.count % 100_000}")


class Bare(Bench):
    """LiveTable over a list of cells."""

    def compose(self) -> ComposeResult:
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
        self.table.focus()

    def work(self, updates: int) -> None:
        """Change so many cells of visible rows."""
        dirty: set[Hashable] = set()
        for _ in range(updates):
            self.count += 1
            row, column = place(self.count)
            self.cells[row][column] = Cell(f"{self.count % 100_000}")
            dirty.add(row)
        with self.batch_update():
            self.table.refresh_keys(dirty)


class ThroughStore(Bench):
    """LiveTable as the console has it: parcels, the store, dirty keys, rows of Pods."""

    def compose(self) -> ComposeResult:
        """Make the table."""
        self.store = Store()
        yield LiveTable(pods.COLUMNS[:COLUMNS], self.of)

    def of(self, key: Hashable) -> Sequence[Cell]:
        """Return one row."""
        pod = self.store.get(key)  # type: ignore[arg-type]
        return pods.cells(pod, Context(self.store, self.now)) if isinstance(pod, Pod) else ()

    def fill(self) -> None:
        """Make the rows."""
        self.now = time.time()
        made = tuple(
            Pod(source="a", namespace="n", name=f"pod-{row:05}", state="Running", ready=1, total=1,
                app="app", workload="Deployment", node="relay-1", ip="10.0.0.1",
                created=self.now - 90_000)
            for row in range(ROWS)
        )  # fmt: skip
        scope = Scope(source="a", name="pods", state=ScopeState.LIVE, heard=self.now)
        self.store.apply(
            [
                Parcel(source="station", scope="scopes", upserts=(scope,)),
                Parcel(source="a", scope="pods", upserts=made, begin=True, end=True),
            ]
        )
        self.store.take_dirty()
        self.keys: list[Key] = sorted(self.store.records("Pod"))  # type: ignore[arg-type]
        self.table = self.query_one(LiveTable)
        self.table.set_rows(self.keys)
        self.table.focus()

    def work(self, updates: int) -> None:
        """Take in so many records of visible rows, and paint."""
        records = []
        for _ in range(updates):
            self.count += 1
            pod = self.store.get(self.keys[place(self.count)[0]])
            assert isinstance(pod, Pod)
            field = self.count % 3
            if field == 0:
                pod = msgspec.structs.replace(pod, restarts=self.count % 10_000)
            elif field == 1:
                pod = msgspec.structs.replace(pod, node=f"relay-{self.count % 10_000}")
            else:
                pod = msgspec.structs.replace(pod, ip=f"10.0.0.{self.count % 10_000}")
            records.append(pod)
        self.store.apply([Parcel(source="a", scope="pods", upserts=tuple(records))])
        with self.batch_update():
            self.table.refresh_keys(self.store.take_dirty().get("Pod", set()))


APPS: dict[str, type[Bench]] = {"datatable": OfTextual, "bare": Bare, "store": ThroughStore}


class Measured(NamedTuple):
    """One run: seconds of CPU a second, bytes a second, frames a second, resident bytes."""

    cpu: float
    bytes: float
    frames: float
    rss: int


def measure(app: str, mode: str, span: float) -> Measured:
    """Run one app in a terminal and measure it once it stands."""
    command = [sys.executable, "-m", "tests.bench.livetable", app, mode]
    with Pty(command, 120, 40) as terminal:
        terminal.wait_for(b"\x1b[?1049h")
        terminal.wait_for(b"pod-00030" if app == "store" else b"30 7")
        time.sleep(WARM)
        start, cpu = time.monotonic(), terminal.cpu()
        time.sleep(span)
        end = time.monotonic()
        took = end - start
        return Measured(
            (terminal.cpu() - cpu) / took,
            terminal.written(start, end) / took,
            terminal.paints(start, end) / took,
            terminal.rss(),
        )


def per_paint(run: Measured, idle: Measured) -> float:
    """Return seconds of CPU for one paint of a hundred updates."""
    return max(run.cpu - idle.cpu, 1e-4) / max(run.frames, 0.1)


def main() -> int:
    """Run all and print the table; 1 if a bar is not met."""
    print(*machine(), sep="\n")
    print(f"{ROWS} rows × {COLUMNS} columns, 120×40, {RATE} updates/s painted at {PAINTS} Hz\n")
    idle = {app: measure(app, "idle", SPAN / 2) for app in APPS}
    busy = {app: measure(app, "busy", SPAN) for app in APPS}
    rows, passed = [], True
    reference = per_paint(busy["datatable"], idle["datatable"])
    for app, run in busy.items():
        net = per_paint(run, idle[app])
        bar = BARS.get(app)
        passed &= bar is None or reference / net >= bar
        rows.append(
            [
                app, f"{run.cpu:.1%}", f"{run.frames:.1f}", f"{net * 1000:.1f}",
                f"{run.bytes / 1000:.1f}", f"{run.rss / 1e6:.0f}",
                "1" if bar is None else f"1/{reference / net:.1f}",
                "" if bar is None else f"1/{bar:.0f}",
                "" if bar is None else "met" if reference / net >= bar else "MISSED",
            ]
        )  # fmt: skip
    head = ["table", "CPU", "paints/s", "ms/paint", "KB/s", "MB", "ratio", "bar", ""]
    print(table(head, rows))
    print()
    rows = []
    for app in APPS:
        run = measure(app, "one", SPAN)
        met = run.bytes <= CELL_BAR
        passed &= met or app == "datatable"
        known = app == "datatable"
        rows.append(
            [app, f"{run.bytes:.0f} B", "" if known else f"{CELL_BAR} B",
             "" if known else "met" if met else "MISSED"]
        )  # fmt: skip
    print(table(["one changed cell", "bytes", "bar", ""], rows))
    return 0 if passed else 1


if __name__ == "__main__":
    if len(sys.argv) == 3:
        APPS[sys.argv[1]](sys.argv[2]).run()
    else:
        sys.exit(main())
