"""Label and field selectors."""

from __future__ import annotations

import pytest

from fixtures.kubernetes.kinds import DEPLOYMENT, EVENT, POD, SERVICE
from fixtures.kubernetes.selectors import both, fields, labels, selects
from fixtures.kubernetes.status import ApiError

THING = {
    "metadata": {"name": "n", "namespace": "bay", "labels": {"app": "web", "tier": "edge"}},
    "spec": {"nodeName": "habitat-1", "type": "LoadBalancer"},
    "involvedObject": {"name": "web", "kind": "Pod"},
    "status": {"phase": "Running"},
}


@pytest.mark.parametrize(
    ("selector", "matches"),
    [
        ("app=web", True),
        ("app==web", True),
        ("app=web,tier=core", False),
        ("app!=web", False),
        ("zone!=x", True),
        ("app in (web, db)", True),
        ("app notin (web)", False),
        ("zone notin (web)", True),
        ("app", True),
        ("!app", False),
        ("!zone,app in (web)", True),
    ],
)
def test_labels(selector: str, matches: bool) -> None:
    test = labels(selector)
    assert test is not None
    assert test(THING) is matches


@pytest.mark.parametrize("selector", ["a in r", "((", "a===b"])
def test_labels_that_make_no_sense(selector: str) -> None:
    with pytest.raises(ApiError) as caught:
        labels(selector)
    assert caught.value.code == 400


def test_fields_of_each_kind() -> None:
    for kind, selector in (
        (POD, "spec.nodeName=habitat-1,status.phase!=Pending"),
        (EVENT, "involvedObject.name=web,involvedObject.kind=Pod"),
        (SERVICE, "spec.type=LoadBalancer"),
        (DEPLOYMENT, "metadata.name=n"),
    ):
        test = fields(kind, selector)
        assert test is not None
        assert test(THING)
    with pytest.raises(ApiError, match=r'"spec\.type" is not a known field selector'):
        fields(DEPLOYMENT, "spec.type=x")


def test_none_given_selects_everything() -> None:
    assert both(labels(""), fields(POD, " ")) is None


def test_a_label_selector_of_an_object() -> None:
    selector = {
        "matchLabels": {"app": "web"},
        "matchExpressions": [
            {"key": "tier", "operator": "In", "values": ["edge"]},
            {"key": "old", "operator": "DoesNotExist"},
        ],
    }
    assert selects(selector, {"app": "web", "tier": "edge"})
    assert not selects(selector, {"app": "web", "tier": "edge", "old": "1"})
    assert not selects({}, {"app": "web"})
