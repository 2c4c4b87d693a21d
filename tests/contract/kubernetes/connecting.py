"""Builds the adapter as the station would, over a connection that a test can break."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from typing import Any

import httpx

from adapters.clock import SystemClock
from adapters.contract import Context
from adapters.kubernetes.adapter import KubernetesAdapter
from adapters.kubernetes.settings import Settings
from tests.contract.kubernetes.backend import Backend


class HurriedClock(SystemClock):
    """The backend's time; it never waits longer than it must for others to have their turn.

    The adapter asks again for what was denied or absent after up to half a minute, and waits
    before it connects again: that it does is the contract's business, how long is its own tests'.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def now(self) -> float:
        """Seconds since the Unix epoch, as the backend has it."""
        return self._backend.now()

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds*, but not long."""
        await asyncio.sleep(min(seconds, 0.05))


class TurningClock(HurriedClock):
    """The backend's time, which goes on while one waits: on the box, that moves the cluster.

    What was slept counts in full, so that patience ends without anybody waiting it out.
    """

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self._slept = 0.0

    def monotonic(self) -> float:
        """Seconds that never run backwards, with those that were slept."""
        return super().monotonic() + self._slept

    async def sleep(self, seconds: float) -> None:
        """Let the backend get on."""
        self._slept += seconds
        await self._backend.hasten()


class Wire(httpx.AsyncBaseTransport):
    """The network between an adapter and its backend; `cut` breaks it until `mend`."""

    def __init__(self, backend: Backend) -> None:
        verify: ssl.SSLContext | bool = False
        if backend.authority is not None:
            verify = ssl.create_default_context(cafile=str(backend.authority))
        self._inner = httpx.AsyncHTTPTransport(
            verify=verify, limits=httpx.Limits(max_connections=None)
        )
        self._broken = asyncio.Event()
        self.requests: list[httpx.Request] = []

    def cut(self) -> None:
        """Break what is open and refuse what is new."""
        self._broken.set()

    def mend(self) -> None:
        """Let requests through again."""
        self._broken = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, unless the wire is cut."""
        if self._broken.is_set():
            raise httpx.ConnectError("the wire is cut", request=request)
        self.requests.append(request)
        response = await self._inner.handle_async_request(request)
        response.stream = _Stream(response.stream, self._broken)
        return response

    async def aclose(self) -> None:
        """Let go of every connection."""
        await self._inner.aclose()


class _Stream(httpx.AsyncByteStream):
    """An answer's body that breaks off when the wire is cut."""

    def __init__(self, inner: Any, broken: asyncio.Event) -> None:
        self._inner = inner
        self._broken = broken

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks = aiter(self._inner)
        breaking = asyncio.create_task(self._broken.wait())
        try:
            while True:
                reading = asyncio.ensure_future(anext(chunks, None))
                try:
                    await asyncio.wait({reading, breaking}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    if not reading.done():
                        reading.cancel()
                        await asyncio.gather(reading, return_exceptions=True)
                if self._broken.is_set():
                    raise httpx.ReadError("the wire is cut")
                chunk = reading.result()
                if chunk is None:
                    return
                yield chunk
        finally:
            breaking.cancel()

    async def aclose(self) -> None:
        await self._inner.aclose()


def direct(backend: Backend, user: str = "operator", **more: Any) -> Settings:
    """Return settings that name the server and the token of *user*."""
    authority = "" if backend.authority is None else str(backend.authority)
    token = getattr(backend, user)
    return Settings(server=backend.url, token=token, ca_file=authority, **more)


def adapter(
    backend: Backend,
    settings: Settings,
    wire: Wire | None = None,
    clock: type[HurriedClock] = HurriedClock,
) -> KubernetesAdapter:
    """Return an adapter called `tests` with *settings*."""
    context = Context(colony="tycho", clock=clock(backend), seed=1)
    return KubernetesAdapter("tests", settings, context, wire)
