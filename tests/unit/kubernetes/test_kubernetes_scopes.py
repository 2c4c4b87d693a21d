"""How scopes stand while watches are up, down, denied or absent; heartbeats; size."""

from __future__ import annotations

from kubernetes_objects import (
    condition,
    deployment,
    pod,
    stuck_pod,
)
from watched import Watched, colony, event

from adapters.contract import Batch
from adapters.kubernetes import resources
from adapters.kubernetes.resources import RESOURCES
from adapters.records import Record, ScopeState


def _states(batches: list[Batch]) -> dict[str, tuple[ScopeState, str]]:
    return {batch.scope: (batch.state, batch.detail) for batch in batches}


def test_a_watch_that_is_down_makes_stale_what_stands_on_it() -> None:
    watched = Watched()
    watched.list_all(**colony())
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
            watched.list(each, *colony().get(each.name, []))
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
            watched.list(each, *colony().get(each.name, []))
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
            watched.list(each, *colony().get(each.name, []))
    batches = watched.flush()
    assert _states(batches)["pools"][0] is ScopeState.ABSENT
    assert _states(batches)["addresses"][0] is ScopeState.LIVE
    assert watched.records(batches, "addresses")["o2"].announced_by is None


def test_a_heartbeat_comes_with_a_bookmark_but_not_with_every_one() -> None:
    watched = Watched()
    watched.list_all(**colony())
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
        events=[event("e", "Pod", "o2-bbb-1", message=evil)],
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
