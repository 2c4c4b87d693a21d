"""5,000 Services listed and parsed, against bare httpx with the same paging, on a real API server.

    python -m tests.bench.services

Both make their connection first; what is timed is ten pages of 500 on it. Bare httpx ends with
Python dicts; ours ends with the objects that the adapter joins into Address records.
"""

from __future__ import annotations

import asyncio
import random
import ssl
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from adapters.clock import SystemClock
from adapters.contract import Context
from adapters.kubernetes import KubernetesAdapter
from adapters.kubernetes.reflector import Reflector
from adapters.kubernetes.resources import RESOURCES
from adapters.records import ScopeState
from tests.bench.pty import machine, table
from tests.real import users
from tests.real.controlplane import ControlPlane
from tests.real.installed import installed

SERVICES, PAGE, RUNS, BAR = 5_000, 500, 9, 1.5
PATH = "/api/v1/services"


class _Listed:
    """A sink that ends the reflector's round once the list is in."""

    def __init__(self) -> None:
        self.objects: list[Any] = []
        self.done = asyncio.Event()

    def listed(self, resource: object, namespace: str, objects: list[Any]) -> None:
        self.objects = objects
        self.done.set()

    def changed(self, resource: object, object_: object, gone: bool) -> None:
        pass

    def heard(self, resource: object) -> None:
        pass

    def stood(self, resource: object, namespace: str, state: ScopeState, detail: str) -> None:
        pass


async def fill(client: httpx.AsyncClient) -> None:
    """Create the Services."""
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "bench"}}
    (await client.post("/api/v1/namespaces", json=namespace)).raise_for_status()
    gate = asyncio.Semaphore(32)

    async def create(number: int) -> None:
        service = {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {
                "name": f"service-{number:05}",
                "annotations": {"metallb.io/ip-allocated-from-pool": "bench"},
            },
            "spec": {
                "type": "LoadBalancer",
                "allocateLoadBalancerNodePorts": False,
                "selector": {"app": f"app-{number:05}"},
                "ports": [{"name": "udp", "port": 5004, "protocol": "UDP"}],
            },
        }
        async with gate:
            answer = await client.post("/api/v1/namespaces/bench/services", json=service)
            answer.raise_for_status()

    await asyncio.gather(*(create(number) for number in range(SERVICES)))


async def bare(client: httpx.AsyncClient) -> tuple[float, int]:
    """List with bare httpx; return seconds and how many there were."""
    started = time.perf_counter()
    found: list[Any] = []
    parameters = {"limit": str(PAGE)}
    while True:
        page = (await client.get(PATH, params=parameters)).json()
        found += page["items"]
        token = page["metadata"].get("continue")
        if not token:
            return time.perf_counter() - started, len(found)
        parameters = {"limit": str(PAGE), "continue": token}


async def ours(adapter: KubernetesAdapter) -> tuple[float, int]:
    """List with the adapter's reflector; return seconds and how many there were."""
    resource = next(one for one in RESOURCES if one.name == "services")
    sink = _Listed()
    reflector = Reflector(
        adapter.client, resource, sink, SystemClock(), random_=random.Random(1), page_size=PAGE
    )
    started = time.perf_counter()
    task = asyncio.create_task(reflector.run())
    await sink.done.wait()
    took = time.perf_counter() - started
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return took, len(sink.objects)


async def measure(plane: ControlPlane) -> tuple[list[float], list[float]]:
    """Return the seconds of both, in turn."""
    settings = KubernetesAdapter.Settings(kubeconfig=str(plane.kubeconfig))
    adapter = KubernetesAdapter("bench", settings, Context())
    async with httpx.AsyncClient(
        base_url=plane.url,
        verify=ssl.create_default_context(cafile=str(plane.authority.certificate)),
        headers={"authorization": f"Bearer {users.ADMIN.token}"},
        timeout=60,
    ) as client:
        await fill(client)
        theirs, own = [], []
        for run in range(RUNS + 1):
            one, count = await bare(client)
            two, same = await ours(adapter)
            if count < SERVICES or same < SERVICES:
                raise RuntimeError(f"{count} and {same} Services were listed, not {SERVICES}")
            if run:  # the first pair opens the connections
                theirs.append(one)
                own.append(two)
    await adapter.close()
    return theirs, own


def main() -> int:
    """Run both and print the table; 1 if the bar is not met."""
    print(*machine(), sep="\n")
    with tempfile.TemporaryDirectory(prefix="colony-bench-") as directory:
        plane = ControlPlane(installed("controlplane"), Path(directory))
        plane.start()
        try:
            theirs, own = asyncio.run(measure(plane))
        finally:
            plane.stop()
    ratio = statistics.median(a / b for a, b in zip(own, theirs, strict=True))
    print(f"\n{SERVICES} Services, pages of {PAGE}, {RUNS} pairs in turn; seconds\n")
    rows = [
        [name, f"{min(times):.3f}", f"{statistics.median(times):.3f}", f"{max(times):.3f}", *rest]
        for name, times, rest in (
            ("bare httpx", theirs, ["", "", ""]),
            (
                "the adapter",
                own,
                [f"{ratio:.2f} ×", f"{BAR} ×", "met" if ratio <= BAR else "MISSED"],
            ),
        )
    ]
    print(table(["listed and parsed", "min", "median", "max", "ratio", "bar", ""], rows))
    return 0 if ratio <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
