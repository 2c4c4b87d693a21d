"""Revisions: what a Deployment's ReplicaSets and a StatefulSet's ControllerRevisions remember."""

from __future__ import annotations

from adapters import records
from adapters.kubernetes import objects
from adapters.kubernetes.apps import REVISION, number

CHANGE_CAUSE = "kubernetes.io/change-cause"


def of_replicaset(
    replicaset: objects.Workload,
    app: str,
    current: int | None,
    source: str,
    received: float,
) -> records.Revision:
    """Return a ReplicaSet of the Deployment *app*, whose current revision is *current*."""
    meta = replicaset.metadata
    own = number(meta.annotation(REVISION))
    return records.Revision(
        source=source,
        namespace=meta.namespace,
        name=meta.name,
        uid=meta.uid,
        at=meta.created,
        received=received,
        app=app,
        workload="Deployment",
        number=own or 0,
        images=replicaset.spec.template.images,
        change_cause=meta.annotation(CHANGE_CAUSE),
        created=meta.created,
        replicas=replicaset.status.replicas or 0,
        ready=replicaset.status.ready_replicas or 0,
        template=meta.label("pod-template-hash"),
        current=own is not None and own == current,
    )


def of_controller_revision(
    revision: objects.ControllerRevision,
    app: str,
    current: str,
    pods: list[bool] | None,
    source: str,
    received: float,
) -> records.Revision:
    """Return a ControllerRevision of the StatefulSet *app*; *current* names its update revision.

    *pods* says of each pod of this revision whether it is ready, None while nobody knows.
    """
    meta = revision.metadata
    return records.Revision(
        source=source,
        namespace=meta.namespace,
        name=meta.name,
        uid=meta.uid,
        at=meta.created,
        received=received,
        app=app,
        workload="StatefulSet",
        number=revision.revision,
        images=revision.data.spec.template.images,
        change_cause=meta.annotation(CHANGE_CAUSE),
        created=meta.created,
        replicas=None if pods is None else len(pods),
        ready=None if pods is None else sum(pods),
        template=meta.name,  # what its pods bear as controller-revision-hash
        current=meta.name == current,
    )
