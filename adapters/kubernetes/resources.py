"""What is watched: each resource's path, its struct, and which scopes stand on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from adapters.kubernetes import metallb, objects
from adapters.kubernetes.client import segment
from adapters.kubernetes.objects import LONGEST, Named


class Resource(NamedTuple):
    """One kind of object that is listed and watched. `optional`: a cluster may lack it."""

    name: str
    group: str
    type: type[Named]
    title: str
    optional: bool = False
    keep: Callable[[Named], bool] | None = None

    def path(self, namespace: str = "", name: str = "") -> str:
        """Return the path of the collection, or of one object in it."""
        within = f"/namespaces/{segment(namespace)}" if namespace else ""
        return f"{self.group}{within}/{self.name}{f'/{segment(name)}' if name else ''}"


def _is_load_balancer(object_: Named) -> bool:
    return isinstance(object_, objects.Service) and object_.spec.type == "LoadBalancer"


CORE, APPS, METALLB = "/api/v1", "/apis/apps/v1", "/apis/metallb.io/v1beta1"
AUTOSCALING = "/apis/autoscaling/v1"
"""Old enough for every server, and it has all that is asked of an autoscaler here."""

DEPLOYMENTS = Resource("deployments", APPS, objects.Workload, "Deployments")
STATEFULSETS = Resource("statefulsets", APPS, objects.Workload, "StatefulSets")
REPLICASETS = Resource("replicasets", APPS, objects.Workload, "ReplicaSets")
REVISIONS = Resource("controllerrevisions", APPS, objects.ControllerRevision, "ControllerRevisions")
PODS = Resource("pods", CORE, objects.Pod, "Pods")
EVENTS = Resource("events", CORE, objects.Event, "Events")
SERVICES = Resource("services", CORE, objects.Service, "Services", False, _is_load_balancer)
POOLS = Resource("ipaddresspools", METALLB, metallb.AddressPool, "IPAddressPools", True)
L2 = Resource("servicel2statuses", METALLB, metallb.Announcement, "ServiceL2Statuses", True)
BGP = Resource("servicebgpstatuses", METALLB, metallb.Announcement, "ServiceBGPStatuses", True)
AUTOSCALERS = Resource(
    "horizontalpodautoscalers", AUTOSCALING, Named, "HorizontalPodAutoscalers", True
)
"""Asked for only where something is scaled: not watched."""

RESOURCES = (
    DEPLOYMENTS,
    STATEFULSETS,
    REPLICASETS,
    REVISIONS,
    PODS,
    EVENTS,
    SERVICES,
    POOLS,
    L2,
    BGP,
)


class ScopeOf(NamedTuple):
    """A scope of records: which watches decide what is in it, and which only add to it."""

    name: str
    primary: tuple[str, ...]
    joined: tuple[str, ...]


SCOPES = (
    ScopeOf(
        "apps", ("deployments", "statefulsets"), ("replicasets", "pods", "controllerrevisions")
    ),
    ScopeOf(
        "revisions",
        ("replicasets", "controllerrevisions"),
        ("deployments", "statefulsets", "pods"),
    ),
    ScopeOf("pods", ("pods",), ("replicasets", "deployments", "statefulsets")),
    ScopeOf("events", ("events",), ("pods", "replicasets")),
    ScopeOf(
        "addresses",
        ("services",),
        (
            "ipaddresspools",
            "servicel2statuses",
            "servicebgpstatuses",
            "deployments",
            "statefulsets",
            "events",
        ),
    ),
    ScopeOf("pools", ("ipaddresspools",), ()),
)


def trim(object_: Named) -> Named:
    """Drop and cut what is not shown of an object that was just read."""
    object_.metadata.trim()
    if isinstance(object_, objects.Pod):
        _trim_containers(object_.spec)
        _trim_pod(object_.status)
    elif isinstance(object_, objects.Workload):
        _trim_containers(object_.spec.template.spec)
        _trim_conditions(object_.status.conditions)
    elif isinstance(object_, objects.ControllerRevision):
        _trim_containers(object_.data.spec.template.spec)
    elif isinstance(object_, objects.Event):
        object_.message = object_.message[:LONGEST]
    return object_


def _trim_pod(status: objects.PodStatus) -> None:
    status.message = status.message[:LONGEST]
    _trim_conditions(status.conditions)
    for each in (*(status.container_statuses or ()), *(status.init_container_statuses or ())):
        for state in (each.state, each.last_state):
            for part in (state.waiting, state.terminated) if state else ():
                if part is not None:
                    part.message = part.message[:LONGEST]


def _trim_containers(spec: objects.PodSpec | None) -> None:
    for each in (spec.containers if spec else None) or ():
        each.image = each.image[:LONGEST]


def _trim_conditions(conditions: list[objects.Condition] | None) -> None:
    for each in conditions or ():
        each.message = each.message[:LONGEST]
