"""Textual's bindings of the keys in `console.keys`, and what a person binds otherwise."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding, BindingsMap, BindingType

from console.bound import Bound
from console.keys import KeyDef


def bindings(*groups: Iterable[KeyDef]) -> list[BindingType]:
    """Return Textual's bindings of *groups*, those that act on the colony left out."""
    return [binding(key) for group in groups for key in group if key.command and not key.acts]


def binding(key: KeyDef, command: str = "") -> Binding:
    """Return Textual's binding of *key*, to another *command* where it is set."""
    return Binding(key.keys, command or key.command, key.label, show=False, id=key.id)


def bind(into: BindingsMap, key: KeyDef) -> None:
    """Bind *key* in the map of one screen, beside what it has."""
    for one in Binding.make_bindings([binding(key)]):
        into.key_to_bindings.setdefault(one.key, []).append(one)


def rebind(bindings: BindingsMap, bound: Bound) -> None:
    """Put what *bindings* has under the keys that *bound* has for it.

    Textual's own keymap does not unbind, and where two share a key and one of them is rebound it
    drops the other: y is YAML and approves, by where one is.
    """
    if not bound.changed:
        return
    made: dict[str, list[Binding]] = {}
    moved: dict[str, Binding] = {}
    for key, several in bindings.key_to_bindings.items():
        for one in several:
            if one.id is not None and one.id in bound.changed:
                moved[one.id] = one
            else:
                made.setdefault(key, []).append(one)
    for id, one in moved.items():
        for key in bound.keys(id):
            # What a person bound there comes before what always was.
            made.setdefault(key, []).insert(0, one.with_key(key))
    bindings.key_to_bindings = made
