"""Events in the hub: numbered, never conflated, and bounded in the ring and for a console."""

from __future__ import annotations

from hub_helpers import clock, hub, scope_named, told, view
from station_helpers import event, listed

from adapters.contract import Batch
from console.station.hub import Hub
from console.station.rings import RING

__all__ = ["clock", "hub"]


def test_events_are_numbered_and_one_that_is_sent_again_is_told_again(hub: Hub) -> None:
    subscription = view(hub)
    hub.take("main", listed(event("e1", count=1), event("e2", count=1), scope="events"))
    hub.take("main", Batch("events", (event("e1", count=2),)))
    hub.take("main", Batch("events", (event("e1", count=2),)))
    got = [record for parcel in told(subscription, "events") for record in parcel.upserts]
    assert [(r.name, r.count, r.seq) for r in got] == [  # type: ignore[union-attr]
        ("e2", 1, 2),
        ("e1", 2, 3),
    ]


def test_the_events_that_a_scope_brought_are_among_its_records(hub: Hub) -> None:
    hub.take("main", listed(event("e1"), event("e2"), scope="events"))
    assert scope_named(hub, "events").records == 2
    hub.take("main", Batch("events", (event("e1", count=2),)))
    (entry,) = hub.scopes("main")
    assert entry.count == 2
    hub.take("main", Batch("other", tuple(event(f"o{n}") for n in range(RING - 1))))
    assert [scope.count for scope in hub.scopes("main")] == [1, RING - 1]


def test_events_are_never_conflated(hub: Hub) -> None:
    subscription = view(hub)
    hub.take("main", listed(scope="events"))
    subscription.collect()
    for count in (1, 2, 3):
        hub.take("main", Batch("events", (event("e1", count=count),)))
    got = [record for parcel in told(subscription, "events") for record in parcel.upserts]
    assert [record.seq for record in got] == [1, 2, 3]  # type: ignore[union-attr]


def test_the_ring_and_what_waits_for_a_console_are_bounded(hub: Hub) -> None:
    subscription = view(hub)
    hub.take("main", listed(scope="events"))
    subscription.collect()
    for start in range(0, RING + 500, 100):
        hub.take("main", Batch("events", tuple(event(f"e{start + n}") for n in range(100))))
    parcels = told(subscription, "events")
    got = [record for parcel in parcels for record in parcel.upserts]
    assert sum(parcel.lost for parcel in parcels) == 500
    assert [record.seq for record in got] == list(range(501, RING + 501))  # type: ignore[union-attr]
    (scope,) = [scope for scope in hub.scopes("main") if scope.name == "events"]
    assert len(list(hub.events(scope, "Event"))) == RING
