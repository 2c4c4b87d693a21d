"""The joins: which app a pod, a revision, an Event or an address belongs to, and what a change
of one object makes stale in the records of others.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from adapters import records
from adapters.kubernetes import addresses, apps, objects, pods, revisions
from adapters.kubernetes.cache import Cache, Name, name_of
from adapters.kubernetes.resources import Resource

COMPLAINTS = 4096
"""Services whose last complaint is remembered."""
REMEMBERED = 4096
"""Pods that are gone and may still be named by an Event."""


class AppName(NamedTuple):
    """One workload by kind, namespace and name."""

    workload: str
    namespace: str
    name: str


NOBODY = AppName("", "", "")


class World:
    """The objects of one cluster and the records made of them. Holds no connection.

    `dirty` holds, for each kind of record, the names of what has to be made again.
    """

    def __init__(self) -> None:
        self.deployments: Cache[objects.Workload] = Cache()
        self.statefulsets: Cache[objects.Workload] = Cache()
        self.replicasets: Cache[objects.Workload] = Cache()
        self.revisions: Cache[objects.ControllerRevision] = Cache()
        self.pods: Cache[objects.Pod] = Cache()
        self.services: Cache[objects.Service] = Cache()
        self.pools: Cache[objects.AddressPool] = Cache()
        self.l2: Cache[objects.Announcement] = Cache()
        self.bgp: Cache[objects.Announcement] = Cache()
        self.events: dict[Name, objects.Event] = {}
        """Events that have not become records yet."""
        self.dirty: dict[str, dict[Any, None]] = {
            kind: {} for kind in ("apps", "revisions", "pods", "addresses", "pools")
        }
        self._caches: dict[str, Cache[Any]] = {
            "deployments": self.deployments,
            "statefulsets": self.statefulsets,
            "replicasets": self.replicasets,
            "controllerrevisions": self.revisions,
            "pods": self.pods,
            "services": self.services,
            "ipaddresspools": self.pools,
            "servicel2statuses": self.l2,
            "servicebgpstatuses": self.bgp,
        }
        self._announced: dict[str, dict[Name, dict[Name, None]]] = {"l2": {}, "bgp": {}}
        self._complaints: dict[Name, tuple[float, str]] = {}
        self._gone_pods: dict[Name, AppName] = {}

    # -- what the watches say

    def listed(self, resource: Resource, namespace: str, found: list[Any]) -> None:
        """Take a whole list: what it does not hold is gone."""
        if resource.name == "events":
            for event in found:
                self._event(event)
            return
        cache = self._caches[resource.name]
        here = {name_of(object_) for object_ in found}
        for name in cache.names(namespace):
            if name not in here:
                self._drop(resource.name, name)
        for object_ in found:
            self._put(resource.name, object_)

    def changed(self, resource: Resource, object_: Any, gone: bool) -> None:
        """Take one change."""
        if resource.name == "events":
            if not gone:  # an Event that expires is no news
                self._event(object_)
        elif gone:
            self._drop(resource.name, name_of(object_))
        else:
            self._put(resource.name, object_)

    def _put(self, kind: str, object_: Any) -> None:
        cache = self._caches[kind]
        before = cache.get(name_of(object_))
        if before is not None:
            if before.metadata.resource_version == object_.metadata.resource_version:
                return
            self._touch(kind, before, object_)
        cache.put(object_)
        self._index(kind, before, object_)
        self._touch(kind, object_, before)

    def _drop(self, kind: str, name: Name) -> None:
        cache = self._caches[kind]
        before = cache.get(name)
        if before is None:
            return
        self._touch(kind, before, None)
        if kind == "pods":
            owner = self.owner(before)
            if owner is not NOBODY:
                _remember(self._gone_pods, name, owner, REMEMBERED)
        cache.drop(name)
        self._index(kind, before, None)

    def _index(self, kind: str, before: Any, after: Any) -> None:
        """Keep which status objects speak of which Service."""
        if kind not in ("servicel2statuses", "servicebgpstatuses"):
            return
        index = self._announced["l2" if kind == "servicel2statuses" else "bgp"]
        if before is not None:
            service = _service_of(before)
            known = index.get(service, {})
            known.pop(name_of(before), None)
            if not known:
                index.pop(service, None)
        if after is not None:
            index.setdefault(_service_of(after), {})[name_of(after)] = None

    # -- what a change makes stale

    def touch_all(self, *kinds: str) -> None:
        """Have every record of *kinds* made again."""
        for kind in kinds:
            dirty = self.dirty[kind]
            if kind == "apps":
                for workload in ("Deployment", "StatefulSet"):
                    cache = self.deployments if workload == "Deployment" else self.statefulsets
                    dirty.update((AppName(workload, *name), None) for name in cache.names())
            elif kind == "revisions":
                dirty.update((("ReplicaSet", *name), None) for name in self.replicasets.names())
                dirty.update(
                    (("ControllerRevision", *name), None) for name in self.revisions.names()
                )
            elif kind == "addresses":
                dirty.update(dict.fromkeys(self.services.names()))

    def _touch(self, kind: str, object_: Any, other: Any) -> None:
        """Mark what is made of *object_*; *other* is what it was or becomes, None for nothing."""
        name = name_of(object_)
        if kind in ("deployments", "statefulsets"):
            self._touch_workload(kind, object_, other)
        elif kind == "replicasets":
            self.dirty["revisions"]["ReplicaSet", *name] = None
            self._touch_app(object_)
            if other is None:  # its pods belong to an app from now on, or not any more
                for pod in self.pods.owned_by(object_.metadata.uid):
                    self.dirty["pods"][name_of(pod)] = None
        elif kind == "controllerrevisions":
            self.dirty["revisions"]["ControllerRevision", *name] = None
            self._touch_app(object_)
        elif kind == "pods":
            self.dirty["pods"][name] = None
            self._touch_app(object_)
            hash_ = object_.metadata.label("controller-revision-hash")
            if hash_:
                self.dirty["revisions"]["ControllerRevision", name[0], hash_] = None
        elif kind == "services":
            self.dirty["addresses"][name] = None
        elif kind == "ipaddresspools":
            self.dirty["pools"][name] = None
            if other is None or other.spec != object_.spec:
                self.dirty["addresses"].update(dict.fromkeys(self.services.names()))
            elif other.status != object_.status:  # a full pool is a reason to wait
                self.dirty["addresses"].update(
                    dict.fromkeys(name_of(each) for each in self.services if not _given(each))
                )
        else:
            self.dirty["addresses"][_service_of(object_)] = None

    def _touch_workload(self, kind: str, object_: objects.Workload, other: Any) -> None:
        namespace, name = name_of(object_)
        workload = "Deployment" if kind == "deployments" else "StatefulSet"
        self.dirty["apps"][AppName(workload, namespace, name)] = None
        uid = object_.metadata.uid
        was = other is not None and (
            other.metadata.annotation(apps.REVISION) == object_.metadata.annotation(apps.REVISION)
            and other.status.update_revision == object_.status.update_revision
        )
        if not was:  # which revision is the current one
            for each in self.replicasets.owned_by(uid):
                self.dirty["revisions"]["ReplicaSet", *name_of(each)] = None
            for revision in self.revisions.owned_by(uid):
                self.dirty["revisions"]["ControllerRevision", *name_of(revision)] = None
        if other is None:
            for replicaset in self.replicasets.owned_by(uid):
                for pod in self.pods.owned_by(replicaset.metadata.uid):
                    self.dirty["pods"][name_of(pod)] = None
            for pod in self.pods.owned_by(uid):
                self.dirty["pods"][name_of(pod)] = None
        if other is None or other.spec.template.labels != object_.spec.template.labels:
            self.dirty["addresses"].update(dict.fromkeys(self.services.names(namespace)))

    def _touch_app(self, object_: Any) -> None:
        owner = self.owner(object_)
        if owner is not NOBODY:
            self.dirty["apps"][owner] = None

    # -- which app

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
        namespace = service.metadata.namespace
        return tuple(
            AppName(kind, *name_of(each))
            for kind, cache in (
                ("Deployment", self.deployments),
                ("StatefulSet", self.statefulsets),
            )
            for each in cache.within(namespace)
            if addresses.selects(service.spec.selector, each.spec.template.labels)
        )

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

    # -- Events

    def _event(self, event: objects.Event) -> None:
        self.events[name_of(event)] = event
        about = event.involved_object
        if about.kind != "Service":
            return
        name = (about.namespace, about.name)
        known = self._complaints.get(name, (0.0, ""))
        at = events_at(event)
        if at < known[0]:
            return
        complaint = event.message if event.type == "Warning" else ""
        _remember(self._complaints, name, (at, complaint), COMPLAINTS)
        if complaint != known[1]:
            self.dirty["addresses"][name] = None

    # -- records

    def app(
        self, name: AppName, source: str, now: float, *, pods_known: bool
    ) -> records.App | None:
        """Return the record of one app, None where it is gone."""
        stateful = name.workload == "StatefulSet"
        workload = (self.statefulsets if stateful else self.deployments).get(name[1:])
        if workload is None:
            return None
        if stateful:
            revision = self.revisions.get((name.namespace, workload.status.update_revision))
            number = revision.revision if revision is not None else None
        else:
            number = apps.number(workload.metadata.annotation(apps.REVISION))
        found = self.pods_of(name) if pods_known else None
        return apps.app_record(workload, name.workload, found, number, source, now)

    def revision(
        self, key: tuple[str, str, str], source: str, now: float, *, pods_known: bool
    ) -> records.Revision | None:
        """Return the record of one revision, None where it is gone or of no app."""
        name = key[1:]
        if key[0] == "ReplicaSet":
            replicaset = self.replicasets.get(name)
            owner = self.owner(replicaset) if replicaset is not None else NOBODY
            if replicaset is None or owner.workload != "Deployment":
                return None
            deployment = self.deployments.get(owner[1:])
            current = deployment.metadata.annotation(apps.REVISION) if deployment else ""
            return revisions.of_replicaset(
                replicaset, owner.name, apps.number(current), source, now
            )
        revision = self.revisions.get(name)
        owner = self.owner(revision) if revision is not None else NOBODY
        if revision is None or owner.workload != "StatefulSet":
            return None
        stateful = self.statefulsets.get(owner[1:])
        ready = None
        if pods_known:
            ready = [
                stand.ready == stand.total
                for pod in self.pods_of(owner)
                if pod.metadata.label("controller-revision-hash") == name[1]
                for stand in (pods.standing(pod),)
            ]
        current = stateful.status.update_revision if stateful else ""
        return revisions.of_controller_revision(revision, owner.name, current, ready, source, now)

    def pod(self, name: Name, source: str, now: float) -> records.Pod | None:
        """Return the record of one pod, None where it is gone."""
        pod = self.pods.get(name)
        if pod is None:
            return None
        owner = self.owner(pod)
        hash_ = pod.metadata.label(
            "controller-revision-hash" if owner.workload == "StatefulSet" else "pod-template-hash"
        )
        return pods.pod_record(pod, source, now, owner.workload, owner.name, hash_)

    def addresses(
        self, name: Name, source: str, now: float, *, announcers_known: bool
    ) -> list[records.Address]:
        """Return the records of one Service's addresses, none where it is gone."""
        service = self.services.get(name)
        if service is None:
            return []
        found = addresses.announcers(
            [each for key in self._announced["l2"].get(name, ()) if (each := self.l2.get(key))],
            [each for key in self._announced["bgp"].get(name, ()) if (each := self.bgp.get(key))],
        )
        return addresses.address_records(
            service,
            pools=list(self.pools),
            announced_by=found if found or announcers_known else None,
            apps=tuple(f"{app.workload}/{app.name}" for app in self.selected(service)),
            complaint=self._complaints.get(name, (0.0, ""))[1],
            source=source,
            received=now,
        )

    def pool(self, name: Name, source: str, now: float) -> records.Pool | None:
        """Return the record of one pool, None where it is gone."""
        pool = self.pools.get(name)
        return addresses.pool_record(pool, source, now) if pool is not None else None


def events_at(event: objects.Event) -> float:
    """Return when *event* last occurred, 0 where it does not say."""
    from adapters.kubernetes.events import last_seen

    return last_seen(event) or 0.0


def _service_of(announcement: objects.Announcement) -> Name:
    return announcement.status.service_namespace, announcement.status.service_name


def _given(service: objects.Service) -> bool:
    balancer = service.status.load_balancer
    return bool(balancer and balancer.ingress)


def _remember(into: dict[Any, Any], key: Any, value: Any, limit: int) -> None:
    """Keep *value* as the newest of at most *limit*."""
    into.pop(key, None)
    into[key] = value
    if len(into) > limit:
        del into[next(iter(into))]
