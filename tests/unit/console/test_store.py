"""The store: snapshots, tombstones, rings, gaps, joins, and how far each value can be trusted."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.clock import ShiftedClock, SystemClock
from adapters.records import (
    ActionStatus,
    AdapterState,
    AdapterStatus,
    Address,
    App,
    Event,
    Health,
    Key,
    Pod,
    Quality,
    Revision,
    Scope,
    ScopeState,
)
from console.feed.messages import Interest, Parcel, Welcome
from console.joins import Reference, parse_reference
from console.store import Store, clock_of

T0 = 1_795_000_000.0


class Now(SystemClock):
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = T0

    def now(self) -> float:
        return self.time


def app(name: str = "oxygen", **more: Any) -> App:
    return App(source="tycho", namespace="life", name=name, received=T0, **more)


def pod(name: str, of: str = "oxygen", **more: Any) -> Pod:
    given = {"workload": "Deployment", "received": T0} | more
    return Pod(source="tycho", namespace="life", name=name, app=of, **given)


def event(name: str, seq: int, **more: Any) -> Event:
    return Event(source="tycho", namespace="life", name=name, seq=seq, received=T0 + seq, **more)


def scope(name: str, state: ScopeState = ScopeState.LIVE, **more: Any) -> Scope:
    return Scope(source="tycho", name=name, state=state, **{"heard": T0, "since": T0} | more)


def parcel(scope: str, *records: Any, **more: Any) -> Parcel:
    return Parcel(source="tycho", scope=scope, upserts=records, **more)


def station(*records: Any, **more: Any) -> Parcel:
    return Parcel(source="station", scope="scopes", upserts=records, **more)


@pytest.fixture
def clock() -> Now:
    return Now()


@pytest.fixture
def store(clock: Now) -> Store:
    return Store(clock)


def names(store: Store, kind: str) -> set[str]:
    return {key.name for key in store.records(kind)}


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


# Events


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


# Quality


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


# The header's age


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


# Joins


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


def test_clear_forgets_everything_and_tells_the_painter(store: Store) -> None:
    store.apply([station(scope("pods")), parcel("pods", pod("a"), lost=4)])
    store.take_dirty()
    store.clear()
    assert store.records("Pod") == {}
    assert store.pods_of(app()) == []
    assert store.lost == 0
    assert store.oldest_age() is None
    assert store.take_dirty()["Pod"] == {pod("a").key}


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
