"""A workload's revisions, and the patch that brings one of them back, as kubectl makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from adapters.kubernetes import rollout
from adapters.kubernetes.apps import REVISION, number
from adapters.kubernetes.resources import (
    DEPLOYMENTS,
    REPLICASETS,
    REVISIONS,
    STATEFULSETS,
    Resource,
)
from adapters.kubernetes.revisions import CHANGE_CAUSE
from adapters.kubernetes.template import HASH_LABEL, restored_annotations, without_hash
from adapters.kubernetes.times import epoch

Json = Mapping[str, Any]


class Past(NamedTuple):
    """One revision: its number, the object that remembers it, and its pod template.

    `pods` is the label, as KEY=VALUE, that its pods bear.
    """

    number: int
    name: str
    template: Json
    cause: str
    created: float | None
    pods: str
    source: Json

    @property
    def images(self) -> tuple[str, ...]:
        """The containers' images."""
        spec = self.template.get("spec") or {}
        return tuple(str(each.get("image", "")) for each in spec.get("containers") or ())


class Kind(NamedTuple):
    """A kind of workload that can be rolled back."""

    workload: str
    resource: Resource
    remembered: Resource
    past: Callable[[Json], Past | None]
    patch: Callable[[Json, Past], bytes]
    content_type: str
    status: Callable[[Json, int, str], rollout.Rollout]


def owned(owner: Json, items: Sequence[Json], kind: Kind) -> list[Past]:
    """Return the revisions among *items* that *owner* controls, the newest first."""
    uid = owner["metadata"].get("uid")
    found = []
    for item in items:
        owners = item["metadata"].get("ownerReferences") or ()
        if any(each.get("controller") and each.get("uid") == uid for each in owners):
            past = kind.past(item)
            if past is not None:
                found.append(past)
    return sorted(found, key=lambda each: each.number, reverse=True)


def annotations_of(object_: Json) -> Mapping[str, str]:
    """Return an object's annotations."""
    return object_["metadata"].get("annotations") or {}


def _of_replicaset(item: Json) -> Past | None:
    revision = number(annotations_of(item).get(REVISION, ""))
    if revision is None:  # not numbered yet, or not by the deployment controller
        return None
    template = item["spec"]["template"]
    labels = (template.get("metadata") or {}).get("labels") or {}
    return Past(
        revision,
        item["metadata"]["name"],
        without_hash(template),
        annotations_of(item).get(CHANGE_CAUSE, ""),
        epoch(item["metadata"].get("creationTimestamp")),
        f"{HASH_LABEL}={labels.get(HASH_LABEL, '')}",
        item,
    )


def _of_controller_revision(item: Json) -> Past | None:
    template = ((item.get("data") or {}).get("spec") or {}).get("template")
    if not isinstance(template, dict):
        return None
    return Past(
        int(item.get("revision") or 0),
        item["metadata"]["name"],
        without_hash(template),
        annotations_of(item).get(CHANGE_CAUSE, ""),
        epoch(item["metadata"].get("creationTimestamp")),
        f"controller-revision-hash={item['metadata']['name']}",
        item,
    )


def _patch_deployment(deployment: Json, past: Past) -> bytes:
    """Replace template and annotations, if the resourceVersion is still what it was.

    If it is not, a 409 says so and nothing changes (`op: test` would give an opaque 422).
    """
    has = "annotations" in deployment["metadata"]
    operations = [
        {
            "op": "replace",
            "path": "/metadata/resourceVersion",
            "value": deployment["metadata"]["resourceVersion"],
        },
        {"op": "replace", "path": "/spec/template", "value": past.template},
        {
            "op": "replace" if has else "add",
            "path": "/metadata/annotations",
            "value": restored_annotations(annotations_of(deployment), annotations_of(past.source)),
        },
    ]
    return msgspec.json.encode(operations)


def _patch_statefulset(stateful: Json, past: Past) -> bytes:
    """Send what the ControllerRevision holds: a strategic merge patch with `$patch: replace`."""
    metadata = {
        "resourceVersion": stateful["metadata"]["resourceVersion"],
        "uid": stateful["metadata"]["uid"],
    }
    return msgspec.json.encode({**past.source["data"], "metadata": metadata})


DEPLOYMENT = Kind(
    "Deployment",
    DEPLOYMENTS,
    REPLICASETS,
    _of_replicaset,
    _patch_deployment,
    "application/json-patch+json",
    rollout.deployment,
)
STATEFULSET = Kind(
    "StatefulSet",
    STATEFULSETS,
    REVISIONS,
    _of_controller_revision,
    _patch_statefulset,
    "application/strategic-merge-patch+json",
    rollout.statefulset,
)
KINDS = {kind.workload: kind for kind in (DEPLOYMENT, STATEFULSET)}
