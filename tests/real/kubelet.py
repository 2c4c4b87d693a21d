"""A stand-in for scheduler and kubelets: binds pods to nodes and reports how they get on.

With the real controller-manager that gives genuine rollouts, stuck ones, and their history. It
is level-triggered: what comes next is read from the pod itself, so a restart of the API server,
or of this program, loses nothing.

    python -m tests.real.kubelet SERVER AUTHORITY.crt   (the bearer token is in $KUBELET_TOKEN)
"""

from __future__ import annotations

import asyncio
import datetime
import itertools
import json
import os
import ssl
import sys
from typing import Any

import httpx

from tests.real.podstatus import Event, next_step

NODES = ("habitat-1", "habitat-2", "habitat-3")
_MERGE = {"content-type": "application/merge-patch+json"}
_FINE = (200, 201, 404, 409)
"""A pod that is gone, or was changed by another, is looked at again when its event comes."""


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Kubelet:
    """Runs the pods of every node until cancelled."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._latest: dict[str, dict[str, Any]] = {}
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._ips: dict[str, str] = {}
        self._addresses = (
            f"10.244.{number // 250}.{number % 250 + 1}" for number in itertools.count()
        )
        self._nodes = itertools.cycle(NODES)

    async def run(self) -> None:
        """Make the nodes, then follow the pods for ever."""
        while True:
            try:
                await self._make_nodes()
                await self._follow()
            except (httpx.HTTPError, json.JSONDecodeError, Gone) as error:
                print(_now(), type(error).__name__, error, flush=True)
                await asyncio.sleep(0.1)

    async def _make_nodes(self) -> None:
        for name in NODES:
            node = {
                "apiVersion": "v1",
                "kind": "Node",
                "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name}},
            }
            response = await self._client.post("/api/v1/nodes", json=node)
            if response.status_code not in _FINE:
                response.raise_for_status()
            ready = {"type": "Ready", "status": "True", "reason": "KubeletReady"}
            size = {"cpu": "16", "memory": "64Gi", "pods": "500"}
            status = {"status": {"conditions": [ready], "capacity": size, "allocatable": size}}
            await self._client.patch(f"/api/v1/nodes/{name}/status", json=status, headers=_MERGE)

    async def _follow(self) -> None:
        response = await self._client.get("/api/v1/pods")
        response.raise_for_status()
        listed = response.json()
        for pod in listed["items"]:
            self._saw(pod)
        query = {"watch": "1", "resourceVersion": listed["metadata"]["resourceVersion"]}
        async with self._client.stream("GET", "/api/v1/pods", params=query) as stream:
            stream.raise_for_status()
            async for line in stream.aiter_lines():
                event = json.loads(line)
                if event["type"] == "ERROR":
                    raise Gone(event["object"].get("message", ""))
                if event["type"] == "DELETED":
                    self._latest.pop(event["object"]["metadata"]["uid"], None)
                else:
                    self._saw(event["object"])

    def _saw(self, pod: dict[str, Any]) -> None:
        uid = pod["metadata"]["uid"]
        self._latest[uid] = pod
        if uid not in self._busy:
            self._busy[uid] = asyncio.create_task(self._advance(uid))

    async def _advance(self, uid: str) -> None:
        """Take one pod further until it stays as it is."""
        try:
            while (pod := self._latest.get(uid)) is not None:
                try:
                    more = await self._step(pod)
                except httpx.HTTPError as error:  # the API server is away: try again
                    print(_now(), "pod", uid, type(error).__name__, error, flush=True)
                    await asyncio.sleep(0.2)
                    continue
                if not more or self._latest.get(uid) is pod:  # our change has not come back yet
                    break
        finally:
            self._busy.pop(uid, None)

    async def _step(self, pod: dict[str, Any]) -> bool:
        """Do the next thing for one pod; False where there is none."""
        meta = pod["metadata"]
        path = f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}"
        bound = pod["spec"].get("nodeName")
        if meta.get("deletionTimestamp"):
            if not bound:
                return False
            body = {"gracePeriodSeconds": 0, "preconditions": {"uid": meta["uid"]}}
            await self._send("DELETE", path, body)
            return True
        if not bound:
            node = next(self._nodes)
            binding = {
                "apiVersion": "v1",
                "kind": "Binding",
                "metadata": {"name": meta["name"], "uid": meta["uid"]},
                "target": {"apiVersion": "v1", "kind": "Node", "name": node},
            }
            await self._send("POST", f"{path}/binding", binding)
            said = f"Successfully assigned {meta['namespace']}/{meta['name']} to {node}"
            await self._report(pod, Event("Normal", "Scheduled", said), "default-scheduler")
            return True
        ip = self._ips.setdefault(meta["uid"], next(self._addresses))
        step = next_step(pod, _now(), ip)
        if step is None:
            return False
        if step.after:
            await asyncio.sleep(step.after)
            if self._latest.get(meta["uid"]) is not pod:  # it was deleted or changed meanwhile
                return True
        patch = {"metadata": {"uid": meta["uid"]}, "status": step.status}
        await self._send("PATCH", f"{path}/status", patch)
        for event in step.events:
            await self._report(pod, event, "kubelet")
        return True

    async def _report(self, pod: dict[str, Any], event: Event, component: str) -> None:
        meta = pod["metadata"]
        now = _now()
        body = {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"generateName": f"{meta['name']}.", "namespace": meta["namespace"]},
            "involvedObject": {
                "apiVersion": "v1",
                "kind": "Pod",
                "namespace": meta["namespace"],
                "name": meta["name"],
                "uid": meta["uid"],
                "resourceVersion": meta["resourceVersion"],
            },
            "type": event.severity,
            "reason": event.reason,
            "message": event.message,
            "source": {"component": component},
            "reportingComponent": component,
            "firstTimestamp": now,
            "lastTimestamp": now,
            "count": 1,
        }
        await self._send("POST", f"/api/v1/namespaces/{meta['namespace']}/events", body)

    async def _send(self, method: str, path: str, body: dict[str, Any]) -> None:
        headers = _MERGE if method == "PATCH" else None
        response = await self._client.request(method, path, json=body, headers=headers)
        if response.status_code not in _FINE:
            print(_now(), method, path, response.status_code, response.text[:300], flush=True)


class Gone(Exception):
    """The watch cannot go on from where it was; everything is listed again."""


async def main(server: str, authority: str, token: str) -> None:
    """Run the kubelets of all nodes against *server*."""
    timeout = httpx.Timeout(10.0, read=None)
    async with httpx.AsyncClient(
        base_url=server,
        verify=ssl.create_default_context(cafile=authority),
        headers={"authorization": f"Bearer {token}", "user-agent": "stand-in-kubelet"},
        timeout=timeout,
        limits=httpx.Limits(max_connections=50),
    ) as client:
        await Kubelet(client).run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], os.environ["KUBELET_TOKEN"]))
