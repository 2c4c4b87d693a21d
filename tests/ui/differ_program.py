"""A program in stock Textual or through the console's driver: `differ_program.py stock|ours|odd`.

It has what changes a screen: panels, a table, a modal with a line of text, a message, a
suspension. With `odd` frames hold what the driver does not know. Nothing in it changes by itself
unless `busy` is given too. What is left to read when it has ended is printed: answers of the
terminal that nobody waited for.
"""

from __future__ import annotations

import os
import select
import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ScrollableContainer
from textual.screen import ModalScreen
from textual.widgets import ContentSwitcher, DataTable, Input, Static

from console.terminal.driver import ColonyDriver
from console.terminal.frame import is_frame

WORDS = ("oxygen", "漢字 한글", "e\u0301te\u0301", "│⣿█ 12%", "[b]not markup", "rover ✔ ▲", "…")


class Odd(ColonyDriver):
    """Gets frames that end with a choice of font."""

    def write(self, data: str) -> None:
        super().write(data + "\x1b[10m" if is_frame(data) else data)


DRIVERS = {"stock": None, "ours": ColonyDriver, "odd": Odd}


class Question(ModalScreen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", show=False)]
    CSS = """
    Question { align: center middle; background: $background 60%; }
    Input { width: 30; }
    """

    def compose(self) -> ComposeResult:
        line = Input(placeholder="name")
        line.cursor_blink = False
        yield line


class Program(App[None]):
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "question", show=False),
        Binding("1", "panel('table')", show=False),
        Binding("2", "panel('text')", show=False),
        Binding("u", "change", show=False),
        Binding("s", "away", show=False),
        Binding("ctrl+l", "again", show=False),
        Binding("q", "quit", show=False),
    ]
    CSS = "ContentSwitcher, DataTable, ScrollableContainer { height: 1fr; } #top { height: 2; }"

    def __init__(self, which: str, busy: bool) -> None:
        super().__init__(driver_class=DRIVERS[which])
        self.animation_level = "none"
        self.busy = busy
        self.changes = 0
        self.problems: list[str] = []

    def say(self, text: str, tone: str) -> None:
        self.query_one("#top", Static).update(f"{tone}: {text}")

    def compose(self) -> ComposeResult:
        yield Static("漢字 first  │ second e\u0301\nno change yet", id="top", markup=False)
        with ContentSwitcher(initial="table"):
            yield DataTable(id="table", cursor_type="row")
            with ScrollableContainer(id="text"):
                yield Static("\n".join(f"{n} {WORDS[n % 7] * 4}" for n in range(90)), markup=False)

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        for column in range(6):
            table.add_column(f"column {column}", key=str(column), width=11)
        for row in range(60):
            table.add_row(*(WORDS[(row + column) % 7] for column in range(6)), key=str(row))
        if self.busy:
            self.set_interval(0.02, self.action_change)

    def action_change(self) -> None:
        self.changes += 1
        table = self.query_one(DataTable)
        for row in range(0, 20, 3):
            table.update_cell(str(row), str(self.changes % 6), f"{self.changes * row} 漢")
        self.query_one("#top", Static).update(f"漢字 changed\n{self.changes} time(s)")

    def action_question(self) -> None:
        self.push_screen(Question())

    def action_panel(self, name: str) -> None:
        self.query_one(ContentSwitcher).current = name
        self.query_one(f"#{name}").focus()

    def action_again(self) -> None:
        repaint = getattr(self._driver, "repaint", None)
        if repaint is not None:
            repaint()
        self.screen.refresh(layout=True)

    def action_away(self) -> None:
        with self.suspend():
            print(f"away, left: {_left()!r}", flush=True)


def _left() -> bytes:
    """Return what there is to read: it would be typed into the shell."""
    return os.read(0, 4096) if select.select([0], [], [], 0.3)[0] else b""


if __name__ == "__main__":
    Program(sys.argv[1], busy="busy" in sys.argv[2:]).run()
    if "quiet" not in sys.argv[2:]:
        print(f"ended, left: {_left()!r}", flush=True)
