"""Bookmarks as plain data: a record, or a panel with its filter; kept over restarts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from adapters.text import clean

if TYPE_CHECKING:
    from adapters.records import Key
    from console.remembered import Remembered

SECTION: Final = "bookmarks"
MOST: Final = 200
"""Bookmarks at most; of more than that nobody finds one."""
LONGEST: Final = 300


class Bookmark(NamedTuple):
    """A record by its key, or where `kind` is "" the panel called `panel` with `filter`."""

    source: str = ""
    kind: str = ""
    namespace: str = ""
    name: str = ""
    panel: str = ""
    filter: str = ""

    @property
    def key(self) -> Key | None:
        """The record's key, None for a panel."""
        from adapters.records import Key

        return Key(self.source, self.kind, self.namespace, self.name) if self.kind else None

    @property
    def title(self) -> str:
        """What it is called; an alarm, whose name is "rule:source:thing", after the thing."""
        if not self.kind:
            return f"{self.panel}  /{self.filter}" if self.filter else self.panel
        if self.kind == "Alarm":
            rule, _, of = self.name.partition(":")
            return f"{of.partition(':')[2] or of} · {rule}" if of else rule
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


def of_record(key: Key) -> Bookmark:
    """Return the bookmark of the record called *key*."""
    return Bookmark(key.source, key.kind, key.namespace, key.name)


def of_panel(panel: str, filter: str) -> Bookmark:
    """Return the bookmark of *panel* as *filter* leaves it."""
    return Bookmark(panel=panel, filter=filter)


def kept(remembered: Remembered) -> list[Bookmark]:
    """Return what is kept; what is not a bookmark, in a file that anybody wrote, is left out."""
    section: list[object] = remembered.get(SECTION, [])
    found = (_read(one) for one in section[:MOST])
    return [one for one in found if one is not None]


def keep(remembered: Remembered, bookmarks: Sequence[Bookmark]) -> None:
    """Keep *bookmarks* in the place of those before."""
    remembered.put(SECTION, [list(one) for one in bookmarks])


def _read(value: Any) -> Bookmark | None:
    fields = len(Bookmark._fields)
    if not isinstance(value, list) or len(value) != fields:
        return None
    if not all(isinstance(one, str) and len(one) <= LONGEST and clean(one) == one for one in value):
        return None
    made = Bookmark(*value)
    return made if made.name or made.panel else None
