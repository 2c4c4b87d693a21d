"""What the hub takes in: stamped, cleaned, and of the scope that brought it; all is bounded."""

from __future__ import annotations

import pytest
from hub_helpers import clock, hub, key, names, told, view
from station_helpers import EPOCH, TurnedClock, app, listed

from adapters.contract import Batch
from adapters.records import App, Record
from console.station import hub as hubs
from console.station.hub import Hub

__all__ = ["clock", "hub"]


class Unheard(Record, frozen=True):
    """A record of a kind that is nobody's."""


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
