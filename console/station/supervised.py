"""One adapter instance under supervision: run, watched, started again."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing
from typing import Any

from adapters.clock import Clock
from adapters.contract import Adapter, AdapterError, Batch
from adapters.records import AdapterState, AdapterStatus, ScopeState
from adapters.text import clean
from console.station.backoff import CAP, Backoff
from console.station.hub import STATION, Hub
from console.station.isolated import Isolated
from console.station.scopes import ScopeEntry
from console.station.waiting import Late, within

SLOW_START = 10.0
"""Seconds without a first batch after which that is said."""
NO_START = 60.0
"""Seconds without a first batch after which the adapter is started again."""
TURN = 0.002
"""Seconds that one adapter's batches may take before the others have their turn."""
RATE_OVER = 6
"""Looks, a second apart, that the rate is a mean over."""
BLOCKED = 10.0
"""Seconds that an adapter's thread may not answer before that is said."""
SLICE = 1_000
"""Records taken at a time; between two slices the other adapters have their turn."""

_log = logging.getLogger("colony.station")
_GOOD = (ScopeState.LIVE, ScopeState.ABSENT)


class Supervised:
    """Runs `adapter.records()` into the hub, for ever; `status()` says how it goes."""

    def __init__(
        self, adapter: Adapter, kind: str, hub: Hub, clock: Clock, seed: int | None = None
    ) -> None:
        self.adapter = adapter
        self.name = adapter.name
        self.kind = kind
        self._hub = hub
        self._clock = clock
        self._backoff = Backoff(None if seed is None else f"{seed}/{adapter.name}")
        self._actions = tuple(action.name for action in adapter.actions())
        self._state = AdapterState.STARTING
        self._since = clock.now()
        self._began = clock.monotonic()
        self._first = False
        self._waiting = False
        self._last_record_at: float | None = None
        self._retry_at: float | None = None
        self._restarts = 0
        self._records = 0
        self._rate = 0.0
        self._counted: deque[tuple[float, int]] = deque([(clock.monotonic(), 0)], RATE_OVER)
        self._error = ""
        self._problem = ""
        self._wait = 0.0
        self._turn = 0.0
        self._blocked = 0.0
        self.trouble = ""
        """What is wrong with what the adapter stands on; shown before its own line."""

    async def run(self) -> None:
        """Run until cancelled."""
        try:
            while True:
                self._starting()
                reason = await self._once()
                self._down(reason)
                await self._clock.sleep(self._wait)
                self._restarts += 1
        finally:
            self._become(AdapterState.STOPPED)
            self._hub.stale(self.name, "the adapter is stopped")

    def status(self) -> AdapterStatus:
        """Return how it stands now."""
        return AdapterStatus(
            source=STATION,
            name=self.name,
            adapter=self.kind,
            state=self._state,
            since=self._since,
            last_record_at=self._last_record_at,
            retry_at=self._retry_at,
            restarts=self._restarts,
            rate=round(self._rate, 1),
            records=self._hub.counts().get(self.name, 0),
            detail=self._detail(),
            actions=self._actions,
            brings=tuple(self.adapter.brings),
        )

    def look(self) -> None:
        """Bring state and rate up to date; called about once a second."""
        now = self._clock.monotonic()
        self._counted.append((now, self._records))
        then, before = self._counted[0]
        if now > then:
            self._rate = (self._records - before) / (now - then)
        if isinstance(self.adapter, Isolated):
            before_that, self._blocked = self._blocked, self.adapter.blocked()
            if self._blocked >= BLOCKED > before_that:
                _log.warning("adapter %s blocks its thread", self.name)
                self._hub.stale(self.name, "the adapter is blocked")
        self._judge()

    async def _once(self) -> str:
        """Run the adapter until it stops, and return why, as a line for a person."""
        try:
            stream: Any = self.adapter.records()
            async with aclosing(stream):
                await self._drain(stream)
        except AdapterError as error:
            return clean(str(error))
        except TimeoutError as error:
            return clean(str(error)) or "timed out"
        except Exception as error:
            _log.exception("adapter %s failed", self.name)
            return clean(f"{type(error).__name__}: {error}" if str(error) else repr(error))
        return "ended by itself, which an adapter should not"

    async def _drain(self, stream: AsyncIterator[Batch]) -> None:
        try:
            first = await within(self._clock, NO_START, self._opening(stream), grace=1.0)
        except Late as error:
            raise TimeoutError(f"nothing heard for {NO_START:.0f} s since its start") from error
        if first is None:
            return
        await self._take(first)
        async for batch in stream:
            await self._take(batch)

    async def _opening(self, stream: AsyncIterator[Batch]) -> Batch | None:
        """Return the first batch that brings something, None where the stream has ended.

        What only announces a scope is taken in on the way: it is no sign of a real system.
        """
        async for batch in stream:
            if batch.state is not ScopeState.NEVER or batch.detail:
                return batch
            self._into_hub(batch)
        return None

    async def _take(self, batch: Batch) -> None:
        self._first = True
        count = len(batch.upserts)
        if count <= SLICE:
            self._into_hub(batch)
        else:
            for part in _slices(batch):
                self._into_hub(part)
                await self._yield()
        if not batch.unheard:
            self._records += count
            if count or batch.gone:
                self._last_record_at = self._clock.now()
        if self._state is not AdapterState.LIVE or batch.state is not ScopeState.LIVE:
            self._judge()
        await self._yield()

    async def _yield(self) -> None:
        """Let the others run: an adapter that always has a batch ready never would by itself."""
        now = time.perf_counter()
        if now - self._turn > TURN:
            await asyncio.sleep(0)
            self._turn = time.perf_counter()

    def _into_hub(self, batch: Batch) -> None:
        problems = self._hub.take(self.name, batch)
        if problems:
            line = problems[0] + (f" (and {len(problems) - 1} more)" if problems[1:] else "")
            if line != self._problem:
                _log.warning("adapter %s: left out: %s", self.name, line)
            self._problem = line

    def _starting(self) -> None:
        """Begin a run. What is down stays so until it brings something: that it is tried again
        changes nothing for a person, and would make each outage look as short as the last try.
        """
        self._first = self._waiting = False
        self._began = self._clock.monotonic()
        self._retry_at = None
        self._problem = ""
        self.changed()

    def _down(self, reason: str) -> None:
        self._waiting = True
        if self._clock.monotonic() - self._began >= CAP and self._first:
            self._backoff.reset()
        self._wait = self._backoff.next()
        self._error = reason
        self._retry_at = self._clock.now() + self._wait
        self._hub.stale(self.name, reason)
        _log.warning("adapter %s is down: %s", self.name, reason)
        self._become(AdapterState.DOWN)
        self.changed()

    def _judge(self) -> None:
        """Set the state of a running adapter by its scopes."""
        if self._waiting or self._state is AdapterState.STOPPED or not self._first:
            return
        scopes = self._hub.scopes(self.name)
        coming = self._state in (AdapterState.STARTING, AdapterState.DOWN)
        if coming and any(self._awaits(scope) for scope in scopes):
            return
        good = [scope for scope in scopes if scope.state in _GOOD]
        if len(good) == len(scopes):
            self._error = ""
            self._become(AdapterState.LIVE)
            return
        denied = any(scope.state is ScopeState.DENIED for scope in scopes)
        if good or denied or not coming:
            self._become(AdapterState.DEGRADED)

    def _awaits(self, scope: ScopeEntry) -> bool:
        """Whether a run that has begun may still bring *scope*, so that coming up is told once."""
        if self._state is not AdapterState.DOWN:
            return _awaited(scope)
        as_we_said = scope.state is ScopeState.STALE and scope.detail == self._error
        early = self._clock.monotonic() - self._began < SLOW_START
        return early and (as_we_said or _awaited(scope))

    def _become(self, state: AdapterState) -> None:
        if state is not self._state:
            self._state = state
            self._since = self._clock.now()
            self.changed()

    def changed(self) -> None:
        """Called when the state has changed; the supervisor sets it."""

    def _detail(self) -> str:
        said = [self.trouble] if self.trouble else []
        if self._state is AdapterState.DOWN:
            said.append(self._error)
        elif self._state is AdapterState.STARTING:
            waited = self._clock.monotonic() - self._began
            if waited > SLOW_START and not self._first:
                said.append(f"nothing heard since its start {waited // 10 * 10:.0f} s ago")
            elif waited > SLOW_START:
                names = [scope.name for scope in self._hub.scopes(self.name) if _awaited(scope)]
                said.append(f"still waits for {', '.join(names)}")
        elif self._state is AdapterState.DEGRADED:
            said += _bad_scopes(self._hub.scopes(self.name))
        if self._blocked >= BLOCKED:
            said.append(f"does not answer: blocked for {self._blocked // 10 * 10:.0f} s")
        if self._problem:
            said.append(f"left out: {self._problem}")
        return clean("; ".join(said))


def _bad_scopes(scopes: Iterable[ScopeEntry]) -> list[str]:
    """Return what is wrong with *scopes*, each thing once: "heads, tokens: no answer in time".

    What all of them say is said without their names: it is the whole adapter's.
    """
    held = list(scopes)
    names: dict[str, list[str]] = {}
    for scope in held:
        if scope.state not in _GOOD:
            names.setdefault(scope.detail or scope.state.value, []).append(scope.name)
    whole = len(held) > 1 and any(len(some) == len(held) for some in names.values())
    return [why if whole else f"{', '.join(some)}: {why}" for why, some in names.items()]


def _awaited(scope: ScopeEntry) -> bool:
    """Whether a scope was announced, and has neither come nor failed to."""
    return scope.state is ScopeState.NEVER and not scope.detail


def _slices(batch: Batch) -> list[Batch]:
    """Cut a long batch: the first part opens its snapshot, the last one closes it."""
    starts = range(0, len(batch.upserts), SLICE)
    return [
        Batch(
            scope=batch.scope,
            upserts=batch.upserts[start : start + SLICE],
            gone=batch.gone if start == starts[-1] else (),
            begin=batch.begin and start == 0,
            end=batch.end and start == starts[-1],
            state=batch.state,
            interval=batch.interval,
            detail=batch.detail,
            unheard=batch.unheard,
        )
        for start in starts
    ]
