"""Kubernetes' objects, down to the fields that the console shows: decoded straight into these.

What is not named here is never built: of a pod's 8 KB some 1 KB is kept. Every field may be
missing, for an API server leaves out what is empty and writes null in places.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from adapters.kubernetes.times import epoch

KEPT_ANNOTATIONS = frozenset(
    {
        "argocd.argoproj.io/tracking-id",
        "colony/priority",
        "colony/site",
        "colony/token",
        "deployment.kubernetes.io/revision",
        "kubectl.kubernetes.io/default-container",
        "kubernetes.io/change-cause",
        "meta.helm.sh/release-name",
        "metallb.io/address-pool",
        "metallb.io/allow-shared-ip",
        "metallb.io/ip-allocated-from-pool",
        "metallb.io/loadBalancerIPs",
        "metallb.universe.tf/address-pool",
        "metallb.universe.tf/allow-shared-ip",
        "metallb.universe.tf/ip-allocated-from-pool",
        "metallb.universe.tf/loadBalancerIPs",
        "objectset.rio.cattle.io/id",
    }
)
"""The rest are dropped once read: last-applied-configuration alone is as large as the object."""
LONGEST = 512
"""Characters kept of a message or an annotation."""


class Object(msgspec.Struct, rename="camel", gc=False):
    """Part of an object; unknown fields are passed over."""


class Owner(Object):
    """An owner reference."""

    kind: str = ""
    name: str = ""
    uid: str = ""
    controller: bool | None = None


class ManagedField(Object):
    """Who manages fields: the manager's name and its operation, Apply or Update."""

    manager: str = ""
    operation: str = ""


class Meta(Object):
    """An object's metadata."""

    name: str = ""
    namespace: str = ""
    uid: str = ""
    resource_version: str = ""
    generation: int | None = None
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    owner_references: list[Owner] | None = None
    managed_fields: list[ManagedField] | None = None

    @property
    def created(self) -> float | None:
        """When it was created."""
        return epoch(self.creation_timestamp)

    def label(self, name: str) -> str:
        """Return a label's value, "" where there is none."""
        return (self.labels or {}).get(name, "")

    def annotation(self, name: str) -> str:
        """Return a kept annotation's value, "" where there is none."""
        return (self.annotations or {}).get(name, "")

    def controller(self) -> Owner | None:
        """Return the owner that controls it, None where none does."""
        return next((each for each in self.owner_references or () if each.controller), None)

    def trim(self) -> None:
        """Drop what is not shown, and cut what somebody made too long."""
        if self.annotations:
            self.annotations = {
                name: value[:LONGEST]
                for name, value in self.annotations.items()
                if name in KEPT_ANNOTATIONS
            }
        if self.managed_fields:
            names = {each.manager: each.operation for each in self.managed_fields}
            self.managed_fields = [ManagedField(*item) for item in list(names.items())[:50]]


class Named(Object):
    """An object with metadata."""

    metadata: Meta


NamedT = TypeVar("NamedT", bound=Named)


class Condition(Object):
    """One condition of a status."""

    type: str = ""
    status: str = ""
    reason: str = ""
    message: str = ""
    last_transition_time: str | None = None
    last_update_time: str | None = None


class Container(Object):
    """A container of a pod template or a pod."""

    name: str = ""
    image: str = ""
    restart_policy: str = ""


class PodSpec(Object):
    """What a pod is to be."""

    containers: list[Container] | None = None
    init_containers: list[Container] | None = None
    node_name: str = ""


class TemplateMeta(Object):
    """A pod template's metadata."""

    labels: dict[str, str] | None = None


class PodTemplate(Object):
    """A pod template."""

    metadata: TemplateMeta | None = None
    spec: PodSpec | None = None

    @property
    def images(self) -> tuple[str, ...]:
        """The containers' images, in order."""
        return images(self.spec)

    @property
    def labels(self) -> dict[str, str]:
        """The labels that its pods get."""
        return (self.metadata.labels if self.metadata else None) or {}


def images(spec: PodSpec | None) -> tuple[str, ...]:
    """Return the images of a pod's containers, in order."""
    return tuple(each.image for each in (spec.containers if spec else None) or ())


class RollingUpdate(Object):
    """How a StatefulSet rolls: pods below the ordinal `partition` keep the old revision."""

    partition: int | None = None


class UpdateStrategy(Object):
    """How a StatefulSet's pods come to a new revision: RollingUpdate or OnDelete."""

    type: str = ""
    rolling_update: RollingUpdate | None = None


class WorkloadSpec(Object):
    """What a Deployment, a StatefulSet or a ReplicaSet is to be."""

    replicas: int | None = None
    paused: bool = False
    template: PodTemplate = msgspec.field(default_factory=PodTemplate)
    update_strategy: UpdateStrategy | None = None


class WorkloadStatus(Object):
    """How it stands. A count that is left out is zero once its controller has looked at all."""

    observed_generation: int | None = None
    replicas: int | None = None
    ready_replicas: int | None = None
    updated_replicas: int | None = None
    available_replicas: int | None = None
    current_revision: str = ""
    update_revision: str = ""
    conditions: list[Condition] | None = None


class Workload(Named):
    """A Deployment, a StatefulSet or a ReplicaSet."""

    spec: WorkloadSpec = msgspec.field(default_factory=WorkloadSpec)
    status: WorkloadStatus = msgspec.field(default_factory=WorkloadStatus)


class RevisionSpec(Object):
    """The part of a StatefulSet that a ControllerRevision holds."""

    template: PodTemplate = msgspec.field(default_factory=PodTemplate)


class RevisionData(Object):
    """A ControllerRevision's data."""

    spec: RevisionSpec = msgspec.field(default_factory=RevisionSpec)


class ControllerRevision(Named):
    """One revision of a StatefulSet."""

    revision: int = 0
    data: RevisionData = msgspec.field(default_factory=RevisionData)


class Waiting(Object):
    """Why a container has not started."""

    reason: str = ""
    message: str = ""


class Terminated(Object):
    """How a container ended."""

    reason: str = ""
    message: str = ""
    exit_code: int = 0
    signal: int = 0
    finished_at: str | None = None


class Running(Object):
    """Since when a container runs."""

    started_at: str | None = None


class ContainerState(Object):
    """One of the three, or none."""

    waiting: Waiting | None = None
    running: Running | None = None
    terminated: Terminated | None = None


class ContainerStatus(Object):
    """How one container stands."""

    name: str = ""
    ready: bool = False
    started: bool | None = None
    restart_count: int = 0
    image_id: str = msgspec.field(default="", name="imageID")
    state: ContainerState | None = None
    last_state: ContainerState | None = None


class PodStatus(Object):
    """How a pod stands."""

    phase: str = ""
    reason: str = ""
    message: str = ""
    pod_ip: str = msgspec.field(name="podIP", default="")
    conditions: list[Condition] | None = None
    container_statuses: list[ContainerStatus] | None = None
    init_container_statuses: list[ContainerStatus] | None = None


class Pod(Named):
    """A pod."""

    spec: PodSpec = msgspec.field(default_factory=PodSpec)
    status: PodStatus = msgspec.field(default_factory=PodStatus)


class Reference(Object):
    """What an Event is about."""

    kind: str = ""
    namespace: str = ""
    name: str = ""
    uid: str = ""


class Source(Object):
    """Who reported an Event, in the older form."""

    component: str = ""
    host: str = ""


class Series(Object):
    """How often an Event occurred, in the newer form."""

    count: int = 0
    last_observed_time: str | None = None


class Event(Named):
    """A core/v1 Event."""

    involved_object: Reference = msgspec.field(default_factory=Reference)
    type: str = ""
    reason: str = ""
    message: str = ""
    count: int | None = None
    first_timestamp: str | None = None
    last_timestamp: str | None = None
    event_time: str | None = None
    series: Series | None = None
    source: Source | None = None
    reporting_component: str = ""


class ServicePort(Object):
    """One port of a Service."""

    port: int = 0
    protocol: str = "TCP"
    name: str = ""


class ServiceSpec(Object):
    """What a Service is to be."""

    type: str = ""
    selector: dict[str, str] | None = None
    ports: list[ServicePort] | None = None
    load_balancer_ip: str = msgspec.field(name="loadBalancerIP", default="")
    load_balancer_class: str | None = None


class Ingress(Object):
    """One address that a load balancer gave."""

    ip: str = ""
    hostname: str = ""


class LoadBalancer(Object):
    """What a load balancer gave."""

    ingress: list[Ingress] | None = None


class ServiceStatus(Object):
    """How a Service stands."""

    load_balancer: LoadBalancer | None = None


class Service(Named):
    """A Service."""

    spec: ServiceSpec = msgspec.field(default_factory=ServiceSpec)
    status: ServiceStatus = msgspec.field(default_factory=ServiceStatus)
