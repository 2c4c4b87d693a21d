"""How scopes stand: live, stale, overdue or down, and how often that is told."""

from __future__ import annotations

from hub_helpers import clock, hub, scope_named, told, view
from station_helpers import EPOCH, TurnedClock, app, listed

from adapters.contract import Batch
from adapters.records import Alarm, Key, Scope, ScopeState
from console.station.hub import STATION, Hub

__all__ = ["clock", "hub"]


def test_a_scope_is_told_when_it_changes_and_now_and_then(hub: Hub, clock: TurnedClock) -> None:
    hub.take("main", listed(app("a")))
    subscription = view(hub)
    hub.take("main", Batch("apps"))
    assert told(subscription, "scopes") == []
    clock._elapsed = 4.0
    hub.take("main", Batch("apps"))
    assert told(subscription, "scopes") == []
    clock._elapsed = 6.0
    hub.take("main", Batch("apps"))
    (parcel,) = told(subscription, "scopes")
    scope = parcel.upserts[0]
    assert isinstance(scope, Scope)
    assert (scope.heard, scope.since, scope.records) == (EPOCH + 6, EPOCH, 1)
    hub.take("main", Batch("apps", state=ScopeState.DENIED, detail="rights: \x1b"))
    (parcel,) = told(subscription, "scopes")
    scope = parcel.upserts[0]
    assert isinstance(scope, Scope)
    assert (scope.state, scope.since, scope.detail) == (
        ScopeState.DENIED,
        EPOCH + 6,
        "rights: ␛",
    )


def test_a_silent_watch_is_stale_and_a_heartbeat_mends_it(hub: Hub, clock: TurnedClock) -> None:
    hub.take("main", listed(app("a")))
    clock._elapsed = 179.0
    assert hub.overdue() == []
    clock._elapsed = 181.0
    assert [scope.name for scope in hub.overdue()] == ["apps"]
    scope = scope_named(hub, "apps")
    assert (scope.state, scope.heard) == (ScopeState.STALE, EPOCH)
    assert scope.detail == "nothing heard for 181 s"
    hub.take("main", Batch("apps"))
    assert scope_named(hub, "apps").state is ScopeState.LIVE


def test_that_nothing_was_heard_makes_nothing_newer(hub: Hub, clock: TurnedClock) -> None:
    hub.take("main", listed(app("a")))
    clock._elapsed = 30.0
    hub.take("main", Batch("apps", state=ScopeState.STALE, detail="no answer in time"))
    assert scope_named(hub, "apps").heard == EPOCH


def test_what_an_adapter_made_itself_makes_nothing_newer(hub: Hub, clock: TurnedClock) -> None:
    silent = {"state": ScopeState.STALE, "detail": "no answer", "unheard": True}
    hub.take("main", Batch("unit 1", (app("made"),), begin=True, end=True, **silent))
    assert scope_named(hub, "unit 1").heard is None
    hub.take("main", listed(app("a")))
    clock._elapsed = 30.0
    hub.take("main", Batch("apps", (app("a", ready=0),), **silent))
    assert scope_named(hub, "apps").heard == EPOCH


def test_a_sample_is_overdue_past_nineteen_tenths_of_its_interval(
    hub: Hub, clock: TurnedClock
) -> None:
    hub.take("main", listed(app("a"), interval=10.0))
    clock._elapsed = 18.9
    assert hub.overdue() == []
    clock._elapsed = 19.1
    assert len(hub.overdue()) == 1


def test_an_adapter_that_is_down_makes_stale_what_was_live(hub: Hub) -> None:
    hub.take("main", listed(app("a")))
    hub.take("main", Batch("pods", state=ScopeState.DENIED, detail="no right"))
    hub.take("other", listed(app("a")))
    hub.stale("main", "connection refused")
    assert scope_named(hub, "apps").state is ScopeState.STALE
    assert scope_named(hub, "apps").detail == "connection refused"
    assert scope_named(hub, "pods").state is ScopeState.DENIED
    assert [s.state for s in hub.scopes("other")] == [ScopeState.LIVE]


def test_what_the_station_says_of_itself_is_counted(hub: Hub) -> None:
    def told(name: str) -> int:
        record = hub.get(Key(STATION, "Scope", "", name))
        assert isinstance(record, Scope)
        return record.records

    hub.publish("alarms", [])
    assert told("alarms") == 0
    hub.publish("alarms", [Alarm(name="a"), Alarm(name="b")])
    assert told("alarms") == 2
    hub.overdue()
    assert told("scopes") == 2
