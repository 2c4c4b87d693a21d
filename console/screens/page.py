"""A page about one record: crumbs that say where it is listed, and a document below them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

from textual.app import ComposeResult
from textual.widget import Widget

from adapters.records import Key
from console.screens.base import ConsoleScreen
from console.session import Session
from console.widgets.document import Document
from console.widgets.oneline import OneLine
from console.widgets.spans import line


def crumbs(*parts: str) -> tuple[tuple[str, str], ...]:
    """Return breadcrumbs, the last part standing out."""
    spans: list[tuple[str, str]] = [(" ", "")]
    for part in parts[:-1]:
        spans += [(part, "dim"), (" › ", "frame")]
    return line(*spans, (parts[-1], "title"))


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
