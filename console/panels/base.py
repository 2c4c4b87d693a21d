"""What every panel is: a part of the body that paints itself when the painter says so."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from console.session import Session

if TYPE_CHECKING:
    from adapters.records import ActionStatus, App, Key
    from console.feed.messages import Interest
    from console.keys import Hint
    from console.panels.listing import Listing


class Moment(NamedTuple):
    """What a paint is about: the dirty keys by kind, and whether time alone may change a cell.

    `whole` asks for everything again, after a panel came into sight.
    """

    dirty: Mapping[str, set[Key]]
    tick: bool = False
    whole: bool = False


class Counts(NamedTuple):
    """How many rows a filter leaves of how many."""

    shown: int
    total: int


class GoTo(Message):
    """Asks for the panel called `panel`, with the cursor on `key` if that is set."""

    def __init__(self, panel: str, key: Key | None = None) -> None:
        super().__init__()
        self.panel = panel
        self.key = key


class Opened(Message):
    """Enter on a record: the app decides what page that opens."""

    def __init__(self, key: Key) -> None:
        super().__init__()
        self.key = key


def _key(value: Hashable) -> Key | None:
    """Return *value* where it is a record's key."""
    from adapters.records import Key

    return value if isinstance(value, Key) else None


def _kind(value: Hashable) -> str:
    key = _key(value) if value is not None else None
    return key.kind if key is not None else ""


class Panel(Widget):
    """One panel. A subclass says what it subscribes to and paints what changed.

    It never asks the network and never waits: everything that it shows is in the store.
    """

    TITLE: ClassVar[str] = ""
    HELP: ClassVar[str] = ""
    """What the columns and marks mean, a paragraph a line."""
    SORTS: ClassVar[bool] = True
    """Whether there is a table to filter and sort."""
    DEFAULT_CSS = "Panel { height: 1fr; }"

    def __init__(self, session: Session, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.session = session
        self.room = Size(0, 0)
        """The size that it will have, for a paint before it is in sight."""

    def interests(self) -> Sequence[Interest]:
        """Return what this panel needs beside what the header always does."""
        return ()

    def paint(self, moment: Moment) -> None:
        """Show what changed. Called by the painter, and only while the panel is in sight."""

    def focus_target(self) -> Widget:
        """Return what keys should go to."""
        return self

    def selected(self) -> Hashable:
        """Return what the cursor stands on."""
        return None

    def app_here(self) -> App | None:
        """Return the app that the cursor stands on, None where it is not on one."""
        key = self.selected()
        return self.session.app(_key(key)) if _kind(key) == "App" else None

    def action_here(self) -> ActionStatus | None:
        """Return the action that the cursor stands on, None where it is not on one."""
        key = self.selected()
        return self.session.action(_key(key)) if _kind(key) == "ActionStatus" else None

    def own_hints(self) -> Sequence[Hint]:
        """Return the keys of this panel alone, for the bottom line."""
        return ()

    def call_here(self) -> dict[str, str] | None:
        """Return what a contract call from here begins with: `contract`, and if the cursor says
        so `function` and `args` (a JSON array). None where there is nothing to call.
        """
        return None

    def filter(self, text: str) -> None:
        """Show only what holds *text*; "" is everything."""

    @property
    def filtered(self) -> tuple[str, Counts] | None:
        """The filter that is on and what it leaves, None without one."""
        return None

    @property
    def filter_errors(self) -> Sequence[str]:
        """What in the filter makes no sense, a line each."""
        return ()

    def sort(self, *, reverse: bool) -> str:
        """Sort by the next column or turn the order around, and say so."""
        return ""

    def table_here(self) -> Listing | None:
        """Return the table that the cursor is in, None where there is none."""
        return None

    def next_table(self, step: int) -> None:
        """Put the cursor into the next table, or the one before."""

    def stand_on(self, key: Key) -> None:
        """Put the cursor on *key*, where it is shown."""

    def on_resize(self) -> None:
        """Lay everything out again for the new size."""
        self.paint(Moment({}, whole=True))
