"""A cluster of one Deployment or StatefulSet that answers what the rollback asks."""

from __future__ import annotations

import copy
import json
from typing import Any

import httpx
from kubernetes_objects import (
    FakeClock,
    as_json,
    deployment,
    meta,
    owned,
    pod,
    replicaset,
    service,
    status,
    template,
)

from adapters.contract import Action, Context, Draft, Envelope
from adapters.kubernetes.adapter import KubernetesAdapter
from adapters.kubernetes.rollback import Rollback
from adapters.kubernetes.scaling import Scale
from adapters.kubernetes.settings import Settings

Json = dict[str, Any]
BAD, GOOD = "colony/o2-gen:2.4.1", "colony/o2-gen:2.3.9"


class Cluster:
    """`deny` maps "METHOD name" to an answer given instead; `log` is what was asked."""

    def __init__(self) -> None:
        self.objects: dict[str, Json] = {"deployments/o2": deployment(image=BAD, revision=12)}
        self.objects["deployments/o2"]["metadata"]["resourceVersion"] = "70"
        good = replicaset("o2-good", revision=11, image=GOOD)
        good["metadata"]["annotations"]["kubernetes.io/change-cause"] = "fix: stack 4"
        self.lists: dict[str, list[Json]] = {
            "replicasets": [replicaset("o2-bad", revision=12, image=BAD), good],
            "controllerrevisions": [],
            "pods": [pod("o2-bad-1", "o2-bad")],
            "horizontalpodautoscalers": [],
            "services": [service(), service("other", selector={"app": "other"})],
        }
        self.deny: dict[str, httpx.Response] = {}
        self.log: list[httpx.Request] = []
        self.mutate: Any = None
        """Called with the workload before each answer: the world moving on."""

    def add_stateful(self) -> None:
        """Add a StatefulSet `store` at its second revision."""
        self.objects["statefulsets/store"] = {
            "metadata": meta("store", generation=2, resourceVersion="80"),
            "spec": {
                "replicas": 2,
                "selector": {"matchLabels": {"app": "o2"}},
                "template": template("db:bad"),
                "updateStrategy": {"type": "RollingUpdate"},
            },
            "status": {"observedGeneration": 2},
        }
        for number, image in ((1, "db:good"), (2, "db:bad")):
            self.lists["controllerrevisions"].append(
                {
                    "metadata": meta(
                        f"store-{number}", ownerReferences=owned("StatefulSet", "store")
                    ),
                    "revision": number,
                    "data": {"spec": {"template": {**template(image), "$patch": "replace"}}},
                }
            )

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.log.append(request)
        parts = request.url.path.split("/namespaces/life-support/")[-1]
        if self.mutate is not None and parts in self.objects:
            self.mutate(self.objects[parts])
        dry = "dryRun" in request.url.params
        refused = self.deny.get(f"{'DRY ' if dry else ''}{request.method} {parts}")
        if refused is not None:
            return refused
        if parts in self.lists:
            return as_json({"metadata": {}, "items": self.lists[parts]})
        item = self.objects.get(parts)
        if item is None:
            return status(404, "NotFound", f"{parts} not found")
        if request.method == "GET":
            return as_json(item)
        return self._patch(parts, item, request, dry=dry)

    def _patch(self, name: str, item: Json, request: httpx.Request, *, dry: bool) -> httpx.Response:
        body = json.loads(request.content)
        after = copy.deepcopy(item)
        if isinstance(body, list):
            values = {each["path"]: each["value"] for each in body}
            version = values["/metadata/resourceVersion"]
            after["spec"]["template"] = values["/spec/template"]
            after["metadata"]["annotations"] = values["/metadata/annotations"]
        elif "replicas" in body["spec"]:
            version = body["metadata"]["resourceVersion"]
            assert body["metadata"]["uid"] == item["metadata"]["uid"]
            after["spec"] |= body["spec"]
        else:
            version = body["metadata"]["resourceVersion"]
            after["spec"]["template"] = body["spec"]["template"]
            after["spec"]["template"].pop("$patch")
        if version != item["metadata"]["resourceVersion"]:
            return status(409, "Conflict", "the object has been modified")
        after["metadata"]["generation"] += 1
        after["metadata"]["managedFields"] = [
            {"manager": request.url.params["fieldManager"], "operation": "Update"}
        ]
        if not dry:
            after["metadata"]["resourceVersion"] = str(int(version) + 1)
            self.objects[name] = after
        return as_json(after)

    @property
    def o2(self) -> Json:
        """The Deployment as it is now."""
        return self.objects["deployments/o2"]

    def finish(self) -> None:
        """Have the Deployment's controller do all of its work."""
        self.o2["status"]["observedGeneration"] = self.o2["metadata"]["generation"]


def rollback(cluster: Cluster, clock: FakeClock | None = None) -> Rollback:
    """Return the action on *cluster*."""
    action = _action(cluster, clock, "app.rollback")
    assert isinstance(action, Rollback)
    return action


def scale(cluster: Cluster, clock: FakeClock | None = None) -> Scale:
    """Return the action that scales on *cluster*."""
    action = _action(cluster, clock, "app.scale")
    assert isinstance(action, Scale)
    return action


def _action(cluster: Cluster, clock: FakeClock | None, name: str) -> Action:
    adapter = KubernetesAdapter(
        "tycho",
        Settings(server="http://api", token="t"),
        Context(clock=clock or FakeClock()),
        httpx.MockTransport(cluster),
    )
    return next(each for each in adapter.actions() if each.name == name)


def draft(**arguments: str) -> Draft:
    """Return a draft of a rollback of the Deployment."""
    return Draft("i-7", "app.rollback", {"app": "life-support/o2", **arguments})


def scaling(replicas: str, app: str = "life-support/o2") -> Draft:
    """Return a draft of a scaling of *app* to *replicas*."""
    return Draft("i-7", "app.scale", {"app": app, "replicas": replicas})


def patches(cluster: Cluster) -> list[httpx.Request]:
    """Return what *cluster* was asked to change, dry runs among it."""
    return [each for each in cluster.log if each.method == "PATCH"]


async def prepared(cluster: Cluster, clock: FakeClock | None = None) -> tuple[Rollback, Envelope]:
    """Return the action and what it would send, simulated and prepared."""
    action = rollback(cluster, clock)
    preview = await action.simulate(draft())
    return action, await action.prepare(draft(), preview)
