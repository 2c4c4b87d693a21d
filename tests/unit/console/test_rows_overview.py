"""What is wrong now, what changed, and each domain in a line."""

from __future__ import annotations

import colony_records as colony

from adapters.records import ActionState, AdapterState, Health, ScopeState
from console.feed.messages import Parcel
from console.rows import changes, overview
from console.rows.wrong import wrong_counts, wrong_now
from console.store import Store


def test_nothing_is_wrong_in_a_calm_colony() -> None:
    calm = colony.context(
        colony.app(), colony.address(), colony.pool("core", 7, 25), colony.adapter(),
        colony.app("sleeper", health=Health.IDLE, desired=0, ready=0),
        colony.app("mover", health=Health.PROGRESSING),
    )  # fmt: skip
    assert wrong_now(calm) == []


def test_the_worst_comes_first_and_of_equals_the_newest() -> None:
    context = colony.context(
        colony.pool(),
        colony.degraded(name="older", since=colony.NOW - 900),
        colony.degraded(name="newer", since=colony.NOW - 60),
        colony.app("unknown", health=Health.UNKNOWN),
        colony.degraded(name="vital", priority="critical"),
        colony.adapter("fabric", AdapterState.DOWN, detail="key refused"),
    )
    found = wrong_now(context)
    assert [one.thing for one in found] == [
        "life-support/vital", "adapter fabric", "life-support/newer", "life-support/older",
        "pool edge-udp", "life-support/unknown",
    ]  # fmt: skip
    assert found[0].mark.text == "✖"
    assert found[0].why == "2 of 3 ready · pull fails: o2-gen:2.4.1"
    assert found[0].hints[0] == ("r", "roll back")
    assert found[4].why == "15 of 16 addresses used · nearly full: 1 left"
    assert found[5].mark.text == "?"
    critical = sum(one.mark.text == "✖" for one in found)
    assert wrong_counts(context) == (critical, len(found) - critical)


def test_rolling_back_is_offered_where_the_app_offers_it() -> None:
    (one,) = wrong_now(colony.context(colony.degraded(actions=())))
    assert [key for key, _ in one.hints] == ["enter"]


def test_an_adapter_that_is_down_stands_for_its_stale_scopes() -> None:
    stale = colony.scope("pods", ScopeState.STALE, detail="timed out")
    down = wrong_now(colony.context(stale, colony.adapter(state=AdapterState.DOWN)))
    assert [one.thing for one in down] == ["adapter tycho"]
    degraded = wrong_now(colony.context(stale, colony.adapter()))
    assert [(one.thing, one.why) for one in degraded] == [
        ("tycho pods", "stale since 14:02:26Z · timed out")
    ]


def test_an_adapter_whose_every_watch_is_stale_is_one_line() -> None:
    cut = colony.adapter(state=AdapterState.DEGRADED, detail="timed out")
    assert [one.thing for one in wrong_now(colony.context(cut, live=False))] == ["adapter tycho"]
    pods = colony.scope("pods", ScopeState.STALE, detail="timed out")
    some = [one.thing for one in wrong_now(colony.context(cut, pods))]
    assert sorted(some) == ["adapter tycho", "tycho pods"]


def test_addresses_that_wait_or_that_nobody_announces() -> None:
    found = wrong_now(colony.context(colony.address(""), colony.address(announced_by=())))
    assert {one.why for one in found} == {"10.40.1.7 · nobody announces it", "no address · waits"}


def test_an_action_that_went_wrong_is_news_for_half_an_hour_and_unknown_for_ever() -> None:
    failed = colony.action("a1", ActionState.FAILED, outcome="refused by the server")
    lost = colony.action("a2", ActionState.UNKNOWN)
    soon = colony.context(failed, lost)
    assert len(wrong_now(soon)) == 2
    later = colony.context(failed, lost, now=colony.NOW + 3600)
    assert [one.thing for one in wrong_now(later)] == ["action a2 life-support/oxygen-generator"]


def test_a_lost_station_is_the_first_thing_wrong() -> None:
    context = colony.context(colony.degraded(priority="critical", since=1.0))
    context.store.disconnected(colony.NOW - 10)
    found = wrong_now(context)
    assert found[0].thing == "the station"
    assert found[0].key is None
    assert found[1].why.startswith("stale since 14:02:21Z")


# Summaries


def test_each_domain_in_a_line() -> None:
    context = colony.context(
        colony.app("a"), colony.app("b"), colony.degraded(), colony.pod(), colony.pool(),
        colony.pool("core-tcp", 7, 25), colony.address(), colony.address(""), colony.adapter(),
        colony.adapter("fabric", AdapterState.DOWN, detail="key refused"),
        colony.action(state=ActionState.SUBMITTED),
    )  # fmt: skip
    found = {one.panel: one for one in overview.summaries(context)}
    text = {name: [cell.text for cell in (*one.counts, *one.words)] for name, one in found.items()}
    assert text["apps"] == ["2 ✔", "1 ▲", "3 apps", "1 pod", "oxygen-generator 2/3 ▲"]
    assert text["addresses"] == [
        "22 of 48 used", "edge-udp 15/16 ▲", "core-tcp 7/32", "1 Service waits",
    ]  # fmt: skip
    assert text["actions"] == [
        "1 in flight", "a81 life-support/oxygen-generator → 11 submitted",
    ]  # fmt: skip
    assert text["adapters"] == ["1 of 2 up", "fabric ✖ down: key refused", "live: tycho"]


def test_an_empty_colony_says_why_it_may_be_empty() -> None:
    nothing = colony.context()
    assert overview.waiting_for(nothing) == ""
    nothing.store.apply([Parcel("station", "scopes", (colony.scope("pods", ScopeState.NEVER),))])
    assert overview.waiting_for(nothing) == "tycho pods never received"
    assert overview.apps_summary(nothing).words[-1].text == "tycho pods never received"
    nothing.store.disconnected()
    assert overview.waiting_for(nothing) == "no connection to the station"
    began = nothing._replace(store=Store(nothing.store.clock))
    assert overview.waiting_for(began) == "nothing received yet"


def test_what_is_not_known_is_not_counted_as_used() -> None:
    context = colony.context(colony.pool("old", None, None), colony.address())
    assert overview.addresses_summary(context).counts[0].text == "1 address"


def test_announcements_are_counted_by_way_and_node() -> None:
    context = colony.context(colony.address(), colony.address("10.40.1.8"), colony.address(""))
    assert overview.announcements(context.store) == (("L2", 3, ("relay-1",)),)


# What changed


def test_the_timeline_merges_every_domain_newest_first() -> None:
    context = colony.context(
        colony.revision(12), colony.revision(11, created=colony.NOW - 90_000),
        colony.event(), colony.event("e2", severity="Normal"), colony.degraded(), colony.action(),
        colony.adapter("fabric", AdapterState.DOWN, since=colony.NOW - 30, detail="key refused"),
        colony.adapter("tycho"),
    )  # fmt: skip
    found = changes.timeline(context)
    assert [(int(colony.NOW - one.at), one.what, one.thing) for one in found] == [
        (30, "Adapter down", "fabric"),
        (60, "Failed", "life-support/oxygen-x2x"),
        (84, "Action simulated", "a81 life-support/oxygen-generator"),
        (90, "Action draft", "a81 life-support/oxygen-generator"),
        (379, "App degraded", "life-support/oxygen-generator"),
        (400, "New revision", "life-support/oxygen-generator rev 12"),
    ]


def test_a_change_of_state_counts_once_though_two_tell_of_it() -> None:
    context = colony.context(colony.app())
    context.store.apply([Parcel("tycho", "deployments", (colony.degraded(),))])
    assert [one.what for one in changes.timeline(context)] == ["App degraded"]


def test_a_state_that_passed_is_still_told() -> None:
    context = colony.context(colony.degraded())
    healthy = colony.app(since=colony.NOW - 5)
    context.store.apply([Parcel("tycho", "deployments", (healthy,))])
    assert [one.what for one in changes.timeline(context)] == ["App healthy"]
    again = colony.degraded(since=colony.NOW - 1)
    context.store.apply([Parcel("tycho", "deployments", (again,))])
    assert [one.what for one in changes.timeline(context)] == ["App degraded", "App healthy"]


def test_half_an_hour_back_and_no_further() -> None:
    context = colony.context(colony.event(last=colony.NOW - 1801))
    assert changes.timeline(context) == []
    assert len(changes.timeline(context, span=3600)) == 1


def test_a_change_has_cells_though_its_record_is_gone() -> None:
    context = colony.context(colony.event())
    (one,) = changes.timeline(context)
    assert [cell.text for cell in changes.cells(one, context)][:3] == ["▲ ", "14:01:31Z", "Failed"]
    context.store.apply([Parcel("tycho", "events", gone=(one.key,))])
    assert not context.store.records("Event")
    assert changes.cells(one, context)[1].text == "14:01:31Z"
    assert set(changes.haystack(one)) == set(changes.FIELDS)
