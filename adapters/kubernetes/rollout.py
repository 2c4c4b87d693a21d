"""How a rollout gets on: `kubectl rollout status`, as a pure function of the object's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from adapters.kubernetes.health import DEADLINE

Json = Mapping[str, Any]


class Rollout(NamedTuple):
    """One look: whether the controller saw the change, whether all is done, a line on it.

    `failed` is why it cannot be expected to get done any more, "" while it can.
    """

    observed: bool
    done: bool
    detail: str
    share: float | None = None
    failed: str = ""


def progressing(workload: Json) -> str:
    """Name the present state of the Progressing condition, to tell a later one from it."""
    found = _progressing(workload)
    return f"{found.get('reason', '')}@{found.get('lastUpdateTime', '')}" if found else ""


def _progressing(workload: Json) -> Json:
    conditions = (workload.get("status") or {}).get("conditions") or ()
    return next((each for each in conditions if each.get("type") == "Progressing"), {})


def deployment(workload: Json, generation: int, before: str = "") -> Rollout:
    """Return how the rollout of *generation* or a later one gets on.

    *before* is what `progressing` said before the change. Where an old ReplicaSet is used again,
    the controller leaves the condition as it is until there is progress: a deadline that the
    rollout before exceeded would count as this one's.
    """
    status = workload.get("status") or {}
    if (status.get("observedGeneration") or 0) < generation:
        return Rollout(False, False, "waiting for the deployment controller to see the change")
    desired = _replicas(workload)
    replicas, updated = status.get("replicas") or 0, status.get("updatedReplicas") or 0
    available = status.get("availableReplicas") or 0
    share = min(1.0, min(updated, available) / desired) if desired else 1.0
    condition = _progressing(workload)
    if condition.get("reason") == DEADLINE and progressing(workload) != before:
        reason = condition.get("message") or "the progress deadline is exceeded"
        return Rollout(True, False, reason, share, failed=reason)
    if updated < desired:
        return Rollout(True, False, f"{updated} of {desired} updated", share)
    if replicas > updated:
        old = replicas - updated
        return Rollout(True, False, f"{old} old {_pods(old)} still to go", share)
    if available < updated:
        return Rollout(True, False, f"{available} of {updated} available", share)
    return Rollout(True, True, f"{updated} of {desired} updated and available", 1.0)


def statefulset(workload: Json, generation: int, before: str = "") -> Rollout:
    """Return how the rollout of *generation* or a later one gets on; *before* is not used."""
    status, spec = workload.get("status") or {}, workload.get("spec") or {}
    if (status.get("observedGeneration") or 0) < generation:
        return Rollout(False, False, "waiting for the statefulset controller to see the change")
    desired = _replicas(workload)
    ready, updated = status.get("readyReplicas") or 0, status.get("updatedReplicas") or 0
    strategy = spec.get("updateStrategy") or {}
    share = min(1.0, min(updated, ready) / desired) if desired else 1.0
    if strategy.get("type") == "OnDelete":
        return Rollout(True, True, "changed; each pod takes it when it is deleted", None)
    if ready < desired:
        return Rollout(True, False, f"{ready} of {desired} ready, {updated} updated", share)
    partition = (strategy.get("rollingUpdate") or {}).get("partition") or 0
    if updated < desired - partition:
        return Rollout(True, False, f"{updated} of {desired - partition} updated", share)
    if partition:
        return Rollout(True, True, f"{updated} updated, the rest kept by the partition", 1.0)
    if status.get("updateRevision") != status.get("currentRevision"):
        return Rollout(True, False, f"{updated} of {desired} updated, finishing", share)
    return Rollout(True, True, f"{updated} of {desired} updated and ready", 1.0)


def scaled(workload: Json, generation: int, before: str = "") -> Rollout:
    """Return how far a workload has the number of pods that *generation* or a later one wants.

    All of them count, whatever their revision: scaling goes on while a rollout stands still.
    """
    status = workload.get("status") or {}
    if (status.get("observedGeneration") or 0) < generation:
        return Rollout(False, False, "waiting for its controller to see the change")
    desired = _replicas(workload)
    replicas, ready = status.get("replicas") or 0, status.get("readyReplicas") or 0
    share = min(1.0, ready / desired) if desired else None
    condition = _progressing(workload)
    if condition.get("reason") == DEADLINE and progressing(workload) != before:
        reason = condition.get("message") or "the progress deadline is exceeded"
        return Rollout(True, False, reason, share, failed=reason)
    if replicas > desired:
        over = replicas - desired
        return Rollout(True, False, f"{over} {_pods(over)} still to go", share)
    if ready != desired:
        return Rollout(True, False, f"{ready} of {desired} ready", share)
    if replicas < desired:  # the controller counts the ready ones first
        return Rollout(True, False, f"{replicas} of {desired} made", share)
    return Rollout(True, True, f"{ready} of {desired} ready" if desired else "no pod left", 1.0)


def _replicas(workload: Json) -> int:
    replicas = (workload.get("spec") or {}).get("replicas")
    return 1 if replicas is None else int(replicas)


def _pods(number: int) -> str:
    return "pod" if number == 1 else "pods"
