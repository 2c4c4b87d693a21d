"""managedFields: who owns what after whose write."""

from __future__ import annotations

from box_helpers import SPACE, deploy, set_image

from fixtures.kubernetes import Cluster
from fixtures.kubernetes.fields import merged, within, without
from fixtures.kubernetes.kinds import DEPLOYMENT, Object


def _managers(cluster: Cluster) -> dict[tuple[str, str], Object]:
    meta = cluster.api.find(DEPLOYMENT, SPACE, "web").object["metadata"]
    return {
        (entry["manager"], entry.get("subresource", "")): entry["fieldsV1"]
        for entry in meta["managedFields"]
    }


def test_a_write_moves_the_fields_that_it_changes(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1")
    image = lambda tree: tree["f:spec"]["f:template"]["f:spec"]["f:containers"][  # noqa: E731
        'k:{"name":"main"}'
    ]
    assert "f:image" in image(_managers(cluster)["tester", ""])

    def change(value: Object) -> None:
        value["spec"]["template"]["spec"]["containers"][0]["image"] = "app:2"

    cluster.api.update(DEPLOYMENT, SPACE, "web", change, "colony-1")
    managers = _managers(cluster)
    assert "f:image" not in image(managers["tester", ""])
    assert image(managers["colony-1", ""]) == {"f:image": {}}


def test_the_controllers_own_the_status_apart(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1")
    cluster.advance(10)
    mine = _managers(cluster)["kube-controller-manager", "status"]
    assert set(mine) == {"f:metadata", "f:status"}
    assert mine["f:metadata"] == {
        "f:annotations": {".": {}, "f:deployment.kubernetes.io/revision": {}}
    }


def test_writing_the_same_again_changes_nothing(cluster: Cluster) -> None:
    deploy(cluster, "web", "app:1")
    before = cluster.api.find(DEPLOYMENT, SPACE, "web").object
    set_image(cluster, "web", "app:1")
    assert cluster.api.find(DEPLOYMENT, SPACE, "web").object is before


def test_trees() -> None:
    one = {"f:a": {".": {}, "f:b": {}, "f:c": {}}, "f:d": {}}
    assert without(one, {"f:a": {"f:b": {}}}) == {"f:a": {".": {}, "f:c": {}}, "f:d": {}}
    assert without(one, {"f:a": {"f:b": {}, "f:c": {}}}) == {"f:a": {}, "f:d": {}}
    assert merged({"f:a": {"f:b": {}}}, {"f:a": {"f:c": {}}}) == {"f:a": {"f:b": {}, "f:c": {}}}
    assert within(one, {"f:a": {"f:b": {}}}) == {"f:a": {"f:b": {}}}
