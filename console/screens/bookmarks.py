"""What was kept, with how it is now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget

from adapters.records import Alarm
from console import bookmarks
from console.binding import bindings
from console.bookmarks import Bookmark
from console.feed.messages import Interest
from console.keys import BACK, OPEN, Hint, hint, hints
from console.pagekeys import DROP, PUT_BACK
from console.panels import panel_named
from console.panels.base import Moment, Opened
from console.rows import (
    actions,
    adapters,
    addresses,
    alarms,
    apps,
    batteries,
    chains,
    contracts,
    inverters,
    plants,
    pods,
    pools,
)
from console.rows.cells import Cell
from console.rows.context import Context
from console.screens.base import ConsoleScreen
from console.screens.main import MainScreen
from console.screens.page import show_crumbs
from console.session import Session
from console.widgets.document import Document
from console.widgets.oneline import OneLine
from console.widgets.spans import Row, fit, row

ROWS: Final[dict[str, Any]] = {
    "ActionStatus": actions, "AdapterStatus": adapters, "Address": addresses, "Alarm": alarms,
    "App": apps, "Battery": batteries, "Chain": chains, "Contract": contracts,
    "Inverter": inverters, "Plant": plants, "Pod": pods, "Pool": pools,
}  # fmt: skip
"""What makes the cells of a kind: its mark, and why it is so."""


def state_of(one: Bookmark, context: Context) -> tuple[Cell, Cell]:
    """Return how what *one* is of is now: its mark, and a few words."""
    key = one.key
    if key is None:
        info = panel_named(one.panel)
        known = info is not None
        return Cell("▸ ", "dim"), Cell("" if known else "there is no such panel", "warn")
    record = context.store.get(key)
    if record is None:
        return Cell("? ", "dim"), Cell("nothing is known of it now", "dim")
    rows = ROWS.get(key.kind)
    if rows is None:
        return Cell("· ", "dim"), Cell("", "")
    columns = [column.key for column in rows.COLUMNS]
    cells = dict(zip(columns, rows.cells(record, context), strict=True))
    why = cells.get("why") or cells.get("state") or Cell("", "")
    return cells.get("mark", Cell("· ", "dim")), why


def _called(one: Bookmark, context: Context) -> str:
    """Return what *one* is called; an alarm is called as the panel calls it, while it is there."""
    record = context.store.get(one.key) if one.key is not None else None
    return f"{record.thing} · {record.rule}" if isinstance(record, Alarm) else one.title


def bookmark_rows(kept: Sequence[Bookmark], context: Context, width: int) -> list[Row]:
    """Return a row for each of *kept*."""
    rows = [Row(())]
    for one in kept:
        mark, why = state_of(one, context)
        kind = one.kind.removesuffix("Status").lower() or "panel"
        name = (fit(_called(one, context), max(20, width // 2 - 6)), "strong")
        parts = (" ", (fit(mark.text, 3), mark.tone), name, " ", (fit(kind, 10), "dim"))
        rows.append(row(*parts, (why.text, why.tone), target=one, width=width))
    if not kept:
        rows.append(row(("   Nothing is kept yet: ", "dim"), (context.keys.key("bookmark"), "key"),
                        (" keeps what is selected, wherever you are.", "dim")))  # fmt: skip
    return rows


class BookmarksScreen(ConsoleScreen):
    """Enter goes there; a key drops one, and another puts it back."""

    CSS = "BookmarksScreen > #crumbs { height: 1; }"
    TITLE_OF_HELP = "Bookmarks"
    HELP_TEXT = """\
What was kept with {bookmark}: records, and panels with their filter, each with how it is now.
Enter goes there. {drop} drops one; {put-back} puts back what was dropped last. They are kept until
the next time, of each colony by itself."""
    BINDINGS: ClassVar[list[BindingType]] = bindings([DROP, PUT_BACK])
    ACTS = ()
    KEYS = (DROP, PUT_BACK)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._dropped: list[tuple[int, Bookmark]] = []

    def body(self) -> ComposeResult:
        """Make the crumbs and the page."""
        yield OneLine(id="crumbs")
        yield Document(id="page")

    @property
    def page(self) -> Document:
        """The list."""
        return self.query_one("#page", Document)

    def focus_first(self) -> Widget | None:
        """Return the list."""
        return self.page

    def interests(self) -> Sequence[Interest]:
        """Return the kinds of what was kept: how it is should be known."""
        kinds = {one.kind for one in bookmarks.kept(self.session.remembered) if one.kind}
        return tuple(Interest(kind) for kind in sorted(kinds))

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply here."""
        found = [*hints(BACK)]
        if self.page.value is not None:
            found += [hint(OPEN, "go there"), hint(DROP)]
        return found + (hints(PUT_BACK) if self._dropped else [])

    def paint_body(self, moment: Moment) -> None:
        """Lay the list out again; only lines that differ are painted."""
        if not (moment.whole or moment.tick or moment.dirty):
            return
        show_crumbs(self, "Bookmarks")
        kept = bookmarks.kept(self.session.remembered)
        self.page.show(bookmark_rows(kept, self.session.context(), self.wide - 1))

    def action_drop(self) -> None:
        """Drop what the cursor stands on."""
        kept = bookmarks.kept(self.session.remembered)
        one = self.page.value
        if not isinstance(one, Bookmark) or one not in kept:
            return
        self._dropped.append((kept.index(one), one))
        bookmarks.keep(self.session.remembered, [each for each in kept if each != one])
        self.paint_now()
        back = self.session.bound.key("put-back")
        self.say(f"dropped: {one.title}   {back} puts it back")

    def action_put_back(self) -> None:
        """Put back what was dropped last."""
        if not self._dropped:
            self.say("nothing was dropped here")
            return
        at, one = self._dropped.pop()
        kept = [each for each in bookmarks.kept(self.session.remembered) if each != one]
        bookmarks.keep(self.session.remembered, [*kept[:at], one, *kept[at:]])
        self.paint_now()
        self.page.stand_on(one)
        self.say(f"back: {one.title}")

    async def on_document_chosen(self, message: Document.Chosen) -> None:
        """Go to what was kept."""
        message.stop()
        one = message.value
        if not isinstance(one, Bookmark):
            return
        if one.key is not None:
            self.post_message(Opened(one.key))
        elif panel_named(one.panel) is None:
            self.say(f"there is no panel {one.panel}", "warn")
        else:
            self.app.call_later(_to_panel, self, one)


async def _to_panel(screen: BookmarksScreen, one: Bookmark) -> None:
    """Go to the panel, and put its filter on."""
    app = screen.app
    await app.run_action(f"app.panel({one.panel!r})")
    if isinstance(app.screen, MainScreen):
        app.screen.filter_by(one.filter)
        app.screen.paint_now()
