"""Apps: a Deployment or a StatefulSet with its pods, as one record."""

from __future__ import annotations

from adapters import records
from adapters.kubernetes import objects
from adapters.kubernetes.health import changed_at, counts, derive
from adapters.kubernetes.images import version
from adapters.kubernetes.managers import managed_by
from adapters.kubernetes.objects import Workload
from adapters.kubernetes.pods import standing

REVISION = "deployment.kubernetes.io/revision"
DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"


def app_record(
    workload: Workload,
    kind: str,
    pods: list[objects.Pod] | None,
    revision: int | None,
    source: str,
    received: float,
) -> records.App:
    """Return *workload* (of *kind* Deployment or StatefulSet) as an app.

    *pods* is None while they are not known: then nobody can say how often they restarted.
    """
    meta = workload.metadata
    count = counts(workload)
    verdict = derive(workload, pods or [], stateful=kind == "StatefulSet")
    template = workload.spec.template
    return records.App(
        source=source,
        namespace=meta.namespace,
        name=meta.name,
        uid=meta.uid,
        at=changed_at(workload),
        received=received,
        workload=kind,
        desired=count.desired,
        ready=count.ready,
        updated=count.updated,
        available=count.available,
        images=template.images,
        version=version(main_image(template, meta.annotation(DEFAULT_CONTAINER))),
        revision=revision,
        health=verdict.health,
        reason=verdict.reason,
        since=verdict.since,
        created=meta.created,
        paused=workload.spec.paused,
        generation=meta.generation or 0,
        observed_generation=workload.status.observed_generation or 0,
        restarts=None if pods is None else sum(standing(each).restarts for each in pods),
        token=meta.annotation("colony/token"),
        site=meta.annotation("colony/site"),
        priority=meta.annotation("colony/priority"),
        managed_by=managed_by(
            meta.labels or {},
            meta.annotations or {},
            [each.manager for each in meta.managed_fields or ()],
        ),
        actions=("app.rollback", "app.scale"),
    )


def main_image(template: objects.PodTemplate, container: str) -> str:
    """Return the image of the container that `kubectl logs` would pick: named, or the first."""
    containers = (template.spec.containers if template.spec else None) or []
    for each in containers:
        if each.name == container:
            return each.image
    return containers[0].image if containers else ""


def number(text: str) -> int | None:
    """Return a revision's number as the annotation writes it, None where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
