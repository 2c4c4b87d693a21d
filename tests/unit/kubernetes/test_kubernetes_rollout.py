"""`kubectl rollout status`, as a pure function."""

from __future__ import annotations

from typing import Any

import pytest
from kubernetes_objects import T1, T2, condition, deployment

from adapters.kubernetes.rollout import Rollout, progressing, statefulset
from adapters.kubernetes.rollout import deployment as look

LATE = condition("Progressing", "False", "ProgressDeadlineExceeded", T1, "too slow", update=T1)


def _look(before: str = "", **status: Any) -> Rollout:
    return look(deployment(status=status), 2, before)


def test_before_the_controller_saw_it_nothing_else_counts() -> None:
    found = _look(observedGeneration=1, conditions=[LATE])
    assert (found.observed, found.done, found.failed) == (False, False, "")


@pytest.mark.parametrize(
    ("status", "detail"),
    [
        ({"updatedReplicas": 2}, "2 of 3 updated"),
        ({"replicas": 4}, "1 old pod still to go"),
        ({"replicas": 5}, "2 old pods still to go"),
        ({"availableReplicas": 1}, "1 of 3 available"),
    ],
)
def test_on_its_way(status: dict[str, Any], detail: str) -> None:
    found = _look(**status)
    assert (found.observed, found.done, found.detail) == (True, False, detail)


def test_done() -> None:
    assert _look() == Rollout(True, True, "3 of 3 updated and available", 1.0)


def test_the_share_is_of_what_is_both_updated_and_available() -> None:
    assert _look(updatedReplicas=2, availableReplicas=3).share == pytest.approx(2 / 3)


def test_the_deadline_of_this_rollout_fails_it() -> None:
    assert _look(conditions=[LATE], updatedReplicas=1).failed == "too slow"


def test_the_deadline_of_the_rollout_before_does_not() -> None:
    """kubectl itself takes the old condition for a failure here."""
    before = progressing(deployment(status={"conditions": [LATE]}))
    found = _look(before, conditions=[LATE], updatedReplicas=1)
    assert (found.failed, found.done) == ("", False)
    again = {**LATE, "lastUpdateTime": T2}
    assert _look(before, conditions=[again], updatedReplicas=1).failed == "too slow"


def _stateful(strategy: dict[str, Any] | None = None, **status: Any) -> Rollout:
    return statefulset(
        {
            "metadata": {"generation": 2},
            "spec": {"replicas": 3, "updateStrategy": strategy or {"type": "RollingUpdate"}},
            "status": {
                "observedGeneration": 2,
                "readyReplicas": 3,
                "updatedReplicas": 3,
                "currentRevision": "s-1",
                "updateRevision": "s-1",
                **status,
            },
        },
        2,
    )


@pytest.mark.parametrize(
    ("found", "observed", "done", "detail"),
    [
        (
            _stateful(observedGeneration=1),
            False,
            False,
            "waiting for the statefulset controller to see the change",
        ),
        (_stateful(readyReplicas=2, updatedReplicas=1), True, False, "2 of 3 ready, 1 updated"),
        (_stateful(updatedReplicas=2), True, False, "2 of 3 updated"),
        (_stateful(updateRevision="s-2"), True, False, "3 of 3 updated, finishing"),
        (_stateful(), True, True, "3 of 3 updated and ready"),
        (
            _stateful({"type": "OnDelete"}, readyReplicas=0),
            True,
            True,
            "changed; each pod takes it when it is deleted",
        ),
        (
            _stateful(
                {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}},
                updatedReplicas=1,
                updateRevision="s-2",
            ),
            True,
            True,
            "1 updated, the rest kept by the partition",
        ),
    ],
)
def test_stateful_sets(found: Rollout, observed: bool, done: bool, detail: str) -> None:
    assert (found.observed, found.done, found.detail) == (observed, done, detail)
