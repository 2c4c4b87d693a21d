"""Which app why is asked of, where several stand on one thing: a small box to choose one from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from adapters.records import App, Key
from console.joins import plain_name
from console.rows import apps, severity
from console.screens.box import Box
from console.widgets.document import Document
from console.widgets.spans import Row, fit, framed, line, row

WIDTH = 72
NAME = 36
MOST = 14
"""Apps that are offered: the box is to fit into 24 lines."""


def which_rows(found: Sequence[App], width: int) -> list[Row]:
    """Return the box: a row for each app, the worst first, with its state."""
    worst = sorted(found, key=lambda app: (severity.of_app(app), plain_name(app), app.source))
    rows = [row()]
    for app in worst[:MOST]:
        mark = apps.of_app(app)
        named = fit(plain_name(app), NAME)
        parts = (" ", (f"{mark.text} ", mark.tone), named, (f" {apps.state_text(app)}", "dim"))
        rows.append(row(*parts, target=app.key, width=width - 4))
    if len(worst) > MOST:
        rows.append(row((f"   and {len(worst) - MOST} more, in Apps", "dim")))
    rows += [row(), row(" ", ("enter", "key"), " why it is down     ", ("esc", "key"), " back")]
    title = line((f"{len(found)} APPS STAND ON IT", "title"))
    return framed(title, (), rows, width, len(rows) + 2)


class WhichScreen(Box[Key | None]):
    """Up and down choose, enter takes one; esc goes back."""

    DEFAULT_CSS = """
    WhichScreen { align: center middle; background: $background 0%; }
    WhichScreen > Document { width: 72; height: auto; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,w", "back", show=False)]

    def __init__(self, found: Sequence[App]) -> None:
        super().__init__()
        self.found = found

    def compose(self) -> ComposeResult:
        """Make the box."""
        yield Document()

    def on_mount(self) -> None:
        """Show what there is to choose from."""
        box = which_rows(self.found, WIDTH)
        page = self.query_one(Document)
        page.styles.height = len(box)
        page.show(box)
        page.focus()

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Close with the app that was chosen."""
        message.stop()
        self.close_with(message.value if isinstance(message.value, Key) else None)

    def action_back(self) -> None:
        """Close with none."""
        self.close_with(None)
