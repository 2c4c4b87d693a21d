"""The effect of a rollback, as the rollout shows it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fake_cluster import BAD, GOOD, Cluster, draft, prepared, rollback
from kubernetes_objects import T1, T2, FakeClock, condition, status, stuck_pod, template

from adapters.contract import (
    Change,
    Progress,
    Reached,
    Receipt,
)


async def _verified(cluster: Cluster, steps: list[Any], clock: FakeClock | None = None) -> Any:
    """Send, then look while *steps* are done, one before each look; return what was said."""
    action, envelope = await prepared(cluster, clock)
    receipt = await action.send(envelope)
    script = iter(steps)

    def mutate(item: dict[str, Any]) -> None:
        step = next(script, None)
        if step is not None:
            step(item)

    cluster.mutate = mutate
    return [each async for each in action.verify(envelope, receipt)]


def _set(**values: Any) -> Any:
    return lambda item: item["status"].update(values)


async def test_verified_by_the_rollout() -> None:
    found = await _verified(
        Cluster(),
        [
            _set(),
            _set(),
            _set(observedGeneration=3, updatedReplicas=1, replicas=4),
            _set(updatedReplicas=3, availableReplicas=2),
            _set(replicas=3),
            _set(availableReplicas=3),
        ],
    )
    assert [(each.reached, each.detail) for each in found] == [
        (Reached.WAITING, "waiting for the deployment controller to see the change"),
        (Reached.FINAL, "its controller took up generation 3"),
        (Reached.FINAL, "1 of 3 updated"),
        (Reached.FINAL, "1 old pod still to go"),
        (Reached.FINAL, "2 of 3 available"),
        (Reached.VERIFIED, f"3 of 3 updated and available, on {GOOD}"),
    ]


async def test_a_pod_of_the_target_that_cannot_start_is_the_end_of_it() -> None:
    cluster = Cluster()
    cluster.lists["pods"] = [stuck_pod("o2-good-1")]
    cluster.lists["pods"][0]["metadata"]["labels"]["pod-template-hash"] = "good"
    found = await _verified(cluster, [_set(observedGeneration=3, updatedReplicas=1)])
    assert found[-1].reached is Reached.NOT_VERIFIED
    assert found[-1].detail == (
        "pod o2-good-1 of revision 11 is in ImagePullBackOff: Back-off pulling image"
    )


async def test_the_stuck_pods_of_the_revision_before_do_not_count() -> None:
    cluster = Cluster()
    cluster.lists["pods"] = [stuck_pod("o2-bad-1")]
    found = await _verified(
        cluster, [_set(observedGeneration=3, updatedReplicas=1), _set(updatedReplicas=3)]
    )
    assert found[-1].reached is Reached.VERIFIED


async def test_the_deadline_of_the_rollout_before_does_not_count() -> None:
    cluster = Cluster()
    late = condition("Progressing", "False", "ProgressDeadlineExceeded", T1, "slow", update=T1)
    cluster.o2["status"]["conditions"] = [late]
    found = await _verified(
        cluster,
        [
            _set(observedGeneration=3, updatedReplicas=1),
            _set(),
            _set(conditions=[{**late, "lastUpdateTime": T2}]),
        ],
    )
    assert found[-1] == Progress(Reached.NOT_VERIFIED, "slow", pytest.approx(1 / 3))
    assert len(found) == 3


async def test_changed_again_meanwhile() -> None:
    def by_argo(item: dict[str, Any]) -> None:
        item["spec"]["template"] = template(BAD)
        item["metadata"]["managedFields"] = [
            {"manager": "colony-i-7", "time": T1},
            {"manager": "argocd-controller", "time": T2},
            {"manager": "kube-controller-manager", "time": T2, "subresource": "status"},
        ]

    found = await _verified(Cluster(), [by_argo])
    assert [(each.reached, each.detail) for each in found] == [
        (Reached.NOT_VERIFIED, "life-support/o2 was changed again by argocd-controller")
    ]


async def test_deleted_meanwhile() -> None:
    cluster = Cluster()
    action, envelope = await prepared(cluster)
    receipt = await action.send(envelope)
    del cluster.objects["deployments/o2"]
    found = [each async for each in action.verify(envelope, receipt)]
    assert [each.detail for each in found] == ["life-support/o2 was deleted"]


async def test_a_server_that_is_away_is_waited_for() -> None:
    cluster = Cluster()
    action, envelope = await prepared(cluster)
    receipt = await action.send(envelope)
    cluster.finish()
    cluster.deny["GET deployments/o2"] = status(503, "ServiceUnavailable", "starting")
    looks = action.verify(envelope, receipt)
    assert "cannot be seen now" in (await anext(looks)).detail
    cluster.deny.clear()
    assert [each.reached async for each in looks] == [Reached.FINAL, Reached.VERIFIED]


async def test_verify_after_a_restart_has_only_the_notes() -> None:
    cluster = Cluster()
    action, envelope = await prepared(cluster)
    await action.send(envelope)
    cluster.finish()
    later = rollback(cluster)
    found = [each async for each in later.verify(envelope, Receipt("", {}))]
    assert found[-1].reached is Reached.VERIFIED


# -- StatefulSets


async def test_a_stateful_set_is_sent_its_revisions_data() -> None:
    cluster = Cluster()
    cluster.add_stateful()
    action = rollback(cluster)
    preview = await action.simulate(draft(app="life-support/store"))
    assert preview.changes == (Change("container main: image", "db:bad", "db:good"),)
    envelope = await action.prepare(draft(app="life-support/store"), preview)
    await action.send(envelope)
    sent = cluster.log[-1]
    assert sent.headers["content-type"] == "application/strategic-merge-patch+json"
    assert json.loads(sent.content)["spec"]["template"]["$patch"] == "replace"


async def test_a_stateful_sets_stuck_pods_are_named_with_what_frees_them() -> None:
    cluster, clock = Cluster(), FakeClock()
    cluster.add_stateful()
    cluster.lists["pods"] = [stuck_pod("store-1")]
    action = rollback(cluster, clock)
    asked = draft(app="life-support/store")
    preview = await action.simulate(asked)
    command = "kubectl --namespace life-support delete pod store-1"
    assert preview.warnings == (
        f"stuck pods keep the bad revision until they are deleted: {command}",
    )
    envelope = await action.prepare(asked, preview)
    receipt = await action.send(envelope)
    cluster.objects["statefulsets/store"]["status"] = {"observedGeneration": 3, "readyReplicas": 1}
    found = [each async for each in action.verify(envelope, receipt)]
    assert found[-1].reached is Reached.NOT_VERIFIED
    assert found[-1].detail.endswith(f"must be deleted first: {command}")
    assert sum(clock.slept) >= 15
