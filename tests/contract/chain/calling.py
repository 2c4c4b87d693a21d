"""Drives `contract.call` as the station does, against a chain of the test's own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from adapters.chain.adapter import ChainAdapter
from adapters.chain.calls.call import ContractCall
from adapters.clock import SystemClock
from adapters.contract import (
    Context,
    Draft,
    Envelope,
    Fate,
    Form,
    Preview,
    Progress,
    Reached,
    Receipt,
    Reconciled,
)
from tests.contract.chain import watching
from tests.contract.chain.backend import Backend

LOOKS = 400
"""Answers "pending" after which a test gives up."""


class SkippingClock(SystemClock):
    """The machine's time, which goes on by what was slept: nobody waits patience out."""

    def __init__(self) -> None:
        self._slept = 0.0

    def now(self) -> float:
        """Seconds since the Unix epoch, with those that were slept."""
        return super().now() + self._slept

    def monotonic(self) -> float:
        """Seconds that never run backwards, with those that were slept."""
        return super().monotonic() + self._slept

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds*, but not long."""
        await asyncio.sleep(min(seconds, 0.02))
        self._slept += seconds


class Calling:
    """One adapter with its action, and the steps that the station takes with it."""

    def __init__(self, adapter: ChainAdapter, backend: Backend) -> None:
        self.adapter = adapter
        self.backend = backend
        (self.action,) = adapter.actions()
        assert isinstance(self.action, ContractCall)

    def draft(self, function: str, *args: Any, intent: str = "intent-1", **more: str) -> Draft:
        """Return a draft of a call of Identity, or of `contract`; `sender` is its `from`."""
        arguments = {"contract": "Identity", "function": function, "args": json.dumps(args)}
        if "sender" in more:
            more["from"] = more.pop("sender")
        return Draft(intent, "contract.call", {**arguments, **more})

    async def form(self, function: str = "", *args: Any, **more: str) -> Form:
        """Return the form with that filled in."""
        return await self.action.form(self.draft(function, *args, **more))

    async def simulated(self, draft: Draft) -> Preview:
        """Simulate; the preview is what the log would give back."""
        preview = await self.action.simulate(draft)
        return msgspec.json.decode(msgspec.json.encode(preview), type=Preview)

    async def prepared(self, draft: Draft) -> tuple[Preview, Envelope]:
        """Simulate and prepare; the envelope is what the log would give back."""
        preview = await self.simulated(draft)
        envelope = await self.action.prepare(draft, preview)
        return preview, msgspec.json.decode(msgspec.json.encode(envelope), type=Envelope)

    async def sent(self, draft: Draft) -> tuple[Preview, Envelope, Receipt]:
        """Take *draft* as far as the node has it."""
        preview, envelope = await self.prepared(draft)
        return preview, envelope, await self.action.send(envelope)

    async def settled(self, envelope: Envelope) -> Reconciled:
        """Ask what became of it until it is no more pending; blocks go on meanwhile."""
        for _ in range(LOOKS):
            found = await self.action.reconcile(envelope)
            if found.fate is not Fate.PENDING:
                return found
            await self.backend.mine()
        raise AssertionError("it stays pending")

    async def verified(self, envelope: Envelope, receipt: Receipt) -> list[Progress]:
        """Return every look at the effect; blocks go on meanwhile, as they do on any chain."""
        looks = []
        async for look in self.action.verify(envelope, receipt):
            looks.append(look)
            assert len(looks) < LOOKS
            if look.reached is Reached.WAITING:
                await self.backend.mine()
        return looks

    async def through(self, draft: Draft) -> tuple[Preview, list[Progress]]:
        """Take *draft* to its end."""
        preview, envelope, receipt = await self.sent(draft)
        assert not receipt.included
        found = await self.settled(envelope)
        assert found.fate is Fate.SENT, found
        assert found.receipt is not None
        return preview, await self.verified(envelope, found.receipt)


@asynccontextmanager
async def calling(
    backend: Backend,
    *,
    secrets: Path | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    **more: Any,
) -> AsyncIterator[Calling]:
    """Lend a caller of *backend*'s contracts, with *more* settings; each is its own station."""
    settings = watching.settings(backend, **more)
    context = Context(colony="tycho", clock=SkippingClock(), secrets=secrets, seed=1)
    adapter = ChainAdapter("chain", settings, context, transport)
    try:
        yield Calling(adapter, backend)
    finally:
        await adapter.close()


def changes(preview: Preview) -> Mapping[str, tuple[str | None, str | None]]:
    """Return what a preview changes, by path."""
    return {each.path: (each.before, each.after) for each in preview.changes}
