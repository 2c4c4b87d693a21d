"""What a person binds otherwise: `[keys]` of the preferences, read and checked.

`logs = "L"`, `help = "f1,?"`, `handover = ""` for no key. What is wrong is one line each, and that
key stays as it was: a console opens with whatever keys are right.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from textual.binding import Binding
from textual.keys import Keys, key_to_character

from adapters.text import clean
from console.bound import Bound, table
from console.keys import ANYWHERE, KeyDef
from console.pagekeys import FIXED, NEEDED

RESERVED: Final = frozenset({"ctrl+c", "ctrl+q", "ctrl+z", "escape", "tab", "shift+tab", "enter"})
"""Keys that do the same wherever one is: of ctrl+q, which terminals take for going on, nothing."""
_ALIASES: Final = {"esc": "escape", "pgup": "pageup", "pgdn": "pagedown", "del": "delete"}
_SHOWN: Final = {
    "escape": "esc", "pageup": "PgUp", "pagedown": "PgDn", "up": "↑", "down": "↓", "left": "←",
    "right": "→", "home": "Home", "end": "End", "delete": "Del", "insert": "Ins", "space": "space",
}  # fmt: skip
_MODIFIERS: Final = frozenset({"ctrl", "shift", "alt"})
_NAMES: Final = frozenset(str(one.value) for one in Keys)


def read(chosen: Mapping[str, str]) -> tuple[Bound, list[str]]:
    """Return the keys as *chosen*, and a line for each of it that was skipped."""
    every = table()
    problems: list[str] = []
    good: dict[str, tuple[str, ...]] = {}
    for id, text in chosen.items():
        try:
            good[id] = _keys(id, text, every)
        except ValueError as error:
            problems.append(clean(f"keys: {id}: {error}"))
    problems += _clashes(good, every)
    return Bound({id: (keys, shown(keys)) for id, keys in good.items()}), problems


def shown(keys: tuple[str, ...]) -> str:
    """Return the first of *keys* as a person reads it, "" for none."""
    if not keys:
        return ""
    *before, last = keys[0].split("+")
    character = key_to_character(last)
    named = _SHOWN.get(last) or (character if character and character.isprintable() else last)
    return "+".join((*before, named))


def _keys(id: str, text: str, every: Mapping[str, KeyDef]) -> tuple[str, ...]:
    """Return the keys that *text* names for *id*; raises `ValueError` with what is wrong."""
    key = every.get(id)
    if key is None:
        near = get_close_matches(id, every, 1)
        raise ValueError(f"there is no such command{f'; {near[0]}?' if near else ''}")
    if id in FIXED:
        raise ValueError(f"{key.shown} cannot be changed: it does the same everywhere")
    found = tuple(dict.fromkeys(_one(part.strip()) for part in text.split(",") if part.strip()))
    if not found and id in NEEDED:
        raise ValueError("needs a key: there would be no other way to it")
    if key.acts and any("ctrl+" in one for one in found):
        raise ValueError("acts on the colony: no key with Ctrl, that is pressed by accident")
    for one in found:
        same = one in every[id].keys.split(",")
        if (one in RESERVED and not same) or one.isdigit():
            raise ValueError(f"{shown((one,))} is taken: it does the same everywhere")
    return found


def _one(text: str) -> str:
    """Return one key as Textual writes it; raises `ValueError` where there is none of that name."""
    *before, last = text.split("+") if len(text) > 1 else [text]
    last = _ALIASES.get(last.lower(), last if len(last) == 1 else last.lower())
    key = "+".join((*(one.lower() for one in before), last))
    known = len(last) == 1 or last in _NAMES or key_to_character(last) is not None
    if not last or not known or not {one.lower() for one in before} <= _MODIFIERS:
        raise ValueError(f"there is no key {text!r}")
    return next(iter(Binding.make_bindings([Binding(key, "")]))).key


def _clashes(good: dict[str, tuple[str, ...]], every: Mapping[str, KeyDef]) -> list[str]:
    """Take out of *good* what has a key that another has where both are; return a line each.

    Two that share a key from the start are meant to: y is YAML, and approves, by where one is.
    """
    problems = []
    while (found := _clash(good, every)) is not None:
        id, key, other = found
        del good[id]
        problems.append(f"keys: {id}: {shown((key,))} is already {other}: it stays as it was")
    return problems


def _clash(
    good: Mapping[str, tuple[str, ...]], every: Mapping[str, KeyDef]
) -> tuple[str, str, str] | None:
    usual = {id: tuple(filter(None, key.keys.split(","))) for id, key in every.items()}
    now = usual | dict(good)
    order = list(good)
    for id in reversed(order):
        for other, keys in now.items():
            both = [one for one in good[id] if one in keys]
            # Of two that were rebound, it is the later one that gives way.
            if other == id or not both or (other in good and order.index(other) > order.index(id)):
                continue
            if set(usual[id]) & set(usual[other]) & set(both):
                continue
            if _meet(every[id].where, every[other].where):
                return id, both[0], other
    return None


def _meet(one: str, other: str) -> bool:
    places = set(one.split()), set(other.split())
    return ANYWHERE in places[0] | places[1] or bool(places[0] & places[1])
