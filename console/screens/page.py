"""A page about one record: crumbs that say where it is listed, and a document below them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.widget import Widget

from adapters.records import Key
from console.panels.base import Opened
from console.screens.base import ConsoleScreen
from console.screens.labelled import Copy
from console.session import Session
from console.widgets.document import Document
from console.widgets.oneline import OneLine
from console.widgets.spans import Line, Span, fit, line, line_width, spread

LEAST = 8
"""Cells of a crumb at least: with fewer, nobody would know what it was."""


def crumbs(*parts: str, width: int = 0) -> Line:
    """Return breadcrumbs, the last part standing out.

    Where *width* cells are too few, the first ones go: what one looks at is at the end.
    """
    spans: list[Span] = [(" ", "")]
    for part in parts[:-1]:
        spans += [(part, "dim"), (" › ", "frame")]
    made = line(*spans, (parts[-1], "title"))
    if not width or line_width(made) <= width:
        return made
    if len(parts) > 2 or (len(parts) == 2 and parts[0] != "…"):
        rest = parts[2:] if parts[0] == "…" else parts[1:]
        return crumbs("…", *rest, width=width)
    last = parts[-1]
    while last and line_width(crumbs("…" + last)) > width:
        last = last[1:]
    return crumbs("…" + last)


def show_crumbs(screen: ConsoleScreen, *parts: str, right: Line = ()) -> None:
    """Show where *screen* is in its title line, with *right* at the other end."""
    screen.trail_shown = parts
    shown = crumbs(*parts, width=max(12, screen.wide - line_width(right)))
    screen.query_one("#crumbs", OneLine).show(spread(shown, right, screen.wide))


def named(*parts: str, what: str, width: int) -> tuple[str, ...]:
    """Return *parts* and *what* as crumbs of *width* cells: of *what* the end is cut, no part."""
    room = width - line_width(crumbs(*parts, ""))
    if not what or room < min(LEAST, cell_len(what)):
        return parts
    return (*parts, fit(what, min(room, cell_len(what))))


def came_from(screen: ConsoleScreen) -> tuple[str, ...]:
    """Return the crumbs of what *screen* was opened from: a panel's name, or those of a page."""
    stack = screen.app.screen_stack
    at = stack.index(screen) if screen in stack else len(stack)
    below = stack[at - 1] if at else None
    return below.trail_shown if isinstance(below, ConsoleScreen) else ()


class PageScreen(ConsoleScreen):
    """The page of the record called *key*. A subclass lays it out in `paint_body`."""

    DEFAULT_CSS: ClassVar[str] = "PageScreen > #crumbs { height: 1; }"

    def __init__(self, session: Session, key: Key) -> None:
        super().__init__(session)
        self.key = key

    def body(self) -> ComposeResult:
        """Make the crumbs and the page."""
        yield OneLine(id="crumbs")
        yield Document(id="page")

    @property
    def page(self) -> Document:
        """The page."""
        return self.query_one("#page", Document)

    def selected_here(self) -> Hashable:
        """Return what the page is about."""
        return self.key

    def about_here(self) -> str:
        """Return what the page is about, as a note names it."""
        from console.screens.noting import about

        return about(self.key)

    def focus_first(self) -> Widget | None:
        """Return the page."""
        return self.page


class CopyingPage(PageScreen):
    """A page of values that can be opened or copied. A subclass says what is copied where the
    cursor stands on none (`copy_whole`).
    """

    def copy_whole(self) -> str:
        """Return what the page is about, as it is copied; "" for nothing."""
        return ""

    def copy_here(self) -> tuple[str, str]:
        """Return the value that the cursor stands on, else what the page is about."""
        value = self.page.value
        return "value", value.text if isinstance(value, Copy) else self.copy_whole()

    def on_document_chosen(self, message: Document.Chosen) -> None:
        """Open what was chosen; copy what cannot be opened."""
        message.stop()
        if isinstance(message.value, Key):
            self.post_message(Opened(message.value))
        elif isinstance(message.value, Copy):
            self.action_copy_here()
