"""What the watches said last, and which records a change of one object makes stale."""

from __future__ import annotations

from typing import Any

from adapters.kubernetes import apps, metallb, objects
from adapters.kubernetes.cache import Cache, Name, name_of
from adapters.kubernetes.events import last_seen
from adapters.kubernetes.joins import NOBODY, AppName, Joins, remember
from adapters.kubernetes.resources import Resource

COMPLAINTS = 4096
"""Services whose last complaint is remembered."""


class World(Joins):
    """The objects of one cluster as the watches bring them. Holds no connection.

    `dirty` holds, for each kind of record, the names of what has to be made again.
    """

    def __init__(self) -> None:
        super().__init__()
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

    def complaint(self, service: Name) -> str:
        """Return what was last complained of about a Service, "" for nothing."""
        return self._complaints.get(service, (0.0, ""))[1]

    def announcements(
        self, service: Name
    ) -> tuple[list[metallb.Announcement], list[metallb.Announcement]]:
        """Return the L2 and the BGP status objects that speak of a Service."""
        l2 = (self.l2.get(name) for name in self._announced["l2"].get(service, ()))
        bgp = (self.bgp.get(name) for name in self._announced["bgp"].get(service, ()))
        return [each for each in l2 if each], [each for each in bgp if each]

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
            self.remember(before)
        cache.drop(name)
        self._index(kind, before, None)

    def _index(self, kind: str, before: Any, after: Any) -> None:
        """Keep the indexes beside the caches: labels of workloads, announcers of Services."""
        if kind in ("deployments", "statefulsets"):
            workload = "Deployment" if kind == "deployments" else "StatefulSet"
            if before is not None:
                self.labels.drop(AppName(workload, *name_of(before)), before.spec.template)
            if after is not None:
                self.labels.put(AppName(workload, *name_of(after)), after.spec.template)
        elif kind in ("servicel2statuses", "servicebgpstatuses"):
            self._index_announcement(
                self._announced["l2" if kind == "servicel2statuses" else "bgp"], before, after
            )

    def _index_announcement(
        self, index: dict[Name, dict[Name, None]], before: Any, after: Any
    ) -> None:
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

    # -- Events

    def _event(self, event: objects.Event) -> None:
        self.events[name_of(event)] = event
        about = event.involved_object
        if about.kind != "Service":
            return
        name = (about.namespace, about.name)
        known = self._complaints.get(name, (0.0, ""))
        at = last_seen(event) or 0.0
        if at < known[0]:
            return
        complaint = event.message if event.type == "Warning" else ""
        remember(self._complaints, name, (at, complaint), COMPLAINTS)
        if complaint != known[1]:
            self.dirty["addresses"][name] = None


def _service_of(announcement: metallb.Announcement) -> Name:
    return announcement.status.service_namespace, announcement.status.service_name


def _given(service: objects.Service) -> bool:
    balancer = service.status.load_balancer
    return bool(balancer and balancer.ingress)
