"""The administrator's hand on a backend: arranges things, and waits until they came about."""

from __future__ import annotations

import httpx

from tests.contract.kubernetes.backend import Backend
from tests.contract.kubernetes.objects import Object, collection, path

JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_PATCH = "application/strategic-merge-patch+json"


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

    async def listed(self, kind: str, space: str, **query: str) -> list[Object]:
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
            pods = await self.listed("Pod", space, labelSelector=f"app={name}")
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
            pods = await self.listed("Pod", space, **query)
            sets = await self.listed("ReplicaSet", space, **query)
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
