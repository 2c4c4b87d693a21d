"""Health: what a workload's status, conditions and pods come down to."""

from __future__ import annotations

from typing import Any

import pytest
from kubernetes_objects import (
    AT1,
    AT2,
    T1,
    T2,
    condition,
    deployment,
    meta,
    pod,
    stuck_pod,
    template,
    typed,
    waiting,
)

from adapters.kubernetes import objects
from adapters.kubernetes.apps import app_record, main_image, number
from adapters.kubernetes.health import Verdict, derive
from adapters.kubernetes.images import version
from adapters.records import Health


def _derive(item: dict[str, Any], *pods: dict[str, Any]) -> Verdict:
    return derive(typed(item), [typed(each, objects.Pod) for each in pods], stateful=False)


def _updating(**status: Any) -> dict[str, Any]:
    return deployment(
        status={
            "replicas": 4,
            "updatedReplicas": 1,
            "readyReplicas": 3,
            "availableReplicas": 3,
            "conditions": [condition("Progressing", "True", "ReplicaSetUpdated", T1, update=T1)],
            **status,
        }
    )


def test_healthy_since_its_rollout_was_complete() -> None:
    assert _derive(deployment()) == Verdict(Health.HEALTHY, "", AT1)


def test_healthy_before_its_pods_are_known() -> None:
    assert _derive(deployment(), stuck_pod()).health is Health.HEALTHY


def test_scaled_to_zero_is_idle() -> None:
    item = deployment(replicas=0)
    assert _derive(item).health is Health.IDLE
    assert _derive(item).reason == "scaled to zero"


def test_an_unobserved_change_is_progressing_whatever_the_counts_say() -> None:
    item = deployment(status={"observedGeneration": 1})
    assert _derive(item).health is Health.PROGRESSING


def test_no_status_at_all_is_progressing_and_its_counts_are_unknown() -> None:
    item = deployment()
    item["status"] = {}
    record = app_record(typed(item), "Deployment", None, None, "tycho", 0.0)
    assert record.health is Health.PROGRESSING
    assert (record.ready, record.updated, record.available) == (None, None, None)
    assert record.desired == 3


def test_counts_that_a_written_status_leaves_out_are_zero() -> None:
    item = deployment()
    item["status"] = {"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3}
    record = app_record(typed(item), "Deployment", None, None, "tycho", 0.0)
    assert (record.ready, record.available) == (0, 0)
    assert record.health is Health.FAILED


def test_a_rollout_under_way() -> None:
    verdict = _derive(_updating(), pod())
    assert verdict == Verdict(Health.PROGRESSING, "1 of 3 updated", AT1)


def test_old_pods_still_to_go() -> None:
    verdict = _derive(_updating(replicas=4, updatedReplicas=3))
    assert verdict.reason == "1 old pod to go"


def test_a_stuck_rollout_is_degraded_while_something_serves() -> None:
    verdict = _derive(_updating(), pod(), stuck_pod())
    assert verdict == Verdict(
        Health.DEGRADED, "1 pod in ImagePullBackOff: Back-off pulling image", AT1
    )


def test_a_stuck_rollout_with_nothing_left_has_failed() -> None:
    verdict = _derive(_updating(readyReplicas=0, availableReplicas=0), stuck_pod())
    assert verdict.health is Health.FAILED


def test_the_progress_deadline() -> None:
    late = condition("Progressing", "False", "ProgressDeadlineExceeded", T2, "it took too long")
    verdict = _derive(_updating(conditions=[late]), pod())
    assert verdict == Verdict(Health.DEGRADED, "it took too long", AT2)


def test_a_quota_that_stops_pods_from_being_made() -> None:
    failure = condition("ReplicaFailure", "True", "FailedCreate", T1, "exceeded quota: pods=3")
    verdict = _derive(_updating(conditions=[failure]))
    assert verdict == Verdict(Health.DEGRADED, "exceeded quota: pods=3", AT1)


def test_a_pod_lost_after_the_rollout_is_degraded_since_it_was_lost() -> None:
    item = deployment(
        status={
            "readyReplicas": 2,
            "availableReplicas": 2,
            "conditions": [
                condition("Available", "False", "MinimumReplicasUnavailable", T2),
                condition("Progressing", "True", "NewReplicaSetAvailable"),
            ],
        }
    )
    lost = pod("o2-aaa-3", containerStatuses=[waiting("ContainerCreating")])
    verdict = _derive(item, pod(), lost)
    assert verdict.health is Health.DEGRADED
    assert verdict.reason == "2 of 3 ready; o2-aaa-3 ContainerCreating"
    assert verdict.since == AT2


def test_paused_is_said_and_does_not_hide_the_health() -> None:
    item = deployment(spec={"paused": True})
    assert _derive(item) == Verdict(Health.HEALTHY, "paused", AT1)
    item = _updating()
    item["spec"]["paused"] = True
    assert _derive(item) == Verdict(Health.HEALTHY, "paused; 1 of 3 updated", None)


def test_being_deleted() -> None:
    item = deployment(deletionTimestamp=T2)
    assert _derive(item) == Verdict(Health.PROGRESSING, "it is being deleted", AT2)


def _stateful(strategy: dict[str, Any] | None = None, **status: Any) -> objects.Workload:
    made: objects.Workload = typed(
        {
            "metadata": meta("store", generation=2),
            "spec": {"replicas": 3, "template": template(), "updateStrategy": strategy},
            "status": {
                "observedGeneration": 2,
                "replicas": 3,
                "readyReplicas": 3,
                "updatedReplicas": 3,
                "currentRevision": "store-1",
                "updateRevision": "store-1",
                **status,
            },
        }
    )
    return made


@pytest.mark.parametrize(
    ("workload", "pods", "health", "reason"),
    [
        (_stateful(), [], Health.HEALTHY, ""),
        (
            _stateful(updateRevision="store-2", updatedReplicas=1, readyReplicas=2),
            [],
            Health.PROGRESSING,
            "1 of 3 updated",
        ),
        (
            _stateful(updateRevision="store-2", updatedReplicas=1, readyReplicas=2),
            [stuck_pod("store-2")],
            Health.DEGRADED,
            "1 pod in ImagePullBackOff: Back-off pulling image",
        ),
        (_stateful(replicas=1, readyReplicas=1), [], Health.PROGRESSING, "1 of 3 pods made"),
        (_stateful(readyReplicas=2), [pod()], Health.DEGRADED, "2 of 3 ready"),
        (_stateful(readyReplicas=0), [], Health.FAILED, "0 of 3 ready"),
        (
            _stateful({"type": "OnDelete"}, updateRevision="store-2", updatedReplicas=1),
            [],
            Health.HEALTHY,
            "1 of 3 on the new revision, as asked",
        ),
        (
            _stateful(
                {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}},
                updateRevision="store-2",
                updatedReplicas=1,
            ),
            [],
            Health.HEALTHY,
            "1 of 3 on the new revision, as asked",
        ),
    ],
)
def test_stateful_sets(
    workload: objects.Workload, pods: list[dict[str, Any]], health: Health, reason: str
) -> None:
    verdict = derive(workload, [typed(each, objects.Pod) for each in pods], stateful=True)
    assert (verdict.health, verdict.reason) == (health, reason)


def test_app_record() -> None:
    item = deployment(
        annotations={
            "colony/token": "eip155:1/erc721:0xabc/7",
            "colony/site": "north-rim",
            "colony/priority": "critical",
            "argocd.argoproj.io/tracking-id": "oxygen:apps/Deployment:life-support/o2",
        }
    )
    record = app_record(typed(item), "Deployment", [typed(pod(), objects.Pod)], 12, "tycho", 9.0)
    assert (record.key.kind, record.namespace, record.name) == ("App", "life-support", "o2")
    assert (record.desired, record.ready, record.revision) == (3, 3, 12)
    assert (record.token, record.site, record.priority) == (
        "eip155:1/erc721:0xabc/7",
        "north-rim",
        "critical",
    )
    assert record.version == "2.3.9"
    assert record.managed_by == "Argo CD (application oxygen)"
    assert record.restarts == 0
    assert record.actions == ("app.rollback", "app.scale")


def test_restarts_are_unknown_while_pods_are() -> None:
    assert app_record(typed(deployment()), "Deployment", None, 1, "t", 0.0).restarts is None


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("colony/o2-gen:2.4.1", "2.4.1"),
        ("registry:5000/colony/o2-gen", "latest"),
        ("registry:5000/o2-gen:2.4.1@sha256:" + "ab" * 32, "2.4.1"),
        ("o2-gen@sha256:" + "ab" * 32, "sha256:abababababab"),
        ("", ""),
    ],
)
def test_version(image: str, expected: str) -> None:
    assert version(image) == expected


def test_the_default_container_gives_the_version() -> None:
    made = typed(
        {
            "spec": {
                "containers": [{"name": "proxy", "image": "p:1"}, {"name": "app", "image": "a:2"}]
            }
        },
        objects.PodTemplate,
    )
    assert main_image(made, "app") == "a:2"
    assert main_image(made, "") == "p:1"
    assert main_image(objects.PodTemplate(), "") == ""


@pytest.mark.parametrize(("text", "expected"), [("12", 12), ("", None), ("x", None), ("-1", None)])
def test_number(text: str, expected: int | None) -> None:
    assert number(text) == expected
