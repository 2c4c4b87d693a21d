"""Events in the store: rings that are bounded, and what was lost is counted once."""

from __future__ import annotations

from store_parcels import Now, clock, event, parcel, store

from console.feed.messages import Interest
from console.store import Store

__all__ = ["clock", "store"]


def test_a_ring_is_bounded_and_oldest_first_by_the_latest_word(clock: Now) -> None:
    store = Store(clock, ring=3)
    store.apply([parcel("events", *(event(f"e{n}", n) for n in range(1, 5)))])
    assert [one.name for one in store.ring("Event")] == ["e2", "e3", "e4"]
    store.apply([parcel("events", event("e2", 5, count=2))])
    assert [one.name for one in store.ring("Event")] == ["e3", "e4", "e2"]


def test_a_jump_in_the_numbers_is_counted_as_lost(store: Store) -> None:
    store.apply([parcel("events", event("a", 1), event("b", 2))])
    assert store.lost == 0
    store.apply([parcel("events", event("c", 6))])
    assert store.lost == 3


def test_the_stations_own_count_and_the_jump_are_one_loss(store: Store) -> None:
    store.apply([parcel("events", event("a", 1))])
    store.apply([parcel("events", event("b", 5), lost=3)])
    assert store.lost == 3
    store.apply([parcel("events", lost=2)])
    assert store.lost == 5


def test_the_holes_of_a_snapshot_are_no_loss(store: Store) -> None:
    store.apply([parcel("events", event("a", 3), event("b", 9), begin=True, end=True)])
    assert store.lost == 0
    store.apply([parcel("events", event("c", 11))])
    assert store.lost == 1


def test_one_apps_events_have_no_gaps_to_count(store: Store) -> None:
    store.keep_only([Interest("Event", "life", "oxygen")])
    store.apply([parcel("events", event("a", 1, app="oxygen"), event("b", 7, app="oxygen"))])
    assert store.lost == 0


def test_a_station_that_began_anew_numbers_anew(store: Store) -> None:
    store.apply([parcel("events", event("a", 50))])
    store.disconnected()
    store.connected()
    store.apply([parcel("events", event("b", 9))])
    assert store.lost == 0
