"""What can be typed after a command: completion, by what the command takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Final

from console.rows.filter import field_names
from console.rows.layout import title_of, titles
from console.rows.values import values_of
from console.screens import copying
from console.screens.base import ConsoleScreen
from console.screens.commands import Named

MOST: Final = 40
"""Completions that are looked for; beyond, one more letter says which."""
_THINGS: Final = ("App", "Token", "Contract", "Plant", "Address", "Alarm", "ActionStatus")


def completer(screen: ConsoleScreen, known: Sequence[Named]) -> Callable[[str], list[str]]:
    """Return what gives, for a text typed so far, the whole texts that it may become."""
    names = [one.name for one in known]
    by_name = {one.name: one for one in known}

    def complete(text: str) -> list[str]:
        name, space, rest = text.partition(" ")
        if not space:
            return begins(name, names)
        one = by_name.get(name)
        if one is None or not one.takes:
            return []
        return [f"{name} {each}" for each in choices(screen, one.takes, rest)]

    return complete


def field_completer(screen: ConsoleScreen) -> Callable[[str], list[str]]:
    """Return what gives, for a filter typed so far, what it may become: its last word a field."""
    table = screen.table_here()
    names = field_names(table.rows.FIELDS, values_of(table.rows)) if table is not None else []
    if table is not None:
        called = titles(table.rows.COLUMNS).items()
        names += [
            one for one, key in called if key in names and one not in names and " " not in one
        ]

    def complete(text: str) -> list[str]:
        before, space, last = text.rpartition(" ")
        minus = "-" if last.startswith("-") else ""
        found = begins(last.removeprefix("-"), names)
        return [f"{before}{space}{minus}{name}:" for name in found]

    return complete


def begins(text: str, among: Iterable[str], most: int = MOST) -> list[str]:
    """Return those of *among* that begin with *text*, then those with a word that does."""
    low = text.lower()
    at_first, later = [], []
    for one in among:
        lowered = one.lower()
        if lowered.startswith(low):
            at_first.append(one)
        elif low and any(part.startswith(low) for part in lowered.replace("/", " ").split()):
            later.append(one)
        if len(at_first) >= most:
            break
    return [*at_first, *later][:most]


def themes(screen: ConsoleScreen) -> Sequence[str]:
    """Return the names of the themes that there are."""
    # The app has them, and a screen does not import the app.
    theming = getattr(screen.app, "theming", None)
    return theming.names if theming is not None else ()


def choices(screen: ConsoleScreen, takes: str, text: str, most: int = MOST) -> list[str]:
    """Return what a command that takes *takes* may be given that begins with *text*."""
    match takes:
        case "theme":
            return begins(text, themes(screen), most)
        case "column":
            table = screen.table_here()
            return begins(
                text, (title_of(one).lower() for one in table.rows.COLUMNS) if table else (), most
            )
        case "copied":
            return begins(text, (one.what for one in copying.choices(screen)), most)
        case "thing":
            store = screen.session.store
            every = (
                f"{key.namespace}/{key.name}" if key.namespace else key.name
                for kind in _THINGS
                for key in store.records(kind)
            )
            # Of 50,000 names a look is tens of milliseconds: as far as a key may take.
            return begins(text, islice(every, 20_000), most) if text else []
    return []
