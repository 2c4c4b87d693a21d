"""Health: what a workload's status, its conditions and its pods come down to."""

from __future__ import annotations

from typing import NamedTuple

from adapters.kubernetes import objects
from adapters.kubernetes.objects import Condition, Workload
from adapters.kubernetes.pods import message, standing, worst
from adapters.kubernetes.times import epoch, latest
from adapters.records import Health

DEADLINE = "ProgressDeadlineExceeded"


class Verdict(NamedTuple):
    """An app's health, why, and since when."""

    health: Health
    reason: str = ""
    since: float | None = None


class Counts(NamedTuple):
    """A workload's counts; None where its controller has not looked at it yet."""

    desired: int
    replicas: int | None
    ready: int | None
    updated: int | None
    available: int | None


def counts(workload: Workload) -> Counts:
    """Return the counts of *workload*. Left out means 0, unless no status was ever written."""
    status = workload.status
    desired = 1 if workload.spec.replicas is None else workload.spec.replicas
    if status.observed_generation is None and status.replicas is None:
        return Counts(desired, None, None, None, None)
    return Counts(
        desired,
        status.replicas or 0,
        status.ready_replicas or 0,
        status.updated_replicas or 0,
        status.available_replicas or 0,
    )


def condition(workload: Workload, kind: str) -> Condition | None:
    """Return the condition called *kind*, None where there is none."""
    return next((each for each in workload.status.conditions or () if each.type == kind), None)


def derive(workload: Workload, pods: list[objects.Pod], *, stateful: bool) -> Verdict:
    """Return the health of *workload*, whose pods (as far as they are known) are *pods*."""
    count = counts(workload)
    meta = workload.metadata
    if meta.deletion_timestamp:
        return Verdict(Health.PROGRESSING, "it is being deleted", epoch(meta.deletion_timestamp))
    observed = workload.status.observed_generation or 0
    if count.ready is None or observed < (meta.generation or 0):
        # Its counts are those of the generation before: they say nothing of this one.
        return Verdict(Health.PROGRESSING, "its controller has not seen the last change yet")
    if count.desired == 0 and not count.replicas:
        return Verdict(Health.IDLE, "scaled to zero", _since(workload, "Available"))
    verdict = _stateful(workload, count, pods) if stateful else _deployment(workload, count, pods)
    if workload.spec.paused:
        reason = f"paused; {verdict.reason}" if verdict.reason else "paused"
        return verdict._replace(reason=reason)
    return verdict


def _deployment(workload: Workload, count: Counts, pods: list[objects.Pod]) -> Verdict:
    progressing = condition(workload, "Progressing")
    failure = condition(workload, "ReplicaFailure")
    stopped = progressing is not None and progressing.reason == DEADLINE
    bad = Health.DEGRADED if count.available else Health.FAILED
    rolled_out = count.updated == count.replicas and (count.updated or 0) >= count.desired
    if rolled_out and (count.available or 0) >= count.desired:
        return Verdict(Health.HEALTHY, "", _healthy_since(workload))
    stuck = _stuck(pods)
    if stuck is not None:
        return Verdict(bad, *stuck)
    if failure is not None and failure.status == "True":
        return Verdict(bad, failure.message, epoch(failure.last_transition_time))
    if stopped and progressing is not None:
        since = epoch(progressing.last_transition_time)
        return Verdict(bad, progressing.message or "the progress deadline is exceeded", since)
    if not rolled_out:
        reason = f"{count.updated} of {count.desired} updated"
        if (count.replicas or 0) > (count.updated or 0) >= count.desired:
            old = (count.replicas or 0) - (count.updated or 0)
            reason = f"{old} old {_pods(old)} to go"
        if workload.spec.paused:
            return Verdict(_by_availability(count), reason)
        return Verdict(Health.PROGRESSING, reason, _updated(progressing))
    finished = progressing is None or progressing.reason == "NewReplicaSetAvailable"
    reason = _unready(count, pods)
    if finished:
        return Verdict(bad, reason, _since(workload, "Available", "False"))
    return Verdict(Health.PROGRESSING, reason, _updated(progressing))


def _stateful(workload: Workload, count: Counts, pods: list[objects.Pod]) -> Verdict:
    """A StatefulSet has no conditions: only its counts, revisions and pods tell."""
    status = workload.status
    rolling = bool(status.update_revision) and status.update_revision != status.current_revision
    wanted = _to_update(workload, count.desired)
    old = rolling and (count.updated or 0) < count.desired
    bad = Health.DEGRADED if count.ready else Health.FAILED
    if (count.ready or 0) >= count.desired and (not rolling or (count.updated or 0) >= wanted):
        reason = f"{count.updated} of {count.desired} on the new revision, as asked" if old else ""
        return Verdict(Health.HEALTHY, reason, _ready_since(pods))
    stuck = _stuck(pods)
    if stuck is not None:
        return Verdict(bad, *stuck)
    if rolling and (count.updated or 0) < wanted:
        return Verdict(Health.PROGRESSING, f"{count.updated} of {wanted} updated")
    if (count.replicas or 0) < count.desired:
        return Verdict(Health.PROGRESSING, f"{count.replicas} of {count.desired} pods made")
    starting = any(standing(each).state in _STARTING for each in pods)
    health = Health.PROGRESSING if starting else bad
    return Verdict(health, _unready(count, pods))


def _to_update(workload: Workload, desired: int) -> int:
    """Return how many pods its controller will bring to the new revision by itself."""
    strategy = workload.spec.update_strategy
    if strategy is None:
        return desired
    if strategy.type == "OnDelete":
        return 0
    partition = strategy.rolling_update.partition if strategy.rolling_update else None
    return max(0, desired - (partition or 0))


_STARTING = frozenset({"Pending", "ContainerCreating", "PodInitializing", "Terminating"})


def _by_availability(count: Counts) -> Health:
    if (count.available or 0) >= count.desired:
        return Health.HEALTHY
    return Health.DEGRADED if count.available else Health.FAILED


def _stuck(pods: list[objects.Pod]) -> tuple[str, float | None] | None:
    """Return the line on the pods that are stuck, and since when."""
    found = worst(pods)
    if found is None:
        return None
    pod, stand, since = found
    alike = sum(standing(each).state == stand.state for each in pods)
    detail = message(pod)
    text = f"{alike} {_pods(alike)} in {stand.state}" + (f": {detail}" if detail else "")
    return text, since


def _unready(count: Counts, pods: list[objects.Pod]) -> str:
    """Return a line on how many are ready, and on one that is not."""
    text = f"{count.ready} of {count.desired} ready"
    for pod in sorted(pods, key=lambda each: each.metadata.name):
        stand = standing(pod)
        if stand.ready < stand.total and stand.state != "Terminating":
            detail = message(pod)
            return f"{text}; {pod.metadata.name} {stand.state}" + (f": {detail}" if detail else "")
    return text


def _pods(number: int) -> str:
    return "pod" if number == 1 else "pods"


def _since(workload: Workload, kind: str, status: str = "") -> float | None:
    found = condition(workload, kind)
    if found is None or (status and found.status != status):
        return None
    return epoch(found.last_transition_time)


def _updated(found: Condition | None) -> float | None:
    if found is None:
        return None
    return epoch(found.last_update_time) or epoch(found.last_transition_time)


def _healthy_since(workload: Workload) -> float | None:
    return latest(
        _since(workload, "Available"),
        _updated(condition(workload, "Progressing")),
    )


def _ready_since(pods: list[objects.Pod]) -> float | None:
    return latest(
        *(
            epoch(each.last_transition_time)
            for pod in pods
            for each in pod.status.conditions or ()
            if each.type == "Ready" and each.status == "True"
        )
    )


def changed_at(workload: Workload) -> float | None:
    """Return the latest time that the status itself gives."""
    moments = (
        latest(epoch(each.last_update_time), epoch(each.last_transition_time))
        for each in workload.status.conditions or ()
    )
    return latest(*moments, workload.metadata.created)
