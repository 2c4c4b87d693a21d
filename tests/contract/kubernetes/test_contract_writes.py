"""Writes: create, patch and delete, dry runs, preconditions, and who did it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.kubernetes.hand import JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, Hand
from tests.contract.kubernetes.objects import Object, collection, deployment, path, stateful_set

OPAQUE = "the server rejected our request due to an error in our request"


async def _patch(hand: Hand, thing: Object, kind: str, body: Any, **query: str) -> Any:
    headers = {"content-type": kind}
    return await hand.client.patch(path(thing), json=body, params=query, headers=headers)


@pytest.fixture
def idle(space: str) -> Object:
    """A Deployment of no replicas: nothing changes it but the test, once it was observed."""
    return deployment(space, "idle", "colony/idle:1", replicas=0)


async def _observed(hand: Hand, thing: Object) -> Object:
    """Create *thing* and wait until its controller has nothing more to say about it."""
    await hand.create(thing)

    async def observed() -> Object | None:
        now = await hand.get(thing)
        conditions = now.get("status", {}).get("conditions", [])
        return now if any(c.get("reason") == "NewReplicaSetAvailable" for c in conditions) else None

    return await hand.backend.settle(observed, "the Deployment's first look")


async def test_defaults_are_filled_in(hand: Hand, idle: Object) -> None:
    made = await hand.create(idle)
    assert made["metadata"]["generation"] == 1
    assert made["metadata"]["uid"]
    assert made["metadata"]["creationTimestamp"].endswith("Z")
    spec = made["spec"]
    assert spec["revisionHistoryLimit"] == 10
    assert spec["progressDeadlineSeconds"] == 600
    assert spec["strategy"] == {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"},
    }
    (container,) = spec["template"]["spec"]["containers"]
    assert container["imagePullPolicy"] == "IfNotPresent"
    assert spec["template"]["spec"]["restartPolicy"] == "Always"


async def test_creating_twice_is_a_conflict(hand: Hand, idle: Object) -> None:
    await hand.create(idle)
    space = idle["metadata"]["namespace"]
    response = await hand.client.post(collection("Deployment", space), json=idle)
    assert response.status_code == 409
    assert response.json()["reason"] == "AlreadyExists"
    assert response.json()["message"] == 'deployments.apps "idle" already exists'


async def test_a_dry_run_creates_nothing(hand: Hand, idle: Object) -> None:
    space = idle["metadata"]["namespace"]
    where = collection("Deployment", space)
    response = await hand.client.post(where, json=idle, params={"dryRun": "All"})
    assert response.status_code == 201
    assert response.json()["spec"]["revisionHistoryLimit"] == 10
    assert await hand.listed("Deployment", space) == []


async def test_a_dry_run_of_a_patch_shows_the_outcome_and_changes_nothing(
    hand: Hand, idle: Object
) -> None:
    before = await _observed(hand, idle)
    image = [{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "b:2"}]
    response = await _patch(hand, idle, JSON_PATCH, image, dryRun="All", fieldManager="colony-1")
    assert response.status_code == 200
    would_be = response.json()
    assert would_be["spec"]["template"]["spec"]["containers"][0]["image"] == "b:2"
    assert would_be["metadata"]["generation"] == before["metadata"]["generation"] + 1
    assert would_be["metadata"]["resourceVersion"] == before["metadata"]["resourceVersion"]
    assert await hand.get(idle) == before


async def test_a_dry_run_is_checked_like_the_real_thing(hand: Hand, idle: Object) -> None:
    await hand.create(idle)
    bad = {"spec": {"replicas": -1}}
    response = await _patch(hand, idle, MERGE_PATCH, bad, dryRun="All")
    assert response.status_code == 422
    status = response.json()
    assert status["reason"] == "Invalid"
    assert status["details"]["causes"][0]["field"] == "spec.replicas"


async def test_a_dry_run_of_a_word_unknown_is_refused(hand: Hand, idle: Object) -> None:
    await hand.create(idle)
    response = await _patch(hand, idle, MERGE_PATCH, {"spec": {}}, dryRun="Some")
    assert response.status_code == 422
    assert "dryRun" in response.json()["message"]


async def test_a_merge_patch_sets_and_removes(hand: Hand, idle: Object) -> None:
    await hand.create(idle)
    labels: Object = {"metadata": {"labels": {"deck": "3", "app": None}}}
    assert (await hand.merge(idle, labels))["metadata"]["labels"] == {"deck": "3"}


async def test_a_json_patch_names_its_manager(hand: Hand, idle: Object) -> None:
    await hand.create(idle)
    change = [{"op": "add", "path": "/metadata/labels/deck", "value": "3"}]
    response = await _patch(hand, idle, JSON_PATCH, change, fieldManager="colony-42")
    assert response.status_code == 200
    managers = {entry["manager"]: entry for entry in response.json()["metadata"]["managedFields"]}
    mine = managers["colony-42"]
    assert mine["operation"] == "Update"
    assert mine["apiVersion"] == "apps/v1"
    assert mine["fieldsType"] == "FieldsV1"
    assert mine["fieldsV1"] == {"f:metadata": {"f:labels": {"f:deck": {}}}}


async def test_replacing_a_stale_resource_version_is_a_conflict(hand: Hand, idle: Object) -> None:
    stale = await _observed(hand, idle)
    await hand.merge(idle, {"metadata": {"labels": {"deck": "3"}}})
    version = stale["metadata"]["resourceVersion"]
    change = [
        {"op": "replace", "path": "/metadata/resourceVersion", "value": version},
        {"op": "replace", "path": "/spec/replicas", "value": 1},
    ]
    for query in ({}, {"dryRun": "All"}):
        response = await _patch(hand, idle, JSON_PATCH, change, **query)
        assert response.status_code == 409
        status = response.json()
        assert status["reason"] == "Conflict"
        assert status["message"].startswith(
            'Operation cannot be fulfilled on deployments.apps "idle": '
        )
    assert (await hand.get(idle))["spec"]["replicas"] == 0


async def test_replacing_the_current_resource_version_goes_through(
    hand: Hand, idle: Object
) -> None:
    now = await _observed(hand, idle)
    version = now["metadata"]["resourceVersion"]
    change = [
        {"op": "replace", "path": "/metadata/resourceVersion", "value": version},
        {"op": "add", "path": "/metadata/labels/deck", "value": "3"},
    ]
    response = await _patch(hand, idle, JSON_PATCH, change)
    assert response.status_code == 200
    assert int(response.json()["metadata"]["resourceVersion"]) > int(version)


async def test_a_test_that_fails_is_unprocessable(hand: Hand, idle: Object) -> None:
    await hand.create(idle)
    change = [{"op": "test", "path": "/spec/replicas", "value": 5}]
    response = await _patch(hand, idle, JSON_PATCH, change)
    assert response.status_code == 422
    assert response.json()["reason"] == "Invalid"
    assert response.json()["message"] == OPAQUE


async def test_a_patch_of_nothing_changes_nothing(hand: Hand, idle: Object) -> None:
    before = await _observed(hand, idle)
    response = await _patch(hand, idle, MERGE_PATCH, {"spec": {"replicas": 0}})
    assert response.status_code == 200
    assert response.json()["metadata"]["resourceVersion"] == before["metadata"]["resourceVersion"]


async def test_a_strategic_patch_can_replace_a_template(hand: Hand, space: str) -> None:
    thing = stateful_set(space, "tank", "colony/tank:1", replicas=0, LEVEL="low")
    await hand.create(thing)
    template = stateful_set(space, "tank", "colony/tank:2", replicas=0)["spec"]["template"]
    change = {"spec": {"template": {**template, "$patch": "replace"}}}
    response = await _patch(hand, thing, STRATEGIC_PATCH, change)
    assert response.status_code == 200
    (container,) = response.json()["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "colony/tank:2"
    assert "env" not in container


async def test_a_patch_in_no_known_format(hand: Hand, idle: Object) -> None:
    await hand.create(idle)
    response = await _patch(hand, idle, "application/json", {})
    assert response.status_code == 415
    assert response.json()["reason"] == "UnsupportedMediaType"


async def test_a_deletion_with_the_wrong_uid_is_a_conflict(hand: Hand, idle: Object) -> None:
    await hand.create(idle)
    body = {"preconditions": {"uid": "00000000-0000-0000-0000-000000000000"}}
    response = await hand.client.request("DELETE", path(idle), json=body)
    assert response.status_code == 409
    assert response.json()["reason"] == "Conflict"


async def test_deletion_takes_along_what_is_owned(hand: Hand, space: str) -> None:
    thing = deployment(space, "relay", "colony/relay:1", replicas=1)
    await hand.create(thing)
    await hand.rolled_out(thing)
    await hand.delete(thing)

    async def gone() -> bool:
        left = [await hand.listed(kind, space) for kind in ("Deployment", "ReplicaSet", "Pod")]
        return not any(left)

    await hand.backend.settle(gone, "the end of the Deployment's ReplicaSets and pods")
