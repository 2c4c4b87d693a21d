"""A rollback prepared, sent once, and found again after it was interrupted."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from fake_cluster import BAD, GOOD, Cluster, draft, prepared, rollback
from kubernetes_objects import FakeClock, status, template

from adapters.contract import (
    AdapterError,
    Fate,
    Refused,
)
from adapters.kubernetes import patching as under_test
from adapters.kubernetes.errors import Unreachable


async def test_the_envelope_is_exactly_what_is_sent() -> None:
    cluster = Cluster()
    action, envelope = await prepared(cluster)
    assert envelope.target == (
        "PATCH /apis/apps/v1/namespaces/life-support/deployments/o2"
        "?fieldManager=colony-i-7&timeout=10s"
    )
    assert json.loads(envelope.body)[0]["value"] == "70"
    receipt = await action.send(envelope)
    sent = cluster.log[-1]
    assert sent.content == envelope.body
    assert f"{sent.method} {sent.url.raw_path.decode()}" == envelope.target
    assert sent.headers["content-type"] == "application/json-patch+json"
    assert receipt.detail == "accepted as generation 3"
    assert cluster.o2["spec"]["template"] == template(GOOD)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"generation": 3}, r"it was changed since it was approved \(2 → 3\): simulate again"),
        ({"uid": "another"}, "it was deleted and made again since it was approved"),
    ],
)
async def test_a_changed_target_voids_the_approval(change: dict[str, Any], line: str) -> None:
    cluster = Cluster()
    action = rollback(cluster)
    preview = await action.simulate(draft())
    for each in cluster.lists["replicasets"]:
        each["metadata"]["ownerReferences"][0]["uid"] = change.get("uid", "uid-life-support-o2")
    cluster.o2["metadata"].update(change)
    if "generation" in change:
        cluster.o2["status"]["observedGeneration"] = 3
    with pytest.raises(Refused, match=line):
        await action.prepare(draft(), preview)


async def test_another_outcome_voids_the_approval() -> None:
    cluster = Cluster()
    action = rollback(cluster)
    preview = await action.simulate(draft())
    mutated = json.loads(json.dumps(cluster.o2))
    mutated["spec"]["template"] = template(GOOD, imagePullPolicy="Always")
    cluster.deny["DRY PATCH deployments/o2"] = httpx.Response(200, json=mutated)
    with pytest.raises(Refused, match="the server would make something else of it now"):
        await action.prepare(draft(), preview)


async def test_a_new_revision_changes_what_the_previous_one_is() -> None:
    cluster = Cluster()
    action = rollback(cluster)
    preview = await action.simulate(draft())
    newer = json.loads(json.dumps(cluster.lists["replicasets"][1]))
    newer["metadata"] |= {"name": "o2-new", "uid": "new"}
    newer["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = "13"
    cluster.lists["replicasets"].append(newer)
    with pytest.raises(Refused, match=r"another revision .* \(11 → 12\)|already"):
        await action.prepare(draft(), preview)


async def test_a_conflict_at_sending_changes_nothing_and_says_so() -> None:
    cluster = Cluster()
    action, envelope = await prepared(cluster)
    cluster.o2["metadata"]["resourceVersion"] = "71"
    with pytest.raises(Refused, match="409 Conflict"):
        await action.send(envelope)
    assert cluster.o2["spec"]["template"] == template(BAD)


async def test_sending_twice_has_one_effect() -> None:
    cluster = Cluster()
    action, envelope = await prepared(cluster)
    await action.send(envelope)
    with pytest.raises(Refused):
        await action.send(envelope)
    assert cluster.o2["metadata"]["generation"] == 3


async def test_what_the_server_does_not_answer_is_left_open() -> None:
    cluster = Cluster()
    action, envelope = await prepared(cluster)
    cluster.deny["PATCH deployments/o2"] = status(504, "Timeout", "request did not complete")
    with pytest.raises(AdapterError) as caught:
        await action.send(envelope)
    assert not isinstance(caught.value, Refused)


@pytest.mark.parametrize(
    ("failure", "refused"), [(httpx.ConnectError("no"), True), (httpx.ReadTimeout("no"), False)]
)
async def test_only_what_never_left_is_refused(
    failure: Exception, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = Cluster()
    action, envelope = await prepared(cluster)

    def fail(*_: Any, **__: Any) -> httpx.Response:
        raise failure

    monkeypatch.setattr(cluster, "_patch", fail)
    with pytest.raises(Refused if refused else Unreachable):
        await action.send(envelope)


async def test_reconcile_finds_what_was_sent() -> None:
    cluster = Cluster()
    action, envelope = await prepared(cluster)
    await action.send(envelope)
    found = await action.reconcile(envelope)
    assert found.fate is Fate.SENT
    assert found.receipt is not None
    assert found.receipt.notes["generation"] == "3"


async def test_reconcile_says_not_sent_only_when_it_cannot_come_any_more() -> None:
    cluster, clock = Cluster(), FakeClock()
    action, envelope = await prepared(cluster, clock)
    cluster.o2["metadata"]["resourceVersion"] = "75"  # its status changed: no matter
    before = clock.at
    assert (await action.reconcile(envelope)).fate is Fate.NOT_SENT
    assert clock.at - before == pytest.approx(under_test.SERVER_TIMEOUT, abs=0.01)
    clock.slept.clear()
    assert (await action.reconcile(envelope)).fate is Fate.NOT_SENT
    assert clock.slept == []


async def test_reconcile_sees_what_arrives_late() -> None:
    cluster, clock = Cluster(), FakeClock()
    action, envelope = await prepared(cluster, clock)
    looks = iter([False, True])

    def mutate(item: dict[str, Any]) -> None:
        if next(looks, False):
            item["metadata"] |= {
                "generation": 3,
                "managedFields": [{"manager": "colony-i-7"}],
            }

    cluster.mutate = mutate
    assert (await action.reconcile(envelope)).fate is Fate.SENT


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"uid": "another"}, "deleted and made again"),
        ({"generation": 3}, "has its old template"),
    ],
)
async def test_reconcile_does_not_guess(change: dict[str, Any], detail: str) -> None:
    cluster = Cluster()
    action, envelope = await prepared(cluster)
    cluster.o2["metadata"].update(change)
    found = await action.reconcile(envelope)
    assert (found.fate, detail in found.detail) == (Fate.UNKNOWN, True)
    del cluster.objects["deployments/o2"]
    assert (await action.reconcile(envelope)).fate is Fate.UNKNOWN


async def test_reconcile_of_the_same_effect_by_an_unknown_hand_is_unknown() -> None:
    cluster = Cluster()
    action, envelope = await prepared(cluster)
    cluster.o2["metadata"]["generation"] = 3
    cluster.o2["spec"]["template"] = template(GOOD)
    found = await action.reconcile(envelope)
    assert found.fate is Fate.UNKNOWN
    assert "does not show who changed it" in found.detail


def test_a_field_manager_is_short_and_plain() -> None:
    assert under_test.field_manager("a b/ü\n" + "x" * 500).startswith("colony-a-b---xxx")
    assert len(under_test.field_manager("x" * 500)) == 128
