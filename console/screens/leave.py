"""Asks before leaving while an action is in flight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from adapters.records import ActionStatus
from console.screens.box import Box
from console.widgets.document import Document
from console.widgets.spans import framed, line, row

WIDTH = 66


class LeaveScreen(Box[bool]):
    """y leaves, anything that goes back stays."""

    DEFAULT_CSS = """
    LeaveScreen { align: center middle; background: $background 0%; }
    LeaveScreen > Document { width: 66; height: auto; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", show=False),
        Binding("n,escape,q", "answer(False)", show=False),
    ]

    def __init__(self, flying: Sequence[ActionStatus]) -> None:
        super().__init__()
        self.flying = flying

    def compose(self) -> ComposeResult:
        """Make the box."""
        yield Document()

    def on_mount(self) -> None:
        """Say what is in flight and what becomes of it."""
        one = self.flying[0]
        more = f" and {len(self.flying) - 1} more" if len(self.flying) > 1 else ""
        rows = [
            row(),
            row(f"{one.name} {one.title or one.target} is {one.state}{more}."),
            row("It goes on in the station; come back to see how it ends."),
            row(),
            row(("y", "key"), " leave     ", ("n", "key"), " stay"),
            row(),
        ]
        box = framed(line(("LEAVE?", "title")), (), rows, WIDTH, len(rows) + 2, tone="warn")
        page = self.query_one(Document)
        page.styles.height = len(box)
        page.show(box)

    def action_answer(self, sure: bool) -> None:
        """Close with the answer."""
        self.close_with(sure)
