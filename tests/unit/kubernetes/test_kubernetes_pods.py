"""What kubectl's STATUS column says, and why."""

from __future__ import annotations

from typing import Any

import pytest
from kubernetes_objects import AT1, T1, condition, ended, pod, running, stuck_pod, typed, waiting

from adapters.kubernetes import objects
from adapters.kubernetes.pods import (
    Standing,
    is_stuck,
    message,
    pod_record,
    standing,
    troubled_since,
    worst,
)

INIT = {"initContainers": [{"name": "prepare"}, {"name": "migrate"}]}
SIDECAR = {"initContainers": [{"name": "proxy", "restartPolicy": "Always"}]}


def _pod(**status: Any) -> objects.Pod:
    made: objects.Pod = typed(pod(**status), objects.Pod)
    return made


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({}, Standing("Running", 1, 1, 0)),
        ({"phase": "Pending", "containerStatuses": []}, Standing("Pending", 0, 1, 0)),
        (
            {"containerStatuses": [waiting("ImagePullBackOff")], "phase": "Pending"},
            Standing("ImagePullBackOff", 0, 1, 0),
        ),
        (
            {"containerStatuses": [waiting("CrashLoopBackOff", restarts=7)]},
            Standing("CrashLoopBackOff", 0, 1, 7),
        ),
        ({"containerStatuses": [ended(137, "OOMKilled")]}, Standing("OOMKilled", 0, 1, 0)),
        ({"containerStatuses": [ended(3)]}, Standing("ExitCode:3", 0, 1, 0)),
        ({"containerStatuses": [ended(143, signal=15)]}, Standing("Signal:15", 0, 1, 0)),
        (
            {"phase": "Succeeded", "containerStatuses": [ended(0, "Completed")]},
            Standing("Completed", 0, 1, 0),
        ),
        (
            {"containerStatuses": [running(), ended(0, "Completed", "job")]},
            Standing("Running", 1, 1, 0),
        ),
        (
            {
                "containerStatuses": [ended(0, "Completed", "job"), running()],
                "conditions": [condition("Ready", "False")],
            },
            Standing("NotReady", 1, 1, 0),
        ),
        (
            {
                "containerStatuses": [ended(0, "Completed", "job"), ended(2, "Error")],
                "conditions": [],
            },
            Standing("Error", 0, 1, 0),
        ),
        (
            {"phase": "Failed", "reason": "Evicted", "containerStatuses": []},
            Standing("Evicted", 0, 1, 0),
        ),
        (
            {
                "phase": "Pending",
                "containerStatuses": [],
                "conditions": [condition("PodScheduled", "False", "SchedulingGated")],
            },
            Standing("SchedulingGated", 0, 1, 0),
        ),
        (
            {
                "spec": INIT,
                "phase": "Pending",
                "initContainerStatuses": [ended(0, "Completed", "prepare"), waiting("", name="m")],
                "containerStatuses": [waiting("PodInitializing")],
            },
            Standing("Init:1/2", 0, 1, 0),
        ),
        (
            {
                "spec": INIT,
                "initContainerStatuses": [waiting("CrashLoopBackOff", name="prepare", restarts=4)],
                "containerStatuses": [waiting("PodInitializing")],
            },
            Standing("Init:CrashLoopBackOff", 0, 1, 4),
        ),
        (
            {"spec": INIT, "initContainerStatuses": [ended(1, "Error", "prepare")]},
            Standing("Init:Error", 0, 1, 0),
        ),
        (
            {"spec": INIT, "initContainerStatuses": [ended(9, "", "prepare")]},
            Standing("Init:ExitCode:9", 0, 1, 0),
        ),
        (
            {"spec": SIDECAR, "initContainerStatuses": [running("proxy", restarts=2)]},
            Standing("Running", 2, 2, 2),
        ),
        ({"metadata": {"deletionTimestamp": T1}}, Standing("Terminating", 1, 1, 0)),
        (
            {"metadata": {"deletionTimestamp": T1}, "phase": "Succeeded", "containerStatuses": []},
            Standing("Succeeded", 0, 1, 0),
        ),
        (
            {"metadata": {"deletionTimestamp": T1}, "reason": "NodeLost"},
            Standing("Unknown", 1, 1, 0),
        ),
        ({"phase": "", "containerStatuses": []}, Standing("Unknown", 0, 1, 0)),
    ],
)
def test_status_column(status: dict[str, Any], expected: Standing) -> None:
    found = standing(_pod(**status))
    assert found == expected


def test_the_status_is_the_first_containers_that_says_something() -> None:
    """kubectl goes through them backwards, so the first one has the last word."""
    made = _pod(containerStatuses=[waiting("ErrImagePull"), waiting("CrashLoopBackOff", name="b")])
    assert standing(made).state == "ErrImagePull"


@pytest.mark.parametrize(
    ("state", "stuck"),
    [
        ("Running", False),
        ("ContainerCreating", False),
        ("Terminating", False),
        ("Init:0/1", False),
        ("ImagePullBackOff", True),
        ("Init:CrashLoopBackOff", True),
        ("Init:ExitCode:2", True),
        ("Signal:9", True),
    ],
)
def test_stuck(state: str, stuck: bool) -> None:
    assert is_stuck(state) is stuck


def test_the_message_is_the_waiting_containers() -> None:
    assert message(typed(stuck_pod(), objects.Pod)) == "Back-off pulling image"


def test_a_crash_loop_without_words_tells_how_the_last_run_ended() -> None:
    status = waiting("CrashLoopBackOff") | {"lastState": {"terminated": {"exitCode": 2}}}
    assert message(_pod(containerStatuses=[status])) == "main: the last run ended with ExitCode:2"


def test_a_pod_that_cannot_be_placed_says_why() -> None:
    unplaced = condition("PodScheduled", "False", "Unschedulable", message="0/3 nodes: no memory")
    made = _pod(phase="Pending", containerStatuses=[], conditions=[unplaced])
    assert message(made) == "0/3 nodes: no memory"


def test_worst_names_the_first_stuck_pod_and_leaves_out_those_that_go() -> None:
    going = typed(
        stuck_pod("o2-bbb-0", metadata={"name": "o2-bbb-0", "deletionTimestamp": T1}), objects.Pod
    )
    here = typed(stuck_pod("o2-bbb-1"), objects.Pod)
    found = worst([_pod(), here, going])
    assert found is not None
    assert found[0].metadata.name == "o2-bbb-1"
    assert found[2] == AT1
    assert worst([_pod(), going]) is None


def test_troubled_since_is_when_it_stopped_being_ready() -> None:
    assert troubled_since(typed(stuck_pod(), objects.Pod)) == AT1


def test_record() -> None:
    record = pod_record(_pod(), "tycho", 5.0, "Deployment", "o2", "aaa")
    assert (record.source, record.name, record.app, record.workload) == (
        "tycho",
        "o2-aaa-1",
        "o2",
        "Deployment",
    )
    assert (record.state, record.ready, record.total) == ("Running", 1, 1)
    assert (record.node, record.ip, record.revision) == ("habitat-1", "10.1.0.7", "aaa")
    assert record.at == AT1
    assert record.received == 5.0
    assert record.containers == ("main",)
