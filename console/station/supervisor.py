"""Runs a colony's adapters side by side, publishes how each stands, and asks them questions."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Collection, Coroutine, Mapping, Sequence
from contextlib import aclosing
from itertools import islice
from typing import Any, TypeVar

from adapters.clock import Clock
from adapters.contract import (
    Adapter,
    AdapterError,
    Answer,
    Finding,
    Found,
    Link,
    Refused,
    Standing,
    World,
)
from adapters.links import DEEPEST
from adapters.records import AdapterStatus, App
from adapters.text import clean, clean_struct, clean_text
from console.station.hub import Hub
from console.station.isolated import MOST_LINKS
from console.station.supervised import Supervised
from console.station.waiting import Late, within

LOOK = 1.0
"""Seconds between two looks at every adapter."""
QUERY = 20.0
"""Seconds that an adapter has for one answer."""
LINKS = 4.0
"""Seconds that an adapter has to say what an app stands on: a person waits for all of them."""
CLOSE = 3.0
"""Seconds that an adapter has to let go of its connections."""

_log = logging.getLogger("colony.station")
AnswerT = TypeVar("AnswerT")


class Supervisor:
    """The adapters of one colony. `start` runs them; `close` ends them and lets them go."""

    def __init__(
        self, adapters: Mapping[str, tuple[str, Adapter]], hub: Hub, clock: Clock,
        seed: int | None = None,
    ) -> None:  # fmt: skip
        self._hub = hub
        self._clock = clock
        self._held = {
            name: Supervised(adapter, kind, hub, clock, seed)
            for name, (kind, adapter) in adapters.items()
        }
        self._tasks: list[asyncio.Task[None]] = []
        self._told: dict[str, AdapterStatus] = {}
        for held in self._held.values():
            held.changed = self._changed  # type: ignore[method-assign]

    @property
    def adapters(self) -> dict[str, Adapter]:
        """The adapters by instance name."""
        return {name: held.adapter for name, held in self._held.items()}

    def start(self) -> None:
        """Run every adapter."""
        self._publish()
        for name, held in self._held.items():
            self._tasks.append(asyncio.create_task(held.run(), name=f"adapter {name}"))
        self._tasks.append(asyncio.create_task(self._watch(), name="supervisor"))

    async def close(self) -> None:
        """End every adapter; one that does not let go is left behind, and that is logged."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSE)
        await asyncio.gather(*(self._close(held.adapter) for held in self._held.values()))
        self._publish()

    def trouble(self, line: str, names: Collection[str]) -> None:
        """Show *line* with the adapters called *names*: what they stand on is gone."""
        for name, held in self._held.items():
            if name in names:
                held.trouble = line
        self._publish()

    def statuses(self) -> list[AdapterStatus]:
        """Return how each adapter stands."""
        return [held.status() for held in self._held.values()]

    def of(self, source: str) -> Adapter:
        """Return the adapter instance called *source*; raises `Refused`."""
        held = self._held.get(source)
        if held is None:
            there = ", ".join(self._held) or "none"
            raise Refused(f"no adapter is called {clean(source)!r}; there are: {there}")
        return held.adapter

    async def query(self, source: str, topic: str, arguments: Mapping[str, str]) -> Answer:
        """Ask one adapter; raises `Refused`, `AdapterError`, `TimeoutError` with a line."""
        answer = await self._within(source, self.of(source).query(topic, arguments))
        return Answer(
            text=clean_text(answer.text),
            title=clean(answer.title),
            syntax=clean(answer.syntax),
            more=answer.more,
        )

    async def unlock(self, source: str, key: str, passphrase: str) -> str:
        """Have one adapter open its signing key called *key*; return a line on it.

        No error that comes of it holds the passphrase, or is the one that the adapter raised: a
        traceback would show what that one was about.
        """
        try:
            said = await self._within(source, self.of(source).unlock(key, passphrase))
        except (AdapterError, TimeoutError) as error:
            told, kind = str(error), type(error) if isinstance(error, Refused) else AdapterError
        except Exception as error:
            told, kind = f"{source}: unlocking failed: {type(error).__name__}", AdapterError
        else:
            return clean(_without(said, passphrase, "it is open"))
        raise kind(clean(_without(told, passphrase, "it was not unlocked: try again")))

    async def follow(
        self, source: str, topic: str, arguments: Mapping[str, str]
    ) -> AsyncGenerator[str, None]:
        """Yield the pieces of an answer as they come to be."""
        stream: Any = self.of(source).follow(topic, arguments)
        async with aclosing(stream):
            async for piece in stream:
                yield clean_text(piece)

    async def diagnose(self) -> list[tuple[str, Finding]]:
        """Let every adapter check itself, side by side."""
        found = await asyncio.gather(*map(self._diagnose, self._held))
        return [pair for pairs in found for pair in pairs]

    async def _diagnose(self, source: str) -> Sequence[tuple[str, Finding]]:
        try:
            findings = await self._within(source, self._held[source].adapter.diagnose())
        except Exception as error:
            line = clean(str(error) or type(error).__name__)
            return [(source, Finding("diagnosis", Found.BAD, line, "see the station's log"))]
        return [(source, clean_struct(finding)) for finding in findings]

    async def links(self, app: App, world: World) -> list[tuple[str, Sequence[Link]]]:
        """Ask every adapter what *app* stands on, side by side.

        One that fails or is late is a link of which nothing is known: no one's silence hides what
        the others say.
        """
        found = await asyncio.gather(*(self._links(name, app, world) for name in self._held))
        return list(zip(self._held, found, strict=True))

    async def _links(self, source: str, app: App, world: World) -> Sequence[Link]:
        try:
            asked = self._held[source].adapter.links(app, world)
            return tuple(islice(await self._within(source, asked, LINKS), MOST_LINKS))
        except Exception as error:
            if not isinstance(error, (AdapterError, TimeoutError)):
                _log.exception("adapter %s failed to say what %s stands on", source, app.name)
            line = clean(str(error) or type(error).__name__)
            return [Link(source, DEEPEST, f"adapter {source}", Standing.UNKNOWN, line)]

    async def _within(
        self, source: str, asked: Coroutine[Any, Any, AnswerT], seconds: float = QUERY
    ) -> AnswerT:
        try:
            return await within(self._clock, seconds, asked, grace=0.0)
        except Late as error:
            raise TimeoutError(f"{source} gave no answer within {seconds:.0f} s") from error

    async def _watch(self) -> None:
        while True:
            await self._clock.sleep(LOOK)
            self._hub.overdue()
            for held in self._held.values():
                held.look()
            self._publish()

    def _changed(self) -> None:
        self._publish()

    def _publish(self) -> None:
        """Publish the statuses that are not as they were told last."""
        fresh = []
        for name, held in self._held.items():
            status = held.status()
            if self._told.get(name) != status:
                self._told[name] = status
                fresh.append(status)
        if fresh:
            self._hub.publish("adapters", fresh)

    async def _close(self, adapter: Adapter) -> None:
        try:
            await asyncio.wait_for(adapter.close(), CLOSE)
        except Exception as error:
            _log.warning("adapter %s did not close: %s", adapter.name, error or "in time")


def _without(text: str, secret: str, instead: str) -> str:
    """Return *text*, or *instead* where it holds *secret*."""
    return instead if secret and secret in text else text
