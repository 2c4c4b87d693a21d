"""An adapter in a thread of its own: one that blocks its event loop blocks no neighbour.

It looks like any other adapter from here, so supervision and commanding need not know. A batch
costs two hundredths of a millisecond more this way.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from itertools import islice

from adapters.contract import (
    Action,
    Adapter,
    Answer,
    Batch,
    Draft,
    Envelope,
    Finding,
    Form,
    Link,
    Preview,
    Progress,
    Receipt,
    Reconciled,
    World,
)
from adapters.records import App
from console.station.threads import Elsewhere

MOST_LINKS = 1_000
"""Links of one adapter that are taken from it: what it returns may have no end."""
START = 30.0
"""Seconds that an adapter's constructor has."""


class Isolated(Adapter):
    """Runs the adapter that *make* makes elsewhere. What *make* raises is raised here."""

    def __init__(self, name: str, make: Callable[[], Adapter]) -> None:
        self._elsewhere = Elsewhere(f"adapter {name}")
        try:
            self._inner = self._elsewhere.now(make, START)
            actions = self._elsewhere.now(self._inner.actions, START)
        except BaseException:
            self._elsewhere.stop()
            raise
        super().__init__(name, self._inner.settings, self._inner.context)
        self.brings = self._inner.brings  # type: ignore[misc]  # an instance has its adapter's
        self._actions = tuple(_elsewhere(action, self._elsewhere) for action in actions)
        self._asked = self._answered = time.monotonic()

    def blocked(self) -> float:
        """Return for how many seconds its loop has not answered, and ask it again."""
        now = time.monotonic()
        if self._answered >= self._asked:
            self._asked = now
            self._elsewhere.soon(self._answer)
            return 0.0
        return now - self._asked

    def _answer(self) -> None:
        self._answered = time.monotonic()

    def records(self) -> AsyncIterator[Batch]:
        """Yield what the adapter yields."""
        return self._elsewhere.stream(self._inner.records)

    async def query(self, topic: str, arguments: Mapping[str, str]) -> Answer:
        """Ask the adapter."""
        return await self._elsewhere.call(lambda: self._inner.query(topic, arguments))

    def follow(self, topic: str, arguments: Mapping[str, str]) -> AsyncIterator[str]:
        """Yield what the adapter yields."""
        return self._elsewhere.stream(lambda: self._inner.follow(topic, arguments))

    def actions(self) -> Sequence[Action]:
        """Return the adapter's actions, to be taken in its thread."""
        return self._actions

    async def links(self, app: App, world: World) -> Sequence[Link]:
        """Ask the adapter what an app stands on."""

        async def asked() -> Sequence[Link]:
            # Here: what makes them as they are read would hold up the station.
            return tuple(islice(await self._inner.links(app, world), MOST_LINKS))

        return await self._elsewhere.call(asked)

    async def unlock(self, key: str, passphrase: str) -> str:
        """Let the adapter open a signing key."""
        return await self._elsewhere.call(lambda: self._inner.unlock(key, passphrase))

    async def diagnose(self) -> Sequence[Finding]:
        """Let the adapter check itself."""
        return await self._elsewhere.call(self._inner.diagnose)

    async def close(self) -> None:
        """Close the adapter and end its thread."""
        try:
            await self._elsewhere.call(self._inner.close)
        finally:
            await self._elsewhere.close()


class _Action(Action):
    """An action that is taken in its adapter's thread."""

    def __init__(self, inner: Action, elsewhere: Elsewhere) -> None:
        self._inner = inner
        self._elsewhere = elsewhere

    async def form(self, draft: Draft) -> Form:
        return await self._elsewhere.call(lambda: self._inner.form(draft))

    async def simulate(self, draft: Draft) -> Preview:
        return await self._elsewhere.call(lambda: self._inner.simulate(draft))

    async def prepare(self, draft: Draft, approved: Preview) -> Envelope:
        return await self._elsewhere.call(lambda: self._inner.prepare(draft, approved))

    async def send(self, envelope: Envelope) -> Receipt:
        return await self._elsewhere.call(lambda: self._inner.send(envelope))

    async def reconcile(self, envelope: Envelope) -> Reconciled:
        return await self._elsewhere.call(lambda: self._inner.reconcile(envelope))

    def verify(self, envelope: Envelope, receipt: Receipt) -> AsyncIterator[Progress]:
        return self._elsewhere.stream(lambda: self._inner.verify(envelope, receipt))

    def recording(self, facts: Mapping[str, str]) -> Mapping[str, str] | None:
        # It only looks at settings, which nobody changes: no other thread is needed for that.
        return self._inner.recording(facts)


def _elsewhere(action: Action, elsewhere: Elsewhere) -> Action:
    """Return *action* to be taken *elsewhere*, with its own name and description."""
    described = {
        name: getattr(action, name)
        for name in ("name", "title", "significance", "arguments", "applies_to", "exclusive")
    }
    kind: type[_Action] = type(type(action).__name__, (_Action,), described)
    return kind(action, elsewhere)
