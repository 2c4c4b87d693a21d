"""What can be asked of a station: one method a topic, arguments checked before it runs."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Any, NamedTuple, Protocol

import msgspec

from adapters.contract import AdapterError, Finding, Refused
from adapters.records import LogHead
from adapters.text import clean
from console.feed.answers import Why
from console.feed.messages import Ask
from console.roles import Role
from console.station import ledger_reading
from console.station.alarms.desk import Alarms
from console.station.commanding import Commanding
from console.station.gate import Voice
from console.station.hub import STATION
from console.station.log import Log, LogError
from console.station.shapes import (
    Acknowledge,
    Approve,
    Break,
    Decline,
    Note,
    Nothing,
    OfAction,
    OfApp,
    OneAction,
    Query,
    Shelve,
    Simulate,
    Stop,
    Unlock,
    Unshelve,
)
from console.station.supervisor import Supervisor

DEADLINE = 60.0
"""Seconds within which any question is answered, followed ones aside."""

_log = logging.getLogger("colony.station")


class Asker(Protocol):
    """Who asks."""

    who: str
    uid: int
    role: Role
    opened_read_only: bool

    @property
    def read_only(self) -> bool:
        """Whether they only look on."""
        ...


class StationSelf(Protocol):
    """What the station answers for itself."""

    log: Log
    alarms: Alarms

    async def head(self) -> LogHead:
        """Return where the log stands now."""
        ...

    def about(self) -> dict[str, Any]:
        """Return how it is."""
        ...

    async def why(self, reference: str) -> Why:
        """Return why the app that *reference* means is down; raises `Refused`."""
        ...

    async def support(self) -> dict[str, Any]:
        """Return what a support bundle takes from it."""
        ...

    def findings(self) -> list[Finding]:
        """Return what it finds of itself."""
        ...

    async def stop(self, who: str, *, force: bool, replace: bool) -> dict[str, Any]:
        """End it."""
        ...


class Topic(NamedTuple):
    """What a topic's arguments are, what answers it, and the role that may ask."""

    shape: type[Any]
    method: Callable[[Asker, Any, Ask], Awaitable[Any]]
    role: Role = Role.VIEWER


class Topics:
    """Answers questions. What it raises is a line for a person."""

    def __init__(self, supervisor: Supervisor, commanding: Commanding, station: StationSelf):
        self._supervisor = supervisor
        self._commanding = commanding
        self._station = station
        self._topics: dict[str, Topic] = {
            "query": Topic(Query, self._query),
            "doctor": Topic(Nothing, self._doctor),
            "why": Topic(OfApp, self._why),
            "action.list": Topic(Nothing, self._list),
            "action.form": Topic(OfAction, self._form, Role.OPERATOR),
            "action.simulate": Topic(Simulate, self._simulate, Role.OPERATOR),
            "action.approve": Topic(Approve, self._approve, Role.OPERATOR),
            "action.decline": Topic(Decline, self._decline, Role.OPERATOR),
            "action.cancel": Topic(OneAction, self._cancel, Role.OPERATOR),
            "action.show": Topic(OneAction, self._show),
            "glass.break": Topic(Break, self._break, Role.COMMANDER),
            "glass.mend": Topic(Nothing, self._mend, Role.COMMANDER),
            "glass.list": Topic(Nothing, self._glasses),
            "unlock": Topic(Unlock, self._unlock, Role.COMMANDER),
            "log.page": Topic(ledger_reading.Page, self._page),
            "log.checkpoint": Topic(ledger_reading.OfSize, self._checkpoint),
            "log.proof": Topic(ledger_reading.OfIndex, self._proof),
            "log.rotate": Topic(Nothing, self._rotate, Role.COMMANDER),
            "log.note": Topic(Note, self._note, Role.OPERATOR),
            "alarm.ack": Topic(Acknowledge, self._acknowledge, Role.OPERATOR),
            "alarm.shelve": Topic(Shelve, self._shelve, Role.OPERATOR),
            "alarm.unshelve": Topic(Unshelve, self._unshelve, Role.OPERATOR),
            "station.status": Topic(Nothing, self._status),
            "station.support": Topic(Nothing, self._support, Role.OPERATOR),
            "station.stop": Topic(Stop, self._stop),
        }

    @property
    def roles(self) -> dict[str, Role]:
        """What each topic needs."""
        return {name: topic.role for name, topic in self._topics.items()}

    async def answer(self, asker: Asker, ask: Ask) -> Any:
        """Return the answer to *ask*, to be encoded."""
        topic = self._find(ask)
        if not asker.role.may(topic.role):
            why = f"you are {asker.role.called} here: that needs the {topic.role} role"
            if asker.opened_read_only:
                why += "; this console is read-only"
            elif self._commanding.read_only:
                why += "; the station is read-only"
            raise Refused(why)
        try:
            return await topic.method(asker, _arguments(ask, topic.shape), ask)
        except LogError as error:
            raise AdapterError(str(error)) from error

    def follow(self, ask: Ask) -> AsyncGenerator[str, None]:
        """Return the pieces of the answer to *ask* as they come to be."""
        if ask.topic != "query":
            raise Refused(f"{clean(ask.topic)} cannot be followed; ask it once")
        query = _arguments(ask, Query)
        return self._supervisor.follow(query.source, query.topic, _texts(ask.arguments))

    def _find(self, ask: Ask) -> Topic:
        found = self._topics.get(ask.topic)
        if found is None:
            raise Refused(
                f"no topic {clean(ask.topic)!r} here; there are: {', '.join(self._topics)}"
            )
        return found

    async def _query(self, asker: Asker, query: Query, ask: Ask) -> Any:
        return await self._supervisor.query(query.source, query.topic, _texts(ask.arguments))

    async def _why(self, asker: Asker, given: OfApp, ask: Ask) -> Any:
        return await self._station.why(given.app)

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
            role=asker.role,
            read_only=asker.read_only,
        )

    async def _decline(self, asker: Asker, given: Decline, ask: Ask) -> Any:
        return await self._commanding.decline(
            given.id, given.reason, asker.who, uid=asker.uid, role=asker.role
        )

    async def _cancel(self, asker: Asker, given: OneAction, ask: Ask) -> Any:
        return await self._commanding.cancel(
            given.id, asker.who, uid=asker.uid, role=asker.role, read_only=asker.read_only
        )

    async def _break(self, asker: Asker, given: Break, ask: Ask) -> Any:
        self._writable()
        return await self._commanding.glasses.smash(
            asker.who, asker.uid, given.reason, given.minutes
        )

    async def _mend(self, asker: Asker, nothing: Nothing, ask: Ask) -> Any:
        self._writable()
        return await self._commanding.glasses.mend(asker.who, asker.uid)

    async def _glasses(self, asker: Asker, nothing: Nothing, ask: Ask) -> Any:
        return self._commanding.glasses.all()

    async def _note(self, asker: Asker, given: Note, ask: Ask) -> Any:
        index = await self._commanding.note(given.text, given.about, asker.who, asker.uid)
        return {"entry": index}

    def _writable(self) -> None:
        if self._commanding.trouble:
            raise Refused(self._commanding.trouble)

    async def _show(self, asker: Asker, given: OneAction, ask: Ask) -> Any:
        return await self._commanding.show(given.id)

    async def _page(self, asker: Asker, given: ledger_reading.Page, ask: Ask) -> Any:
        return await ledger_reading.page(self._station.log, given, await self._station.head())

    async def _checkpoint(self, asker: Asker, given: ledger_reading.OfSize, ask: Ask) -> Any:
        return await ledger_reading.checkpoint(self._station.log, given.size)

    async def _proof(self, asker: Asker, given: ledger_reading.OfIndex, ask: Ask) -> Any:
        head = await self._station.head()
        return await ledger_reading.proof(self._station.log, given.index, head)

    async def _rotate(self, asker: Asker, nothing: Nothing, ask: Ask) -> Any:
        size = await self._station.log.rotate(asker.who, asker.uid)
        _log.warning("the log's keys were rotated by %s", asker.who)
        return await ledger_reading.checkpoint(self._station.log, size)

    async def _unlock(self, asker: Asker, given: Unlock, ask: Ask) -> Any:
        if asker.read_only or self._commanding.read_only:
            raise Refused("read-only: no key is unlocked")
        said = await self._supervisor.unlock(given.source, given.key, given.passphrase)
        _log.info("the key %s of %s was unlocked by %s", clean(given.key), given.source, asker.who)
        return said

    async def _acknowledge(self, asker: Asker, given: Acknowledge, ask: Ask) -> Any:
        return await self._station.alarms.acknowledge(given.names, self._voice(asker))

    async def _shelve(self, asker: Asker, given: Shelve, ask: Ask) -> Any:
        alarms, voice = self._station.alarms, self._voice(asker)
        return await alarms.shelve(given.name, given.minutes, given.reason, voice)

    async def _unshelve(self, asker: Asker, given: Unshelve, ask: Ask) -> Any:
        return await self._station.alarms.unshelve(given.name, self._voice(asker))

    def _voice(self, asker: Asker) -> Voice:
        """Return who says something about an alarm; raises `Refused` while nothing is acted on."""
        if self._commanding.read_only:
            raise Refused("read-only: no alarm is acknowledged or shelved")
        return Voice(asker.who, asker.uid, asker.role)

    async def _status(self, asker: Asker, nothing: Nothing, ask: Ask) -> Any:
        return self._station.about()

    async def _support(self, asker: Asker, nothing: Nothing, ask: Ask) -> Any:
        return await self._station.support()

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
