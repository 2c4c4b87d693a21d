"""What one console is told: latest wins, nothing removed is missed, and all is bounded."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hub_helpers import ALL, clock, hub, key, names, told, view
from station_helpers import TurnedClock, app, event, listed

from adapters.contract import Batch
from adapters.records import ActionStatus, Address, Alarm, Pod, Quality, Record
from console.feed.messages import Interest, Parcel
from console.station import subscription as subscriptions
from console.station.hub import Hub
from console.station.subscription import Subscription
from console.store import Store

__all__ = ["clock", "hub"]


def test_what_is_newly_wanted_comes_whole(hub: Hub) -> None:
    hub.take("main", listed(app("a"), app("b")))
    hub.take("main", listed(Pod(namespace="life-support", name="p"), scope="pods"))
    subscription = hub.subscribe()
    subscription.want([Interest("App")])
    (parcel,) = subscription.collect()
    assert (parcel.begin, parcel.end, names([parcel])) == (True, True, ["a", "b"])
    subscription.want([Interest("App"), Interest("Pod")])
    (parcel,) = subscription.collect()
    assert (parcel.scope, parcel.begin, parcel.end) == ("pods", True, True)


def test_what_is_no_longer_wanted_is_taken_back(hub: Hub) -> None:
    hub.take("main", listed(app("a")))
    subscription = view(hub, Interest("App"), Interest("Pod"))
    subscription.want([Interest("Pod")])
    (parcel,) = told(subscription)
    assert (parcel.begin, parcel.end, parcel.upserts) == (True, True, ())
    hub.take("main", Batch("apps", (app("b"),)))
    assert told(subscription) == []


def test_the_first_list_of_a_scope_comes_whole(hub: Hub) -> None:
    """A console from an earlier station learns only so what is gone since."""
    subscription = view(hub)
    hub.take("main", Batch("apps", (app("a"),), begin=True))
    assert [(p.begin, p.end) for p in told(subscription)] == [(False, False)]
    hub.take("main", Batch("apps", (app("b"),), end=True))
    (parcel,) = told(subscription)
    assert (parcel.begin, parcel.end, names([parcel])) == (True, True, ["a", "b"])
    hub.take("main", listed(scope="nothing"))
    (parcel,) = told(subscription, "nothing")
    assert (parcel.begin, parcel.end, parcel.upserts) == (True, True, ())


def test_an_empty_scope_is_told_to_who_comes_later(hub: Hub) -> None:
    hub.take("main", listed(scope="nothing"))
    subscription = hub.subscribe()
    subscription.want(ALL)
    assert [(p.begin, p.end) for p in told(subscription, "nothing")] == [(True, True)]


def test_the_latest_wins_and_a_removal_is_never_lost(hub: Hub) -> None:
    hub.take("main", listed(app("a"), app("b")))
    subscription = view(hub)
    hub.take("main", Batch("apps", (app("a", ready=1),)))
    hub.take("main", Batch("apps", (app("a", ready=2),)))
    hub.take("main", Batch("apps", gone=(key("b"),)))
    (parcel,) = told(subscription)
    assert [(r.name, r.ready) for r in parcel.upserts] == [("a", 2)]  # type: ignore[union-attr]
    assert parcel.gone == (key("b"),)

    hub.take("main", Batch("apps", (app("a", ready=3),)))
    hub.take("main", Batch("apps", gone=(key("a"),)))
    (parcel,) = told(subscription)
    assert (parcel.upserts, parcel.gone) == ((), (key("a"),))

    hub.take("main", Batch("apps", (app("b"),)))
    hub.take("main", Batch("apps", gone=(key("b"),)))
    hub.take("main", Batch("apps", (app("b", uid="2"),)))
    (parcel,) = told(subscription)
    assert ([r.uid for r in parcel.upserts], parcel.gone) == (["2"], ())


def test_a_console_that_reads_nothing_gets_the_newest_state_in_bounded_memory(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "TOMBSTONES", 50)
    hub.take("main", listed(app("stays")))
    subscription = view(hub)
    for n in range(500):
        hub.take("main", Batch("apps", (app(f"a{n}"),)))
        hub.take("main", Batch("apps", gone=(key(f"a{n}"),)))
    pending = subscription._pending["main", "apps"]
    assert len(pending.gone) + len(pending.upserts) <= 51
    (parcel,) = told(subscription)
    assert (parcel.begin, parcel.end, names([parcel])) == (True, True, ["stays"])


def test_a_long_snapshot_comes_in_pieces_that_open_and_close_once(hub: Hub) -> None:
    count = subscriptions.PARCEL * 2 + 10
    hub.take("main", listed(*(app(f"a{n}") for n in range(count))))
    subscription = hub.subscribe()
    subscription.want([Interest("App")])
    parcels = subscription.collect()
    assert [(p.begin, p.end) for p in parcels] == [(True, False), (False, False), (False, True)]
    assert len(names(parcels)) == count


def test_nothing_is_told_of_what_nobody_wants(hub: Hub) -> None:
    subscription = hub.subscribe()
    hub.take("main", listed(app("a")))
    assert not subscription.ready.is_set()
    subscription.want([Interest("Pod")])
    hub.take("main", Batch("apps", (app("b"),)))
    assert subscription.collect() == []
    hub.unsubscribe(subscription)


# One app alone


def pod(name: str, of: str, **fields: Any) -> Pod:
    return Pod(namespace="life-support", name=name, app=of, workload="Deployment", **fields)


def test_an_interest_in_one_app_sees_what_bears_on_it(hub: Hub) -> None:
    o2 = Interest("Pod", "life-support", "o2")
    hub.take("main", listed(pod("p1", "o2"), pod("p2", "water"), scope="pods"))
    subscription = hub.subscribe()
    subscription.want([o2])
    assert names(subscription.collect()) == ["p1"]
    hub.take("main", Batch("pods", (pod("p3", "o2"), pod("p4", "water"))))
    assert names(subscription.collect()) == ["p3"]
    gone = (key("p1", "Pod"), key("p2", "Pod"))
    hub.take("main", Batch("pods", gone=gone))
    (parcel,) = subscription.collect()
    assert parcel.gone == (key("p1", "Pod"),)


def test_a_record_that_leaves_the_app_is_gone_for_who_sees_only_that(hub: Hub) -> None:
    hub.take("main", listed(pod("p1", "o2"), scope="pods"))
    subscription = hub.subscribe()
    subscription.want([Interest("Pod", "life-support", "o2")])
    subscription.collect()
    hub.take("main", Batch("pods", (pod("p1", "water"),)))
    (parcel,) = subscription.collect()
    assert (parcel.upserts, parcel.gone) == ((), (key("p1", "Pod"),))


@pytest.mark.parametrize(
    ("record", "wanted"),
    [
        (Address(namespace="life-support", name="x", apps=("Deployment/o2",)), True),
        (Address(namespace="life-support", name="x", apps=("o2",)), True),
        (Address(namespace="life-support", name="x", apps=("Deployment/o2b",)), False),
        (Address(namespace="other", name="x", apps=("Deployment/o2",)), False),
        (app("o2"), True),
        (app("o3"), False),
    ],
)
def test_what_bears_on_an_app(hub: Hub, record: Record, wanted: bool) -> None:
    subscription = hub.subscribe()
    subscription.want([Interest(k, "life-support", "o2") for k in ("App", "Address")])
    hub.take("main", listed(record))
    assert bool(names(subscription.collect())) is wanted


def test_parcels_can_be_sent(hub: Hub) -> None:
    hub.take("main", listed(app("a"), event("e", message="x")))
    subscription = hub.subscribe()
    subscription.want(ALL)
    parcels = subscription.collect()
    wire = msgspec.msgpack.encode(parcels)
    assert msgspec.msgpack.decode(wire, type=list[Parcel]) == parcels


def test_what_the_station_says_of_itself_comes_whole_to_who_knew_an_earlier_one(
    hub: Hub, clock: TurnedClock
) -> None:
    """Whether it has something to say when it is asked, only later, or nothing."""
    ghost, alarm = (Alarm(source="station", name=name) for name in ("ghost", "new"))
    store = Store(clock)
    earlier = Hub(clock)
    earlier.publish("alarms", [ghost])
    earlier.publish("actions", [ActionStatus(source="station", name="a81")])
    store.apply(view_of(earlier).collect())
    store.disconnected()
    store.connected()
    hub.publish("actions", [])
    console = view_of(hub)
    store.apply(console.collect())
    assert [one.name for one in store.every(ActionStatus)] == []
    hub.publish("alarms", [alarm])
    store.apply(console.collect())
    assert [one.name for one in store.every(Alarm)] == ["new"]
    assert store.quality(alarm)[0] is Quality.FRESH


def view_of(hub: Hub) -> Subscription:
    subscription = hub.subscribe()
    subscription.want([Interest(kind) for kind in ("Alarm", "ActionStatus", "Scope")])
    return subscription
