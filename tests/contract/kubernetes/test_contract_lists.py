"""Lists: pages of one snapshot, selectors, and what is not there."""

from __future__ import annotations

import pytest

from tests.contract.kubernetes.backend import Backend
from tests.contract.kubernetes.hand import Hand
from tests.contract.kubernetes.objects import collection, deployment, service

NAMES = [f"relay-{number}" for number in range(7)]


async def _make(hand: Hand, space: str) -> None:
    for name in NAMES:
        await hand.create(service(space, name))


async def test_pages_are_of_one_snapshot(hand: Hand, space: str) -> None:
    await _make(hand, space)
    path = collection("Service", space)
    page = (await hand.client.get(path, params={"limit": "3"})).json()
    assert page["kind"] == "ServiceList"
    assert page["metadata"]["remainingItemCount"] == 4
    snapshot = page["metadata"]["resourceVersion"]
    await hand.delete(service(space, NAMES[5]))
    await hand.create(service(space, "relay-9"))
    names = [item["metadata"]["name"] for item in page["items"]]
    while token := page["metadata"].get("continue"):
        page = (await hand.client.get(path, params={"limit": "3", "continue": token})).json()
        assert page["metadata"]["resourceVersion"] == snapshot
        names += [item["metadata"]["name"] for item in page["items"]]
    assert names == NAMES
    assert "remainingItemCount" not in page["metadata"]
    now = await hand.listed("Service", space)
    assert [item["metadata"]["name"] for item in now] == [*NAMES[:5], NAMES[6], "relay-9"]


async def test_a_page_over_all_namespaces_is_in_order_of_namespace_and_name(
    hand: Hand, space: str
) -> None:
    await _make(hand, space)
    query = {"limit": "5"}
    found: list[tuple[str, str]] = []
    while True:
        page = (await hand.client.get("/api/v1/services", params=query)).json()
        found += [(i["metadata"]["namespace"], i["metadata"]["name"]) for i in page["items"]]
        if not (token := page["metadata"].get("continue")):
            break
        query["continue"] = token
    assert found == sorted(found)
    assert {(space, name) for name in NAMES} <= set(found)


async def test_the_objects_of_a_list_do_not_say_their_kind(hand: Hand, space: str) -> None:
    await hand.create(service(space, "relay"))
    (item,) = await hand.listed("Service", space)
    assert "kind" not in item
    assert "apiVersion" not in item


async def test_a_continue_token_expires_and_says_how_to_go_on(
    backend: Backend, hand: Hand, space: str
) -> None:
    await _make(hand, space)
    path = collection("Service", space)
    page = (await hand.client.get(path, params={"limit": "3"})).json()
    await hand.delete(service(space, NAMES[5]))
    await backend.expire()
    query = {"limit": "3", "continue": page["metadata"]["continue"]}
    response = await hand.client.get(path, params=query)
    assert response.status_code == 410
    status = response.json()
    assert (status["kind"], status["reason"], status["code"]) == ("Status", "Expired", 410)
    query["continue"] = status["metadata"]["continue"]
    rest = (await hand.client.get(path, params=query)).json()
    names = [item["metadata"]["name"] for item in rest["items"]]
    assert names == [NAMES[3], NAMES[4], NAMES[6]]


async def test_a_continue_token_that_nobody_gave_is_a_bad_request(hand: Hand, space: str) -> None:
    query = {"limit": "3", "continue": "bm9uc2Vuc2U"}
    response = await hand.client.get(collection("Service", space), params=query)
    assert response.status_code == 400
    assert response.json()["reason"] == "BadRequest"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"labelSelector": "app=oxygen"}, ["oxygen"]),
        ({"labelSelector": "app in (oxygen, water)"}, ["oxygen", "water"]),
        ({"labelSelector": "app!=oxygen"}, ["water"]),
        ({"labelSelector": "nobody"}, []),
        ({"fieldSelector": "metadata.name=water"}, ["water"]),
    ],
)
async def test_selectors(hand: Hand, space: str, query: dict[str, str], names: list[str]) -> None:
    for name in ("oxygen", "water"):
        await hand.create(deployment(space, name, "colony/idle:1", replicas=0))
    found = await hand.listed("Deployment", space, **query)
    assert [item["metadata"]["name"] for item in found] == names


async def test_an_object_that_is_not_there(hand: Hand, space: str) -> None:
    response = await hand.client.get(f"{collection('Deployment', space)}/nobody")
    assert response.status_code == 404
    assert response.json() == {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": 'deployments.apps "nobody" not found',
        "reason": "NotFound",
        "details": {"name": "nobody", "group": "apps", "kind": "deployments"},
        "code": 404,
    }


async def test_a_resource_that_is_not_served(hand: Hand) -> None:
    response = await hand.client.get("/apis/metallb.io/v1beta1/sunflowers")
    assert response.status_code == 404
    assert response.text == "404 page not found\n"


async def test_the_version_is_told(hand: Hand) -> None:
    version = (await hand.client.get("/version")).json()
    assert version["major"] == "1"
    assert version["gitVersion"].startswith("v1.")
