"""The hub and what one console is told: latest wins, nothing removed is missed, all is bounded."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from station_helpers import EPOCH, TurnedClock, app, event, listed

from adapters.contract import Batch
from adapters.records import Address, App, Key, Pod, Record, Scope, ScopeState
from console.feed.messages import Interest, Parcel
from console.station import hub as hubs
from console.station import subscription as subscriptions
from console.station.hub import Hub
from console.station.rings import RING
from console.station.subscription import Subscription

ALL = [Interest(kind) for kind in ("App", "Pod", "Event", "Address", "Scope")]


class Unheard(Record, frozen=True):
    """A record of a kind that is nobody's."""


def key(name: str, kind: str = "App") -> Key:
    return Key("main", kind, "life-support", name)


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def hub(clock: TurnedClock) -> Hub:
    return Hub(clock)


def view(hub: Hub, *interests: Interest) -> Subscription:
    subscription = hub.subscribe()
    subscription.want(interests or ALL)
    subscription.collect()
    return subscription


def told(subscription: Subscription, scope: str = "apps") -> list[Parcel]:
    return [parcel for parcel in subscription.collect() if parcel.scope == scope]


def names(parcels: list[Parcel]) -> list[str]:
    return [record.name for parcel in parcels for record in parcel.upserts]


def scope_named(hub: Hub, name: str) -> Scope:
    record = hub.get(Key("main", "Scope", "", name))
    assert isinstance(record, Scope)
    return record


# Taking in


def test_a_record_is_stamped_and_cleaned(hub: Hub) -> None:
    hub.take("main", listed(app("o2\x1b[31m", source="somebody else", reason="x" * 2_000)))
    (record,) = hub.of_kind("App")
    assert (record.source, record.name, record.received) == ("main", "o2␛[31m", EPOCH)
    assert isinstance(record, App)
    assert len(record.reason) == 512
    assert hub.get(key("o2␛[31m")) is record


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("plain", False),
        ("back\\slash", False),
        ('quo"te', False),
        ("gemüse 🥬", False),
        ("x" * 512, False),
        ("x" * 513, True),
        ("rtl\u202eo", True),
        ("c1\x9b", True),
        ("del\x7f", True),
        ("nul\x00", True),
    ],
)
def test_only_what_is_harmful_is_changed(hub: Hub, text: str, changed: bool) -> None:
    assert hub.take("main", listed(app("o2", reason=text))) == []
    (record,) = hub.of_kind("App")
    assert isinstance(record, App)
    assert (record.reason != text) is changed


def test_a_megabyte_of_name_is_cut(hub: Hub) -> None:
    hub.take("main", listed(app("n" * 1_000_000, images=("i" * 1_000_000,))))
    (record,) = hub.of_kind("App")
    assert isinstance(record, App)
    assert len(record.name) == len(record.images[0]) == 512


@pytest.mark.parametrize(
    "bad",
    [
        app("bad", desired="three"),
        app("bad", desired=2**70),
        app(7),  # type: ignore[arg-type]
        Unheard(name="bad"),
        app("bad", images=None),
    ],
)
def test_a_bad_record_costs_itself_alone(hub: Hub, bad: Record) -> None:
    problems = hub.take("main", listed(app("good"), bad, app("better")))
    assert len(problems) == 1
    assert [record.name for record in hub.of_kind("App")] == ["good", "better"]


def test_not_a_number_is_unknown(hub: Hub) -> None:
    hub.take("main", listed(app("o2", since=float("nan"), at=float("inf"))))
    (record,) = hub.of_kind("App")
    assert isinstance(record, App)
    assert (record.since, record.at) == (None, None)


def test_a_record_of_the_adapters_is_never_changed_in_its_hands(hub: Hub) -> None:
    mine = app("o2")
    hub.take("main", listed(mine))
    assert (mine.source, mine.received) == ("", 0.0)


def test_a_snapshot_takes_away_what_it_did_not_bring(hub: Hub) -> None:
    hub.take("main", listed(app("a"), app("b"), app("c")))
    subscription = view(hub)
    hub.take("main", Batch("apps", (app("a"),), begin=True))
    assert told(subscription) == []
    hub.take("main", Batch("apps", (app("d"),)))
    hub.take("main", Batch("apps", (app("b"),), gone=(key("a"),), end=True))
    (parcel,) = told(subscription)
    assert names([parcel]) == ["d"]
    assert set(parcel.gone) == {key("a"), key("c")}
    assert {record.name for record in hub.of_kind("App")} == {"b", "d"}


def test_an_unfinished_snapshot_takes_nothing_away(hub: Hub) -> None:
    hub.take("main", listed(app("a"), app("b")))
    hub.take("main", Batch("apps", (app("a"),), begin=True))
    hub.stale("main", "the cable is cut")
    hub.take("main", Batch("apps", end=True))
    assert len(hub.of_kind("App")) == 2


def test_a_sampled_value_is_told_although_it_is_the_same(hub: Hub, clock: TurnedClock) -> None:
    hub.take("main", listed(app("a"), interval=5.0))
    subscription = view(hub)
    hub.take("main", listed(app("a"), interval=5.0))
    assert names(told(subscription)) == ["a"]


def test_a_record_belongs_to_the_scope_that_brought_it_last(hub: Hub) -> None:
    hub.take("main", listed(app("a"), scope="one"))
    hub.take("main", listed(app("a"), scope="two"))
    hub.take("main", listed(scope="one"))
    assert [record.name for record in hub.of_kind("App")] == ["a"]
    scope = hub.scope_of(key("a"))
    assert scope is not None
    assert scope.name == "two"


def test_a_flood_of_keys_is_bounded(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "RECORD_LIMIT", 10)
    problems = hub.take("main", listed(*(app(f"a{n}") for n in range(25))))
    assert problems == [
        "apps: 15 records beyond the limit of 10 an adapter, left out",
    ]
    assert hub.counts()["main"] == 10
    hub.take("main", listed())
    assert hub.counts()["main"] == 0
    assert hub.take("main", listed(app("b"))) == []


def test_a_flood_of_scopes_is_bounded(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "SCOPE_LIMIT", 3)
    problems = [problem for n in range(5) for problem in hub.take("main", listed(scope=f"s{n}"))]
    assert len(problems) == 2
    assert len(hub.scopes("main")) == 3


# How scopes stand


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


# Events


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


# What a console is told


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
