"""StatefulSets: in order, by revisions, and the pod that stays bad after an undo."""

from __future__ import annotations

from box_helpers import SPACE, change_spec, pods, revisions, set_image, stateful, states, status

from fixtures.kubernetes import Cluster
from fixtures.kubernetes.kinds import CONTROLLER_REVISION, POD, STATEFUL_SET
from fixtures.kubernetes.strategic import strategic_merge


def test_pods_come_one_after_the_other(cluster: Cluster) -> None:
    stateful(cluster, "tank", "app:1", replicas=3)
    most = 0
    for _ in range(80):
        cluster.advance(0.1)
        most = max(most, sum(pod["status"]["phase"] == "Pending" for pod in pods(cluster)))
    assert most == 1
    assert [pod["metadata"]["name"] for pod in pods(cluster)] == ["tank-0", "tank-1", "tank-2"]
    assert status(cluster, "tank", STATEFUL_SET)["readyReplicas"] == 3


def test_an_update_goes_from_the_last_to_the_first(cluster: Cluster) -> None:
    stateful(cluster, "tank", "app:1")
    cluster.advance(10)
    set_image(cluster, "tank", "app:2", STATEFUL_SET)
    cluster.advance(3)
    images = [pod["spec"]["containers"][0]["image"] for pod in pods(cluster)]
    assert images[0] == "app:1"
    cluster.advance(20)
    images = [pod["spec"]["containers"][0]["image"] for pod in pods(cluster)]
    assert images == ["app:2", "app:2"]
    found = status(cluster, "tank", STATEFUL_SET)
    assert found["currentRevision"] == found["updateRevision"]
    assert revisions(cluster) == [1, 2]


def test_after_an_undo_the_bad_pod_stays_until_it_is_deleted(cluster: Cluster) -> None:
    stateful(cluster, "tank", "app:1")
    cluster.advance(10)
    set_image(cluster, "tank", "app:missing", STATEFUL_SET)
    cluster.advance(20)
    assert states(cluster) == ["ImagePullBackOff", "running"]
    first = min(
        (item.object for item in cluster.store.items(CONTROLLER_REVISION, SPACE)),
        key=lambda value: value["revision"],
    )
    cluster.api.update(
        STATEFUL_SET, SPACE, "tank", lambda value: strategic_merge(value, first["data"])
    )
    cluster.advance(60)
    assert states(cluster) == ["ImagePullBackOff", "running"]
    assert revisions(cluster) == [2, 3]
    cluster.api.delete(POD, SPACE, "tank-1", {})
    cluster.advance(10)
    assert states(cluster) == ["running", "running"]


def test_scaling_down_takes_the_last(cluster: Cluster) -> None:
    stateful(cluster, "tank", "app:1", replicas=3)
    cluster.advance(10)
    change_spec(cluster, "tank", STATEFUL_SET, replicas=1)
    cluster.advance(10)
    assert [pod["metadata"]["name"] for pod in pods(cluster)] == ["tank-0"]


def test_parallel_pods_do_not_wait(cluster: Cluster) -> None:
    stateful(cluster, "tank", "app:missing", replicas=3, podManagementPolicy="Parallel")
    cluster.advance(10)
    assert len(pods(cluster)) == 3


def test_a_partition_keeps_the_first_as_they_are(cluster: Cluster) -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}
    stateful(cluster, "tank", "app:1", updateStrategy=strategy)
    cluster.advance(10)
    set_image(cluster, "tank", "app:2", STATEFUL_SET)
    cluster.advance(20)
    images = [pod["spec"]["containers"][0]["image"] for pod in pods(cluster)]
    assert images == ["app:1", "app:2"]
