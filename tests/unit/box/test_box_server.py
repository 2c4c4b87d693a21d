"""The API server over HTTP: what it answers, to whom, in which form."""

from __future__ import annotations

import gzip
import json
from typing import Any

import httpx
import pytest
from box_helpers import SPACE, deploy, service, workload

from fixtures.kubernetes import Cluster
from fixtures.kubernetes.kinds import SERVICE
from fixtures.kubernetes.server import Served

DEPLOYMENTS = f"/apis/apps/v1/namespaces/{SPACE}/deployments"
SERVICES = f"/api/v1/namespaces/{SPACE}/services"
POOLS = "/apis/metallb.io/v1beta1/ipaddresspools"


def _names(response: httpx.Response) -> list[str]:
    return [item["metadata"]["name"] for item in response.json()["items"]]


async def _watch(
    client: httpx.AsyncClient, path: str, count: int, **query: Any
) -> list[dict[str, Any]]:
    """The first *count* things that a watch says."""
    parameters = {"watch": "1", "timeoutSeconds": "60", **query}
    async with client.stream("GET", path, params=parameters) as response:
        assert response.status_code == 200
        lines = response.aiter_lines()
        return [json.loads(await anext(lines)) for _ in range(count)]


async def test_who_asks(served: Served) -> None:
    async with httpx.AsyncClient(base_url=served.url) as stranger:
        assert (await stranger.get("/readyz")).text == "ok"
        assert (await stranger.get("/version")).json()["gitVersion"] == "v1.36.3"
        refused = await stranger.get("/api/v1/pods")
        assert refused.status_code == 403
        assert 'User "system:anonymous" cannot list' in refused.json()["message"]
        for wrong in ("Bearer nonsense", "bearer x"):
            headers = {"authorization": wrong}
            unknown = await stranger.get("/api/v1/pods", headers=headers)
            assert unknown.status_code == 401
            assert unknown.json()["reason"] == "Unauthorized"


async def test_a_reader_reads_and_writes_nothing(served: Served, cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1")
    headers = {"authorization": f"Bearer {served.read_only_token}"}
    merge = {"content-type": "application/merge-patch+json"}
    async with httpx.AsyncClient(base_url=served.url, headers=headers) as reader:
        assert _names(await reader.get(DEPLOYMENTS)) == ["web"]
        path = f"{DEPLOYMENTS}/web"
        for response in (
            await reader.patch(path, json={}, headers=merge),
            await reader.delete(path),
            await reader.post(DEPLOYMENTS, json=workload("b", "b:1")),
        ):
            assert response.status_code == 403
            assert response.json()["reason"] == "Forbidden"
        asked = {"spec": {"resourceAttributes": {"verb": "patch", "group": "apps"}}}
        asked["spec"]["resourceAttributes"]["resource"] = "deployments"
        review = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        answer = await reader.post(review, json=asked)
        assert (answer.status_code, answer.json()["status"]["allowed"]) == (201, False)


async def test_what_an_operator_may_is_told(served: Served) -> None:
    headers = {"authorization": f"Bearer {served.tokens['operator']}"}
    async with httpx.AsyncClient(base_url=served.url, headers=headers) as operator:
        review = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
        answer = await operator.post(review, json={"spec": {"namespace": SPACE}})
        rules = answer.json()["status"]["resourceRules"]
        assert {"verbs": ["delete"], "apiGroups": [""], "resources": ["pods"]} in rules
        assert (await operator.post(review, json={"spec": {}})).status_code == 400


async def test_pages_are_one_snapshot(client: httpx.AsyncClient, cluster: Cluster) -> None:
    for number in range(5):
        cluster.api.create(SERVICE, SPACE, service(f"s{number}"), "tester")
    first = await client.get(SERVICES, params={"limit": "2"})
    meta = first.json()["metadata"]
    assert _names(first) == ["s0", "s1"]
    assert meta["remainingItemCount"] == 3
    cluster.api.delete(SERVICE, SPACE, "s3", {})
    cluster.api.create(SERVICE, SPACE, service("s25"), "tester")
    token = {"limit": "9", "continue": meta["continue"]}
    rest = await client.get(SERVICES, params=token)
    assert _names(rest) == ["s2", "s3", "s4"]
    assert rest.json()["metadata"] == {"resourceVersion": meta["resourceVersion"]}


async def test_an_expired_token_brings_one_that_goes_on_without_consistency(
    client: httpx.AsyncClient, cluster: Cluster
) -> None:
    for number in range(4):
        cluster.api.create(SERVICE, SPACE, service(f"s{number}"), "tester")
    first = await client.get(SERVICES, params={"limit": "2"})
    cluster.api.create(SERVICE, SPACE, service("s25"), "tester")
    cluster.compact()
    token = first.json()["metadata"]["continue"]
    gone = await client.get(SERVICES, params={"limit": "9", "continue": token})
    assert gone.status_code == 410
    assert gone.json()["reason"] == "Expired"
    again = gone.json()["metadata"]["continue"]
    rest = await client.get(SERVICES, params={"limit": "9", "continue": again})
    assert _names(rest) == ["s2", "s25", "s3"]


async def test_a_watch_from_before_the_compaction_fails_in_the_stream(
    client: httpx.AsyncClient, cluster: Cluster
) -> None:
    version = (await client.get(SERVICES)).json()["metadata"]["resourceVersion"]
    cluster.api.create(SERVICE, SPACE, service("a"), "tester")
    cluster.compact()
    (said,) = await _watch(client, SERVICES, 1, resourceVersion=version)
    assert said["type"] == "ERROR"
    assert said["object"]["code"] == 410
    assert said["object"]["reason"] == "Expired"
    assert said["object"]["message"].startswith(f"too old resource version: {version} (")


async def test_a_watch_says_what_changed_since(client: httpx.AsyncClient, cluster: Cluster) -> None:
    version = (await client.get(SERVICES)).json()["metadata"]["resourceVersion"]
    cluster.api.create(SERVICE, SPACE, service("a"), "tester")
    cluster.api.delete(SERVICE, SPACE, "a", {})
    said = await _watch(client, SERVICES, 2, resourceVersion=version)
    assert [event["type"] for event in said] == ["ADDED", "DELETED"]
    assert said[0]["object"]["kind"] == "Service"


async def test_a_watch_may_begin_with_all_there_is(
    client: httpx.AsyncClient, cluster: Cluster
) -> None:
    cluster.api.create(SERVICE, SPACE, service("a"), "tester")
    query = {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan"}
    said = await _watch(client, SERVICES, 2, allowWatchBookmarks="true", **query)
    assert [event["type"] for event in said] == ["ADDED", "BOOKMARK"]
    notes = said[1]["object"]["metadata"]["annotations"]
    assert notes == {"k8s.io/initial-events-end": "true"}


async def test_what_leaves_a_selection_is_deleted_from_it(
    client: httpx.AsyncClient, cluster: Cluster
) -> None:
    value = service("a")
    value["metadata"]["labels"] = {"x": "1"}
    cluster.api.create(SERVICE, SPACE, value, "tester")
    version = str(cluster.store.revision)
    for label in ("2", "1"):

        def change(value: dict[str, Any], label: str = label) -> None:
            value["metadata"]["labels"]["x"] = label

        cluster.api.update(SERVICE, SPACE, "a", change, "tester")
    said = await _watch(client, SERVICES, 2, resourceVersion=version, labelSelector="x=1")
    assert [event["type"] for event in said] == ["DELETED", "ADDED"]
    assert said[0]["object"]["metadata"]["labels"] == {"x": "1"}


async def test_a_dry_run_shows_and_changes_nothing(
    client: httpx.AsyncClient, cluster: Cluster
) -> None:
    deploy(cluster, "web", "app:1")
    before = (await client.get(f"{DEPLOYMENTS}/web")).json()
    patch = [{"op": "replace", "path": "/spec/replicas", "value": 7}]
    headers = {"content-type": "application/json-patch+json"}
    query = {"dryRun": "All", "fieldManager": "colony-1"}
    would = await client.patch(f"{DEPLOYMENTS}/web", json=patch, headers=headers, params=query)
    assert would.json()["spec"]["replicas"] == 7
    assert would.json()["metadata"]["managedFields"][-1]["manager"] == "colony-1"
    made = await client.post(DEPLOYMENTS, json=workload("b", "b:1"), params={"dryRun": "All"})
    assert (made.status_code, "resourceVersion" in made.json()["metadata"]) == (201, False)
    assert (await client.get(f"{DEPLOYMENTS}/web")).json() == before
    assert _names(await client.get(DEPLOYMENTS)) == ["web"]


async def test_without_the_crds_metallb_is_not_there(
    client: httpx.AsyncClient, cluster: Cluster
) -> None:
    assert (await client.get(POOLS)).status_code == 200
    cluster.remove_metallb()
    missing = await client.get(POOLS)
    assert (missing.status_code, missing.text) == (404, "404 page not found\n")
    cluster.install_metallb()
    assert (await client.get(POOLS)).status_code == 200


async def test_large_answers_are_compressed(client: httpx.AsyncClient, cluster: Cluster) -> None:
    for number in range(200):
        cluster.api.create(SERVICE, SPACE, service(f"s{number}"), "tester")
    request = client.build_request("GET", SERVICES, headers={"accept-encoding": "gzip"})
    response = await client.send(request, stream=True)
    raw = b"".join([data async for data in response.aiter_raw()])
    assert response.headers["content-encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(raw))["items"]) == 200
    plain = await client.get(SERVICES, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert len(raw) < len(plain.content) / 5


async def test_the_date_is_the_clusters(client: httpx.AsyncClient, cluster: Cluster) -> None:
    cluster.advance(3600)
    assert (await client.get("/readyz")).headers["date"] == "Mon, 02 Nov 2026 09:00:00 GMT"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/spec/replicas", "many"),
        ("/spec/template/spec/containers", "none"),
        ("/spec/template/metadata/labels", {"a": 1}),
        ("/metadata/annotations", {"a": 1}),
        ("/spec/strategy", []),
        ("/spec/template", 3),
        ("/spec/selector/matchLabels", ["a"]),
    ],
)
async def test_a_value_of_the_wrong_type_is_refused(
    client: httpx.AsyncClient, cluster: Cluster, path: str, value: Any
) -> None:
    deploy(cluster, "web", "app:1")
    patch = [{"op": "add", "path": path, "value": value}]
    headers = {"content-type": "application/json-patch+json"}
    response = await client.patch(f"{DEPLOYMENTS}/web", json=patch, headers=headers)
    assert response.status_code == 422
    assert "cannot unmarshal" in response.json()["message"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"kind": "Pod", "apiVersion": "v1"}, "cannot be handled as a Deployment"),
        ({"kind": "Deployment", "apiVersion": "apps/v1beta1"}, "expected API version (apps/v1)"),
        ([], "cannot be handled as a Deployment"),
        ({"metadata": 3}, "cannot be handled as a Deployment"),
    ],
)
async def test_what_is_no_deployment_is_not_made(
    client: httpx.AsyncClient, body: Any, said: str
) -> None:
    response = await client.post(DEPLOYMENTS, json=body)
    assert response.status_code == 400
    assert said in response.json()["message"]


async def test_an_event_of_a_client_has_all_its_fields(client: httpx.AsyncClient) -> None:
    involved = {"kind": "Pod", "namespace": SPACE, "name": "p"}
    value = {"metadata": {"name": "e"}, "involvedObject": involved, "reason": "R", "message": "M"}
    made = await client.post(f"/api/v1/namespaces/{SPACE}/events", json=value)
    assert made.status_code == 201
    assert made.json()["lastTimestamp"] is None
    query = {"fieldSelector": "involvedObject.name=p"}
    found = await client.get("/api/v1/events", params=query)
    assert _names(found) == ["e"]


async def test_discovery(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api")).json()["versions"] == ["v1"]
    groups = [group["name"] for group in (await client.get("/apis")).json()["groups"]]
    assert groups == ["apps", "autoscaling", "metallb.io", "authorization.k8s.io"]
    rows = (await client.get("/apis/apps/v1")).json()["resources"]
    assert {"deployments", "deployments/status", "deployments/scale"} <= {r["name"] for r in rows}
    assert (await client.get("/apis/metallb.io")).json()["kind"] == "APIGroup"
    assert (await client.get("/apis/apps/v2")).text == "404 page not found\n"
    assert (await client.get("/apis/apps/v1/sunflowers")).json()["reason"] == "NotFound"


async def test_scale(client: httpx.AsyncClient, cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1")
    headers = {"content-type": "application/merge-patch+json"}
    change = {"spec": {"replicas": 5}}
    response = await client.patch(f"{DEPLOYMENTS}/web/scale", json=change, headers=headers)
    assert response.json()["kind"] == "Scale"
    assert (await client.get(f"{DEPLOYMENTS}/web")).json()["spec"]["replicas"] == 5
