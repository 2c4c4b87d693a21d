"""Builds the adapter as the station would, on a chain of the test's own, and watches it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from adapters.chain.adapter import ChainAdapter
from adapters.chain.settings import ContractAt, Settings
from adapters.clock import SystemClock
from adapters.contract import Context
from adapters.records import LedgerEntry, Token
from tests.contract.chain.backend import Backend, Can
from tests.contract.kubernetes.mirror import Mirror, Observation

NAMES = ("founder", "ops", "agri", "power", "comms")


class HurriedClock(SystemClock):
    """The machine's time, which goes on by what was slept: nobody waits patience out."""

    def __init__(self) -> None:
        self._slept = 0.0

    def monotonic(self) -> float:
        """Seconds that never run backwards, with those that were slept."""
        return super().monotonic() + self._slept

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds*, but not long."""
        self._slept += seconds
        await asyncio.sleep(min(seconds, 0.05))


def settings(backend: Backend, **more: Any) -> Settings:
    """Return settings that name the backend's node, its contracts and its accounts."""
    contracts = {
        name: ContractAt(address)
        for name, address in (
            ("Identity", backend.identity),
            ("Deployments", backend.deployments),
            ("Anchor", backend.anchor),
        )
        if address
    }
    values: dict[str, Any] = {
        "url": backend.url,
        "ws": backend.ws if Can.SUBSCRIPTIONS in backend.can else "",
        "chain_id": backend.chain_id,
        "contracts": contracts,
        "names": dict(zip(NAMES, backend.accounts, strict=False)),
        "node_accounts": True,
    }
    return Settings(**{**values, **more})


def adapter(settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> ChainAdapter:
    """Return an adapter called `chain`."""
    context = Context(colony="tycho", clock=HurriedClock(), seed=1)
    return ChainAdapter("chain", settings, context, transport)


@asynccontextmanager
async def observing(
    backend: Backend,
    transport: httpx.AsyncBaseTransport | None = None,
    **more: Any,
) -> AsyncIterator[Observation]:
    """Run an adapter against *backend*, with *more* settings."""
    made = adapter(settings(backend, **more), transport)
    observation = Observation(made, backend)  # type: ignore[arg-type]
    try:
        yield observation
    finally:
        await observation.end()


def token(mirror: Mirror, number: int) -> Token | None:
    """Return a token of Identity."""
    return mirror.one(Token, "Identity", str(number))


def owned(number: int, by: str) -> Callable[[Mirror], Token | None]:
    """Return a look for a token that somebody owns, and that its contract agreed on."""

    def look(mirror: Mirror) -> Token | None:
        found = token(mirror, number)
        right = found is not None and found.owner_name == by and found.reconciled is not None
        return found if right else None

    return look


def entries(mirror: Mirror) -> list[LedgerEntry]:
    """Return what the ledger holds, as a console keeps it: the latest of each name."""
    latest = {each.name: each for each in mirror.events if isinstance(each, LedgerEntry)}
    return sorted(latest.values(), key=lambda each: (each.block, each.index))


def told(summary: str) -> Callable[[Mirror], LedgerEntry | None]:
    """Return a look for an entry that reads *summary* and stands."""

    def look(mirror: Mirror) -> LedgerEntry | None:
        found = [e for e in entries(mirror) if e.summary == summary and not e.removed]
        return found[-1] if found else None

    return look
