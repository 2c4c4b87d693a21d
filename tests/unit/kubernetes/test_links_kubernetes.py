"""What an app of a cluster stands on, for what goes wrong with each of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from adapters.clock import Clock
from adapters.contract import Link, Standing
from adapters.kubernetes import links, links_told
from adapters.kubernetes.client import Response
from adapters.kubernetes.errors import ApiError, Unreachable
from adapters.kubernetes.links_nodes import KEPT, Nodes
from adapters.links import explained, first_broken, ordered
from adapters.records import (
    Address,
    Announcer,
    App,
    Event,
    Health,
    Pod,
    Pool,
    Port,
    Record,
    Revision,
    ScopeState,
)
from tests.clocks import StandingClock
from tests.known_world import KnownWorld, live

NOW = 1_900_000_000.0
BROKE = NOW - 360.0
GOOD, MOVING = Standing.GOOD, Standing.MOVING
DEGRADED, BROKEN, UNKNOWN = Standing.DEGRADED, Standing.BROKEN, Standing.UNKNOWN
SCOPES = ("apps", "revisions", "pods", "events", "addresses", "pools")


def app(**more: Any) -> App:
    values: dict[str, Any] = {
        "source": "tycho", "namespace": "life-support", "name": "o2", "desired": 3, "ready": 3,
        "updated": 3, "available": 3, "revision": 12, "health": Health.HEALTHY, "generation": 12,
        "observed_generation": 12, "actions": ("app.rollback", "app.scale"), "restarts": 0,
    }  # fmt: skip
    return App(**(values | more))


def revision(number: int, **more: Any) -> Revision:
    values: dict[str, Any] = {
        "source": "tycho", "namespace": "life-support", "name": f"o2-{number}", "app": "o2",
        "number": number, "images": (f"colony/o2:2.{number}",), "created": NOW - 86_400,
        "replicas": 0,
    }  # fmt: skip
    return Revision(**(values | more))


def pod(name: str, node: str = "relay-1", **more: Any) -> Pod:
    values: dict[str, Any] = {
        "source": "tycho", "namespace": "life-support", "name": f"o2-{name}", "app": "o2",
        "workload": "Deployment", "state": "Running", "ready": 1, "total": 1, "node": node,
        "containers": ("main",), "images": ("colony/o2:2.12",),
    }  # fmt: skip
    return Pod(**(values | more))


def address(**more: Any) -> Address:
    values: dict[str, Any] = {
        "source": "tycho", "namespace": "life-support", "name": "o2", "service": "o2",
        "ip": "10.40.1.7", "pool": "edge-udp", "ports": (Port(5004, "UDP"),),
        "announced_by": (Announcer("relay-2", "L2", ("eth1",)),), "apps": ("Deployment/o2",),
    }  # fmt: skip
    return Address(**(values | more))


def event(reason: str, kind: str = "Pod", thing: str = "o2-x", **more: Any) -> Event:
    values: dict[str, Any] = {
        "source": "tycho", "namespace": "life-support", "name": f"{thing}.{reason}", "app": "o2",
        "workload": "Deployment", "reason": reason, "object_kind": kind, "object_name": thing,
        "message": "said", "first": BROKE - 30, "last": BROKE, "reporter": "kubelet",
        "severity": "Warning",
    }  # fmt: skip
    return Event(**(values | more))


REVISIONS = (revision(12, current=True, replicas=3, ready=3, created=NOW - 400), revision(11))
PODS = (pod("a"), pod("b", "relay-2"), pod("c", "relay-3"))


def node(ready: str = "True", *pressure: str, at: str = "2030-03-17T17:40:00Z", **spec: Any) -> Any:
    conditions = [{"type": "Ready", "status": ready, "lastTransitionTime": at, "message": "told"}]
    conditions += [{"type": one, "status": "True", "lastTransitionTime": at} for one in pressure]
    meta = {"name": "n", "uid": "u", "resourceVersion": "1"}
    return {"metadata": meta, "spec": spec, "status": {"conditions": conditions}}


class Cluster:
    """An API server that has nodes and logs, and nothing else."""

    def __init__(self, **nodes: Any) -> None:
        self.nodes: Mapping[str, Any] = nodes
        self.log: Any = b""
        self.asked: list[str] = []

    async def get(self, path: str, parameters: Any = None, **more: Any) -> Response:
        self.asked.append(path)
        if path.endswith("/log"):
            found = self.log
        else:
            found = self.nodes.get(path.rpartition("/")[2].replace("-", "_"), node())
        if isinstance(found, Exception):
            raise found
        body = found if isinstance(found, bytes) else msgspec.json.encode(found)
        return Response(200, {}, body)


async def chain(
    *records: Record, cluster: Any = None, clock: Clock | None = None, **states: ScopeState
) -> list[Link]:
    world = KnownWorld(*records, *live("tycho", *SCOPES, **states), now=NOW)
    of = next(one for one in records if isinstance(one, App))
    server = cluster or Cluster()
    nodes = Nodes(lambda: server, clock or StandingClock(NOW))
    return ordered(await links.links(nodes, of, world))


def said(found: list[Link]) -> dict[str, Standing]:
    return {one.name: one.standing for one in found}


def cause(found: list[Link]) -> Link:
    number = first_broken(found)
    assert number is not None
    return found[number]


async def test_all_is_well() -> None:
    found = await chain(app(), *REVISIONS, *PODS, address())
    assert said(found) == dict.fromkeys(["rollout", "pods", "node", "address", "announcer"], GOOD)
    assert first_broken(found) is None
    assert [one.actions for one in found] == [()] * 5
    assert found[2].words == "all ready: relay-1, relay-2, relay-3"
    assert found[3].words == "UDP 5004 of pool edge-udp"
    assert found[4].words == "announces 10.40.1.7 on eth1"


STUCK = app(ready=2, updated=1, available=2, health=Health.DEGRADED, since=BROKE,
            reason="1 pod in ImagePullBackOff")  # fmt: skip
STUCK_REVISIONS = (revision(12, current=True, replicas=1, ready=0, created=BROKE - 1),
                   revision(11, replicas=2, ready=2), revision(10))  # fmt: skip
PULLING = pod("x", state="ImagePullBackOff", ready=0, node="relay-2",
              message="failed to resolve reference: colony/o2:2.12: not found")  # fmt: skip


async def test_an_image_that_cannot_be_pulled_is_the_pods_own() -> None:
    found = await chain(STUCK, *STUCK_REVISIONS, pod("a"), pod("b"), PULLING, event("Failed"))
    assert said(found) == {"rollout": BROKEN, "pods": BROKEN, "node": GOOD}
    first = cause(found)
    assert (first.name, first.begins, first.since) == ("pods", True, BROKE)
    assert first.words == "1 in ImagePullBackOff: o2:2.12 not found"
    assert first.details[0] == "o2-x: ImagePullBackOff on relay-2"
    assert first.key == PULLING.key
    assert explained(found, found.index(first)) == (0,)
    (fit,) = first.actions
    assert (fit.action, dict(fit.arguments)) == (
        "app.rollback", {"app": "tycho:life-support/Deployment/o2", "to": "11"},
    )  # fmt: skip
    assert fit.words == "roll back to revision 11 (o2:2.11, 2 of it ready)"
    rollouts = [one for one in found[0].changes if one.what == "rollout"]
    assert [one.words for one in rollouts][:2] == [
        "revision 12: o2:2.11 → 2.12", "revision 11: o2:2.10 → 2.11",
    ]  # fmt: skip
    assert [(one.what, one.seen) for one in first.changes] == [("Failed", True)]


def _rollouts(*revisions: Revision) -> list[str]:
    return [one.words for one in links_told.of_revisions(revisions)]


def test_a_revision_that_was_gone_back_to_is_no_rollout_of_the_day_it_was_made() -> None:
    again = revision(13, images=("colony/o2:2.11",), created=NOW - 9_000, current=True)
    bad = revision(12, created=NOW - 400)
    assert _rollouts(again, bad, revision(10, created=NOW - 99_000)) == [
        "revision 12: o2:2.12", "revision 10: o2:2.10",
    ]  # fmt: skip
    newer = revision(14, created=NOW - 10)
    assert _rollouts(newer, again, bad)[0] == "revision 14: o2:2.14"


def test_what_is_gone_back_to_is_what_still_serves() -> None:
    serving = revision(10, replicas=2, ready=2)
    (fit,) = links_told.back(app(revision=12), (revision(12, current=True), revision(11), serving))
    assert dict(fit.arguments)["to"] == "10"
    (fit,) = links_told.back(app(managed_by="argocd"), REVISIONS)
    assert fit.words == "roll back to revision 11 (o2:2.11; argocd may undo that)"


async def test_a_program_that_ends_says_its_last_line() -> None:
    cluster = Cluster()
    cluster.log = b"starting\npanic: no membrane\n"
    crashing = pod("x", state="CrashLoopBackOff", ready=0, restarts=4, message="back-off 40s")
    found = await chain(STUCK, *STUCK_REVISIONS, crashing, cluster=cluster)
    assert cause(found).details[-1] == "its last line: panic: no membrane"
    assert any(path.endswith("/pods/o2-x/log") for path in cluster.asked)


async def test_a_log_that_cannot_be_read_changes_nothing() -> None:
    cluster = Cluster()
    cluster.log = ApiError("logs", "no", 403)
    crashing = pod("x", state="CrashLoopBackOff", ready=0)
    found = await chain(STUCK, *STUCK_REVISIONS, crashing, cluster=cluster)
    assert cause(found).words.startswith("1 in CrashLoopBackOff")
    assert all("last line" not in one for one in cause(found).details)


async def test_a_node_that_is_down_is_why_its_pods_are() -> None:
    down = app(ready=2, available=2, health=Health.DEGRADED, reason="2 of 3 ready", since=BROKE)
    on_it = event("NodeNotReady", "Node", "relay-3", namespace="default", app="", workload="")
    cluster = Cluster(relay_3=node("Unknown", at="2030-03-17T17:40:30Z"))
    found = await chain(down, *REVISIONS, *PODS, address(), on_it, cluster=cluster)
    assert said(found) == {
        "rollout": GOOD, "pods": DEGRADED, "node": BROKEN, "address": GOOD, "announcer": GOOD,
    }  # fmt: skip
    first = cause(found)
    assert (first.name, first.thing) == ("node", "relay-3")
    assert first.words == "relay-3 is not ready: told"
    assert first.known == "its condition Ready"
    assert first.since is not None
    assert [found[n].name for n in explained(found, found.index(first))] == ["pods"]
    assert [one.what for one in first.changes] == ["NodeNotReady"]
    assert first.actions == ()


async def test_the_node_that_announces_is_down() -> None:
    cluster = Cluster(relay_2=node("False"))
    found = await chain(app(), *REVISIONS, pod("a"), address(), cluster=cluster)
    assert said(found)["node"] is GOOD
    assert cause(found).name == "announcer"
    assert "relay-2 is not ready" in cause(found).words


async def test_nodes_that_may_not_be_read_are_not_known_and_nobodys_fault() -> None:
    denied = ApiError("node relay-1", "forbidden", 403)
    cluster = Cluster(relay_1=denied, relay_2=denied, relay_3=denied)
    short = app(ready=2, health=Health.DEGRADED, since=BROKE)
    found = await chain(short, *REVISIONS, *PODS, cluster=cluster)
    (link,) = (one for one in found if one.name == "node")
    assert link.standing is UNKNOWN
    assert "no right to get nodes" in link.words
    assert cause(found).name == "pods"


@pytest.mark.parametrize(
    ("told", "standing", "words"),
    [
        (node("True", "MemoryPressure"), DEGRADED, "MemoryPressure"),
        (node("True", unschedulable=True), MOVING, "cordoned"),
        (ApiError("node", "not found", 404), BROKEN, "no such node"),
        (Unreachable("https://x: refused"), UNKNOWN, "refused"),
        ({"metadata": {"name": "n", "uid": "u", "resourceVersion": "1"}}, UNKNOWN, "says nothing"),
    ],
)
async def test_how_a_node_stands(told: Any, standing: Standing, words: str) -> None:
    found = await chain(app(), *REVISIONS, pod("a"), cluster=Cluster(relay_1=told))
    (link,) = (one for one in found if one.name == "node")
    assert link.standing is standing
    assert words in link.words


async def test_a_pool_that_is_full() -> None:
    waiting = address(ip="", pool="", requested="pool edge-udp", announced_by=None,
                      reason="pool edge-udp has no address left", created=BROKE)  # fmt: skip
    full = Pool(source="tycho", namespace="metallb-system", name="edge-udp", assigned=16,
                available=0)  # fmt: skip
    found = await chain(app(), *REVISIONS, *PODS, waiting, full)
    first = cause(found)
    assert (first.name, first.thing, first.since) == ("address", "Service o2", BROKE)
    assert first.words == "pool edge-udp has no address left"
    assert first.details == ("pool edge-udp: 16 of 16 addresses used",)
    assert "announcer" not in said(found)


async def test_an_address_that_nobody_announces() -> None:
    found = await chain(app(), *REVISIONS, *PODS, address(announced_by=()))
    assert cause(found).name == "announcer"
    assert cause(found).words == "nobody announces it"
    assert cause(found).since is None


async def test_who_announces_is_not_known() -> None:
    found = await chain(app(), *REVISIONS, *PODS, address(announced_by=None))
    assert said(found)["announcer"] is UNKNOWN
    assert first_broken(found) is None


async def test_an_address_without_a_pod_behind_it_is_the_pods_fault() -> None:
    dead = app(ready=0, available=0, health=Health.FAILED, since=BROKE)
    pods = tuple(pod(n, state="CrashLoopBackOff", ready=0) for n in "abc")
    found = await chain(dead, *REVISIONS, *pods, address(announced_by=()))
    assert cause(found).name == "pods"
    at = found.index(cause(found))
    assert [found[n].name for n in explained(found, at)] == ["address", "announcer"]


async def test_an_app_of_which_nobody_announces_by_bgp_alone_says_what_it_does_not_know() -> None:
    by = (Announcer("relay-1", "BGP", ("leaf-1",)), Announcer("relay-2", "BGP", ("leaf-1",)))
    cluster = Cluster()
    found = await chain(app(), *REVISIONS, pod("a"), address(announced_by=by), cluster=cluster)
    assert found[-1].words == "announces 10.40.1.7 on leaf-1; its sessions are not told"
    assert cluster.asked == ["/api/v1/nodes/relay-1"]


async def test_scaled_to_zero_is_the_answer() -> None:
    idle = app(desired=0, ready=0, updated=0, available=0, health=Health.IDLE)
    found = await chain(idle, *REVISIONS)
    assert cause(found).name == "rollout"
    assert cause(found).words == "scaled to zero: nothing is to run"
    assert [one.action for one in cause(found).actions] == ["app.scale"]


async def test_what_is_on_its_way_is_no_failure() -> None:
    moving = app(ready=2, updated=2, health=Health.PROGRESSING, reason="2 of 3 updated")
    pods = (*PODS[:2], pod("c", state="ContainerCreating", ready=0))
    found = await chain(moving, *REVISIONS, *pods)
    assert said(found) == {"rollout": MOVING, "pods": MOVING, "node": GOOD}
    assert first_broken(found) is None


async def test_a_paused_rollout_says_so() -> None:
    paused = app(updated=1, paused=True, health=Health.HEALTHY)
    found = await chain(paused, *STUCK_REVISIONS, *PODS)
    assert cause(found).words == "paused at 1 of 3 updated"


async def test_pods_that_may_not_be_read_are_not_known() -> None:
    found = await chain(STUCK, *STUCK_REVISIONS, pods=ScopeState.DENIED)
    assert said(found) == {"rollout": BROKEN, "pods": UNKNOWN}
    assert found[1].words == "not known: denied"


async def test_services_that_may_not_be_read_are_not_known() -> None:
    found = await chain(app(), *REVISIONS, *PODS, addresses=ScopeState.DENIED)
    assert said(found)["address"] is UNKNOWN


async def test_no_pod_was_made() -> None:
    quota = app(ready=0, available=0, updated=0, health=Health.FAILED, since=BROKE,
                reason='pods "o2-x" is forbidden: exceeded quota')  # fmt: skip
    found = await chain(quota, revision(12, current=True))
    pods = next(one for one in found if one.name == "pods")
    assert (pods.standing, pods.words) == (BROKEN, quota.reason)


async def test_what_every_pod_goes_through_is_no_news() -> None:
    usual = [event(reason, severity="Normal") for reason in ("Scheduled", "Pulled", "Started")]
    stop = event("Killing", severity="Normal", message="Stopping container main")
    probe = event("Killing", severity="Normal", message="Container failed liveness probe")
    found = await chain(app(), *REVISIONS, *PODS, *usual, stop, probe)
    assert [one.words for one in found[1].changes] == ["o2-x: Container failed liveness probe"]


async def test_a_node_is_kept_for_a_moment_and_then_asked_for_again() -> None:
    clock, cluster = StandingClock(NOW), Cluster()
    nodes = Nodes(lambda: cluster, clock)  # type: ignore[arg-type,return-value]
    for _ in range(3):
        await nodes.look(["relay-1"])
    assert len(cluster.asked) == 1
    clock.at += KEPT
    await nodes.look(["relay-1"])
    assert len(cluster.asked) == 2


async def test_of_another_cluster_nothing_is_said() -> None:
    from adapters.contract import Context
    from adapters.kubernetes.adapter import KubernetesAdapter
    from adapters.kubernetes.settings import Settings

    made = KubernetesAdapter("far", Settings(), Context())
    assert await made.links(app(), KnownWorld(app())) == ()
