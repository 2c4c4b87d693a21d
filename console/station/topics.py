"""What can be asked of a station: one method a topic, arguments checked before it runs."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Any, Protocol

import msgspec

from adapters.contract import Finding, Refused
from adapters.records import LogHead
from adapters.text import clean
from console.feed.messages import Ask
from console.station import ledger_reading
from console.station.commanding import Commanding
from console.station.hub import STATION
from console.station.log import Log
from console.station.supervisor import Supervisor

DEADLINE = 60.0
"""Seconds within which any question is answered, followed ones aside."""

_log = logging.getLogger("colony.station")


class Asker(Protocol):
    """Who asks."""

    who: str
    uid: int
    read_only: bool


class Query(msgspec.Struct, frozen=True):
    """`query`: the rest of the arguments are the adapter's."""

    source: str
    topic: str


class OfAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`action.form`."""

    action: str
    arguments: dict[str, str] = {}


class Simulate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`action.simulate`."""

    action: str
    arguments: dict[str, str] = {}
    reason: str = ""
    undoes: str = ""


class Approve(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`action.approve`."""

    id: str
    digest: str
    confirm: str | bool = ""
    reason: str = ""


class OneAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`action.cancel` and `action.show`."""

    id: str


class Unlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`unlock`: the passphrase goes to the adapter and is shown and kept nowhere."""

    source: str
    key: str
    passphrase: str

    def __repr__(self) -> str:
        return f"Unlock(source={self.source!r}, key={self.key!r})"


class Stop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`station.stop`. `replace` asks one that nobody needs to make room for another."""

    force: bool = False
    replace: bool = False


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A topic without arguments."""


class StationSelf(Protocol):
    """What the station answers for itself."""

    log: Log

    async def head(self) -> LogHead:
        """Return where the log stands now."""
        ...

    def about(self) -> dict[str, Any]:
        """Return how it is."""
        ...

    def findings(self) -> list[Finding]:
        """Return what it finds of itself."""
        ...

    async def stop(self, who: str, *, force: bool, replace: bool) -> dict[str, Any]:
        """End it."""
        ...


class Topics:
    """Answers questions. What it raises is a line for a person."""

    def __init__(self, supervisor: Supervisor, commanding: Commanding, station: StationSelf):
        self._supervisor = supervisor
        self._commanding = commanding
        self._station = station
        self._topics: dict[str, tuple[type[Any], Callable[[Asker, Any, Ask], Awaitable[Any]]]] = {
            "query": (Query, self._query),
            "doctor": (Nothing, self._doctor),
            "action.list": (Nothing, self._list),
            "action.form": (OfAction, self._form),
            "action.simulate": (Simulate, self._simulate),
            "action.approve": (Approve, self._approve),
            "action.cancel": (OneAction, self._cancel),
            "action.show": (OneAction, self._show),
            "unlock": (Unlock, self._unlock),
            "log.page": (ledger_reading.Page, self._page),
            "log.checkpoint": (ledger_reading.OfSize, self._checkpoint),
            "log.proof": (ledger_reading.OfIndex, self._proof),
            "station.status": (Nothing, self._status),
            "station.stop": (Stop, self._stop),
        }

    async def answer(self, asker: Asker, ask: Ask) -> Any:
        """Return the answer to *ask*, to be encoded."""
        shape, method = self._find(ask)
        return await method(asker, _arguments(ask, shape), ask)

    def follow(self, ask: Ask) -> AsyncGenerator[str, None]:
        """Return the pieces of the answer to *ask* as they come to be."""
        if ask.topic != "query":
            raise Refused(f"{clean(ask.topic)} cannot be followed; ask it once")
        query = _arguments(ask, Query)
        return self._supervisor.follow(query.source, query.topic, _texts(ask.arguments))

    def _find(self, ask: Ask) -> tuple[type[Any], Callable[[Asker, Any, Ask], Awaitable[Any]]]:
        found = self._topics.get(ask.topic)
        if found is None:
            raise Refused(
                f"no topic {clean(ask.topic)!r} here; there are: {', '.join(self._topics)}"
            )
        return found

    async def _query(self, asker: Asker, query: Query, ask: Ask) -> Any:
        return await self._supervisor.query(query.source, query.topic, _texts(ask.arguments))

    async def _doctor(self, asker: Asker, nothing: Nothing, ask: Ask) -> Any:
        return [
            {
                "source": source,
                "check": finding.check,
                "found": finding.found,
                "detail": finding.detail,
                "advice": finding.advice,
            }
            for source, finding in [
                *((STATION, finding) for finding in self._station.findings()),
                *await self._supervisor.diagnose(),
            ]
        ]

    async def _list(self, asker: Asker, nothing: Nothing, ask: Ask) -> Any:
        return [] if asker.read_only else await self._commanding.list()

    async def _form(self, asker: Asker, given: OfAction, ask: Ask) -> Any:
        return await self._commanding.form(given.action, given.arguments, read_only=asker.read_only)

    async def _simulate(self, asker: Asker, given: Simulate, ask: Ask) -> Any:
        return await self._commanding.simulate(
            given.action,
            given.arguments,
            given.reason,
            asker.who,
            given.undoes,
            uid=asker.uid,
            read_only=asker.read_only,
        )

    async def _approve(self, asker: Asker, given: Approve, ask: Ask) -> Any:
        return await self._commanding.approve(
            given.id,
            given.digest,
            given.confirm,
            given.reason,
            asker.who,
            uid=asker.uid,
            read_only=asker.read_only,
        )

    async def _cancel(self, asker: Asker, given: OneAction, ask: Ask) -> Any:
        return await self._commanding.cancel(given.id, asker.who, read_only=asker.read_only)

    async def _show(self, asker: Asker, given: OneAction, ask: Ask) -> Any:
        return await self._commanding.show(given.id)

    async def _page(self, asker: Asker, given: ledger_reading.Page, ask: Ask) -> Any:
        return await ledger_reading.page(self._station.log, given, await self._station.head())

    async def _checkpoint(self, asker: Asker, given: ledger_reading.OfSize, ask: Ask) -> Any:
        return await ledger_reading.checkpoint(self._station.log, given.size)

    async def _proof(self, asker: Asker, given: ledger_reading.OfIndex, ask: Ask) -> Any:
        head = await self._station.head()
        return await ledger_reading.proof(self._station.log, given.index, head)

    async def _unlock(self, asker: Asker, given: Unlock, ask: Ask) -> Any:
        if asker.read_only or self._commanding.read_only:
            raise Refused("read-only: no key is unlocked")
        said = await self._supervisor.unlock(given.source, given.key, given.passphrase)
        _log.info("the key %s of %s was unlocked by %s", clean(given.key), given.source, asker.who)
        return said

    async def _status(self, asker: Asker, nothing: Nothing, ask: Ask) -> Any:
        return self._station.about()

    async def _stop(self, asker: Asker, given: Stop, ask: Ask) -> Any:
        if asker.uid not in (os.geteuid(), 0):
            raise Refused("a shared station is stopped by who runs it")
        return await self._station.stop(asker.who, force=given.force, replace=given.replace)


def _arguments(ask: Ask, shape: type[Any]) -> Any:
    try:
        return msgspec.convert(ask.arguments, shape)
    except msgspec.ValidationError as error:
        raise Refused(f"{clean(ask.topic)}: {clean(str(error).replace('`', ''))}") from error


def _texts(arguments: Mapping[str, Any]) -> dict[str, str]:
    """Return what is the adapter's of *arguments*, as texts."""
    given = {}
    for name, value in arguments.items():
        if name in ("source", "topic") or value is None:
            continue
        given[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return given
