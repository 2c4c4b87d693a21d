"""The conversations that are recorded from every backend and compared."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tests.contract.kubernetes.conversation import (
    Conversation,
    by_revision,
    item_names,
    pods,
    reason,
    sayings,
)
from tests.contract.kubernetes.hand import JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH
from tests.contract.kubernetes.objects import (
    Object,
    collection,
    deployment,
    path,
    service,
    stateful_set,
)

WHO = "colony-1"
"""The field manager of what we change."""
Script = Callable[[Conversation], Awaitable[None]]


def _rollback(to: Object, version: str) -> list[Object]:
    """The JSON patch that gives a Deployment the template of the ReplicaSet *to*."""
    template = {**to["spec"]["template"], "metadata": dict(to["spec"]["template"]["metadata"])}
    labels = dict(template["metadata"]["labels"])
    labels.pop("pod-template-hash")
    template["metadata"]["labels"] = labels
    return [
        {"op": "replace", "path": "/metadata/resourceVersion", "value": version},
        {"op": "replace", "path": "/spec/template", "value": template},
    ]


async def rollout(talk: Conversation) -> None:
    """A Deployment is made, updated to an image that cannot be pulled, and rolled back."""
    thing = deployment(talk.space, "o2-gen", "colony/o2-gen:2.3.9", replicas=3, cause="first")
    deployments = collection("Deployment", talk.space)
    sets, theirs = collection("ReplicaSet", talk.space), collection("Pod", talk.space)
    await talk.ask("create", "POST", deployments, thing, fieldManager="builder")
    await talk.hand.rolled_out(thing)
    await talk.ask("complete", "GET", path(thing))
    await talk.ask("its ReplicaSet", "GET", sets, reduce=by_revision)
    await talk.ask("its pods", "GET", theirs, reduce=pods)
    bad = deployment(talk.space, "o2-gen", "colony/o2-gen:missing-2", cause="second", UNIT="kPa")
    change = {
        "metadata": {"annotations": bad["metadata"]["annotations"]},
        "spec": {"template": bad["spec"]["template"]},
    }
    await talk.ask("update", "PATCH", path(thing), change, STRATEGIC_PATCH, fieldManager="builder")
    await talk.hand.stuck(thing, "ImagePullBackOff")
    stuck = await talk.ask("stuck", "GET", path(thing))
    listed = await talk.ask("both ReplicaSets", "GET", sets, reduce=by_revision)
    await talk.ask("pods of both", "GET", theirs, reduce=pods)
    first = by_revision(listed)["items"][0]
    patch = _rollback(first, stuck["metadata"]["resourceVersion"])
    await talk.ask(
        "dry run", "PATCH", path(thing), patch, JSON_PATCH, dryRun="All", fieldManager=WHO
    )
    await talk.ask("still stuck", "GET", path(thing))
    await talk.ask("rollback", "PATCH", path(thing), patch, JSON_PATCH, fieldManager=WHO)
    await talk.hand.rolled_out(thing)
    await talk.hand.cleared(thing)
    await talk.ask("complete again", "GET", path(thing))
    await talk.ask("ReplicaSets afterwards", "GET", sets, reduce=by_revision)
    await talk.ask("stale", "PATCH", path(thing), patch, JSON_PATCH, fieldManager=WHO)
    await talk.ask("pods afterwards", "GET", theirs, reduce=pods)
    await talk.ask("events", "GET", collection("Event", talk.space), reduce=sayings)


async def paused(talk: Conversation) -> None:
    """A paused Deployment takes a new template and does nothing with it until it is resumed."""
    thing = deployment(talk.space, "greenhouse", "colony/greenhouse:1", replicas=1)
    thing["spec"]["paused"] = True
    await talk.ask("create", "POST", collection("Deployment", talk.space), thing)

    async def observed() -> bool:
        now = await talk.hand.get(thing)
        return "observedGeneration" in now.get("status", {})

    await talk.hand.backend.settle(observed, "the controller's look")
    await talk.ask("paused", "GET", path(thing))
    await talk.ask("resume", "PATCH", path(thing), {"spec": {"paused": None}}, MERGE_PATCH)
    await talk.hand.rolled_out(thing)
    await talk.ask("resumed", "GET", path(thing))
    await talk.ask("its ReplicaSet", "GET", collection("ReplicaSet", talk.space))


async def crashing(talk: Conversation) -> None:
    """A new Deployment whose container ends again and again."""
    thing = deployment(talk.space, "scrubber", "colony/scrubber:crash-1", replicas=1)
    await talk.ask("create", "POST", collection("Deployment", talk.space), thing)
    await talk.hand.stuck(thing, "CrashLoopBackOff", restarts=3)
    await talk.ask("stuck", "GET", path(thing))
    await talk.ask("its ReplicaSet", "GET", collection("ReplicaSet", talk.space))


async def ordered(talk: Conversation) -> None:
    """A StatefulSet is made, updated to an image that cannot be pulled, and rolled back."""
    thing = stateful_set(talk.space, "tank", "colony/tank:1", replicas=2)
    revisions = collection("ControllerRevision", talk.space)
    theirs = collection("Pod", talk.space)
    await talk.ask("create", "POST", collection("StatefulSet", talk.space), thing)
    await talk.hand.rolled_out(thing)
    await talk.ask("complete", "GET", path(thing))
    listed = await talk.ask("its revision", "GET", revisions, reduce=by_revision)
    await talk.ask("its pods", "GET", theirs, reduce=pods)
    bad = stateful_set(talk.space, "tank", "colony/tank:missing-2")["spec"]["template"]
    await talk.ask("update", "PATCH", path(thing), {"spec": {"template": bad}}, STRATEGIC_PATCH)
    await talk.hand.stuck(thing, "ImagePullBackOff")
    await talk.ask("stuck", "GET", path(thing))
    await talk.ask("both revisions", "GET", revisions, reduce=by_revision)
    (first,) = listed["items"]
    await talk.ask("rollback", "PATCH", path(thing), first["data"], STRATEGIC_PATCH)

    async def observed() -> bool:
        now = await talk.hand.get(thing)
        return bool(now["status"]["observedGeneration"] == now["metadata"]["generation"])

    await talk.hand.backend.settle(observed, "the controller's look")
    await talk.ask("rolled back, one pod still bad", "GET", path(thing))
    await talk.ask("pods, one still bad", "GET", theirs, reduce=pods)
    (bad_pod,) = [
        pod
        for pod in await talk.hand.listed("Pod", talk.space)
        if pod["status"]["phase"] == "Pending"
    ]
    await talk.hand.delete({**bad_pod, "kind": "Pod"})
    await talk.hand.rolled_out(thing)
    await talk.ask("complete again", "GET", path(thing))
    await talk.ask("revisions afterwards", "GET", revisions, reduce=by_revision)


async def services(talk: Conversation) -> None:
    """Services are made, changed, listed in pages and deleted."""
    where = collection("Service", talk.space)
    plain = service(talk.space, "relay", ("TCP", 80), ("UDP", 53), app="relay")
    await talk.ask("plain", "POST", where, plain)
    await talk.ask("again", "POST", where, plain)
    await talk.ask(
        "labelled", "PATCH", path(plain), {"metadata": {"labels": {"a": "b"}}}, MERGE_PATCH
    )
    for number in range(3):
        await talk.hand.create(service(talk.space, f"probe-{number}"))
    page = await talk.ask("page 1", "GET", where, limit="2", reduce=_page)
    token = page["metadata"]["continue"]
    page = await talk.ask("page 2", "GET", where, limit="2", reduce=_page, **{"continue": token})
    await talk.ask("none", "GET", where, labelSelector="no=one")
    await talk.ask("deleted", "DELETE", path(plain))
    await talk.ask("gone", "GET", path(plain))
    await talk.ask("nothing to delete", "DELETE", path(plain))


def _page(answer: Any) -> Any:
    return {"metadata": answer["metadata"], **item_names(answer)}


async def metallb(talk: Conversation) -> None:
    """MetalLB's objects, whose resources come from CustomResourceDefinitions."""
    where = collection("IPAddressPool", talk.space)
    pool = {
        "apiVersion": "metallb.io/v1beta1",
        "kind": "IPAddressPool",
        "metadata": {"name": "contract", "namespace": talk.space},
        "spec": {"addresses": ["203.0.113.0/28"]},
    }
    await talk.ask("pool", "POST", where, pool)
    await talk.ask("empty", "POST", where, {**pool, "metadata": {"name": "empty"}, "spec": {}})
    used = {"assignedIPv4": 3, "availableIPv4": 13, "assignedIPv6": 0, "availableIPv6": 0}
    await talk.ask("used", "PATCH", f"{path(pool)}/status", {"status": used}, MERGE_PATCH)
    await talk.ask("listed", "GET", where)
    await talk.ask("renamed", "PATCH", path(pool), {"spec": {"autoAssign": False}}, MERGE_PATCH)
    strategic = {"spec": {"autoAssign": True}}
    await talk.ask("no strategic merge", "PATCH", path(pool), strategic, STRATEGIC_PATCH)
    await talk.ask("deleted", "DELETE", path(pool))
    await talk.ask("gone", "GET", path(pool))


async def mistakes(talk: Conversation) -> None:
    """What an API server says to requests that cannot be met."""
    thing = deployment(talk.space, "idle", "colony/idle:1", replicas=0)
    where = collection("Deployment", talk.space)
    await talk.hand.create(thing)
    merge, absent = MERGE_PATCH, f"{where}/nobody"
    await talk.ask("absent", "GET", absent)
    await talk.ask("absent patched", "PATCH", absent, {"spec": {}}, merge)
    await talk.ask("absent resource", "GET", "/apis/apps/v1/sunflowers")
    await talk.ask("absent group", "GET", "/apis/sunflowers.io/v1")
    await talk.ask("no object", "POST", where, "sunflower", reduce=reason)
    await talk.ask("no name", "POST", where, {**thing, "metadata": {}})
    other = {**thing, "metadata": {"name": "other", "namespace": "elsewhere"}}
    await talk.ask("another namespace", "POST", where, other)
    nowhere = collection("Deployment", "nowhere-at-all")
    await talk.ask("no namespace", "POST", nowhere, {**thing, "metadata": {"name": "idle"}})
    await talk.ask("negative", "PATCH", path(thing), {"spec": {"replicas": -1}}, merge)
    selector = {"spec": {"selector": {"matchLabels": {"app": "other"}}}}
    await talk.ask("immutable", "PATCH", path(thing), selector, merge)
    test = [{"op": "test", "path": "/spec/replicas", "value": 5}]
    await talk.ask("failed test", "PATCH", path(thing), test, JSON_PATCH)
    lost = [{"op": "replace", "path": "/spec/nothing/here", "value": 5}]
    await talk.ask("lost path", "PATCH", path(thing), lost, JSON_PATCH)
    stale = [{"op": "replace", "path": "/metadata/resourceVersion", "value": "1"}]
    await talk.ask("stale", "PATCH", path(thing), stale, JSON_PATCH)
    uid = [
        {"op": "replace", "path": "/metadata/uid", "value": "00000000-0000-4000-8000-000000000000"}
    ]
    await talk.ask("another uid", "PATCH", path(thing), uid, JSON_PATCH)
    await talk.ask("odd dry run", "PATCH", path(thing), {}, merge, dryRun="Some")
    await talk.ask("odd selector", "GET", where, labelSelector="a in (b", reduce=reason)
    await talk.ask("odd field selector", "GET", where, fieldSelector="spec.replicas=1")
    theirs, pools = collection("Pod", talk.space), collection("IPAddressPool", talk.space)
    await talk.ask("odd field of pods", "GET", theirs, fieldSelector="spec.volume=1")
    await talk.ask("odd field of pools", "GET", pools, fieldSelector="spec.autoAssign=true")
    await talk.ask("odd limit", "GET", where, limit="many")
    token = {"continue": "bm9uc2Vuc2U"}
    await talk.ask("odd continue", "GET", where, limit="1", reduce=reason, **token)
    await talk.ask("odd format", "PATCH", path(thing), {}, "application/json")
    await talk.ask("wrong method", "DELETE", "/version")
    await talk.ask("no logs of nobody", "GET", f"{collection('Pod', talk.space)}/nobody/log")


SCRIPTS: tuple[Script, ...] = (rollout, paused, crashing, ordered, services, metallb, mistakes)
