"""Pod logs over HTTP, and the lines behind them."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from box_helpers import SPACE, deploy, pods

from fixtures.kubernetes import Cluster
from fixtures.kubernetes.logs import PLAIN, Run


def _path(cluster: Cluster, at: int = 0) -> str:
    return f"/api/v1/namespaces/{SPACE}/pods/{pods(cluster)[at]['metadata']['name']}/log"


async def test_the_last_lines(client: httpx.AsyncClient, cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1", replicas=1)
    cluster.advance(3600)
    whole = (await client.get(_path(cluster))).text.splitlines()
    tail = (await client.get(_path(cluster), params={"tailLines": "5"})).text.splitlines()
    assert len(whole) > 1500
    assert tail == whole[-5:]
    none = await client.get(_path(cluster), params={"tailLines": "0"})
    assert (none.status_code, none.text) == (200, "")
    cluster.advance(10)
    more = (await client.get(_path(cluster))).text.splitlines()
    assert more[: len(whole)] == whole
    assert len(more) > len(whole)


async def test_lines_with_times_and_since(client: httpx.AsyncClient, cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1", replicas=1)
    cluster.advance(600)
    query = {"timestamps": "true", "sinceSeconds": "60"}
    lines = (await client.get(_path(cluster), params=query)).text.splitlines()
    assert 20 < len(lines) < 40
    stamps = [line.partition(" ")[0] for line in lines]
    assert stamps == sorted(stamps)
    assert stamps[-1].startswith("2026-11-02T08:0")


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("app:missing", "is waiting to start: trying and failing to pull image"),
    ],
)
async def test_why_there_are_none(
    client: httpx.AsyncClient, cluster: Cluster, image: str, said: str
) -> None:
    deploy(cluster, "web", image, replicas=1)
    cluster.advance(10)
    response = await client.get(_path(cluster))
    assert response.status_code == 400
    assert said in response.json()["message"]


async def test_the_run_before(client: httpx.AsyncClient, cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1", replicas=1)
    cluster.advance(60)
    missing = await client.get(_path(cluster), params={"previous": "true"})
    assert missing.status_code == 400
    assert missing.json()["message"].startswith("previous terminated container")
    name = pods(cluster)[0]["metadata"]["name"]
    cluster.controllers.kubelet.restart(SPACE, name, 1, "Error")
    cluster.advance(5)
    before = (await client.get(_path(cluster), params={"previous": "true"})).text.splitlines()
    assert before[-1] == "fatal: exit code 1"
    now = (await client.get(_path(cluster))).text.splitlines()
    assert len(now) < len(before)


async def test_a_container_must_be_named_where_there_are_two(
    client: httpx.AsyncClient, cluster: Cluster
) -> None:
    containers = [{"name": "a", "image": "a:1"}, {"name": "b", "image": "b:1"}]
    value = {"metadata": {"name": "p"}, "spec": {"containers": containers}}
    await client.post(f"/api/v1/namespaces/{SPACE}/pods", json=value)
    cluster.advance(10)
    unnamed = await client.get(_path(cluster))
    assert unnamed.status_code == 400
    assert "choose one of: [a b]" in unnamed.json()["message"]
    wrong = await client.get(_path(cluster), params={"container": "c"})
    assert wrong.json()["message"] == "container c is not valid for pod p"
    assert (await client.get(_path(cluster), params={"container": "b"})).status_code == 200


async def test_a_followed_log_goes_on(client: httpx.AsyncClient, cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1", replicas=1)
    cluster.advance(30)
    query = {"follow": "true", "tailLines": "1"}
    async with client.stream("GET", _path(cluster), params=query) as response:
        lines = response.aiter_lines()
        first = await asyncio.wait_for(anext(lines), 20)
        cluster.advance(30)
        second = await asyncio.wait_for(anext(lines), 20)
        assert first != second
        cluster.controllers.kubelet.restart(SPACE, pods(cluster)[0]["metadata"]["name"], 1, "Error")
        cluster.advance(5)
        rest = [line async for line in lines]
        assert rest


def test_the_lines_of_a_run_are_the_same_however_they_are_read() -> None:
    run = Run("x", PLAIN, 1000.0)
    everything = list(run.lines(0, run.count(2000.0), 2000.0))
    assert everything == [
        *run.lines(0, 10, 2000.0),
        *run.lines(10, run.count(2000.0), 2000.0),
    ]
    assert all(line.at <= 2000.0 for line in everything)
    assert [line.at for line in everything] == sorted(line.at for line in everything)
    assert run.count(999.0) == 0
