"""Which keys things have here: those of the table, but for what a person bound otherwise.

Every text that names a key asks here. In a longer text a key stands as `{logs}`, by the id of what
it does, and is filled in where the text is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from console.keys import Hint, KeyDef

_NAMED: Final = re.compile(r"\{([a-z]+(?:-[a-z]+)*)\}")


def table() -> Mapping[str, KeyDef]:
    """Return every key of the console by its id."""
    from console.pagekeys import EVERY

    return {key.id: key for key in EVERY}


class Bound:
    """The keys that are bound. *changed* has, by id, keys as Textual writes them and as shown."""

    def __init__(self, changed: Mapping[str, tuple[tuple[str, ...], str]] | None = None) -> None:
        self.changed = changed or {}

    @cached_property
    def _table(self) -> Mapping[str, KeyDef]:
        return table()

    def keys(self, id: str) -> tuple[str, ...]:
        """Return the keys of *id* as Textual writes them; () where it has none."""
        if id in self.changed:
            return self.changed[id][0]
        key = self._table.get(id)
        return tuple(key.keys.split(",")) if key is not None and key.keys else ()

    def chords(self) -> frozenset[str]:
        """Return the letters that a person bound with alt, small and large."""
        every = (one.split("+") for keys, _ in self.changed.values() for one in keys)
        found = {
            one[-1]
            for one in every
            if "alt" in one[:-1] and len(one[-1]) == 1 and one[-1].isalpha()
        }
        return frozenset(each for one in found for each in (one.lower(), one.upper()))

    def shown(self, id: str) -> str:
        """Return the key of *id* as a person reads it, "" where it has none."""
        if id in self.changed:
            return self.changed[id][1]
        key = self._table.get(id)
        return key.shown if key is not None else ""

    def key(self, id: str) -> str:
        """Return what to type for *id*: its key, or its name after `:` where it has none."""
        return self.shown(id) or f":{id}"

    def fill(self, text: str) -> str:
        """Return *text* with each `{id}` of the table as the key that does it."""

        def named(found: re.Match[str]) -> str:
            return self.key(found[1]) if found[1] in self._table else found[0]

        return _NAMED.sub(named, text)

    def hints(self, hints: Iterable[Hint]) -> list[Hint]:
        """Return *hints* with the keys that they have here, without those that have none."""
        if not self.changed:
            return list(hints)
        found = (
            one._replace(shown=self.changed[one.id][1]) if one.id in self.changed else one
            for one in hints
        )
        return [one for one in found if one.shown]


USUAL: Final = Bound()
"""The keys of the table, as they are where nobody bound anything."""
