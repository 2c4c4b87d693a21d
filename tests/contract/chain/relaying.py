"""Stands between an adapter and its node: a socket that can be cut, answers that can be bent."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx

Json = dict[str, Any]
Bend = Callable[[Json, Json], Json]
"""Gets a request and the node's answer; returns the answer that the adapter is to see."""


class Relay:
    """A TCP relay to one node; `url` is its WebSocket, `cut` ends what is open."""

    def __init__(self, port: int) -> None:
        self.port = 0
        self.opened = 0
        self.refusing = False
        self._target = port
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """Where an adapter is to connect."""
        return f"ws://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Break every connection as a network does: without a word."""
        for writer in self._writers:
            writer.transport.abort()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Relay one connection until one side ends."""
        if self.refusing:
            writer.transport.abort()
            return
        self.opened += 1
        there, back = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers |= {writer, back}
        try:
            await asyncio.gather(_pump(reader, back), _pump(there, writer))
        finally:
            self._writers -= {writer, back}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def relaying(url: str) -> AsyncIterator[Relay]:
    """Serve a relay to the node at *url*."""
    relay = Relay(urlsplit(url).port or 0)
    server = await asyncio.start_server(relay.take, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        relay.cut()
        server.close()
        await server.wait_closed()


class Bent(httpx.AsyncBaseTransport):
    """The real network, with every JSON-RPC answer passed through `bend` while that is set."""

    def __init__(self) -> None:
        self.bend: Bend | None = None
        self.asked: list[str] = []
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, and its answer back."""
        questions = json.loads(request.content)
        several = isinstance(questions, list)
        asked = questions if several else [questions]
        self.asked += [each["method"] for each in asked]
        response = await self._inner.handle_async_request(request)
        body = await response.aread()
        if self.bend is None or response.status_code != 200:
            return httpx.Response(response.status_code, content=body)
        answers = json.loads(body)
        by = {each["id"]: each for each in asked}
        bent = [
            self.bend(by[answer["id"]], answer) for answer in (answers if several else [answers])
        ]
        return httpx.Response(200, json=bent if several else bent[0])

    async def aclose(self) -> None:
        """Let go of every connection."""
        await self._inner.aclose()
