"""Which app a pod, a revision, an Event or a Service belongs to, by owners, names and selectors."""

from __future__ import annotations

from typing import Any, NamedTuple

from adapters.kubernetes import addresses, metallb, objects
from adapters.kubernetes.cache import Cache, Name, name_of

REMEMBERED = 4096
"""Pods that are gone and may still be named by an Event."""


class AppName(NamedTuple):
    """One workload by kind, namespace and name."""

    workload: str
    namespace: str
    name: str


NOBODY = AppName("", "", "")


class Labels:
    """Workloads by each label of their pods: a selector then meets few of them, not all.

    Comparing 5,000 Services with 700 workloads one by one took seconds.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], dict[AppName, None]] = {}

    def put(self, app: AppName, template: objects.PodTemplate) -> None:
        """Add a workload."""
        for name, value in template.labels.items():
            self._found.setdefault((app.namespace, name, value), {})[app] = None

    def drop(self, app: AppName, template: objects.PodTemplate) -> None:
        """Forget a workload; *template* is the one it was added with."""
        for name, value in template.labels.items():
            key = (app.namespace, name, value)
            apps = self._found.get(key, {})
            apps.pop(app, None)
            if not apps:
                self._found.pop(key, None)

    def having(self, namespace: str, name: str, value: str) -> list[AppName]:
        """Return the workloads in *namespace* whose pods have one label."""
        return list(self._found.get((namespace, name, value), ()))


class Joins:
    """The objects of one cluster, and what belongs to what among them."""

    def __init__(self) -> None:
        self.deployments: Cache[objects.Workload] = Cache()
        self.statefulsets: Cache[objects.Workload] = Cache()
        self.replicasets: Cache[objects.Workload] = Cache()
        self.revisions: Cache[objects.ControllerRevision] = Cache()
        self.pods: Cache[objects.Pod] = Cache()
        self.services: Cache[objects.Service] = Cache()
        self.pools: Cache[metallb.AddressPool] = Cache()
        self.l2: Cache[metallb.Announcement] = Cache()
        self.bgp: Cache[metallb.Announcement] = Cache()
        self.labels = Labels()
        self._gone_pods: dict[Name, AppName] = {}

    def remember(self, pod: objects.Pod) -> None:
        """Keep in mind whose *pod* was, which goes: Events may still speak of it."""
        owner = self.owner(pod)
        if owner is not NOBODY:
            remember(self._gone_pods, name_of(pod), owner, REMEMBERED)

    def owner(self, object_: objects.Named) -> AppName:
        """Return the app that *object_* (a pod, ReplicaSet, ControllerRevision) belongs to."""
        owner = object_.metadata.controller()
        if owner is None:
            return NOBODY
        namespace = object_.metadata.namespace
        if owner.kind in ("Deployment", "StatefulSet"):
            return AppName(owner.kind, namespace, owner.name)
        if owner.kind != "ReplicaSet":
            return NOBODY
        replicaset = self.replicasets.get((namespace, owner.name))
        if replicaset is not None and replicaset.metadata.controller() is not None:
            return self.owner(replicaset)
        # Where ReplicaSets may not be read: a Deployment names its own NAME-HASH.
        name = owner.name.removesuffix("-" + object_.metadata.label("pod-template-hash"))
        if name != owner.name and self.deployments.get((namespace, name)) is not None:
            return AppName("Deployment", namespace, name)
        return NOBODY

    def about(self, reference: objects.Reference) -> AppName:
        """Return the app that an Event on *reference* bears on."""
        name = (reference.namespace, reference.name)
        if reference.kind in ("Deployment", "StatefulSet"):
            return AppName(reference.kind, *name)
        if reference.kind == "ReplicaSet":
            replicaset = self.replicasets.get(name)
            return self.owner(replicaset) if replicaset else self._named_alike(name, "Deployment")
        if reference.kind == "Pod":
            pod = self.pods.get(name)
            return self.owner(pod) if pod is not None else self._of_gone_pod(name)
        if reference.kind == "Service":
            service = self.services.get(name)
            found = self.selected(service) if service is not None else ()
            return found[0] if len(found) == 1 else NOBODY
        return NOBODY

    def _of_gone_pod(self, name: Name) -> AppName:
        """Return whose a pod was that is gone: as remembered, or by its name."""
        if name in self._gone_pods:
            return self._gone_pods[name]
        stem = name[1].rpartition("-")[0]
        replicaset = self.replicasets.get((name[0], stem))
        if replicaset is not None:
            return self.owner(replicaset)
        found = self._named_alike(name, "StatefulSet")
        return found if found is not NOBODY else self._named_alike((name[0], stem), "Deployment")

    def _named_alike(self, name: Name, workload: str) -> AppName:
        stem = (name[0], name[1].rpartition("-")[0])
        cache = self.deployments if workload == "Deployment" else self.statefulsets
        return AppName(workload, *stem) if cache.get(stem) is not None else NOBODY

    def selected(self, service: objects.Service) -> tuple[AppName, ...]:
        """Return the apps that *service* sends to."""
        selector = service.spec.selector or {}
        namespace = service.metadata.namespace
        candidates = [
            self.labels.having(namespace, name, value) for name, value in selector.items()
        ]
        fewest = min(candidates, key=len, default=[])
        found = []
        for app in fewest:
            workload = self.workload(app)
            if workload is not None and addresses.selects(selector, workload.spec.template.labels):
                found.append(app)
        return tuple(sorted(found))

    def workload(self, app: AppName) -> objects.Workload | None:
        """Return the workload called *app*, None where there is none."""
        cache = self.statefulsets if app.workload == "StatefulSet" else self.deployments
        return cache.get(app[1:])

    def pods_of(self, app: AppName) -> list[objects.Pod]:
        """Return the pods of *app*."""
        if app.workload == "StatefulSet":
            stateful = self.statefulsets.get(app[1:])
            return self.pods.owned_by(stateful.metadata.uid) if stateful else []
        deployment = self.deployments.get(app[1:])
        if deployment is None:
            return []
        owned = self.replicasets.owned_by(deployment.metadata.uid)
        if owned:
            return [pod for each in owned for pod in self.pods.owned_by(each.metadata.uid)]
        return [pod for pod in self.pods.within(app.namespace) if self.owner(pod) == app]


def remember(into: dict[Any, Any], key: Any, value: Any, limit: int) -> None:
    """Keep *value* as the newest of at most *limit*."""
    into.pop(key, None)
    into[key] = value
    if len(into) > limit:
        del into[next(iter(into))]
