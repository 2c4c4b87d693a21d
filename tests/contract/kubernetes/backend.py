"""What the contract tests need of the system they run against, be it the box or the real one."""

from __future__ import annotations

import abc
import asyncio
import enum
import ssl
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import httpx

from tests.contract.kubernetes.objects import Object, collection, path
from tests.real import users

if TYPE_CHECKING:
    from fixtures.kubernetes.server import Served
    from tests.real.controlplane import ControlPlane

Found = TypeVar("Found")

JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_PATCH = "application/strategic-merge-patch+json"


class Can(enum.Enum):
    """What a backend may offer; without it, the test of degraded behaviour is the one to pass."""

    LOGS = "pod logs"
    CERTIFICATES = "client certificates"
    RIGHTS = "users with different rights"
    KUBECTL = "the real kubectl"
    FAULTS = "a server that can be told to fail"


class Backend(abc.ABC):
    """One running system; `admin`, `operator`, `reader` and `nobody` are bearer tokens."""

    name: ClassVar[str]
    can: ClassVar[frozenset[Can]]
    patience: ClassVar[float] = 30.0
    """How long `settle` waits, in seconds of this machine."""

    url: str
    authority: Path | None
    admin: str
    operator: str
    reader: str
    nobody: str

    def client(self, token: str | None = None, **more: Any) -> httpx.AsyncClient:
        """Return a client with *token*, the administrator's if none is given."""
        verify: ssl.SSLContext | bool = True
        if self.authority is not None:
            verify = ssl.create_default_context(cafile=str(self.authority))
        headers = {"authorization": f"Bearer {self.admin if token is None else token}"}
        options = {"verify": verify, "headers": headers, "timeout": 20.0, **more}
        return httpx.AsyncClient(base_url=self.url, **options)

    def now(self) -> float:
        """Return the system's time, in seconds since the Unix epoch."""
        return time.time()

    @abc.abstractmethod
    async def hasten(self) -> None:
        """Let a little time pass: the box's own, or the machine's."""

    @abc.abstractmethod
    async def expire(self) -> None:
        """Make every resourceVersion and continue token of the past expire."""

    @abc.abstractmethod
    def kill(self) -> None:
        """End the server as a crash would, until `revive`."""

    @abc.abstractmethod
    async def revive(self) -> None:
        """Start the server again, at its old address."""

    @abc.abstractmethod
    async def metallb(self, *, present: bool) -> None:
        """Install MetalLB's CRDs, or take them away with all that is of them."""

    async def settle(self, probe: Callable[[], Awaitable[Found]], what: str) -> Found:
        """Return the first true thing that *probe* returns; fail saying *what* did not come."""
        ends = time.monotonic() + self.patience
        while True:
            found = await probe()
            if found:
                return found
            assert time.monotonic() < ends, f"{self.name}: {what}: not in time"
            await self.hasten()


class Hand:
    """The administrator's hand on a backend: makes, reads, changes and removes objects."""

    def __init__(self, backend: Backend, client: httpx.AsyncClient) -> None:
        self.backend = backend
        self.client = client

    async def create(self, thing: Object) -> Object:
        """Create an object; its status, if it has one, is written as its controller would."""
        kind, space = thing["kind"], thing["metadata"].get("namespace", "")
        response = await self.client.post(collection(kind, space), json=thing)
        assert response.status_code == 201, response.text
        if "status" in thing:
            return await self.status(thing, thing["status"])
        return _object(response)

    async def status(self, thing: Object, status: Object) -> Object:
        """Write the status of an object as its controller would."""
        headers = {"content-type": MERGE_PATCH}
        response = await self.client.patch(
            f"{path(thing)}/status", json={"status": status}, headers=headers
        )
        assert response.status_code == 200, response.text
        return _object(response)

    async def get(self, thing: Object) -> Object:
        """Read an object as it stands."""
        response = await self.client.get(path(thing))
        assert response.status_code == 200, response.text
        return _object(response)

    async def list(self, kind: str, space: str, **query: str) -> list[Object]:
        """List the objects of a kind in a namespace."""
        response = await self.client.get(collection(kind, space), params=query)
        assert response.status_code == 200, response.text
        items: list[Object] = response.json()["items"]
        return items

    async def merge(self, thing: Object, change: Object) -> Object:
        """Change an object with a merge patch."""
        headers = {"content-type": MERGE_PATCH}
        response = await self.client.patch(path(thing), json=change, headers=headers)
        assert response.status_code == 200, response.text
        return _object(response)

    async def delete(self, thing: Object) -> None:
        """Delete an object, and in the background what it owns."""
        response = await self.client.delete(path(thing))
        assert response.status_code in (200, 202), response.text

    async def set_image(self, thing: Object, image: str, cause: str = "", **env: str) -> Object:
        """Give a workload's container another image (and environment): a new revision."""
        container: Object = {"name": "main", "image": image}
        container["env"] = [{"name": name, "value": value} for name, value in env.items()]
        change: Object = {"spec": {"template": {"spec": {"containers": [container]}}}}
        if cause:
            change["metadata"] = {"annotations": {"kubernetes.io/change-cause": cause}}
        return await self.merge(thing, change)

    async def rolled_out(self, thing: Object) -> Object:
        """Wait until a workload's rollout is complete, as `kubectl rollout status` would."""

        async def complete() -> Object | None:
            now = await self.get(thing)
            status, wanted = now.get("status", {}), now["spec"]["replicas"]
            if status.get("observedGeneration", 0) < now["metadata"]["generation"]:
                return None
            counts = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")
            if all(status.get(count, 0) == wanted for count in counts):
                return now
            return None

        return await self.backend.settle(complete, f"rollout of {thing['metadata']['name']}")

    async def stuck(self, thing: Object, reason: str, restarts: int = 0) -> list[Object]:
        """Wait until a pod of a workload waits for *reason*, and the workload says so.

        A crash loop is only still for long after some *restarts*. Returns all of its pods.
        """
        name, space = thing["metadata"]["name"], thing["metadata"]["namespace"]

        async def waits() -> list[Object]:
            now = await self.get(thing)
            status = now["status"]
            if status.get("observedGeneration", 0) < now["metadata"]["generation"]:
                return []
            pods = await self.list("Pod", space, labelSelector=f"app={name}")
            found = [p for p in pods if waiting(p) == reason and restarted(p) >= restarts]
            counts = (status.get("replicas", 0), status.get("readyReplicas", 0))
            told = counts == (len(pods), sum(ready(pod) for pod in pods))
            return pods if found and told and status.get("updatedReplicas") else []

        return await self.backend.settle(waits, f"{reason} of {name}")

    async def cleared(self, thing: Object) -> None:
        """Wait until the old revisions of a Deployment have no pods left and say so."""
        name, space = thing["metadata"]["name"], thing["metadata"]["namespace"]
        query = {"labelSelector": f"app={name}"}

        async def clear() -> bool:
            wanted = (await self.get(thing))["spec"]["replicas"]
            pods = await self.list("Pod", space, **query)
            sets = await self.list("ReplicaSet", space, **query)
            said = [
                (each["status"]["replicas"], each["status"].get("terminatingReplicas", 0))
                for each in sets
                if each["status"].get("observedGeneration") == each["metadata"]["generation"]
            ]
            quiet = len(said) == len(sets) and sum(sum(counts) for counts in said) == wanted
            return quiet and len(pods) == wanted

        await self.backend.settle(clear, f"the end of the old pods of {name}")


def ready(pod: Object) -> bool:
    """Return whether a pod is Ready."""
    conditions = pod.get("status", {}).get("conditions", [])
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)


def restarted(pod: Object) -> int:
    """Return how often the containers of a pod were started again."""
    return sum(s["restartCount"] for s in pod.get("status", {}).get("containerStatuses", []))


def waiting(pod: Object) -> str:
    """Return the reason for which a pod's first container waits, "" where it does not."""
    for status in pod.get("status", {}).get("containerStatuses", []):
        reason: str = status.get("state", {}).get("waiting", {}).get("reason", "")
        return reason
    return ""


def _object(response: httpx.Response) -> Object:
    thing: Object = response.json()
    return thing


class BoxBackend(Backend):
    """The box's API server, in this process, with a cluster whose time the test turns."""

    name = "box"
    can = frozenset({Can.LOGS, Can.RIGHTS, Can.FAULTS})
    patience = 20.0
    authority = None

    def __init__(self, served: Served) -> None:
        self.served = served
        self.url = served.url
        tokens = served.tokens
        self.admin, self.operator = tokens["admin"], tokens["operator"]
        self.reader, self.nobody = tokens["reader"], tokens["nobody"]

    def now(self) -> float:
        """The cluster's own time."""
        return self.served.cluster.now

    async def hasten(self) -> None:
        """Let half a second of the cluster's life go by."""
        self.served.cluster.advance(0.5)
        await asyncio.sleep(0.002)  # what changed has to cross the wire

    async def expire(self) -> None:
        """Have the store forget."""
        self.served.cluster.compact()

    def kill(self) -> None:
        """Break every connection and refuse new ones."""
        self.served.faults.refuse()

    async def revive(self) -> None:
        """Accept connections again."""
        self.served.faults.accept()

    async def metallb(self, *, present: bool) -> None:
        """Serve MetalLB's resources, or not."""
        cluster = self.served.cluster
        if present is not cluster.metallb:
            (cluster.install_metallb if present else cluster.remove_metallb)()


class RealBackend(Backend):
    """The real control plane."""

    name = "real"
    can = frozenset({Can.CERTIFICATES, Can.RIGHTS, Can.KUBECTL})

    def __init__(self, plane: ControlPlane) -> None:
        self.plane = plane
        self.url = plane.url
        self.authority = plane.authority.certificate
        self.admin = users.ADMIN.token
        self.operator = users.OPERATOR.token
        self.reader = users.READER.token
        self.nobody = users.NOBODY.token

    async def hasten(self) -> None:
        """Real controllers cannot be hurried, nor do they say when they are done."""
        await asyncio.sleep(0.05)

    async def expire(self) -> None:
        """Have etcd forget, and the API server's watch cache with it."""
        self.plane.compact()
        self.kill()
        await self.revive()

    def kill(self) -> None:
        """Kill the API server's process."""
        self.plane.kill_apiserver()

    async def revive(self) -> None:
        """Start it again if it does not run, and wait until it is ready."""
        if self.plane.apiserver_runs:
            return
        self.plane.start_apiserver()
        await asyncio.to_thread(self.plane.wait_ready)
        # Its controllers wait up to half a minute before they connect again.
        self.plane.restart_manager()

    async def metallb(self, *, present: bool) -> None:
        """Create or delete the CRDs."""
        change = self.plane.add_metallb if present else self.plane.remove_metallb
        await asyncio.to_thread(change)
