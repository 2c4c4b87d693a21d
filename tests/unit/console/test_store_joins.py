"""What belongs together in the store, and follows when it changes or goes."""

from __future__ import annotations

import pytest
from store_parcels import T0, app, clock, event, parcel, pod, store

from adapters.records import ActionStatus, Address, Revision
from console.feed.messages import Parcel
from console.joins import Reference, parse_reference
from console.store import Store

__all__ = ["clock", "store"]


def test_an_app_finds_what_belongs_to_it(store: Store) -> None:
    oxygen = app()
    store.apply(
        [
            parcel("apps", oxygen),
            parcel("pods", pod("b"), pod("a"), pod("c", of="water")),
            parcel("pods", pod("d", workload="StatefulSet")),
            parcel(
                "revisions",
                *(Revision(source="tycho", namespace="life", name=f"r{n}", app="oxygen", number=n)
                  for n in (9, 12, 11)),
            ),
            parcel("events", event("e2", 2, app="oxygen", last=T0 + 9.0)),
            parcel("events", event("e1", 1, app="oxygen")),
            parcel(
                "services",
                Address(source="tycho", namespace="life", name="s", apps=("Deployment/oxygen",)),
                Address(source="tycho", namespace="life", name="t", apps=("StatefulSet/oxygen",)),
                Address(source="tycho", namespace="other", name="u", apps=("Deployment/oxygen",)),
                Address(source="luna", namespace="life", name="v", apps=("Deployment/oxygen",)),
            ),
        ]
    )  # fmt: skip
    assert [one.name for one in store.pods_of(oxygen)] == ["a", "b"]
    assert [one.number for one in store.revisions_of(oxygen)] == [12, 11, 9]
    assert [one.name for one in store.events_of(oxygen)] == ["e1", "e2"]
    assert [one.name for one in store.addresses_of(oxygen)] == ["s"]


def test_joins_follow_changes_and_removals(store: Store) -> None:
    store.apply([parcel("pods", pod("a"))])
    store.apply([parcel("pods", pod("a", of="water"))])
    assert store.pods_of(app()) == []
    assert [one.name for one in store.pods_of(app("water"))] == ["a"]
    store.apply([parcel("pods", gone=(pod("a").key,))])
    assert store.pods_of(app("water")) == []


@pytest.mark.parametrize(
    ("target", "arguments", "found"),
    [
        ("life/oxygen", (), True),
        ("tycho:life/oxygen", (), True),
        ("life/Deployment/oxygen", (), True),
        ("life/deployment/oxygen", (), True),
        ("luna:life/oxygen", (), False),
        ("life/StatefulSet/oxygen", (), False),
        ("life/oxygen-2", (), False),
        ("", (("app", "life/oxygen"), ("to", "11")), True),
        ("nonsense", (("app", "///"),), False),
    ],
)
def test_actions_are_found_by_the_app_that_they_name(
    store: Store, target: str, arguments: tuple[tuple[str, str], ...], found: bool
) -> None:
    action = ActionStatus(source="station", name="a1", target=target, arguments=arguments)
    store.apply([Parcel(source="station", scope="actions", upserts=(action,))])
    assert bool(store.actions_of(app())) is found


def test_references_are_read_as_people_write_them() -> None:
    assert parse_reference("life/oxygen") == Reference("", "life", "", "oxygen")
    assert parse_reference(" tycho:life/Deployment/oxygen ") == Reference(
        "tycho", "life", "Deployment", "oxygen"
    )
    for nonsense in ("", "oxygen", "a/b/c/d", "/oxygen", "life/", "tycho:"):
        assert parse_reference(nonsense) is None
