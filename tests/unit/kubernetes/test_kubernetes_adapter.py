"""The adapter as a whole: from requests to batches, and what importing it costs."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from kubernetes_objects import FakeClock, as_json, deployment, pod, replicaset, status

from adapters import registry
from adapters.contract import AdapterError, Batch, Context
from adapters.kubernetes.adapter import KubernetesAdapter
from adapters.kubernetes.resources import SCOPES
from adapters.kubernetes.settings import Settings
from adapters.records import ScopeState


class Silent(httpx.AsyncByteStream):
    """A watch on which nothing happens."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield b""


class Cluster:
    """Lists what it has; its watches are silent; MetalLB is not there."""

    def __init__(self, **items: list[dict[str, Any]]) -> None:
        self.items = items
        self.log: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.log.append(path)
        if "/metallb.io/" in path:
            return status(404, "NotFound")
        if request.url.params.get("watch"):
            return httpx.Response(200, stream=Silent())
        found = self.items.get(path.rpartition("/")[2], [])
        return as_json({"metadata": {"resourceVersion": "1"}, "items": found})


def _adapter(transport: Any, **settings: Any) -> KubernetesAdapter:
    given = {"server": "http://api/k8s/clusters/c-1", "token": "t", **settings}
    context = Context(clock=FakeClock(), seed=1)
    return KubernetesAdapter("tycho", Settings(**given), context, httpx.MockTransport(transport))


async def _until(adapter: KubernetesAdapter, scopes: set[str]) -> dict[str, Batch]:
    """Return the first batch of each of *scopes* that is more than its announcement."""
    found: dict[str, Batch] = {}
    stream = adapter.records()
    async for batch in stream:
        if batch.state is not ScopeState.NEVER:
            found.setdefault(batch.scope, batch)
        if scopes <= found.keys():
            break
    await stream.aclose()  # type: ignore[attr-defined]
    return found


async def test_records() -> None:
    cluster = Cluster(deployments=[deployment()], replicasets=[replicaset()], pods=[pod()])
    adapter = _adapter(cluster)
    found = await _until(adapter, {"apps", "revisions", "pods", "events", "addresses", "pools"})
    assert [record.name for record in found["apps"].upserts] == ["o2"]
    assert {record.source for batch in found.values() for record in batch.upserts} == {"tycho"}
    assert found["pools"].state is ScopeState.ABSENT
    assert all(path.startswith("/k8s/clusters/c-1/") for path in cluster.log)
    await adapter.close()


async def test_it_says_first_what_is_to_come() -> None:
    adapter = _adapter(Cluster())
    stream = adapter.records()
    first = [await anext(stream) for _ in SCOPES]
    await stream.aclose()  # type: ignore[attr-defined]
    assert [batch.scope for batch in first] == [scope.name for scope in SCOPES]
    assert {batch.state for batch in first} == {ScopeState.NEVER}
    # Once known, never "not known" again: a new connection makes no old value unreceived.
    again = await _until(adapter, {"apps"})
    assert again["apps"].state is ScopeState.LIVE
    await adapter.close()


async def test_namespaces_are_watched_one_by_one() -> None:
    cluster = Cluster()
    adapter = _adapter(cluster, namespaces=("air", "water", "air"), metallb_namespace="lb")
    await _until(adapter, {"apps", "pools"})
    paths = {path.removeprefix("/k8s/clusters/c-1") for path in cluster.log}
    assert "/api/v1/namespaces/air/pods" in paths
    assert "/api/v1/namespaces/water/pods" in paths
    assert "/apis/metallb.io/v1beta1/namespaces/lb/ipaddresspools" in paths
    assert "/api/v1/pods" not in paths
    await adapter.close()


async def test_a_server_that_never_answered_is_an_error() -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no")

    adapter = _adapter(refuse)
    found = []

    async def run() -> None:
        async for batch in adapter.records():
            found.append(batch)

    with pytest.raises(AdapterError, match="http://api/k8s/clusters/c-1: no"):
        await asyncio.wait_for(run(), 10)
    assert {batch.state for batch in found} == {ScopeState.NEVER}
    await adapter.close()


async def test_the_watches_end_with_the_stream() -> None:
    before = len(asyncio.all_tasks())
    adapter = _adapter(Cluster())
    await _until(adapter, {"apps"})
    assert len(asyncio.all_tasks()) == before
    await adapter.close()


def test_it_is_found_by_name_and_its_settings_are_checked() -> None:
    assert registry.load("kubernetes") is KubernetesAdapter
    with pytest.raises(AdapterError, match=r"adapters\.tycho.*servr"):
        registry.build("kubernetes", "tycho", {"servr": "x"}, Context())


def test_importing_it_brings_no_network_library() -> None:
    script = (
        "import sys; from adapters.kubernetes import KubernetesAdapter as K; K; "
        "print(sorted({'httpx', 'ssl', 'yaml', 'anyio', 'textual'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() in ("[]", "['ssl']")  # asyncio itself brings ssl


def test_importing_the_package_alone_brings_nothing() -> None:
    script = "import sys, adapters.kubernetes; print('adapters.kubernetes.adapter' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
