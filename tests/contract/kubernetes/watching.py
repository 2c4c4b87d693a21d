"""Opens a watch as a client does and hands out its events, with a limit on the waiting."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.contract.kubernetes.objects import Object

PATIENCE = 20.0


class Watch:
    """An open watch: `status` is the HTTP status, `next` returns events, None at its clean end."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self._lines = response.aiter_lines()

    async def next(self) -> Object | None:
        """Return the next event."""
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                event: Object = json.loads(line)
                return event
        return None

    async def until(self, type_: str, name: str = "") -> list[Object]:
        """Return the events up to the first of *type_* (on object *name*), which is the last."""
        events = []
        while (event := await self.next()) is not None:
            events.append(event)
            named = not name or event["object"]["metadata"].get("name") == name
            if event["type"] == type_ and named:
                return events
        raise AssertionError(f"the watch ended without {type_} {name}: {events}")

    async def rest(self) -> list[Object]:
        """Return the events up to the clean end."""
        events = []
        while (event := await self.next()) is not None:
            events.append(event)
        return events


@asynccontextmanager
async def watching(client: httpx.AsyncClient, path: str, **query: str) -> AsyncIterator[Watch]:
    """Watch the collection at *path*."""
    query = {"watch": "1", "timeoutSeconds": "60", **query}
    async with client.stream("GET", path, params=query) as response:
        yield Watch(response)
