"""Pod templates as plain JSON: which are equal, and what names one of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

HASH_LABEL = "pod-template-hash"
KEPT = frozenset(
    {
        "kubectl.kubernetes.io/last-applied-configuration",
        "deployment.kubernetes.io/revision",
        "deployment.kubernetes.io/revision-history",
        "deployment.kubernetes.io/desired-replicas",
        "deployment.kubernetes.io/max-replicas",
        "deprecated.deployment.rollback.to",
    }
)
"""Annotations that stay the Deployment's own in a rollback; the others become the ReplicaSet's."""

Json = dict[str, Any]


def without_hash(template: Mapping[str, Any]) -> Json:
    """Return a copy of *template* as a Deployment would hold it: without the ReplicaSet's label."""
    copy = {name: value for name, value in template.items() if name != "$patch"}
    metadata = dict(copy.get("metadata") or {})
    labels = dict(metadata.get("labels") or {})
    labels.pop(HASH_LABEL, None)
    if labels or "labels" in metadata:
        metadata["labels"] = labels
    copy["metadata"] = metadata
    return copy


def normal(value: Any) -> Any:
    """Return *value* without what means nothing: null, and metadata that is empty.

    An empty object elsewhere stays (`emptyDir: {}` is not the same as none).
    """
    if isinstance(value, dict):
        kept = {name: normal(each) for name, each in value.items() if each is not None}
        metadata = kept.get("metadata")
        if isinstance(metadata, dict):
            kept["metadata"] = {name: each for name, each in metadata.items() if each != {}}
        return kept
    if isinstance(value, list):
        return [normal(each) for each in value]
    return value


def equal(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two pod templates are the same but for the hash label."""
    return digest(one) == digest(other)  # not `==`: to Python, 1 is True


def digest(template: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hex, of *template* without its hash label, whatever its key order."""
    canonical = msgspec.json.encode(normal(without_hash(template)), order="deterministic")
    return hashlib.sha256(canonical).hexdigest()


def restored_annotations(deployment: Mapping[str, str], replicaset: Mapping[str, str]) -> Json:
    """Return the annotations that a Deployment has after a rollback to *replicaset*."""
    kept = {name: value for name, value in deployment.items() if name in KEPT}
    return kept | {name: value for name, value in replicaset.items() if name not in KEPT}
