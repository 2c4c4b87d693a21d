"""Pod templates: equality, digests, differences in words, and the patches made of them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from kubernetes_objects import T1, deployment, meta, owned, replicaset, template

from adapters.contract import Change
from adapters.kubernetes.diff import annotation_changes, changes, unchanged
from adapters.kubernetes.history import DEPLOYMENT, STATEFULSET
from adapters.kubernetes.history import owned as owned_by
from adapters.kubernetes.template import digest, equal, restored_annotations, without_hash


def test_the_hash_label_makes_no_difference() -> None:
    one, other = template(), template()
    other["metadata"]["labels"]["pod-template-hash"] = "abc"
    assert equal(one, other)
    assert digest(one) == digest(other)
    assert other["metadata"]["labels"]["pod-template-hash"] == "abc"


def test_nulls_and_empty_metadata_make_no_difference_but_empty_objects_do() -> None:
    plain = {"metadata": {"creationTimestamp": None, "labels": {}}, "spec": {"containers": []}}
    assert equal(plain, {"spec": {"containers": []}})
    scratch = {"spec": {"volumes": [{"name": "tmp", "emptyDir": {}}]}}
    assert not equal(scratch, {"spec": {"volumes": [{"name": "tmp"}]}})


def test_a_strategic_patchs_own_mark_is_not_part_of_the_template() -> None:
    assert "$patch" not in without_hash({**template(), "$patch": "replace"})


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=5), _JSON))
def test_the_digest_does_not_depend_on_the_order_of_keys(spec: dict[str, Any]) -> None:
    backwards = dict(reversed(spec.items()))
    assert digest({"spec": spec}) == digest({"spec": backwards})
    assert equal({"spec": spec}, {"spec": backwards})


@given(_JSON, _JSON)
def test_equal_and_digest_agree(one: Any, other: Any) -> None:
    left, right = {"spec": {"x": one}}, {"spec": {"x": other}}
    assert equal(left, right) == (digest(left) == digest(right))


def test_six_annotations_stay_and_the_others_are_the_replicasets() -> None:
    mine = {
        "kubectl.kubernetes.io/last-applied-configuration": "{}",
        "deployment.kubernetes.io/revision": "12",
        "colony/token": "lost",
        "kubernetes.io/change-cause": "new",
    }
    theirs = {
        "deployment.kubernetes.io/revision": "11",
        "deployment.kubernetes.io/desired-replicas": "3",
        "kubernetes.io/change-cause": "old",
    }
    assert restored_annotations(mine, theirs) == {
        "kubectl.kubernetes.io/last-applied-configuration": "{}",
        "deployment.kubernetes.io/revision": "12",
        "kubernetes.io/change-cause": "old",
    }


# -- the difference in words


def test_image_first_then_environment_command_resources_probes() -> None:
    before = template(
        "o2:2.4.1",
        readinessProbe={"httpGet": {"path": "/ready", "port": 8080}},
        resources={"limits": {"cpu": "1"}},
        command=["/bin/o2"],
        env=[{"name": "PRESSURE_UNIT", "value": "kPa"}],
    )
    after = template(
        "o2:2.3.9",
        readinessProbe={"httpGet": {"path": "/healthz", "port": 8080}},
        resources={"limits": {"cpu": "2"}},
        command=["/bin/o2", "--verbose mode"],
    )
    assert changes(before, after) == (
        Change("container main: image", "o2:2.4.1", "o2:2.3.9"),
        Change("container main: env PRESSURE_UNIT", "kPa", None),
        Change("container main: command", "/bin/o2", "/bin/o2 '--verbose mode'"),
        Change("container main: resources.limits.cpu", "1", "2"),
        Change("container main: readinessProbe.httpGet.path", "/ready", "/healthz"),
    )


def test_what_an_environment_is_taken_from_is_named_and_not_read() -> None:
    def env(source: dict[str, Any]) -> dict[str, Any]:
        return template(env=[{"name": "KEY", "valueFrom": source}])

    found = changes(
        env({"secretKeyRef": {"name": "vault", "key": "old"}}),
        env({"configMapKeyRef": {"name": "settings", "key": "new"}}),
    )
    assert found == (
        Change(
            "container main: env KEY",
            "from secret vault, key old",
            "from config map settings, key new",
        ),
    )


def test_a_value_that_may_be_a_secret_is_not_shown() -> None:
    before = template(env=[{"name": "DB_PASSWORD", "value": "hunter2"}])
    after = template(env=[{"name": "DB_PASSWORD", "value": "hunter3"}])
    (change,) = changes(before, after)
    assert (change.before, change.after) == ("(a value, hidden)", "(another value, hidden)")
    assert "hunter" not in repr(changes(before, template()))


def test_containers_that_come_and_go() -> None:
    before = template()
    after = template()
    after["spec"]["containers"].append({"name": "proxy", "image": "proxy:1"})
    after["spec"]["initContainers"] = [{"name": "prepare", "image": "prepare:1"}]
    assert changes(before, after) == (
        Change("container proxy: image", None, "proxy:1"),
        Change("init container prepare: image", None, "prepare:1"),
    )


def test_the_rest_of_the_pod() -> None:
    before, after = template(), template()
    before["spec"] |= {"volumes": [{"name": "tmp", "emptyDir": {}}], "nodeSelector": {"zone": "a"}}
    after["spec"] |= {"volumes": [{"name": "tmp", "hostPath": {"path": "/x"}}]}
    after["metadata"]["labels"]["tier"] = "air"
    assert set(changes(before, after)) == {
        Change("pod: volumes[tmp].emptyDir", "{}", None),
        Change("pod: volumes[tmp].hostPath.path", None, "/x"),
        Change("pod: nodeSelector.zone", "a", None),
        Change("pod: label tier", None, "air"),
    }


def test_two_entries_of_one_name_are_both_shown() -> None:
    before = template(env=[{"name": "A", "value": "1"}, {"name": "A", "value": "2"}])
    after = template(env=[{"name": "A", "value": "1"}, {"name": "A", "value": "3"}])
    assert changes(before, after) == (Change("container main: env A (2)", "2", "3"),)


def test_a_long_value_is_cut() -> None:
    before, after = template(args=["x"]), template(args=["y" * 1_000_000])
    (change,) = changes(before, after)
    assert change.after is not None
    assert len(change.after) == 2000


def test_malformed_templates_are_no_obstacle() -> None:
    odd = {"spec": {"containers": [None, "x", {"env": ["y"], "ports": None}]}, "metadata": None}
    assert changes(odd, odd) == ()
    assert changes({}, odd)


def test_unchanged() -> None:
    before = template("a:1", env=[{"name": "A", "value": "1"}], command=["x"])
    after = template("a:2", env=[{"name": "A", "value": "1"}], command=["x"])
    assert unchanged(before, after) == ("container main: env, command", "pod: labels")


def test_annotations() -> None:
    assert annotation_changes({"a": "1", "b": "2"}, {"b": "3", "c": "4"}) == (
        Change("annotation a", "1", None),
        Change("annotation b", "2", "3"),
        Change("annotation c", None, "4"),
    )


# -- revisions and patches


def test_only_what_the_deployment_controls_is_its_past() -> None:
    foreign = replicaset("o2-ccc", owner="other", revision=99)
    bare = replicaset("o2-ddd", revision=98)
    bare["metadata"]["ownerReferences"][0]["controller"] = False
    unnumbered = replicaset("o2-eee")
    del unnumbered["metadata"]["annotations"]["deployment.kubernetes.io/revision"]
    items = [replicaset("o2-aaa", revision=11), replicaset("o2-bbb", revision=12)]
    past = owned_by(deployment(), [*items, foreign, bare, unnumbered], DEPLOYMENT)
    assert [(each.number, each.name, each.pods) for each in past] == [
        (12, "o2-bbb", "pod-template-hash=bbb"),
        (11, "o2-aaa", "pod-template-hash=aaa"),
    ]


def test_the_patch_is_kubectls_and_holds_the_resource_version() -> None:
    item = deployment(resourceVersion="77", annotations={"colony/site": "rim"})
    source = replicaset("o2-aaa", revision=11, annotations={"kubernetes.io/change-cause": "old"})
    (past,) = owned_by(item, [source], DEPLOYMENT)
    operations = json.loads(DEPLOYMENT.patch(item, past))
    assert operations == [
        {"op": "replace", "path": "/metadata/resourceVersion", "value": "77"},
        {"op": "replace", "path": "/spec/template", "value": template()},
        {
            "op": "replace",
            "path": "/metadata/annotations",
            "value": {
                "deployment.kubernetes.io/revision": "12",
                "kubernetes.io/change-cause": "old",
            },
        },
    ]


def test_annotations_that_are_not_there_are_added_not_replaced() -> None:
    item = deployment()
    (past,) = owned_by(item, [replicaset()], DEPLOYMENT)
    del item["metadata"]["annotations"]
    assert json.loads(DEPLOYMENT.patch(item, past))[2]["op"] == "add"


def test_a_stateful_sets_patch_is_the_revisions_data() -> None:
    item = {"metadata": meta("store", resourceVersion="5"), "spec": {"template": template()}}
    data = {"spec": {"template": {**template("db:5"), "$patch": "replace"}}}
    source = {
        "metadata": meta("store-1", ownerReferences=owned("StatefulSet", "store")),
        "revision": 1,
        "data": data,
    }
    (past,) = owned_by(item, [source, {**source, "data": None}], STATEFULSET)
    assert past.images == ("db:5",)
    assert past.pods == "controller-revision-hash=store-1"
    assert json.loads(STATEFULSET.patch(item, past)) == {
        **data,
        "metadata": {"resourceVersion": "5", "uid": "uid-life-support-store"},
    }


def test_when_a_revision_was_made() -> None:
    source = replicaset(creationTimestamp=T1)
    (past,) = owned_by(deployment(), [source], DEPLOYMENT)
    assert past.created == 1793685900.0
