"""What can be made to go wrong."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
from box_helpers import SPACE, service

from fixtures.kubernetes import Cluster
from fixtures.kubernetes.kinds import SERVICE
from fixtures.kubernetes.server import Served

SERVICES = f"/api/v1/namespaces/{SPACE}/services"
WATCH = {"watch": "1", "allowWatchBookmarks": "true", "timeoutSeconds": "60"}


async def test_unavailable(served: Served, client: httpx.AsyncClient) -> None:
    served.faults.unavailable = True
    refused = await client.get(SERVICES)
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "1"
    served.faults.clear()
    assert (await client.get(SERVICES)).status_code == 200


async def test_a_cut_watch_breaks_and_an_ended_one_does_not(
    served: Served, client: httpx.AsyncClient, cluster: Cluster
) -> None:
    version = {**WATCH, "resourceVersion": str(cluster.store.revision)}
    async with client.stream("GET", SERVICES, params=version) as response:
        served.faults.cut_watches()
        with pytest.raises(httpx.RemoteProtocolError):
            await response.aread()
    async with client.stream("GET", SERVICES, params=version) as response:
        served.faults.end_watches()
        assert await response.aread() == b""


async def test_a_bookmark_on_demand(
    served: Served, client: httpx.AsyncClient, cluster: Cluster
) -> None:
    version = {**WATCH, "resourceVersion": str(cluster.store.revision)}
    async with client.stream("GET", SERVICES, params=version) as response:
        cluster.api.create(SERVICE, SPACE, service("a"), "tester")
        served.faults.bookmarks()
        lines = response.aiter_lines()
        said = [json.loads(await asyncio.wait_for(anext(lines), 20)) for _ in range(2)]
    assert [event["type"] for event in said] == ["ADDED", "BOOKMARK"]
    assert said[1]["object"]["metadata"]["resourceVersion"] == str(cluster.store.revision)


async def test_refused_connections_and_open_ones_broken(
    served: Served, client: httpx.AsyncClient, cluster: Cluster
) -> None:
    version = {**WATCH, "resourceVersion": str(cluster.store.revision)}
    async with client.stream("GET", SERVICES, params=version) as response:
        served.faults.refuse()
        with pytest.raises(httpx.TransportError):
            await response.aread()
    with pytest.raises(httpx.ConnectError):
        await client.get(SERVICES)
    served.faults.accept()
    for _ in range(200):
        try:
            assert (await client.get(SERVICES)).status_code == 200
            return
        except httpx.ConnectError:
            await asyncio.sleep(0.01)
    pytest.fail("the server does not accept connections again")


async def test_a_server_that_hangs(served: Served, client: httpx.AsyncClient) -> None:
    served.faults.hang = True
    asked = asyncio.create_task(client.get(SERVICES))
    while not served.faults.requests:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    assert not asked.done()
    served.faults.clear()
    assert (await asked).status_code == 200


async def test_requests_are_noted(served: Served, client: httpx.AsyncClient) -> None:
    await client.get(SERVICES)
    assert served.faults.requests[-1] == ("GET", SERVICES)
