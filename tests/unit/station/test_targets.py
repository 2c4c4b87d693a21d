"""References: what is found, what is refused, and what is offered instead."""

from __future__ import annotations

import pytest
from fake_colony import APPS

from adapters.contract import Refused
from adapters.records import App
from console.station.targets import full, nearest, resolve, short


@pytest.mark.parametrize(
    ("reference", "uid"),
    [
        ("life-support/oxygen-generator", "u1"),
        ("tycho:life-support/oxygen-generator", "u1"),
        ("tycho:life-support/Deployment/oxygen-generator", "u1"),
        ("water/StatefulSet/store", "u3"),
        ("water/Deployment/store", "u4"),
        ("tycho:water/Deployment/store", "u4"),
        ("luna:life-support/airlock", "u5"),
    ],
)
def test_found(reference: str, uid: str) -> None:
    assert resolve(reference, APPS).uid == uid


def test_two_that_answer_are_both_named() -> None:
    with pytest.raises(Refused) as caught:
        resolve("water/store", APPS)
    assert str(caught.value) == (
        "water/store is 2 apps: tycho:water/Deployment/store, tycho:water/StatefulSet/store; "
        "say which"
    )
    twins = [App(source=source, namespace="a", name="b") for source in ("x", "y")]
    with pytest.raises(Refused, match=r"x:a/Deployment/b, y:a/Deployment/b"):
        resolve("a/b", twins)
    assert resolve("y:a/b", twins).source == "y"


@pytest.mark.parametrize(
    ("reference", "hint"),
    [
        ("life-support/oxygen-genrator", "did you mean life-support/oxygen-generator?"),
        ("oxygen-generator", "did you mean life-support/oxygen-generator?"),
        ("oxygen", "did you mean life-support/oxygen-generator?"),
        ("tycho:life-support/airlock", "did you mean life-support/airlock"),
        ("zzz", r"say \[SOURCE:\]NAMESPACE/\[WORKLOAD/\]NAME"),
        ("", r"say \[SOURCE:\]"),
        ("Water/recycler", "did you mean water/recycler"),
    ],
)
def test_near_ones_are_offered(reference: str, hint: str) -> None:
    with pytest.raises(Refused, match=hint):
        resolve(reference, APPS)


def test_nothing_known_yet() -> None:
    with pytest.raises(Refused, match="no app is known yet"):
        resolve("a/b", [])


def test_what_was_typed_is_harmless_in_the_answer() -> None:
    with pytest.raises(Refused) as caught:
        resolve("\x1b[2J", APPS)
    assert "\x1b" not in str(caught.value)


def test_references() -> None:
    assert full(APPS[2]) == "tycho:water/StatefulSet/store"
    assert short(App(name="alone")) == "alone"
    assert full(App(source="podman", name="alone", workload="")) == "podman:alone"
    assert len(nearest("water/store", APPS)) <= 3
