"""Kubelets, the scheduler, and what they say."""

from __future__ import annotations

from box_helpers import SPACE, deploy, events, pods, states

from fixtures.kubernetes import Cluster
from fixtures.kubernetes.kinds import EVENT, NODE, POD


def test_a_pod_goes_through_its_phases(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1", replicas=1)
    seen: list[str] = []
    for _ in range(400):
        cluster.advance(0.01)
        for pod in pods(cluster):
            found = (states(cluster) or [pod["status"]["phase"]])[0]
            if seen[-1:] != [found]:
                seen.append(found)
    assert seen == ["Pending", "ContainerCreating", "running"]
    said = [event["reason"] for event in events(cluster)]
    for reason in ("Scheduled", "Pulling", "Pulled", "Created", "Started", "SuccessfulCreate"):
        assert reason in said


def test_a_readiness_probe_takes_a_moment(cluster: Cluster) -> None:
    value = {
        "metadata": {"name": "p", "namespace": SPACE},
        "spec": {
            "containers": [
                {"name": "c", "image": "app:1", "readinessProbe": {"httpGet": {"port": 80}}}
            ]
        },
    }
    cluster.api.create(POD, SPACE, value, "tester")
    unready = False
    for _ in range(500):
        cluster.advance(0.01)
        (pod,) = pods(cluster)
        running = pod["status"]["phase"] == "Running"
        unready = unready or (running and not pod["status"]["containerStatuses"][0]["ready"])
    assert unready
    assert pod["status"]["containerStatuses"][0]["ready"]


def test_pods_of_one_app_are_spread(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1", replicas=3)
    cluster.advance(5)
    assert len({pod["spec"]["nodeName"] for pod in pods(cluster)}) == 3


def test_without_a_node_that_fits_a_pod_waits(cluster: Cluster) -> None:
    spec = {"containers": [{"name": "c", "image": "a:1"}], "nodeSelector": {"site": "far-side"}}
    value = {"metadata": {"name": "p", "namespace": SPACE}, "spec": spec}
    cluster.api.create(POD, SPACE, value, "tester")
    cluster.advance(5)
    assert pods(cluster)[0]["status"]["phase"] == "Pending"
    assert events(cluster, "FailedScheduling")
    cluster.controllers.kubelet.join("outpost", "192.0.2.99", {"site": "far-side"})
    cluster.advance(15)
    assert pods(cluster)[0]["spec"]["nodeName"] == "outpost"
    assert cluster.store.count(NODE) == 4


def test_pulls_are_tried_again_ever_more_rarely_and_counted(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:missing", replicas=1)
    counts = []
    for _ in range(4):
        cluster.advance(120)
        counts.append(events(cluster, "Pulling")[0]["count"])
    assert counts == sorted(counts)
    assert counts[-1] - counts[-2] < counts[0]
    assert events(cluster, "BackOff")[0]["count"] > 20
    assert {event["type"] for event in events(cluster, "Failed")} == {"Warning"}


def test_a_missing_image_that_comes_is_pulled(cluster: Cluster) -> None:
    cluster.images.missing.add("app:2")
    deploy(cluster, "web", "app:2", replicas=1)
    cluster.advance(20)
    assert states(cluster) == ["ImagePullBackOff"]
    cluster.images.missing.clear()
    cluster.advance(60)
    assert states(cluster) == ["running"]


def test_a_crashing_container_backs_off_and_counts(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:crash", replicas=1)
    cluster.advance(100)
    (pod,) = pods(cluster)
    (row,) = pod["status"]["containerStatuses"]
    assert row["restartCount"] >= 3
    assert row["lastState"]["terminated"]["exitCode"] == 1
    seen = set()
    for _ in range(200):
        cluster.advance(1)
        seen.update(states(cluster))
    assert "CrashLoopBackOff" in seen
    assert events(cluster, "BackOff")


def test_a_restart_is_one_more_and_tells_how_it_ended(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1", replicas=1)
    cluster.advance(10)
    cluster.controllers.kubelet.restart(
        SPACE, pods(cluster)[0]["metadata"]["name"], 137, "OOMKilled"
    )
    assert states(cluster) == ["OOMKilled"]
    cluster.advance(5)
    (row,) = pods(cluster)[0]["status"]["containerStatuses"]
    assert row["restartCount"] == 1
    assert row["lastState"]["terminated"]["reason"] == "OOMKilled"
    assert row["ready"]


def test_events_go_an_hour_after_they_were_last_said(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1", replicas=1)
    cluster.advance(3500)
    assert events(cluster, "Started")
    cluster.advance(200)
    assert not cluster.store.items(EVENT)
