"""JSON patch, merge patch and strategic merge patch."""

from __future__ import annotations

from typing import Any

import pytest

from fixtures.kubernetes.patches import json_patch, merge_patch
from fixtures.kubernetes.status import ApiError
from fixtures.kubernetes.strategic import strategic_merge


@pytest.mark.parametrize(
    ("before", "operation", "after"),
    [
        ({"a": 1}, {"op": "replace", "path": "/a", "value": 2}, {"a": 2}),
        ({}, {"op": "add", "path": "/a", "value": 2}, {"a": 2}),
        ({"a": [1, 3]}, {"op": "add", "path": "/a/1", "value": 2}, {"a": [1, 2, 3]}),
        ({"a": [1]}, {"op": "add", "path": "/a/-", "value": 2}, {"a": [1, 2]}),
        ({"a": 1, "b": 2}, {"op": "remove", "path": "/b"}, {"a": 1}),
        ({"a": {"x/y": 1}}, {"op": "remove", "path": "/a/x~1y"}, {"a": {}}),
        ({"a": 1}, {"op": "move", "from": "/a", "path": "/b"}, {"b": 1}),
        ({"a": 1}, {"op": "copy", "from": "/a", "path": "/b"}, {"a": 1, "b": 1}),
        ({"a": 1}, {"op": "test", "path": "/a", "value": 1}, {"a": 1}),
        ({"a": 1}, {"op": "test", "path": "/b", "value": None}, {"a": 1}),
    ],
)
def test_json_patch(before: Any, operation: Any, after: Any) -> None:
    assert json_patch(before, [operation]) == after


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "test", "path": "/a", "value": 2},
        {"op": "replace", "path": "/b", "value": 2},
        {"op": "remove", "path": "/b"},
        {"op": "add", "path": "/b/c", "value": 2},
        {"op": "add", "path": "/l/9", "value": 2},
        {"op": "replace", "path": "", "value": 2},
        {"op": "sing", "path": "/a"},
        {"op": "add", "path": "a", "value": 2},
    ],
)
def test_json_patch_that_does_not_apply(operation: Any) -> None:
    with pytest.raises(ApiError) as caught:
        json_patch({"a": 1, "l": []}, [operation])
    assert caught.value.code == 422


def test_merge_patch_removes_what_is_null_and_replaces_lists() -> None:
    before = {"a": 1, "b": {"c": 1, "d": 2}, "l": [1, 2]}
    patch = {"a": None, "b": {"c": 3}, "l": [4], "n": {"m": None, "k": 1}}
    assert merge_patch(before, patch) == {"b": {"c": 3, "d": 2}, "l": [4], "n": {"k": 1}}


def test_strategic_merge_knows_which_lists_are_keyed() -> None:
    before = {"containers": [{"name": "a", "image": "x:1"}, {"name": "b", "image": "y:1"}]}
    patch = {"containers": [{"name": "b", "image": "y:2"}, {"name": "c", "image": "z:1"}]}
    merged = strategic_merge(before, patch)
    assert [row["image"] for row in merged["containers"]] == ["x:1", "y:2", "z:1"]
    assert before["containers"][1]["image"] == "y:1"


def test_strategic_merge_replaces_where_it_is_told_to() -> None:
    before = {"template": {"labels": {"a": "1"}, "spec": {"containers": [{"name": "a"}]}}}
    patch = {"template": {"$patch": "replace", "spec": {"containers": [{"name": "b"}]}}}
    assert strategic_merge(before, patch) == {"template": {"spec": {"containers": [{"name": "b"}]}}}


def test_strategic_merge_deletes_orders_and_retains() -> None:
    before = {"env": [{"name": "A"}, {"name": "B"}], "finalizers": ["x", "y"], "k": 1, "j": 2}
    patch = {
        "env": [{"name": "A", "$patch": "delete"}, {"name": "C"}],
        "$setElementOrder/env": [{"name": "C"}, {"name": "B"}],
        "$deleteFromPrimitiveList/finalizers": ["x"],
        "$retainKeys": ["env", "finalizers", "k"],
    }
    assert strategic_merge(before, patch) == {
        "env": [{"name": "C"}, {"name": "B"}],
        "finalizers": ["y"],
        "k": 1,
    }
