"""What the watches brought, by name, with the indexes that the joins need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic

from adapters.kubernetes.objects import Named, NamedT

Name = tuple[str, str]
"""A namespace and a name."""


def name_of(object_: Named) -> Name:
    """Return an object's namespace and name."""
    return object_.metadata.namespace, object_.metadata.name


class Cache(Generic[NamedT]):
    """The objects of one kind, found by name, by UID, by owner's UID and by namespace."""

    def __init__(self) -> None:
        self._items: dict[Name, NamedT] = {}
        self._owned: dict[str, dict[Name, None]] = {}
        self._within: dict[str, dict[Name, None]] = {}

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[NamedT]:
        return iter(self._items.values())

    def get(self, name: Name) -> NamedT | None:
        """Return the object called *name*, None where there is none."""
        return self._items.get(name)

    def owned_by(self, uid: str) -> list[NamedT]:
        """Return what the object with *uid* controls."""
        return [self._items[name] for name in self._owned.get(uid, ())]

    def within(self, namespace: str) -> list[NamedT]:
        """Return what is in *namespace*."""
        return [self._items[name] for name in self._within.get(namespace, ())]

    def names(self, namespace: str = "") -> list[Name]:
        """Return the names in *namespace*, or all of them."""
        return list(self._within.get(namespace, ()) if namespace else self._items)

    def put(self, object_: NamedT) -> NamedT | None:
        """Keep *object_*; return what stood in its place."""
        name = name_of(object_)
        before = self.drop(name)
        self._items[name] = object_
        self._within.setdefault(name[0], {})[name] = None
        owner = object_.metadata.controller()
        if owner is not None:
            self._owned.setdefault(owner.uid, {})[name] = None
        return before

    def drop(self, name: Name) -> NamedT | None:
        """Forget the object called *name*; return it if it was there."""
        before = self._items.pop(name, None)
        if before is None:
            return None
        _remove(self._within, name[0], name)
        owner = before.metadata.controller()
        if owner is not None:
            _remove(self._owned, owner.uid, name)
        return before


def _remove(index: dict[str, dict[Name, None]], key: str, name: Name) -> None:
    names = index.get(key)
    if names is not None:
        names.pop(name, None)
        if not names:
            del index[key]
