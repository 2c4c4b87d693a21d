"""From what the watches say to batches: joins, coalescing, tombstones."""

from __future__ import annotations

from kubernetes_objects import (
    AT2,
    T2,
    deployment,
    meta,
    owned,
    pod,
    replicaset,
    service,
    stuck_pod,
    template,
    waiting,
)
from watched import Watched, colony, event, l2

from adapters.kubernetes import resources
from adapters.kubernetes.publisher import Seen
from adapters.kubernetes.resources import RESOURCES
from adapters.records import App, Health, ScopeState


def test_the_first_snapshot_of_every_scope() -> None:
    watched = Watched()
    batches = watched.list_all(**colony())
    opened = {batch.scope: (batch.begin, batch.end, batch.state) for batch in batches}
    live = (True, True, ScopeState.LIVE)
    assert opened == {
        "apps": live,
        "revisions": live,
        "pods": live,
        "events": (False, False, ScopeState.LIVE),
        "addresses": live,
        "pools": live,
    }
    app = watched.records(batches, "apps")["o2"]
    assert (app.health, app.revision, app.received) == (Health.HEALTHY, 12, AT2)
    revisions = watched.records(batches, "revisions")
    assert [(each.number, each.current) for each in revisions.values()] == [
        (12, True),
        (11, False),
    ]
    assert watched.records(batches, "pods")["o2-aaa-1"].app == "o2"
    address = watched.records(batches, "addresses")["o2"]
    assert address.apps == ("Deployment/o2",)
    assert [each.node for each in address.announced_by] == ["habitat-1"]
    assert not watched.flush()


def test_a_snapshot_waits_a_moment_for_what_is_joined_to_it() -> None:
    watched = Watched()
    for each in (resources.DEPLOYMENTS, resources.STATEFULSETS):
        watched.list(each, *colony().get(each.name, []))
    assert not [batch for batch in watched.flush() if batch.scope == "apps"]
    watched.clock.at += 1.0
    (batch,) = [batch for batch in watched.flush() if batch.scope == "apps"]
    assert (batch.begin, batch.end, batch.state) == (True, True, ScopeState.LIVE)
    assert watched.records([batch], "apps")["o2"].restarts is None
    watched.list(resources.PODS, pod())
    watched.list(resources.REPLICASETS, replicaset("o2-aaa"))
    assert watched.records(watched.flush(), "apps")["o2"].restarts == 0


def test_a_storm_is_one_batch_and_only_what_changed_is_sent() -> None:
    watched = Watched()
    watched.list_all(**colony(), statefulsets=[])
    for number in range(100):
        watched.change(resources.PODS, pod(containerStatuses=[waiting("x", restarts=number)]))
    batches = watched.flush()
    assert {batch.scope: len(batch.upserts) for batch in batches} == {"apps": 1, "pods": 1}
    watched.change(resources.PODS, pod(containerStatuses=[waiting("x", restarts=99)]))
    assert [batch for batch in watched.flush() if batch.upserts] == []


def test_a_stuck_pod_changes_its_apps_health() -> None:
    watched = Watched()
    item = deployment(status={"updatedReplicas": 1, "replicas": 4})
    watched.list_all(**{**colony(), "deployments": [item]})
    watched.change(resources.REPLICASETS, replicaset("o2-bbb", revision=13))
    watched.change(resources.PODS, stuck_pod())
    app = watched.records(watched.flush(), "apps")["o2"]
    assert app.health is Health.DEGRADED
    assert "ImagePullBackOff" in app.reason


def test_what_a_list_does_not_hold_any_more_is_gone() -> None:
    watched = Watched()
    watched.list_all(**{**colony(), "pods": [pod(), pod("o2-aaa-2")]})
    watched.list(resources.PODS, pod("o2-aaa-2"))
    gone = [key for batch in watched.flush() for key in batch.gone]
    assert [(key.kind, key.name) for key in gone] == [("Pod", "o2-aaa-1")]


def test_a_list_of_one_namespace_says_nothing_of_another() -> None:
    watched = Watched(namespaces=("life-support", "comms"))
    for each in RESOURCES:
        for space in ("life-support", "comms"):
            name = f"o2-{space}"
            items = [pod(name, metadata={"name": name, "namespace": space})]
            watched.list(each, *(items if each is resources.PODS else []), namespace=space)
    assert set(watched.records(watched.flush(), "pods")) == {"o2-life-support", "o2-comms"}
    watched.list(resources.PODS, namespace="comms")
    gone = [key.name for batch in watched.flush() for key in batch.gone]
    assert gone == ["o2-comms"]


def test_deleting_an_app_takes_its_addresses_apps_too() -> None:
    watched = Watched()
    watched.list_all(**colony())
    watched.change(resources.DEPLOYMENTS, deployment(), gone=True)
    batches = watched.flush()
    assert [key.kind for batch in batches for key in batch.gone] == ["App"]
    assert watched.records(batches, "addresses")["o2"].apps == ()


def test_a_service_that_is_no_load_balancer_any_more_is_gone() -> None:
    watched = Watched()
    watched.list_all(**colony())
    watched.change(resources.SERVICES, service(), gone=True)
    assert [key.name for batch in watched.flush() for key in batch.gone] == ["o2"]


def test_a_new_revision_makes_the_old_one_not_current() -> None:
    watched = Watched()
    watched.list_all(**colony())
    watched.change(resources.REPLICASETS, replicaset("o2-bbb", revision=13))
    watched.change(resources.DEPLOYMENTS, deployment(revision=13))
    found = watched.records(watched.flush(), "revisions")
    assert {name: each.current for name, each in found.items()} == {
        "o2-aaa": False,
        "o2-bbb": True,
    }


def test_a_change_of_announcers_touches_only_its_service() -> None:
    watched = Watched()
    watched.list_all(**{**colony(), "services": [service(), service("other", ["10.9.0.6"])]})
    watched.change(resources.L2, l2("habitat-3"))
    batches = watched.flush()
    found = watched.records(batches, "addresses")
    assert [(name, each.announced_by[0].node) for name, each in found.items()] == [
        ("o2", "habitat-3")
    ]


def test_who_announces_is_unknown_where_metallb_does_not_say() -> None:
    watched = Watched()
    watched.list_all(**{**colony(), "servicel2statuses": []})
    watched.stand(resources.L2, ScopeState.ABSENT, "not installed here")
    assert watched.records(watched.flush(), "addresses")["o2"].announced_by is None


def test_an_event_finds_its_app_by_owner_by_memory_and_by_name() -> None:
    watched = Watched()
    watched.list_all(**colony(), events=[event("e1", "Pod", "o2-aaa-1")])
    watched.change(resources.PODS, pod(), gone=True)
    watched.change(resources.EVENTS, event("e2", "Pod", "o2-aaa-1"))
    watched.change(resources.EVENTS, event("e3", "Pod", "o2-old-zzz"))
    watched.change(resources.EVENTS, event("e4", "ReplicaSet", "o2-gone"))
    watched.change(resources.EVENTS, event("e5", "Service", "o2"))
    watched.change(resources.EVENTS, event("e6", "Node", "habitat-1"))
    found = watched.records(watched.flush(), "events")
    assert {name: each.app for name, each in found.items()} == {
        "e2": "o2",
        "e3": "o2",
        "e4": "o2",
        "e5": "o2",
        "e6": "",
    }


def test_events_come_once_each_occurrence_even_after_a_new_connection() -> None:
    seen = Seen()
    first = Watched(seen)
    first.list_all(events=[event("e1", "Pod", "x"), event("e2", "Pod", "x", lastTimestamp=T2)])
    first.change(resources.EVENTS, event("e1", "Pod", "x", count=2, lastTimestamp=T2))
    assert [each.count for each in first.records(first.flush(), "events").values()] == [2]
    first.change(resources.EVENTS, event("e1", "Pod", "x", count=2, lastTimestamp=T2), gone=True)
    again = Watched(seen)
    batches = again.list_all(events=[event("e1", "Pod", "x", count=2, lastTimestamp=T2)])
    assert again.records(batches, "events") == {}


def test_events_come_in_the_order_of_their_times() -> None:
    watched = Watched()
    batches = watched.list_all(
        events=[event("late", "Pod", "x", lastTimestamp=T2), event("early", "Pod", "x")]
    )
    assert list(watched.records(batches, "events")) == ["early", "late"]


def test_a_complaint_about_a_service_is_its_reason_until_it_has_an_address() -> None:
    watched = Watched()
    complaint = event("e1", "Service", "o2", message="no available IPs")
    batches = watched.list_all(services=[service(ips=[])], events=[complaint])
    assert watched.records(batches, "addresses")["o2"].reason == "no available IPs"
    given = event("e2", "Service", "o2", type="Normal", reason="IPAllocated", lastTimestamp=T2)
    watched.change(resources.EVENTS, given)
    assert watched.records(watched.flush(), "addresses")["o2"].reason == "no address was given yet"


def test_stateful_revisions_count_their_pods() -> None:
    watched = Watched()
    stateful = {
        "metadata": meta("store", generation=1),
        "spec": {"replicas": 1, "template": template()},
        "status": {"observedGeneration": 1, "replicas": 1, "updateRevision": "store-2"},
    }
    revision = {
        "metadata": meta("store-2", ownerReferences=owned("StatefulSet", "store")),
        "revision": 2,
        "data": {"spec": {"template": template("colony/db:6")}},
    }
    member = pod("store-0")
    member["metadata"]["labels"] = {"controller-revision-hash": "store-2"}
    member["metadata"]["ownerReferences"] = owned("StatefulSet", "store")
    batches = watched.list_all(
        statefulsets=[stateful], controllerrevisions=[revision], pods=[member]
    )
    found = watched.records(batches, "revisions")["store-2"]
    assert (found.number, found.current, found.replicas, found.ready) == (2, True, 1, 1)
    assert found.images == ("colony/db:6",)
    assert watched.records(batches, "apps")["store"].revision == 2
    assert watched.records(batches, "pods")["store-0"].revision == found.template


def test_revisions_of_what_is_no_app_are_left_out() -> None:
    watched = Watched()
    daemon = {
        "metadata": meta("agent-1", ownerReferences=owned("DaemonSet", "agent")),
        "revision": 1,
    }
    bare = replicaset("bare-aaa")
    bare["metadata"]["ownerReferences"] = []
    batches = watched.list_all(controllerrevisions=[daemon], replicasets=[bare])
    assert watched.records(batches, "revisions") == {}


def test_a_deployment_and_a_stateful_set_of_one_name_are_two_apps() -> None:
    watched = Watched()
    stateful = {"metadata": meta("o2"), "spec": {"template": template()}, "status": {}}
    opened = watched.list_all(deployments=[deployment()], statefulsets=[stateful])
    keys = {record.key for batch in opened for record in batch.upserts if isinstance(record, App)}
    assert {key.name for key in keys} == {"o2", "StatefulSet/o2"}
    watched.change(resources.DEPLOYMENTS, deployment(), gone=True)
    assert [key.name for batch in watched.flush() for key in batch.gone] == ["o2"]
