"""A store on a clock that is moved, and parcels of a small colony to fill it with."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.clock import SystemClock
from adapters.records import App, Event, Pod, Scope, ScopeState
from console.feed.messages import Parcel
from console.store import Store

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
    """Return *records* as the adapter's *scope* brings them."""
    return Parcel(source="tycho", scope=scope, upserts=records, **more)


def station(*records: Any, **more: Any) -> Parcel:
    """Return *records* that the station brings of itself, as of how scopes stand."""
    return Parcel(source="station", scope="scopes", upserts=records, **more)


@pytest.fixture
def clock() -> Now:
    return Now()


@pytest.fixture
def store(clock: Now) -> Store:
    return Store(clock)


def names(store: Store, kind: str) -> set[str]:
    """Return the names of all records of *kind* in *store*."""
    return {key.name for key in store.records(kind)}
