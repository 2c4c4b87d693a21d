"""What the tests of the hub share: one on a clock that is turned, and a console's view of it."""

from __future__ import annotations

import pytest
from station_helpers import TurnedClock

from adapters.records import Key, Scope
from console.feed.messages import Interest, Parcel
from console.station.hub import Hub
from console.station.subscription import Subscription

ALL = [Interest(kind) for kind in ("App", "Pod", "Event", "Address", "Scope")]


def key(name: str, kind: str = "App") -> Key:
    """Return the key of what the played adapter calls *name*."""
    return Key("main", kind, "life-support", name)


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def hub(clock: TurnedClock) -> Hub:
    return Hub(clock)


def view(hub: Hub, *interests: Interest) -> Subscription:
    """Return what a console is told from now on of *interests*, or of all kinds."""
    subscription = hub.subscribe()
    subscription.want(interests or ALL)
    subscription.collect()
    return subscription


def told(subscription: Subscription, scope: str = "apps") -> list[Parcel]:
    """Return what is told of *scope* since the last time."""
    return [parcel for parcel in subscription.collect() if parcel.scope == scope]


def names(parcels: list[Parcel]) -> list[str]:
    """Return the names of the records in *parcels*, in their order."""
    return [record.name for parcel in parcels for record in parcel.upserts]


def scope_named(hub: Hub, name: str) -> Scope:
    """Return how the scope called *name* stands."""
    record = hub.get(Key("main", "Scope", "", name))
    assert isinstance(record, Scope)
    return record
