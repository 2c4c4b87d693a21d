"""Records by their terms: what makes every join a look-up, however many records there are."""

from __future__ import annotations

from collections.abc import Iterator, KeysView

from adapters.records import Key, Record
from console.joins import Term, counterpart, terms

_NONE: dict[Key, None] = {}


class Index:
    """Keys by term. `linked` grows whenever what tokens and apps name of each other changes."""

    def __init__(self) -> None:
        self._keys: dict[Term, dict[Key, None]] = {}
        self.linked = 0

    def keys(self, term: Term) -> KeysView[Key]:
        """Return the keys of the records that *term* finds, in the order in which they came."""
        return self._keys.get(term, _NONE).keys()

    def put(self, key: Key, before: Record | None, record: Record) -> Iterator[Key]:
        """Take in *record*, and yield the keys of others whose joins that changes."""
        new = terms(record)
        old = terms(before) if before is not None else ()
        if new != old:
            yield from self._drop(key, old)
            for term in new:
                self._keys.setdefault(term, {})[key] = None
                yield from self._others(term)

    def drop(self, key: Key, record: Record) -> Iterator[Key]:
        """Forget *record*, and yield the keys of others whose joins that changes."""
        return self._drop(key, terms(record))

    def _drop(self, key: Key, old: tuple[Term, ...]) -> Iterator[Key]:
        for term in old:
            held = self._keys.get(term)
            if held is not None:
                held.pop(key, None)
                if not held:
                    del self._keys[term]
            yield from self._others(term)

    def _others(self, term: Term) -> Iterator[Key]:
        other = counterpart(term)
        if other is not None:
            self.linked += 1
            yield from self.keys(other)
