"""How far each value can be trusted, and how old the header says that all is."""

from __future__ import annotations

import pytest
from store_parcels import T0, Now, app, clock, names, parcel, pod, scope, station, store

from adapters.records import AdapterState, AdapterStatus, Quality, ScopeState
from console.feed.messages import Parcel
from console.store import Store

__all__ = ["clock", "store"]


def test_a_watched_record_is_as_fresh_as_its_watch(store: Store, clock: Now) -> None:
    store.apply([station(scope("pods")), parcel("pods", pod("a"))])
    clock.time += 86_400
    assert store.quality(pod("a")) == (Quality.FRESH, None)


@pytest.mark.parametrize(
    "state", [ScopeState.STALE, ScopeState.DENIED, ScopeState.ABSENT, ScopeState.NEVER]
)
def test_only_a_live_scope_is_fresh(store: Store, state: ScopeState) -> None:
    store.apply([station(scope("pods", state, since=T0 + 9)), parcel("pods", pod("a"))])
    assert store.quality(pod("a")) == (Quality.STALE, T0)


def test_without_its_scope_a_record_cannot_be_trusted(store: Store) -> None:
    store.apply([parcel("pods", pod("a"))])
    assert store.quality(pod("a")) == (Quality.STALE, T0)
    store.apply([station(scope("pods"))])
    assert store.quality(pod("a"))[0] is Quality.FRESH
    store.take_dirty()
    store.apply([station(gone=(scope("pods").key,))])
    assert store.quality(pod("a"))[0] is Quality.STALE
    assert pod("a").key in store.take_dirty()["Pod"]


def test_what_never_came_says_so(store: Store) -> None:
    assert store.quality(pod("a")) == (Quality.NEVER, None)


def test_a_sampled_value_ages_past_1_9_of_its_interval(store: Store, clock: Now) -> None:
    store.apply([station(scope("solar", interval=10.0)), parcel("solar", app())])
    clock.time = T0 + 19
    assert store.quality(app())[0] is Quality.FRESH
    clock.time = T0 + 19.1
    assert store.quality(app()) == (Quality.STALE, T0)


def test_what_the_station_says_of_itself_needs_no_scope(store: Store) -> None:
    status = AdapterStatus(source="station", name="tycho", state=AdapterState.LIVE)
    store.apply([Parcel(source="station", scope="adapters", upserts=(status,))])
    assert store.quality(status) == (Quality.FRESH, None)


def test_a_lost_feed_makes_everything_stale_until_its_snapshot_is_back(
    store: Store, clock: Now
) -> None:
    both = [station(scope("pods"), scope("apps"), begin=True, end=True)]
    store.apply([*both, parcel("pods", pod("a")), parcel("apps", app())])
    store.take_dirty()
    store.disconnected(T0 + 5)
    clock.time = T0 + 65
    assert store.quality(pod("a")) == (Quality.STALE, T0 + 5)
    assert store.oldest_age() == 60
    assert store.take_dirty().keys() == {"Scope", "Pod", "App"}
    store.connected()
    assert store.quality(app()) == (Quality.STALE, T0 + 5)
    store.apply([*both, parcel("apps", app(), begin=True, end=True)])
    assert store.quality(app())[0] is Quality.FRESH
    assert store.quality(pod("a")) == (Quality.STALE, T0 + 5)
    assert store.oldest_age() == 60
    store.apply([parcel("pods", begin=True, end=True)])
    assert names(store, "Pod") == set()
    assert store.oldest_age() == 0


def test_a_snapshot_that_the_feed_broke_off_drops_nothing(store: Store) -> None:
    store.apply([parcel("pods", pod("a")), parcel("pods", pod("b"), begin=True)])
    store.disconnected()
    store.connected()
    store.apply([parcel("pods", end=True)])
    assert names(store, "Pod") == {"a", "b"}


def test_the_second_word_of_a_lost_feed_does_not_move_the_first(store: Store) -> None:
    store.disconnected(T0)
    store.disconnected(T0 + 9)
    assert store.disconnected_since == T0
    store.connected()
    store.connected()
    assert store.disconnected_since is None


def test_the_age_of_nothing_is_none(store: Store) -> None:
    assert store.oldest_age() is None
    store.disconnected()
    assert store.oldest_age() is None


def test_live_watches_have_no_age_and_one_stale_scope_is_the_oldest(store: Store) -> None:
    store.apply([station(scope("pods", heard=T0 - 50))])
    assert store.oldest_age(T0) == 0
    store.apply([station(scope("apps", ScopeState.STALE, heard=T0 - 30))])
    assert store.oldest_age(T0) == 30
    store.apply([station(scope("crds", ScopeState.ABSENT, heard=None))])
    assert store.oldest_age(T0) == 30
