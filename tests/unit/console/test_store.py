"""The store: snapshots, tombstones, what is to be painted anew, and what is wanted no longer."""

from __future__ import annotations

import pytest
from store_parcels import T0, app, clock, names, parcel, pod, scope, station, store

from adapters.clock import ShiftedClock, SystemClock
from adapters.records import App, Health, Key, ScopeState
from console.feed.messages import Interest, Parcel, Welcome
from console.store import Store, clock_of

__all__ = ["clock", "store"]


# Snapshots and tombstones


def test_the_latest_record_of_a_key_wins(store: Store) -> None:
    store.apply([parcel("apps", app(ready=1)), parcel("apps", app(ready=2))])
    held = store.get(app().key)
    assert isinstance(held, App)
    assert held.ready == 2
    assert len(store.records("App")) == 1


def test_a_snapshot_drops_what_it_does_not_bring(store: Store) -> None:
    store.apply([parcel("pods", pod("a"), pod("b"))])
    store.take_dirty()
    store.apply([parcel("pods", pod("b"), begin=True), parcel("pods", pod("c"), end=True)])
    assert names(store, "Pod") == {"b", "c"}
    assert {key.name for key in store.take_dirty()["Pod"]} == {"a", "b", "c"}


def test_until_a_snapshot_ends_nothing_is_dropped(store: Store) -> None:
    store.apply([parcel("pods", pod("a")), parcel("pods", pod("b"), begin=True)])
    assert names(store, "Pod") == {"a", "b"}


def test_a_snapshot_is_of_its_own_source_and_scope(store: Store) -> None:
    store.apply([parcel("apps", app()), parcel("pods", pod("a"))])
    other = Parcel(source="luna", scope="pods", begin=True, end=True)
    store.apply([other, parcel("apps", begin=True, end=True)])
    assert names(store, "App") == set()
    assert names(store, "Pod") == {"a"}


def test_a_snapshot_that_begins_again_forgets_what_the_first_brought(store: Store) -> None:
    store.apply([parcel("pods", pod("a"), begin=True), parcel("pods", pod("b"), begin=True)])
    store.apply([parcel("pods", end=True)])
    assert names(store, "Pod") == {"b"}


def test_a_record_that_another_scope_brings_is_of_that_scope(store: Store) -> None:
    store.apply([parcel("life/pods", pod("a")), parcel("pods", pod("a"))])
    store.apply([parcel("life/pods", begin=True, end=True)])
    assert names(store, "Pod") == {"a"}
    store.apply([parcel("pods", begin=True, end=True)])
    assert names(store, "Pod") == set()


def test_a_tombstone_removes_and_what_is_not_there_is_no_matter(store: Store) -> None:
    gone = pod("a").key
    store.apply([parcel("pods", pod("a"), pod("b"))])
    store.apply([parcel("pods", gone=(gone, pod("never").key))])
    assert names(store, "Pod") == {"b"}
    assert store.get(gone) is None
    assert store.scope_of(gone) is None


def test_a_tombstone_from_the_wire_may_be_a_plain_tuple(store: Store) -> None:
    store.apply([parcel("pods", pod("a"))])
    store.apply([parcel("pods", gone=(tuple(pod("a").key),))])
    assert names(store, "Pod") == set()


# Dirty keys


def test_dirty_keys_are_taken_once_and_by_kind(store: Store) -> None:
    store.apply([parcel("apps", app()), parcel("pods", pod("a"))])
    assert store.take_dirty() == {"App": {app().key}, "Pod": {pod("a").key}}
    assert store.take_dirty() == {}


def test_a_scope_that_goes_stale_dirties_all_that_it_brought(store: Store) -> None:
    store.apply([station(scope("pods"), scope("apps")), parcel("pods", pod("a"), pod("b"))])
    store.apply([parcel("apps", app())])
    store.take_dirty()
    store.apply([station(scope("pods", ScopeState.STALE))])
    dirty = store.take_dirty()
    assert dirty["Pod"] == {pod("a").key, pod("b").key}
    assert "App" not in dirty


def test_a_scope_that_was_only_heard_again_dirties_nothing_else(store: Store) -> None:
    store.apply([station(scope("pods")), parcel("pods", pod("a"))])
    store.take_dirty()
    store.apply([station(scope("pods", heard=T0 + 60))])
    assert set(store.take_dirty()) == {"Scope"}


# Subscriptions


def test_what_is_not_subscribed_to_any_more_goes_and_stays_away(store: Store) -> None:
    store.apply([parcel("apps", app()), parcel("pods", pod("a"))])
    store.keep_only([Interest("App")])
    assert names(store, "Pod") == set()
    store.apply([parcel("pods", pod("late"))])
    assert names(store, "Pod") == set()
    assert names(store, "App") == {"oxygen"}


@pytest.mark.parametrize("named", ["oxygen", "Deployment/oxygen"])
def test_one_apps_records_stay_and_anothers_go(store: Store, named: str) -> None:
    store.apply([parcel("pods", pod("a"), pod("b", of="water"))])
    store.keep_only([Interest("Pod", "life", named)])
    assert names(store, "Pod") == {"a"}


# Transitions, and the rest


def test_changes_of_state_are_remembered_with_what_was_before(store: Store) -> None:
    store.apply([parcel("apps", app(health=Health.HEALTHY))])
    store.apply([parcel("apps", app(health=Health.DEGRADED, since=T0 + 3, reason="pull fails"))])
    store.apply([parcel("apps", app(health=Health.DEGRADED, since=T0 + 3, ready=1))])
    (one,) = store.transitions
    assert (one.at, one.before, one.after, one.detail) == (
        T0 + 3, "healthy", "degraded", "pull fails",
    )  # fmt: skip
    assert one.key == Key("tycho", "App", "life", "oxygen")


def test_the_view_of_a_kind_is_live_and_read_only(store: Store) -> None:
    store.apply([parcel("pods", pod("a"))])
    view = store.records("Pod")
    store.apply([parcel("pods", pod("b"))])
    assert len(view) == 2
    with pytest.raises(TypeError):
        view[pod("c").key] = pod("c")  # type: ignore[index]


def test_the_colonys_clock_is_the_stations() -> None:
    def welcome(zero: float) -> Welcome:
        return Welcome(1, "tycho", "DEMO", "ops", "operator", 1000.0, zero, 1, 0.0, "")

    assert type(clock_of(welcome(-1.0))) is SystemClock
    shifted = clock_of(welcome(5.0))
    assert isinstance(shifted, ShiftedClock)
    assert (shifted.epoch, shifted.zero) == (1000.0, 5.0)
