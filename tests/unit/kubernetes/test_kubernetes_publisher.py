"""From what the watches say to batches: joins, coalescing, tombstones, states of scopes."""

from __future__ import annotations

from typing import Any

from kubernetes_objects import (
    AT2,
    T1,
    T2,
    FakeClock,
    condition,
    deployment,
    meta,
    owned,
    pod,
    pool,
    replicaset,
    service,
    stuck_pod,
    template,
    typed,
    waiting,
)

from adapters.contract import Batch
from adapters.kubernetes import resources
from adapters.kubernetes.publisher import Publisher, Seen
from adapters.kubernetes.resources import RESOURCES, Resource, trim
from adapters.records import Health, Record, ScopeState

ALL: dict[str, list[dict[str, Any]]] = {each.name: [] for each in RESOURCES}


class Watched:
    """A publisher, and hands to feed it as reflectors would."""

    def __init__(self, seen: Seen | None = None, namespaces: tuple[str, ...] = ("",)) -> None:
        self.clock = FakeClock()
        names = [(each.name, space) for each in RESOURCES for space in namespaces]
        self.publisher = Publisher("tycho", self.clock, names, seen or Seen())
        self._version = 1

    def list(self, resource: Resource, *items: dict[str, Any], namespace: str = "") -> None:
        found = [trim(typed(each, resource.type)) for each in items]
        self.publisher.listed(resource, namespace, found)
        self.publisher.stood(resource, namespace, ScopeState.LIVE, "")

    def list_all(self, **items: list[dict[str, Any]]) -> list[Batch]:
        for each in RESOURCES:
            self.list(each, *items.get(each.name, []))
        return self.flush()

    def change(self, resource: Resource, item: dict[str, Any], gone: bool = False) -> None:
        self._version += 1
        item["metadata"]["resourceVersion"] = str(self._version)
        self.publisher.changed(resource, trim(typed(item, resource.type)), gone)

    def stand(self, resource: Resource, state: ScopeState, detail: str = "") -> None:
        self.publisher.stood(resource, "", state, detail)

    def flush(self) -> list[Batch]:
        return list(self.publisher.flush())

    def records(self, batches: list[Batch], scope: str) -> dict[str, Any]:
        return {
            record.name: record
            for batch in batches
            if batch.scope == scope
            for record in batch.upserts
        }


def _colony() -> dict[str, list[dict[str, Any]]]:
    return {
        "deployments": [deployment()],
        "replicasets": [replicaset("o2-aaa", revision=12), replicaset("o2-old", revision=11)],
        "pods": [pod()],
        "services": [service()],
        "ipaddresspools": [pool()],
        "servicel2statuses": [_l2("habitat-1")],
    }


def _l2(node: str) -> dict[str, Any]:
    return {
        "metadata": meta("l2-x", "metallb-system"),
        "status": {
            "node": node,
            "serviceName": "o2",
            "serviceNamespace": "life-support",
            "interfaces": [{"name": "eth0"}],
        },
    }


def _event(name: str, kind: str, about: str, **more: Any) -> dict[str, Any]:
    return {
        "metadata": meta(name),
        "involvedObject": {"kind": kind, "namespace": "life-support", "name": about},
        "type": "Warning",
        "reason": "BackOff",
        "message": "back-off",
        "count": 1,
        "lastTimestamp": T1,
        **more,
    }


def test_the_first_snapshot_of_every_scope() -> None:
    watched = Watched()
    batches = watched.list_all(**_colony())
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
        watched.list(each, *_colony().get(each.name, []))
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
    watched.list_all(**_colony(), statefulsets=[])
    for number in range(100):
        watched.change(resources.PODS, pod(containerStatuses=[waiting("x", restarts=number)]))
    batches = watched.flush()
    assert {batch.scope: len(batch.upserts) for batch in batches} == {"apps": 1, "pods": 1}
    watched.change(resources.PODS, pod(containerStatuses=[waiting("x", restarts=99)]))
    assert [batch for batch in watched.flush() if batch.upserts] == []


def test_a_stuck_pod_changes_its_apps_health() -> None:
    watched = Watched()
    item = deployment(status={"updatedReplicas": 1, "replicas": 4})
    watched.list_all(**{**_colony(), "deployments": [item]})
    watched.change(resources.REPLICASETS, replicaset("o2-bbb", revision=13))
    watched.change(resources.PODS, stuck_pod())
    app = watched.records(watched.flush(), "apps")["o2"]
    assert app.health is Health.DEGRADED
    assert "ImagePullBackOff" in app.reason


def test_what_a_list_does_not_hold_any_more_is_gone() -> None:
    watched = Watched()
    watched.list_all(**{**_colony(), "pods": [pod(), pod("o2-aaa-2")]})
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
    watched.list_all(**_colony())
    watched.change(resources.DEPLOYMENTS, deployment(), gone=True)
    batches = watched.flush()
    assert [key.kind for batch in batches for key in batch.gone] == ["App"]
    assert watched.records(batches, "addresses")["o2"].apps == ()


def test_a_service_that_is_no_load_balancer_any_more_is_gone() -> None:
    watched = Watched()
    watched.list_all(**_colony())
    watched.change(resources.SERVICES, service(), gone=True)
    assert [key.name for batch in watched.flush() for key in batch.gone] == ["o2"]


def test_a_new_revision_makes_the_old_one_not_current() -> None:
    watched = Watched()
    watched.list_all(**_colony())
    watched.change(resources.REPLICASETS, replicaset("o2-bbb", revision=13))
    watched.change(resources.DEPLOYMENTS, deployment(revision=13))
    found = watched.records(watched.flush(), "revisions")
    assert {name: each.current for name, each in found.items()} == {
        "o2-aaa": False,
        "o2-bbb": True,
    }


def test_a_change_of_announcers_touches_only_its_service() -> None:
    watched = Watched()
    watched.list_all(**{**_colony(), "services": [service(), service("other", ["10.9.0.6"])]})
    watched.change(resources.L2, _l2("habitat-3"))
    batches = watched.flush()
    found = watched.records(batches, "addresses")
    assert [(name, each.announced_by[0].node) for name, each in found.items()] == [
        ("o2", "habitat-3")
    ]


def test_who_announces_is_unknown_where_metallb_does_not_say() -> None:
    watched = Watched()
    watched.list_all(**{**_colony(), "servicel2statuses": []})
    watched.stand(resources.L2, ScopeState.ABSENT, "not installed here")
    assert watched.records(watched.flush(), "addresses")["o2"].announced_by is None


def test_an_event_finds_its_app_by_owner_by_memory_and_by_name() -> None:
    watched = Watched()
    watched.list_all(**_colony(), events=[_event("e1", "Pod", "o2-aaa-1")])
    watched.change(resources.PODS, pod(), gone=True)
    watched.change(resources.EVENTS, _event("e2", "Pod", "o2-aaa-1"))
    watched.change(resources.EVENTS, _event("e3", "Pod", "o2-old-zzz"))
    watched.change(resources.EVENTS, _event("e4", "ReplicaSet", "o2-gone"))
    watched.change(resources.EVENTS, _event("e5", "Service", "o2"))
    watched.change(resources.EVENTS, _event("e6", "Node", "habitat-1"))
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
    first.list_all(events=[_event("e1", "Pod", "x"), _event("e2", "Pod", "x", lastTimestamp=T2)])
    first.change(resources.EVENTS, _event("e1", "Pod", "x", count=2, lastTimestamp=T2))
    assert [each.count for each in first.records(first.flush(), "events").values()] == [2]
    first.change(resources.EVENTS, _event("e1", "Pod", "x", count=2, lastTimestamp=T2), gone=True)
    again = Watched(seen)
    batches = again.list_all(events=[_event("e1", "Pod", "x", count=2, lastTimestamp=T2)])
    assert again.records(batches, "events") == {}


def test_events_come_in_the_order_of_their_times() -> None:
    watched = Watched()
    batches = watched.list_all(
        events=[_event("late", "Pod", "x", lastTimestamp=T2), _event("early", "Pod", "x")]
    )
    assert list(watched.records(batches, "events")) == ["early", "late"]


def test_a_complaint_about_a_service_is_its_reason_until_it_has_an_address() -> None:
    watched = Watched()
    complaint = _event("e1", "Service", "o2", message="no available IPs")
    batches = watched.list_all(services=[service(ips=[])], events=[complaint])
    assert watched.records(batches, "addresses")["o2"].reason == "no available IPs"
    given = _event("e2", "Service", "o2", type="Normal", reason="IPAllocated", lastTimestamp=T2)
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


def test_one_name_for_a_deployment_and_a_stateful_set_is_not_gone_with_one_of_them() -> None:
    watched = Watched()
    stateful = {"metadata": meta("o2"), "spec": {"template": template()}, "status": {}}
    watched.list_all(deployments=[deployment()], statefulsets=[stateful])
    watched.change(resources.DEPLOYMENTS, deployment(), gone=True)
    batches = watched.flush()
    assert [key for batch in batches for key in batch.gone] == []
    assert watched.records(batches, "apps")["o2"].workload == "StatefulSet"


# -- states


def _states(batches: list[Batch]) -> dict[str, tuple[ScopeState, str]]:
    return {batch.scope: (batch.state, batch.detail) for batch in batches}


def test_a_watch_that_is_down_makes_stale_what_stands_on_it() -> None:
    watched = Watched()
    watched.list_all(**_colony())
    watched.stand(resources.PODS, ScopeState.STALE, "connection refused")
    found = _states(watched.flush())
    line = (ScopeState.STALE, "Pods: connection refused")
    assert found == {"apps": line, "revisions": line, "pods": line, "events": line}
    watched.stand(resources.PODS, ScopeState.LIVE)
    assert set(_states(watched.flush()).values()) == {(ScopeState.LIVE, "")}


def test_what_was_never_listed_is_never_received_not_stale() -> None:
    watched = Watched()
    for each in RESOURCES:
        watched.stand(each, ScopeState.STALE, "no answer")
    found = _states(watched.flush())
    assert {state for state, _ in found.values()} == {ScopeState.NEVER}
    assert watched.publisher.standings.hopeless() == "no answer"


def test_pods_that_may_not_be_read_leave_the_apps_live_and_say_so() -> None:
    watched = Watched()
    for each in RESOURCES:
        if each is resources.PODS:
            watched.stand(each, ScopeState.DENIED, "user x may not list them")
        else:
            watched.list(each, *_colony().get(each.name, []))
    batches = watched.flush()
    found = _states(batches)
    assert found["apps"] == (ScopeState.LIVE, "Pods: user x may not list them")
    assert found["pods"] == (ScopeState.DENIED, "Pods: user x may not list them")
    assert watched.records(batches, "apps")["o2"].restarts is None
    assert watched.publisher.standings.hopeless() == ""


def test_half_of_the_apps_denied_is_said_of_all_of_them() -> None:
    watched = Watched()
    for each in RESOURCES:
        if each is resources.STATEFULSETS:
            watched.stand(each, ScopeState.DENIED, "user x may not list them")
        else:
            watched.list(each, *_colony().get(each.name, []))
    batches = watched.flush()
    assert _states(batches)["apps"] == (
        ScopeState.DENIED,
        "StatefulSets: user x may not list them",
    )
    assert "o2" in watched.records(batches, "apps")


def test_no_metallb_is_absent_and_no_fault() -> None:
    watched = Watched()
    for each in RESOURCES:
        if each.optional:
            watched.publisher.listed(each, "", [])
            watched.stand(each, ScopeState.ABSENT, "not installed here")
        else:
            watched.list(each, *_colony().get(each.name, []))
    batches = watched.flush()
    assert _states(batches)["pools"][0] is ScopeState.ABSENT
    assert _states(batches)["addresses"][0] is ScopeState.LIVE
    assert watched.records(batches, "addresses")["o2"].announced_by is None


def test_a_heartbeat_comes_with_a_bookmark_but_not_with_every_one() -> None:
    watched = Watched()
    watched.list_all(**_colony())
    watched.clock.at += 5
    watched.publisher.heard(resources.POOLS)
    (batch,) = watched.flush()
    assert batch == Batch("pools", state=ScopeState.LIVE)
    watched.publisher.heard(resources.POOLS)
    assert watched.flush() == []


def test_a_large_snapshot_comes_in_pieces() -> None:
    watched = Watched()
    pods = [pod(f"o2-aaa-{number}") for number in range(2500)]
    batches = [each for each in watched.list_all(pods=pods) if each.scope == "pods"]
    assert [len(each.upserts) for each in batches] == [1000, 1000, 500]
    assert [(each.begin, each.end) for each in batches] == [
        (True, False),
        (False, False),
        (False, True),
    ]


def test_hostile_text_is_cut_and_nothing_of_it_breaks_the_joins() -> None:
    watched = Watched()
    evil = "\x1b[31m" + "A" * 1_000_000
    item = stuck_pod(message=evil)
    item["status"]["conditions"] = [condition("Ready", "False", message=evil)]
    item["spec"]["containers"][0]["image"] = evil
    item["status"]["containerStatuses"][0]["state"]["waiting"]["message"] = evil
    item["metadata"]["annotations"] = {"colony/token": evil, "whatever": evil}
    batches = watched.list_all(
        pods=[item],
        deployments=[deployment(annotations={"colony/token": evil})],
        events=[_event("e", "Pod", "o2-bbb-1", message=evil)],
    )
    sizes = [
        len(value) for batch in batches for record in batch.upserts for value in _texts(record)
    ]
    assert max(sizes) < 1024
    kept = watched.publisher.world.pods.get(("life-support", "o2-bbb-1"))
    assert kept is not None
    assert set(kept.metadata.annotations or {}) == {"colony/token"}


def _texts(record: Record) -> list[str]:
    values = (getattr(record, name) for name in record.__struct_fields__)
    return [value for value in values if isinstance(value, str)]
