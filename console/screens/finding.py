"""What the palette finds: commands, panels, themes, and what there is in the colony, by name."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import chain, islice
from typing import Final, NamedTuple

from adapters.records import ActionStatus, Address, Alarm, AnyRecord, Contract, Key, Plant, Token
from console.rows.fuzzy import Fit, fitting
from console.screens.base import ConsoleScreen
from console.screens.commands import Named, commands
from console.session import Session

CHUNK: Final = 1000
"""Names looked at between two looks at the keyboard: some milliseconds."""
MOST: Final = 100
"""Of what is found, that is shown."""
KINDS: Final = {
    "App": "app", "Token": "token", "Address": "address", "Contract": "contract",
    "Plant": "plant", "Inverter": "inverter", "Battery": "battery", "ActionStatus": "action",
    "Alarm": "alarm",
}  # fmt: skip
"""Kinds of what the colony has, and what they are called. Some are known only while their panel
is in sight, but for those that the header needs."""

_WEIGHTS: Final = {kind: number for number, kind in enumerate(KINDS)}


class Found(NamedTuple):
    """One line: its name, what it is, its key as shown, and what to do: run a command, open a
    record, or take a theme."""

    name: str
    about: str
    shown: str
    what: Named | Key | str


def of_console(screen: ConsoleScreen, themes: Sequence[str]) -> list[Found]:
    """Return what can be done on *screen* and everywhere, and themes."""
    session = screen.session
    found = [
        Found(one.name, one.help, _key(session, one), one)
        for one in commands(session, screen)
        if one.action
    ]
    return [*found, *(Found(f"theme {one}", "Change the colours", "", one) for one in themes)]


def _key(session: Session, one: Named) -> str:
    if one.id == "panel":
        from console.panels import PANELS

        number = [panel.name for panel in PANELS].index(one.name) + 1
        return str(number % 10) if number <= 10 else ""
    return session.bound.shown(one.id) if one.id else ""


class Names:
    """Names and keys that come from *rest*, which is looked at once, and only as far as need be.

    Names and keys are in lists of their own. A pair for each of 50,000 would be as many things
    more to look through for rubbish, which stops the screen for 0.1 s.
    """

    def __init__(self, rest: Iterator[tuple[str, Key]]) -> None:
        self._rest = rest
        self._names: list[str] = []
        self._keys: list[Key] = []

    def chunks(self) -> Iterator[list[tuple[str, Key]]]:
        """Yield all, in chunks of CHUNK."""
        at = 0
        while True:
            if at >= len(self._names):
                for name, key in islice(self._rest, CHUNK):
                    self._names.append(name)
                    self._keys.append(key)
                if at >= len(self._names):
                    return
            to = at + CHUNK
            yield list(zip(self._names[at:to], self._keys[at:to], strict=True))
            at = min(to, len(self._names))


def of_colony(session: Session) -> Iterator[tuple[str, Key]]:
    """Yield the names and keys of what is known of the colony that has a page."""
    for kind in KINDS:
        # A copy of the keys: while this waits between chunks, records come and go.
        for key in list(session.store.records(kind)):
            record = session.store.get(key)
            if record is not None:
                yield _named(key, record), key


def _named(key: Key, record: AnyRecord) -> str:
    match record:
        case Address():
            return " ".join(part for part in (record.ip, record.service) if part) or key.name
        case Token():
            return f"token {key.name}" + (f" {record.app}" if record.app else "")
        case Contract() | Plant():
            return key.name
        case ActionStatus():
            return f"{key.name} {record.title or record.target}"
        case Alarm():
            return f"alarm {record.thing or key.name} {record.rule}"
    return f"{key.namespace}/{key.name}" if key.namespace else key.name


async def search(
    typed: str, among: Sequence[Found], names: Names
) -> AsyncIterator[tuple[list[Found], int]]:
    """Yield the best of what fits *typed*, and how many were looked at: after each chunk."""
    fit = fitting(typed)
    fits = [(how, one) for one in among if (how := fit(one.name)) is not None]
    best = heapq.nsmallest(MOST, fits, key=_order)
    looked = len(among)
    yield [one for _, one in best], looked
    for chunk in names.chunks():
        looked += len(chunk)
        new = [(how, key) for name, key in chunk if (how := fit(name)) is not None]
        if new:
            found = ((how, _found(how.text, key)) for how, key in new)
            best = heapq.nsmallest(MOST, chain(best, found), key=_order)
        yield [one for _, one in best], looked
        await asyncio.sleep(0)


def _found(name: str, key: Key) -> Found:
    return Found(name, KINDS[key.kind], "", key)


def _order(pair: tuple[Fit, Found]) -> tuple[int, int, int, str]:
    """Of what fits alike, commands come before apps, and those before what stands on them."""
    fit, found = pair
    weight = _WEIGHTS.get(found.what.kind, len(_WEIGHTS)) if isinstance(found.what, Key) else -1
    return (fit.rank, weight, fit.length, fit.text)


def best(session: Session, name: str) -> Key | None:
    """Return what in the colony fits *name* best, None where nothing does."""
    fit = fitting(name)
    known = (_found(*one) for one in of_colony(session))
    fits = ((how, one) for one in known if (how := fit(one.name)) is not None)
    found = min(fits, key=_order, default=None)
    return found[1].what if found is not None and isinstance(found[1].what, Key) else None
