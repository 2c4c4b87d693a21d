"""Who may do what: 401, 403, and asking beforehand."""

from __future__ import annotations

import pytest

from tests.contract.kubernetes.backend import Backend
from tests.contract.kubernetes.hand import JSON_PATCH, Hand
from tests.contract.kubernetes.objects import collection, deployment, path

REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
RULES = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"


async def test_a_token_that_nobody_has(backend: Backend, space: str) -> None:
    async with backend.client("stolen") as client:
        response = await client.get(collection("Deployment", space))
    assert response.status_code == 401
    assert response.json() == {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": "Unauthorized",
        "reason": "Unauthorized",
        "code": 401,
    }


async def test_no_rights_at_all(backend: Backend, space: str) -> None:
    async with backend.client(backend.nobody) as client:
        response = await client.get(collection("Deployment", space))
    assert response.status_code == 403
    status = response.json()
    assert status["reason"] == "Forbidden"
    assert status["message"].startswith(
        'deployments.apps is forbidden: User "nobody" cannot list resource "deployments" '
        'in API group "apps" in the namespace '
    )


async def test_a_reader_reads_and_changes_nothing(backend: Backend, hand: Hand, space: str) -> None:
    thing = deployment(space, "idle", "colony/idle:1", replicas=0)
    await hand.create(thing)
    change = [{"op": "add", "path": "/metadata/labels/deck", "value": "3"}]
    headers = {"content-type": JSON_PATCH}
    async with backend.client(backend.reader) as client:
        assert (await client.get(path(thing))).status_code == 200
        for query in ({}, {"dryRun": "All"}):
            response = await client.patch(path(thing), json=change, params=query, headers=headers)
            assert response.status_code == 403
            assert response.json()["message"].startswith(
                'deployments.apps "idle" is forbidden: User "reader" cannot patch resource '
            )
    assert "deck" not in (await hand.get(thing))["metadata"]["labels"]


@pytest.mark.parametrize(
    ("who", "verb", "allowed"),
    [
        ("operator", "patch", True),
        ("operator", "list", True),
        ("reader", "patch", False),
        ("reader", "list", True),
        ("nobody", "list", False),
    ],
)
async def test_asking_beforehand(
    backend: Backend, space: str, who: str, verb: str, allowed: bool
) -> None:
    attributes = {"namespace": space, "verb": verb, "group": "apps", "resource": "deployments"}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
    async with backend.client(getattr(backend, who)) as client:
        response = await client.post(REVIEWS, json=review)
    assert response.status_code == 201
    assert response.json()["status"]["allowed"] is allowed


async def test_all_of_ones_rights_at_once(backend: Backend, space: str) -> None:
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": space},
    }
    async with backend.client(backend.reader) as client:
        response = await client.post(RULES, json=review)
    assert response.status_code == 201
    verbs: set[str] = set()
    for rule in response.json()["status"]["resourceRules"]:
        if {"apps", "*"} & set(rule["apiGroups"]) and {"deployments", "*"} & set(rule["resources"]):
            verbs |= set(rule["verbs"])
    assert {"get", "list", "watch"} <= verbs
    assert "patch" not in verbs
