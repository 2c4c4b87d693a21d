"""Pods: what kubectl's STATUS and READY columns say of them, and why."""

from __future__ import annotations

from typing import NamedTuple

from adapters import records
from adapters.kubernetes import objects
from adapters.kubernetes.objects import ContainerStatus
from adapters.kubernetes.times import earliest, epoch, latest

STUCK = frozenset(
    {
        "CrashLoopBackOff",
        "CreateContainerConfigError",
        "CreateContainerError",
        "ErrImageNeverPull",
        "ErrImagePull",
        "Error",
        "ImageInspectError",
        "ImagePullBackOff",
        "InvalidImageName",
        "OOMKilled",
        "RunContainerError",
        "StartError",
        "ContainerCannotRun",
        "Evicted",
        "ContainerStatusUnknown",
    }
)
"""States that a pod does not leave by waiting, or keeps coming back to."""


class Standing(NamedTuple):
    """What a pod's row says: its state, ready and total containers, restarts."""

    state: str
    ready: int
    total: int
    restarts: int


def standing(pod: objects.Pod) -> Standing:
    """Return what `kubectl get pods` says of *pod*, worked out as its printer does."""
    status = pod.status
    sidecars = {
        each.name for each in pod.spec.init_containers or () if each.restart_policy == "Always"
    }
    total = len(pod.spec.containers or ()) + len(sidecars)
    state = status.reason or status.phase
    for condition in status.conditions or ():
        if condition.type == "PodScheduled" and condition.reason == "SchedulingGated":
            state = "SchedulingGated"
    ready = restarts = sidecar_restarts = 0
    initializing = False
    for number, each in enumerate(status.init_container_statuses or ()):
        restarts += each.restart_count
        if each.name in sidecars:
            sidecar_restarts += each.restart_count
        ended, waiting = _parts(each)
        if ended is not None and ended.exit_code == 0:
            continue
        if each.name in sidecars and each.started:
            ready += each.ready
            continue
        initializing = True
        if ended is not None:
            state = f"Init:{_ending(ended)}"
        elif waiting is not None and waiting.reason not in ("", "PodInitializing"):
            state = f"Init:{waiting.reason}"
        else:
            state = f"Init:{number}/{len(pod.spec.init_containers or ())}"
        break
    if not initializing or _is_true(status, "Initialized"):
        restarts = sidecar_restarts
        running = False
        failure = ""
        for each in reversed(status.container_statuses or []):
            restarts += each.restart_count
            ended, waiting = _parts(each)
            if waiting is not None and waiting.reason:
                state = waiting.reason
            elif ended is not None:
                state = _ending(ended)
                if ended.exit_code != 0:
                    failure = state
            elif each.ready and each.state is not None and each.state.running is not None:
                running = True
                ready += 1
        if state == "Completed":
            if running and _is_true(status, "Ready"):
                state = "Running"
            elif failure:
                state = failure
            elif running:
                state = "NotReady"
    if pod.metadata.deletion_timestamp:
        if status.reason == "NodeLost":
            state = "Unknown"
        elif status.phase not in ("Succeeded", "Failed"):
            state = "Terminating"
    return Standing(state or "Unknown", ready, total, restarts)


def _parts(
    status: ContainerStatus,
) -> tuple[objects.Terminated | None, objects.Waiting | None]:
    if status.state is None:
        return None, None
    return status.state.terminated, status.state.waiting


def _ending(ended: objects.Terminated) -> str:
    if ended.reason:
        return ended.reason
    return f"Signal:{ended.signal}" if ended.signal else f"ExitCode:{ended.exit_code}"


def _is_true(status: objects.PodStatus, kind: str) -> bool:
    return any(each.type == kind and each.status == "True" for each in status.conditions or ())


def is_stuck(state: str) -> bool:
    """Whether a pod in *state* (as `standing` gives it) will not get out of it by itself."""
    plain = state.removeprefix("Init:")
    return plain in STUCK or plain.startswith(("ExitCode:", "Signal:"))


def message(pod: objects.Pod) -> str:
    """Return the line that explains a pod's state, "" where nothing says more."""
    status = pod.status
    containers = (*(status.init_container_statuses or ()), *(status.container_statuses or ()))
    for each in containers:
        ended, waiting = _parts(each)
        if waiting is not None and waiting.message:
            return waiting.message
        if ended is not None and ended.exit_code and ended.message:
            return ended.message
    for each in containers:
        last = each.last_state.terminated if each.last_state else None
        _, waiting = _parts(each)
        if waiting is not None and last is not None:
            return last.message or f"{each.name}: the last run ended with {_ending(last)}"
    if status.message:
        return status.message
    for condition in status.conditions or ():
        if condition.type == "PodScheduled" and condition.status == "False" and condition.message:
            return condition.message
    for condition in status.conditions or ():
        if condition.type == "Ready" and condition.status == "False" and condition.message:
            return condition.message
    return ""


def troubled_since(pod: objects.Pod) -> float | None:
    """Return since when *pod* is not ready."""
    for condition in pod.status.conditions or ():
        if condition.type == "Ready" and condition.status != "True":
            return epoch(condition.last_transition_time) or pod.metadata.created
    return pod.metadata.created


def changed_at(pod: objects.Pod) -> float | None:
    """Return the latest time that the pod's status itself gives."""
    moments = [epoch(each.last_transition_time) for each in pod.status.conditions or ()]
    for each in pod.status.container_statuses or ():
        state = each.state
        if state is not None and state.running is not None:
            moments.append(epoch(state.running.started_at))
        if state is not None and state.terminated is not None:
            moments.append(epoch(state.terminated.finished_at))
    return latest(*moments, pod.metadata.created)


def pod_record(
    pod: objects.Pod, source: str, received: float, workload: str, app: str, revision: str
) -> records.Pod:
    """Return *pod* as a record of the app (`workload`, `app`) that it belongs to, if any."""
    stand = standing(pod)
    meta = pod.metadata
    return records.Pod(
        source=source,
        namespace=meta.namespace,
        name=meta.name,
        uid=meta.uid,
        at=changed_at(pod),
        received=received,
        app=app,
        workload=workload,
        state=stand.state,
        message=message(pod),
        containers=tuple(each.name for each in pod.spec.containers or ()),
        ready=stand.ready,
        total=stand.total,
        restarts=stand.restarts,
        node=pod.spec.node_name,
        ip=pod.status.pod_ip,
        images=objects.images(pod.spec),
        revision=revision,
        created=meta.created,
    )


def worst(pods: list[objects.Pod]) -> tuple[objects.Pod, Standing, float | None] | None:
    """Return the first stuck pod of *pods* that is not going away, and since when some are."""
    stuck = [
        (pod, stand)
        for pod in pods
        if not pod.metadata.deletion_timestamp and is_stuck((stand := standing(pod)).state)
    ]
    if not stuck:
        return None
    pod, stand = min(stuck, key=lambda each: each[0].metadata.name)
    return pod, stand, earliest(*(troubled_since(each) for each, _ in stuck))
