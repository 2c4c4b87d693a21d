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
CRASHES = 3
"""How often a crashing container is started before its pod is left as it is."""


class Event(NamedTuple):
    """What the kubelet says of the pod meanwhile."""

    severity: str
    reason: str
    message: str


class Step(NamedTuple):
    """The next status, how long until it is reached (seconds), and the event that goes with it."""

    status: dict[str, Any]
    after: float
    event: Event


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
        return Step(status, 0.0, Event("Normal", "Pulling", f'Pulling image "{images[0]}"'))
    if missing:
        return _pull(pod, now, ip, stage, missing)
    if crashing:
        return _crash(pod, now, ip, stage, crashing)
    if stage == CREATING:
        status = _status(pod, now, ip, lambda image: {"running": {"startedAt": now}})
        return Step(status, 0.2, Event("Normal", "Started", "Container started"))
    return None


def _pull(pod: dict[str, Any], now: str, ip: str, stage: str, missing: list[str]) -> Step | None:
    image = missing[0]
    if stage == CREATING:
        message = f'failed to pull and unpack image "{image}": not found'
        event = Event("Warning", "Failed", f'Failed to pull image "{image}": not found')
        reason = PULL_ERROR
    elif stage == PULL_ERROR:
        message = f'Back-off pulling image "{image}"'
        event = Event("Warning", "BackOff", message)
        reason = PULL_BACKOFF
    else:
        return None

    def state(of: str) -> dict[str, Any]:
        if of in missing:
            return _waiting(reason, message)
        return {"running": {"startedAt": now}}

    return Step(_status(pod, now, ip, state), 0.2, event)


def _crash(pod: dict[str, Any], now: str, ip: str, stage: str, crashing: list[str]) -> Step | None:
    statuses = pod["status"]["containerStatuses"]
    restarts = max(int(status.get("restartCount", 0)) for status in statuses)
    if stage == CRASHING and restarts >= CRASHES:
        return None
    ended = {"exitCode": 1, "reason": "Error", "startedAt": now, "finishedAt": now}
    if stage != "crashed":  # it was created or restarted, and ended again
        event = Event("Normal", "Started", "Container started")
        restarts += 0 if stage == CREATING else 1

        def state(of: str) -> dict[str, Any]:
            return {"terminated": ended} if of in crashing else {"running": {"startedAt": now}}

        return Step(_status(pod, now, ip, state, restarts), 0.2, event)
    message = "back-off 10s restarting failed container"
    event = Event("Warning", "BackOff", f"Back-off restarting failed container in pod {ip}")

    def backing_off(of: str) -> dict[str, Any]:
        return (
            _waiting(CRASHING, message) if of in crashing else {"running": {"startedAt": now}}
        )

    status = _status(pod, now, ip, backing_off, restarts)
    for container in status["containerStatuses"]:
        if container["image"] in crashing:
            container["lastState"] = {"terminated": ended}
    return Step(status, 0.2, event)


def _waiting(reason: str, message: str) -> dict[str, Any]:
    waiting = {"reason": reason}
    if message:
        waiting["message"] = message
    return {"waiting": waiting}


def _status(pod: dict[str, Any], now: str, ip: str, state: Any, restarts: int = 0) -> dict[str, Any]:
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
                "restartCount": 0 if "running" in current else restarts,
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
