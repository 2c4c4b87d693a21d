"""A scaling that was approved: what is sent, what voids it, and its effect on the cluster."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from fake_cluster import Cluster, patches, scale, scaling
from kubernetes_objects import FakeClock, pod, stuck_pod

from adapters.contract import Fate, Progress, Reached, Refused


async def test_another_outcome_voids_the_approval() -> None:
    cluster = Cluster()
    action = scale(cluster)
    preview = await action.simulate(scaling("5"))
    other = json.loads(json.dumps(cluster.o2))
    other["spec"] |= {"replicas": 5, "minReadySeconds": 30}
    cluster.deny["DRY PATCH deployments/o2"] = httpx.Response(200, json=other)
    with pytest.raises(Refused, match="the server would make something else of it now"):
        await action.prepare(scaling("5"), preview)


async def test_a_scaling_by_somebody_else_voids_the_approval() -> None:
    cluster = Cluster()
    action = scale(cluster)
    preview = await action.simulate(scaling("5"))
    cluster.o2["spec"]["replicas"] = 4
    cluster.o2["metadata"]["generation"] = 3
    with pytest.raises(Refused, match=r"it was scaled since it was approved \(3 → 4\)"):
        await action.prepare(scaling("5"), preview)


async def _sent(cluster: Cluster, replicas: str, clock: FakeClock | None = None) -> Any:
    action = scale(cluster, clock)
    preview = await action.simulate(scaling(replicas))
    envelope = await action.prepare(scaling(replicas), preview)
    return action, envelope, await action.send(envelope)


async def test_what_is_sent() -> None:
    cluster = Cluster()
    action, envelope, receipt = await _sent(cluster, "5")
    assert envelope.target == (
        "PATCH /apis/apps/v1/namespaces/life-support/deployments/o2"
        "?fieldManager=colony-i-7&timeout=10s"
    )
    assert json.loads(envelope.body) == {
        "metadata": {"uid": "uid-life-support-o2", "resourceVersion": "70"},
        "spec": {"replicas": 5},
    }
    assert patches(cluster)[-1].headers["content-type"] == "application/merge-patch+json"
    assert receipt.detail == "accepted as generation 3"
    with pytest.raises(Refused, match="409 Conflict"):
        await action.send(envelope)
    assert cluster.o2["metadata"]["generation"] == 3
    assert (await action.reconcile(envelope)).fate is Fate.SENT


@pytest.mark.parametrize(
    ("replicas", "detail"),
    [(5, "does not show who changed it"), (3, "has its old number of pods"), (4, "someone else")],
)
async def test_reconcile_does_not_guess(replicas: int, detail: str) -> None:
    cluster = Cluster()
    action = scale(cluster)
    envelope = await action.prepare(scaling("5"), await action.simulate(scaling("5")))
    assert (await action.reconcile(envelope)).fate is Fate.NOT_SENT
    cluster.o2["metadata"]["generation"] = 3
    cluster.o2["spec"]["replicas"] = replicas
    found = await action.reconcile(envelope)
    assert (found.fate, detail in found.detail) == (Fate.UNKNOWN, True)


async def _verified(
    cluster: Cluster, replicas: str, steps: list[Any], clock: FakeClock | None = None
) -> list[Progress]:
    """Send, then look while *steps* are done, one before each look; return what was said."""
    action, envelope, receipt = await _sent(cluster, replicas, clock)
    script = iter(steps)

    def mutate(item: dict[str, Any]) -> None:
        step = next(script, None)
        if step is not None:
            step(item)

    cluster.mutate = mutate
    return [each async for each in action.verify(envelope, receipt)]


def _status(**values: Any) -> Any:
    return lambda item: item["status"].update(values)


async def test_up_is_verified_when_all_are_ready() -> None:
    found = await _verified(
        Cluster(),
        "5",
        [
            _status(),
            _status(observedGeneration=3),
            _status(replicas=5),
            _status(readyReplicas=4),
            _status(readyReplicas=5),
        ],
    )
    assert [(each.reached, each.detail) for each in found] == [
        (Reached.WAITING, "waiting for its controller to see the change"),
        (Reached.FINAL, "its controller took up generation 3"),
        (Reached.FINAL, "3 of 5 ready"),
        (Reached.FINAL, "4 of 5 ready"),
        (Reached.VERIFIED, "5 of 5 ready"),
    ]


async def test_zero_is_verified_when_no_pod_is_left() -> None:
    cluster = Cluster()
    cluster.lists["pods"] = [
        pod("o2-bad-1", metadata={"deletionTimestamp": "2026-11-03T06:09:00Z"})
    ]

    def gone(item: dict[str, Any]) -> None:
        cluster.lists["pods"] = []

    found = await _verified(
        cluster,
        "0",
        [
            _status(observedGeneration=3),
            lambda item: item.update(status={"observedGeneration": 3}),
            gone,
        ],
    )
    assert [(each.reached, each.detail) for each in found] == [
        (Reached.FINAL, "its controller took up generation 3"),
        (Reached.FINAL, "3 pods still to go"),
        (Reached.FINAL, "1 pod still to end"),
        (Reached.VERIFIED, "no pod left"),
    ]


async def test_a_pod_that_stays_stuck_is_the_end_of_it() -> None:
    cluster, clock = Cluster(), FakeClock()
    cluster.lists["pods"] = [stuck_pod("o2-bad-9")]
    found = await _verified(cluster, "5", [_status(observedGeneration=3, replicas=5)], clock)
    assert found[-1].reached is Reached.NOT_VERIFIED
    assert found[-1].detail == (
        "3 of 5 ready; pod o2-bad-9 is in ImagePullBackOff: Back-off pulling image"
    )
    assert sum(clock.slept) >= 15


async def test_who_scales_it_again_is_named() -> None:
    def by_autoscaler(item: dict[str, Any]) -> None:
        item["spec"]["replicas"] = 2
        item["metadata"]["managedFields"] = [
            {"manager": "kube-controller-manager", "time": "t", "subresource": "scale"},
        ]

    found = await _verified(Cluster(), "5", [by_autoscaler])
    assert [(each.reached, each.detail) for each in found] == [
        (
            Reached.NOT_VERIFIED,
            "life-support/o2 was changed again by kube-controller-manager",
        )
    ]
