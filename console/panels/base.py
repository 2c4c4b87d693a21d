"""What every panel is: a part of the body that paints itself when the painter says so."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from textual.message import Message
from textual.widget import Widget

from adapters.records import App, Key
from console.feed.messages import Interest
from console.keys import Hint
from console.session import Session


class Moment(NamedTuple):
    """What a paint is about: the dirty keys by kind, and whether time alone may change a cell.

    `whole` asks for everything again, after a panel came into sight.
    """

    dirty: Mapping[str, set[Key]]
    tick: bool = False
    whole: bool = False

    def touches(self, *kinds: str) -> bool:
        """Whether a record of one of *kinds* changed."""
        return self.whole or any(kind in self.dirty for kind in kinds)


class Counts(NamedTuple):
    """How many rows a filter leaves of how many."""

    shown: int
    total: int


class GoTo(Message):
    """Asks for a panel by its name, as the overview does for a domain."""

    def __init__(self, panel: str) -> None:
        super().__init__()
        self.panel = panel


@dataclass
class Opened(Message):
    """Enter on a record: the screen decides what page that opens."""

    key: Key


class Panel(Widget):
    """One panel. A subclass says what it subscribes to and paints what changed.

    It never asks the network and never waits: everything that it shows is in the store.
    """

    TITLE: ClassVar[str] = ""
    HELP: ClassVar[str] = ""
    """What the columns and marks mean, a paragraph a line."""
    DEFAULT_CSS = "Panel { height: 1fr; }"

    def __init__(self, session: Session, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.session = session

    def interests(self) -> Sequence[Interest]:
        """Return what this panel needs beside what the header always does."""
        return ()

    def paint(self, moment: Moment) -> None:
        """Show what changed. Called by the painter, and only while the panel is in sight."""
        raise NotImplementedError

    def selected(self) -> Hashable:
        """Return what the cursor stands on."""
        return None

    def app_here(self) -> App | None:
        """Return the app that the cursor stands on, None where it is not an app."""
        key = self.selected()
        return self.session.app(key) if isinstance(key, Key) and key.kind == "App" else None

    def hints(self) -> Sequence[Hint]:
        """Return the panel's own keys for the footer."""
        return ()

    def filter(self, text: str) -> None:
        """Show only what holds *text*; "" is everything."""

    @property
    def filtered(self) -> tuple[str, Counts] | None:
        """The filter that is on and what it leaves, None without one."""
        return None

    def focus_body(self) -> None:
        """Give the focus to what keys should go to."""
        self.focus()
