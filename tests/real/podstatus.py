"""What a kubelet reports of a pod, step by step: pure functions from a pod to its next status.

An image whose tag starts with `missing` cannot be pulled; one whose tag starts with `crash`
ends again and again; every other becomes ready.
"""

from __future__ import annotations

from typing import Any, NamedTuple

PULL_ERROR = "ErrImagePull"
PULL_BACKOFF = "ImagePullBackOff"
CREATING = "ContainerCreating"
CRASHING = "CrashLoopBackOff"
SOON = 0.05
"""Seconds between two steps."""
CRASHES = 3
"""How often a crashing container is started before its pod is left as it is."""


class Event(NamedTuple):
    """What the kubelet says of the pod meanwhile."""

    severity: str
    reason: str
    message: str


class Step(NamedTuple):
    """The next status, how long until it is reached (seconds), and the events that go with it."""

    status: dict[str, Any]
    after: float
    events: tuple[Event, ...]


def _tag(image: str) -> str:
    _, _, tag = image.rpartition("/")[2].partition(":")
    return tag


def _stage(pod: dict[str, Any]) -> str:
    """The stage that a pod has reached: "", a waiting reason, "crashed" or "running"."""
    statuses = pod.get("status", {}).get("containerStatuses")
    if not statuses:
        return ""
    states = [status.get("state", {}) for status in statuses]
    for state in states:
        if "terminated" in state:
            return "crashed"
    for state in states:
        if "waiting" in state:
            return str(state["waiting"].get("reason", ""))
    return "running"


def next_step(pod: dict[str, Any], now: str, ip: str) -> Step | None:
    """Return the next step of a bound pod; None where it stays as it is. *now* is RFC 3339."""
    images = [container["image"] for container in pod["spec"]["containers"]]
    missing = [image for image in images if _tag(image).startswith("missing")]
    crashing = [image for image in images if _tag(image).startswith("crash")]
    stage = _stage(pod)
    if stage == "":
        status = _status(pod, now, ip, lambda image: _waiting(CREATING, ""))
        pulling = Event("Normal", "Pulling", f'Pulling image "{images[0]}"')
        return Step(status, 0.0, (pulling,))
    if missing:
        return _pull(pod, now, ip, stage, missing)
    if stage == CREATING:
        pulled = Event("Normal", "Pulled", f'Successfully pulled image "{images[0]}"')
        return Step(_running(pod, now, ip, 0), SOON, (pulled, *_STARTED))
    if crashing:
        return _crash(pod, now, ip, stage, crashing)
    return None


_STARTED = (
    Event("Normal", "Created", "Container created"),
    Event("Normal", "Started", "Container started"),
)


def _running(pod: dict[str, Any], now: str, ip: str, restarts: int) -> dict[str, Any]:
    """The status of a pod that runs. Without a probe, what runs is ready."""
    return _status(pod, now, ip, lambda image: {"running": {"startedAt": now}}, restarts)


def _pull(pod: dict[str, Any], now: str, ip: str, stage: str, missing: list[str]) -> Step | None:
    image = missing[0]
    if stage == CREATING:
        message = f'failed to pull and unpack image "{image}": not found'
        events = (
            Event("Warning", "Failed", f'Failed to pull image "{image}": not found'),
            Event("Warning", "Failed", f"Error: {PULL_ERROR}"),
        )
        reason = PULL_ERROR
    elif stage == PULL_ERROR:
        message = f'Back-off pulling image "{image}": {PULL_ERROR}: "{image}": not found'
        events = (
            Event("Normal", "BackOff", f'Back-off pulling image "{image}"'),
            Event("Warning", "Failed", f"Error: {PULL_BACKOFF}"),
        )
        reason = PULL_BACKOFF
    else:
        return None

    def state(of: str) -> dict[str, Any]:
        if of in missing:
            return _waiting(reason, message)
        return {"running": {"startedAt": now}}

    return Step(_status(pod, now, ip, state), SOON, events)


def _crash(pod: dict[str, Any], now: str, ip: str, stage: str, crashing: list[str]) -> Step | None:
    """A crashing container runs for a moment, ends, waits, and is started again: thrice."""
    statuses = pod["status"]["containerStatuses"]
    restarts = max(int(status.get("restartCount", 0)) for status in statuses)
    ended = {"exitCode": 1, "reason": "Error", "startedAt": now, "finishedAt": now}
    if stage == CRASHING:
        if restarts >= CRASHES:
            return None
        return Step(_running(pod, now, ip, restarts + 1), SOON, _STARTED)
    running = {"running": {"startedAt": now}}
    if stage == "running":
        status = _status(
            pod, now, ip, lambda of: {"terminated": ended} if of in crashing else running, restarts
        )
        return Step(status, SOON, ())
    name = pod["metadata"]["name"]
    message = f"back-off 10s restarting failed container=main pod={name}"
    status = _status(
        pod,
        now,
        ip,
        lambda of: _waiting(CRASHING, message) if of in crashing else running,
        restarts,
    )
    for container in status["containerStatuses"]:
        if container["image"] in crashing:
            container["lastState"] = {"terminated": ended}
    backing_off = "Back-off restarting failed container main in pod " + name
    return Step(status, SOON, (Event("Warning", "BackOff", backing_off),))


def _waiting(reason: str, message: str) -> dict[str, Any]:
    waiting = {"reason": reason}
    if message:
        waiting["message"] = message
    return {"waiting": waiting}


def _status(
    pod: dict[str, Any], now: str, ip: str, state: Any, restarts: int = 0
) -> dict[str, Any]:
    """The whole status of a pod whose containers are in *state(image)*."""
    containers = []
    for container in pod["spec"]["containers"]:
        current = state(container["image"])
        containers.append(
            {
                "name": container["name"],
                "image": container["image"],
                "imageID": "",
                "ready": "running" in current,
                "started": "running" in current,
                "restartCount": restarts,
                "state": current,
            }
        )
    ready = all(container["ready"] for container in containers)
    created = any(not _is_waiting_for_its_image(container) for container in containers)
    not_ready = [container["name"] for container in containers if not container["ready"]]
    why = (
        {}
        if ready
        else {
            "reason": "ContainersNotReady",
            "message": f"containers with unready status: [{' '.join(not_ready)}]",
        }
    )
    conditions = [
        _condition("PodReadyToStartContainers", True, now),
        _condition("Initialized", True, now),
        {**_condition("Ready", ready, now), **why},
        {**_condition("ContainersReady", ready, now), **why},
        _condition("PodScheduled", True, now),
    ]
    return {
        "phase": "Running" if created else "Pending",
        "startTime": pod.get("status", {}).get("startTime", now),
        "hostIP": "192.0.2.10",
        "podIP": ip,
        "podIPs": [{"ip": ip}],
        "qosClass": pod.get("status", {}).get("qosClass", "BestEffort"),
        "conditions": conditions,
        "containerStatuses": containers,
    }


def _is_waiting_for_its_image(container: dict[str, Any]) -> bool:
    waiting = container["state"].get("waiting", {}).get("reason")
    return waiting in (CREATING, PULL_ERROR, PULL_BACKOFF)


def _condition(kind: str, true: bool, now: str) -> dict[str, Any]:
    return {
        "type": kind,
        "status": "True" if true else "False",
        "lastProbeTime": None,
        "lastTransitionTime": now,
    }
