"""Where the cursor of a table stood: kept while it moves, and gone back to when its row comes."""

from __future__ import annotations

from collections.abc import Container, Hashable
from typing import TYPE_CHECKING

from adapters.records import Key
from console.panels.kept import keep, kept_key

if TYPE_CHECKING:
    from console.session import Session
    from console.widgets.livetable import LiveTable


class Returning:
    """The cursor of the table that is remembered as *name*.

    Rows come one batch after the other: until the one where it stood is there, the cursor waits
    on whatever it was put, and once a person moved it nothing is waited for any more.
    """

    def __init__(self, session: Session, name: str) -> None:
        self._session = session
        self._name = name
        self._wanted: Key | None = kept_key(session, name)
        self._left_at: Hashable = None

    def go(self, table: LiveTable, key: Hashable) -> bool:
        """Put the cursor on *key*, now (True) or as soon as it is there."""
        self._wanted = None
        if table.move_to(key):
            return True
        self._wanted = key if isinstance(key, Key) else None
        self._left_at = table.cursor_key
        return False

    def laid(self, table: LiveTable, rows: Container[Hashable]) -> None:
        """Go back, now that *table* has other *rows*."""
        if self._wanted is None:
            return
        if self._left_at in rows and table.cursor_key != self._left_at:
            self._wanted = None  # a person moved it
        elif self._wanted in rows and table.move_to(self._wanted):
            self._wanted = None
        self._left_at = table.cursor_key

    def moved(self, key: Hashable) -> None:
        """Keep that the cursor stands on *key*."""
        if self._wanted is None and isinstance(key, Key):
            keep(self._session, "cursors", self._name, list(key))
