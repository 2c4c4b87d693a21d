"""What the header says of the data's age where something never came."""

from __future__ import annotations

from typing import Any

import pytest
from store_parcels import T0, Now, app, clock, parcel, scope, station, store

from adapters.records import AdapterState, AdapterStatus, Alarm, Quality, Scope, ScopeState
from console.feed.messages import Parcel
from console.related import STATION
from console.rows.times import data_age
from console.store import Store
from console.widgets.header import Facts, header_line

__all__ = ["clock", "store"]

OWN = Scope(source=STATION, name="scopes", state=ScopeState.LIVE, heard=T0)
NEVER: dict[str, Any] = {"state": ScopeState.NEVER, "heard": None}


def adapter(state: AdapterState, name: str = "tycho", since: float = T0) -> AdapterStatus:
    return AdapterStatus(source=STATION, name=name, state=state, since=since)


def test_the_stations_own_word_is_no_data(store: Store) -> None:
    store.apply([station(OWN, scope("apps", **NEVER), adapter(AdapterState.DOWN))])
    assert store.oldest_age() is None
    assert data_age(store.oldest_age()) == "no data yet"


def test_what_the_station_said_before_it_went_is_no_data_either(store: Store, clock: Now) -> None:
    alarm = Parcel(STATION, "alarms", (Alarm(source=STATION, name="a"),))
    store.apply([station(OWN, scope("apps")), alarm, parcel("apps", app())])
    store.disconnected()
    store.connected()
    clock.time = T0 + 600
    assert store.oldest_age() == 600
    store.apply([station(OWN, scope("apps")), parcel("apps", app(), begin=True, end=True)])
    assert store.oldest_age() == 0


def test_the_age_is_still_that_of_the_oldest(store: Store, clock: Now) -> None:
    stale = scope("pods", ScopeState.STALE, heard=T0 - 30)
    store.apply([station(OWN, scope("apps"), stale, adapter(AdapterState.DEGRADED))])
    assert store.oldest_age() == 30
    assert not store.anything_missing(store.clock.now())


@pytest.mark.parametrize("records", [0, 4])
@pytest.mark.parametrize("state", [ScopeState.ABSENT, ScopeState.DENIED])
def test_what_is_absent_ages_only_where_it_brought_something(
    store: Store, state: ScopeState, records: int
) -> None:
    store.apply([station(scope("apps"), scope("bgp", state, heard=T0 - 60, records=records))])
    assert store.oldest_age() == (60 if records else 0)


@pytest.mark.parametrize(
    ("state", "passed", "missing"),
    [
        (AdapterState.DOWN, 0.0, True),
        (AdapterState.STARTING, 9.0, False),
        (AdapterState.STARTING, 10.0, True),
        (AdapterState.DEGRADED, 0.0, True),
    ],
)
def test_what_never_came_is_missed_once_it_had_its_time(
    store: Store, clock: Now, state: AdapterState, passed: float, missing: bool
) -> None:
    store.apply([station(scope("pods"), scope("apps", **NEVER), adapter(state))])
    clock.time = T0 + passed
    assert store.anything_missing(store.clock.now()) is missing


@pytest.mark.parametrize(
    ("state", "missing"),
    [(AdapterState.DOWN, True), (AdapterState.STOPPED, False), (AdapterState.STARTING, False)],
)
def test_an_adapter_that_never_named_a_scope(
    store: Store, state: AdapterState, missing: bool
) -> None:
    store.apply([station(scope("pods"), adapter(AdapterState.LIVE), adapter(state, "far"))])
    assert store.anything_missing(store.clock.now()) is missing


def test_what_was_heard_and_is_down_is_old_and_not_missing(store: Store) -> None:
    stale = scope("apps", ScopeState.STALE, heard=T0 - 90)
    store.apply([station(stale, adapter(AdapterState.DOWN))])
    assert not store.anything_missing(store.clock.now())
    assert store.oldest_age() == 90


def test_what_an_adapter_made_of_silence_was_never_received(store: Store) -> None:
    store.apply([station(scope("unit 1", ScopeState.STALE, heard=None)), parcel("unit 1", app())])
    assert store.quality(app()) == (Quality.NEVER, None)
    assert store.anything_missing(store.clock.now())


def header(width: int, **more: Any) -> str:
    facts = Facts("tycho", "LIVE", False, False, "", "", 0, 0, "data live", True, 0, "")
    return "".join(text for text, _ in header_line(facts._replace(**more), width))


def test_the_header_never_says_that_all_is_live_while_something_is_missing() -> None:
    assert header(80, missing=True).endswith("  data live, some never received")
    assert header(44, missing=True).endswith("  data live, some missing")
    assert header(80, missing=True, age="data 10 m old").endswith("old, some never received")
    assert header(80, missing=True, heard=False, age="no data yet").endswith("  no data yet")
    assert "nothing wrong" not in header(80, missing=True)
    assert "nothing wrong" in header(80)
