"""A publisher, and hands to feed it as reflectors would."""

from __future__ import annotations

from typing import Any

from kubernetes_objects import (
    T1,
    FakeClock,
    deployment,
    meta,
    pod,
    pool,
    replicaset,
    service,
    typed,
)

from adapters.contract import Batch
from adapters.kubernetes.publisher import Publisher, Seen
from adapters.kubernetes.resources import RESOURCES, Resource, trim
from adapters.records import ScopeState


class Watched:
    """A publisher, and hands to feed it as reflectors would."""

    def __init__(self, seen: Seen | None = None, namespaces: tuple[str, ...] = ("",)) -> None:
        self.clock = FakeClock()
        names = [(each.name, space) for each in RESOURCES for space in namespaces]
        self.publisher = Publisher("tycho", self.clock, names, seen or Seen())
        self._version = 1

    def list(self, resource: Resource, *items: dict[str, Any], namespace: str = "") -> None:
        found = [trim(typed(each, resource.type)) for each in items]
        self.publisher.listed(resource, namespace, found)
        self.publisher.stood(resource, namespace, ScopeState.LIVE, "")

    def list_all(self, **items: list[dict[str, Any]]) -> list[Batch]:
        for each in RESOURCES:
            self.list(each, *items.get(each.name, []))
        return self.flush()

    def change(self, resource: Resource, item: dict[str, Any], gone: bool = False) -> None:
        self._version += 1
        item["metadata"]["resourceVersion"] = str(self._version)
        self.publisher.changed(resource, trim(typed(item, resource.type)), gone)

    def stand(self, resource: Resource, state: ScopeState, detail: str = "") -> None:
        self.publisher.stood(resource, "", state, detail)

    def flush(self) -> list[Batch]:
        return list(self.publisher.flush())

    def records(self, batches: list[Batch], scope: str) -> dict[str, Any]:
        return {
            record.name: record
            for batch in batches
            if batch.scope == scope
            for record in batch.upserts
        }


def colony() -> dict[str, list[dict[str, Any]]]:
    return {
        "deployments": [deployment()],
        "replicasets": [replicaset("o2-aaa", revision=12), replicaset("o2-old", revision=11)],
        "pods": [pod()],
        "services": [service()],
        "ipaddresspools": [pool()],
        "servicel2statuses": [l2("habitat-1")],
    }


def l2(node: str) -> dict[str, Any]:
    return {
        "metadata": meta("l2-x", "metallb-system"),
        "status": {
            "node": node,
            "serviceName": "o2",
            "serviceNamespace": "life-support",
            "interfaces": [{"name": "eth0"}],
        },
    }


def event(name: str, kind: str, about: str, **more: Any) -> dict[str, Any]:
    return {
        "metadata": meta(name),
        "involvedObject": {"kind": kind, "namespace": "life-support", "name": about},
        "type": "Warning",
        "reason": "BackOff",
        "message": "back-off",
        "count": 1,
        "lastTimestamp": T1,
        **more,
    }
