"""Deployments: rollouts that progress, get stuck, and go back."""

from __future__ import annotations

import pytest
from box_helpers import (
    SPACE,
    change_spec,
    condition,
    deploy,
    events,
    pods,
    set_image,
    sets,
    states,
    status,
)

from fixtures.kubernetes import Cluster
from fixtures.kubernetes.controllers.deployments import HISTORY, REVISION
from fixtures.kubernetes.kinds import DEPLOYMENT, POD, REPLICA_SET
from fixtures.kubernetes.status import ApiError


def _revision(cluster: Cluster) -> str:
    meta = cluster.api.find(DEPLOYMENT, SPACE, "web").object["metadata"]
    return str(meta["annotations"][REVISION])


def test_a_new_deployment_becomes_available(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1")
    cluster.advance(10)
    assert status(cluster, "web")["availableReplicas"] == 3
    assert condition(cluster, "web", "Progressing") == ("True", "NewReplicaSetAvailable")
    assert condition(cluster, "web", "Available") == ("True", "MinimumReplicasAvailable")
    assert _revision(cluster) == "1"
    # The controller's own annotation does not count as a change of the user's.
    assert cluster.api.find(DEPLOYMENT, SPACE, "web").object["metadata"]["generation"] == 1


def test_an_update_rolls_over_and_never_has_too_few(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1")
    cluster.advance(10)
    set_image(cluster, "web", "app:2")
    for _ in range(60):
        cluster.advance(0.25)
        assert status(cluster, "web").get("availableReplicas", 0) >= 3
        assert len([pod for pod in pods(cluster) if "deletionTimestamp" not in pod["metadata"]]) < 5
    found = sets(cluster)
    assert [found[number]["spec"]["replicas"] for number in (1, 2)] == [0, 3]
    assert {event["source"]["component"] for event in events(cluster, "ScalingReplicaSet")} == {
        "deployment-controller"
    }


def test_an_image_that_cannot_be_pulled_gets_it_stuck(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1", progressDeadlineSeconds=60)
    cluster.advance(10)
    set_image(cluster, "web", "app:missing-2")
    cluster.advance(30)
    assert states(cluster) == ["ImagePullBackOff", "running", "running", "running"]
    assert condition(cluster, "web", "Progressing") == ("True", "ReplicaSetUpdated")
    cluster.advance(60)
    assert condition(cluster, "web", "Progressing") == ("False", "ProgressDeadlineExceeded")
    assert condition(cluster, "web", "Available")[0] == "True"


def test_a_rollback_takes_the_old_set_again_and_gives_it_a_new_number(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1")
    cluster.advance(10)
    first = sets(cluster)[1]["metadata"]["name"]
    set_image(cluster, "web", "app:missing-2")
    cluster.advance(20)
    set_image(cluster, "web", "app:1")
    cluster.advance(20)
    found = sets(cluster)
    assert set(found) == {2, 3}
    assert found[3]["metadata"]["name"] == first
    assert found[3]["metadata"]["annotations"][HISTORY] == "1"
    assert _revision(cluster) == "3"
    assert states(cluster) == ["running"] * 3
    assert condition(cluster, "web", "Progressing") == ("True", "NewReplicaSetAvailable")


def test_one_at_a_time_leaves_two_of_three(cluster: Cluster) -> None:
    rolling = {"maxSurge": 0, "maxUnavailable": 1}
    strategy = {"type": "RollingUpdate", "rollingUpdate": rolling}
    deploy(cluster, "web", "app:1", strategy=strategy)
    cluster.advance(10)
    set_image(cluster, "web", "app:missing-2")
    cluster.advance(20)
    assert states(cluster) == ["ImagePullBackOff", "running", "running"]
    assert status(cluster, "web")["readyReplicas"] == 2


def test_scaling_makes_no_revision(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1")
    cluster.advance(10)
    change_spec(cluster, "web", replicas=5)
    cluster.advance(10)
    assert status(cluster, "web")["readyReplicas"] == 5
    change_spec(cluster, "web", replicas=1)
    cluster.advance(10)
    assert len(pods(cluster)) == 1
    assert _revision(cluster) == "1"


def test_scaling_in_mid_rollout_is_shared(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1", replicas=4)
    cluster.advance(10)
    set_image(cluster, "web", "app:missing-2")
    cluster.advance(10)
    change_spec(cluster, "web", replicas=8)
    cluster.advance(10)
    wanted = sum(value["spec"]["replicas"] for value in sets(cluster).values())
    assert wanted == 10
    assert status(cluster, "web")["readyReplicas"] >= 6


def test_recreate_ends_all_before_it_starts_any(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1", strategy={"type": "Recreate"})
    cluster.advance(10)
    set_image(cluster, "web", "app:2")
    for _ in range(80):
        cluster.advance(0.1)
        assert len({pod["spec"]["containers"][0]["image"] for pod in pods(cluster)}) <= 1
    assert status(cluster, "web")["updatedReplicas"] == 3


def test_a_paused_deployment_waits(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1")
    cluster.advance(10)
    change_spec(cluster, "web", paused=True)
    set_image(cluster, "web", "app:2")
    cluster.advance(10)
    assert condition(cluster, "web", "Progressing") == ("Unknown", "DeploymentPaused")
    assert len(sets(cluster)) == 1
    change_spec(cluster, "web", paused=None)
    cluster.advance(20)
    assert status(cluster, "web")["updatedReplicas"] == 3
    assert len(sets(cluster)) == 2


def test_the_history_has_its_limit(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1", replicas=1, revisionHistoryLimit=2)
    for number in range(2, 7):
        cluster.advance(10)
        set_image(cluster, "web", f"app:{number}")
    cluster.advance(10)
    assert sorted(sets(cluster)) == [4, 5, 6]


def test_minimum_ready_seconds_delay_availability(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1", replicas=1, minReadySeconds=30)
    cluster.advance(10)
    assert status(cluster, "web")["readyReplicas"] == 1
    assert "availableReplicas" not in status(cluster, "web")
    cluster.advance(30)
    assert status(cluster, "web")["availableReplicas"] == 1


def test_a_deleted_deployment_takes_all_with_it(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1")
    cluster.advance(10)
    cluster.api.delete(DEPLOYMENT, SPACE, "web", {})
    cluster.advance(10)
    assert not cluster.store.items(REPLICA_SET, SPACE)
    assert not pods(cluster)


def test_a_deleted_pod_is_replaced(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1")
    cluster.advance(10)
    gone = pods(cluster)[0]["metadata"]["name"]
    cluster.api.delete(POD, SPACE, gone, {})
    cluster.advance(10)
    names = [pod["metadata"]["name"] for pod in pods(cluster)]
    assert len(names) == 3
    assert gone not in names


@pytest.mark.parametrize(
    ("rolling", "said"),
    [
        ({"maxSurge": "many"}, "a valid percent string"),
        ({"maxSurge": -1}, "must be greater than or equal to 0"),
        ({"maxSurge": 0, "maxUnavailable": 0}, "may not be 0"),
    ],
)
def test_a_strategy_that_cannot_be(cluster: Cluster, rolling: object, said: str) -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": rolling}
    with pytest.raises(ApiError, match=said):
        deploy(cluster, "web", "app:1", strategy=strategy)
