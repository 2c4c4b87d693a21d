"""Copying: what there is here to be copied, a box to choose from, and the one way to do it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from adapters.text import clean
from console.clipboard import taken, told
from console.rows import copied, numbers
from console.rows.cells import Cell, Column
from console.screens.box import Box
from console.screens.labelled import Copy
from console.widgets.document import Document
from console.widgets.oneline import OneLine
from console.widgets.spans import Row, fit, joined, line, row, rule
from console.widgets.textview import TextView

if TYPE_CHECKING:
    from adapters.records import App
    from console.screens.base import ConsoleScreen

WIDTH = 76
"""Cells within the frame."""
PREVIEW = 6
"""Lines of what would be copied that are shown."""
LABEL = 22
YAML = "YAML"


class Choice(NamedTuple):
    """One thing that can be copied: what it is called, and its text."""

    what: str
    text: str
    asks: bool = False
    """Whether the station is asked for it when it is chosen."""


def copy(screen: ConsoleScreen, text: str, what: str) -> None:
    """Copy *text*, called *what*, and say how much of it was copied."""
    if not text:
        screen.say(f"{what} is empty: nothing to copy" if what else "nothing to copy here", "warn")
        return
    part = taken(text)
    screen.app.copy_to_clipboard(part.text)
    screen.say(told(what, part), "warn" if part.cut else "info")


def choices(screen: ConsoleScreen) -> list[Choice]:
    """Return what can be copied from *screen* as it stands, the likeliest first."""
    found: list[Choice] = []
    what, text = screen.copy_here()
    if text:
        found.append(Choice(what, text))
    focused = screen.focused
    listing = screen.table_here()
    if listing is not None and listing.table.cursor_key is not None:
        found += _of_row(listing.columns, listing.table.cells_of(listing.table.cursor_key))
    elif isinstance(focused, Document):
        found += _of_page(focused)
    elif isinstance(focused, TextView):
        found += _of_text(focused)
    if screen.app_here() is not None:
        found.append(Choice(YAML, "the station is asked for it", asks=True))
    # Of two that are the same text, the first.
    first: dict[str, Choice] = {}
    for one in found:
        first.setdefault(one.text, one)
    return [one for text, one in first.items() if text]


def _of_row(columns: Sequence[Column], cells: Sequence[Cell]) -> list[Choice]:
    found = [
        Choice("row, with tabs", copied.tabbed(cells)),
        Choice("row, line by line", copied.lined(columns, cells)),
    ]
    return found + [Choice(title, text) for title, text in copied.single(columns, cells)]


def _of_page(page: Document) -> list[Choice]:
    found = []
    value: Hashable = page.value
    if isinstance(value, Copy):
        found.append(Choice("value", value.text))
    here = page.line_here
    if here:
        found.append(Choice("line", here))
    whole = "\n".join(joined(one.line).rstrip() for one in page.rows).strip("\n")
    return [*found, Choice("page", whole)]


def _of_text(view: TextView) -> list[Choice]:
    found = [Choice("text", view.text())]
    if view.needle:
        needle = view.needle.lower()
        matching = [one for one in view.text().split("\n") if needle in one.lower()]
        found.append(Choice(f"lines with “{view.needle}”", "\n".join(matching)))
    on_screen = view.text().split("\n")[view.scroll_offset.y :][: view.size.height]
    return [*found, Choice("lines on screen", "\n".join(on_screen))]


async def copy_yaml(screen: ConsoleScreen, app: App) -> None:
    """Ask the station for the YAML of *app* and copy it."""
    from adapters.contract import Answer
    from console.feed.client import FeedError

    screen.say(f"asking for the YAML of {app.name}")
    try:
        answer = await screen.session.link.ask(
            "query", Answer, source=app.source, topic="yaml", namespace=app.namespace,
            workload=app.workload, name=app.name,
        )  # fmt: skip
    except FeedError as error:
        screen.say(f"not copied: {error}", "bad")
        return
    copy(screen, answer.text, f"the YAML of {app.name}")


def open_choices(screen: ConsoleScreen) -> None:
    """Ask what to copy from *screen*, and copy that."""
    found = choices(screen)
    if not found:
        screen.say("nothing to copy here", "warn")
        return
    app = screen.app_here()

    def chosen(number: int | None) -> None:
        if number is None:
            return
        one = found[number]
        if one.asks and app is not None:
            screen.do("asking for the YAML", copy_yaml(screen, app), "copy")
        else:
            copy(screen, one.text, one.what)

    screen.app.push_screen(CopyScreen(found), chosen)


def preview_rows(one: Choice, width: int) -> list[Row]:
    """Return what would be copied: its beginning, and how much there is of it."""
    part = taken(one.text)
    lines = part.text.split("\n")
    rows = [row((fit(clean(each, width).replace("␉", "→"), width), "")) for each in lines[:PREVIEW]]
    return rows + [row()] * (PREVIEW - len(rows))


def size_text(one: Choice) -> str:
    """Return how much would be copied."""
    if one.asks:
        return "asks"
    part = taken(one.text)
    if part.cut:
        return f"{part.lines:,} of {part.of_lines:,} lines"
    lines, size = numbers.plural(part.lines, "line"), numbers.plural(len(part.text), "character")
    return lines if part.lines > 1 else size


class CopyScreen(Box[int | None]):
    """Up and down choose, enter copies; esc goes back and copies nothing."""

    DEFAULT_CSS = """
    CopyScreen { align: center middle; background: $background 0%; }
    CopyScreen > Vertical {
        width: 78; max-width: 100%; height: auto; background: $surface; border: round $frame;
    }
    CopyScreen OneLine { height: 1; background: $surface; }
    CopyScreen Document { background: $surface; }
    CopyScreen #preview { height: 6; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,C", "back", show=False)]

    def __init__(self, found: Sequence[Choice]) -> None:
        super().__init__()
        self.found = found

    def compose(self) -> ComposeResult:
        """Make the list, the preview and the keys."""
        with Vertical():
            yield OneLine(id="title")
            yield Document(id="list")
            yield OneLine(id="between")
            preview = Document(id="preview")
            preview.can_focus = False
            yield preview
            yield OneLine(id="keys")

    def on_mount(self) -> None:
        """Show what there is to choose from."""
        self.lay()
        self.query_one("#list", Document).focus()

    def on_resize(self) -> None:
        """Lay it out in the new size."""
        self.lay()

    def lay(self) -> None:
        """Show the list as high as there is room for, and the preview."""
        width = max(20, min(WIDTH, self.app.size.width - 2))
        rows = [
            row(" ", fit(one.what, LABEL), (size_text(one), "dim"), target=number,
                width=width - 1)
            for number, one in enumerate(self.found)
        ]  # fmt: skip
        page = self.query_one("#list", Document)
        page.styles.height = max(1, min(len(rows), self.app.size.height - PREVIEW - 5))
        page.show(rows)
        self.query_one("#title", OneLine).show(rule(width, line(("COPY", "title"))).line)
        keys = line((" enter", "key"), " copies   ", ("esc", "key"), " leaves it")
        self.query_one("#keys", OneLine).show(keys)
        self._preview()

    def on_document_moved(self, message: Document.Moved) -> None:
        """Show what the cursor stands on."""
        message.stop()
        self._preview()

    def _preview(self) -> None:
        width = max(20, min(WIDTH, self.app.size.width - 2))
        value = self.query_one("#list", Document).value
        number = value if isinstance(value, int) else 0
        one = self.found[number]
        head = line((one.what, "title"), (f"  {size_text(one)}", "dim"))
        self.query_one("#between", OneLine).show(rule(width, head).line)
        self.query_one("#preview", Document).show(preview_rows(one, width - 1))

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Close with what was chosen."""
        message.stop()
        self.close_with(message.value if isinstance(message.value, int) else None)

    def action_back(self) -> None:
        """Close with nothing."""
        self.close_with(None)
