"""What is raised of what the hub has, when, and what explains what."""

from __future__ import annotations

import pytest
from alarm_helpers import POOL, Watched, adapter, app, battery, pool

from adapters.records import (
    ActionState,
    ActionStatus,
    AdapterState,
    Address,
    AlarmSeverity,
    AlarmState,
    App,
    Chain,
    Contract,
    Health,
    Inverter,
    Key,
    Light,
    LogHead,
    Plant,
    ScopeState,
    StageTime,
    Token,
)
from console.station.alarms.engine import SLICE, book_name
from console.station.alarms.limits import Limit
from console.station.alarms.rules import Rule

CALLS, CLEARED = AlarmState.UNACKNOWLEDGED, AlarmState.CLEARED
OXYGEN = "app-failed:main:life/oxygen"


def test_a_pool_that_fills_and_empties() -> None:
    here = Watched()
    here.put(pool(80))
    assert here.look() == {}
    here.put(pool(94))
    assert here.look() == {POOL: CALLS}
    alarm = here.told[POOL]
    assert (alarm.thing, alarm.value, alarm.limit) == (
        "pool edge", "94 %, 6 left", "≥ 90 %, clears < 85 %",
    )  # fmt: skip
    assert alarm.about == Key("main", "Pool", "metallb", "edge")
    here.put(pool(88))
    assert here.look() == {POOL: CALLS}
    here.put(pool(84))
    assert here.look() == {POOL: CLEARED}
    assert here.told[POOL].value == "84 %, 16 left"
    here.put(pool(95))
    assert here.look() == {POOL: CALLS}
    assert here.told[POOL].times == 2
    assert [one.what for one in here.told[POOL].history] == ["raised", "returned", "raised"]


def test_an_app_has_to_be_down_for_a_while() -> None:
    here = Watched()
    here.put(app(Health.FAILED, ready=0))
    assert here.look(29) == {}
    assert here.look(1) == {OXYGEN: CALLS}
    here.put(app(Health.PROGRESSING, ready=1))
    assert here.look(5) == {OXYGEN: CALLS}, "a rollout on its way is not over"
    here.put(app(Health.HEALTHY))
    assert here.look() == {OXYGEN: CLEARED}


def test_what_has_lasted_by_its_own_word_is_raised_at_once() -> None:
    here = Watched()
    ago = here.clock.now() - 360
    here.put(app(Health.DEGRADED, ready=2, since=ago), app(Health.FAILED, "down", since=ago))
    assert here.look() == {
        "app-degraded:main:life/oxygen": CALLS,
        "app-failed:main:life/down": CALLS,
    }
    here.put(app(Health.DEGRADED, "new", ready=2, since=here.clock.now() - 20))
    assert "app-degraded:main:life/new" not in here.look(9)
    assert "app-degraded:main:life/new" in here.look(1)


def test_what_gets_worse_while_it_is_watched_has_to_last() -> None:
    here = Watched()
    ago = here.clock.now() - 360
    here.put(app(Health.DEGRADED, ready=2, since=ago))
    here.look()
    here.put(app(Health.FAILED, ready=0, since=ago))
    assert OXYGEN not in here.look(29)
    assert OXYGEN in here.look(1)


def test_a_moment_to_come_counts_from_now() -> None:
    here = Watched()
    here.put(app(Health.FAILED, ready=0, since=here.clock.now() + 1e6))
    assert here.look(29) == {}
    assert here.look(1) == {OXYGEN: CALLS}


def test_the_worse_explains_the_less_bad() -> None:
    here = Watched()
    here.put(battery(33))
    assert here.look() == {"battery-low:main:north/b1": CALLS}
    here.put(battery(19))
    assert here.look() == {"battery-empty:main:north/b1": CALLS}
    here.look(5)
    assert here.told["battery-empty:main:north/b1"].follows == 1
    here.put(battery(30))
    found = here.look(1)
    assert found["battery-low:main:north/b1"] is CALLS
    assert found["battery-empty:main:north/b1"] is CLEARED
    assert here.told["battery-low:main:north/b1"].times == 1, "it never went"


def test_an_adapter_that_is_down_is_one_alarm() -> None:
    here = Watched()
    for number in range(12):
        here.whole(pool(10, f"p{number}"), scope=f"s{number}")
    here.hub.publish("adapters", [adapter(AdapterState.LIVE)])
    assert here.look(5) == {}
    here.hub.publish("adapters", [adapter(AdapterState.DOWN, detail="connection refused")])
    here.hub.stale("main", "main is down")
    assert here.look(12) == {"adapter-down:main": CALLS}
    alarm = here.told["adapter-down:main"]
    assert alarm.follows == 12
    assert alarm.value == "down · connection refused"
    # It comes back, one scope after the other: none of them is news.
    here.hub.publish("adapters", [adapter(AdapterState.DEGRADED)])
    for number in range(12):
        assert here.look(0.5) in ({"adapter-down:main": CALLS}, {"adapter-down:main": CLEARED})
        here.whole(pool(10, f"p{number}"), scope=f"s{number}")
    assert here.look(20) == {"adapter-down:main": CLEARED}


def test_one_scope_of_many_that_is_stale_is_an_alarm_of_its_own() -> None:
    here = Watched()
    here.whole(pool(10), scope="pools")
    here.whole(app(Health.HEALTHY), scope="apps")
    here.hub.publish("adapters", [adapter(AdapterState.LIVE)])
    here.stand(ScopeState.STALE, "apps", "watch expired")
    assert here.look(10) == {"scope-stale:main:apps": CALLS}
    assert here.told["scope-stale:main:apps"].value == "stale · watch expired"


def test_what_never_came_is_an_alarm() -> None:
    here = Watched()
    here.hub.publish("adapters", [adapter(AdapterState.LIVE)])
    here.stand(ScopeState.NEVER, "pods")
    here.stand(ScopeState.DENIED, "secrets", "forbidden")
    assert here.look(59) == {"scope-denied:main:secrets": CALLS}
    assert here.look(1)["never-received:main:pods"] is CALLS


def test_stale_neither_raises_nor_clears() -> None:
    here = Watched()
    here.put(app(Health.FAILED), pool(95))
    assert here.look(20) == {POOL: CALLS}
    here.stand(ScopeState.STALE)
    found = here.look(40)
    assert OXYGEN not in found
    assert here.told[POOL].quality == "stale"
    here.whole(app(Health.FAILED), pool(95))
    here.look(5)
    assert here.told[POOL].quality == ""
    assert OXYGEN not in here.told
    assert here.look(29)[OXYGEN] is CALLS


def test_a_sample_that_is_late_is_not_believed() -> None:
    here = Watched()
    here.put(battery(50), interval=10.0)
    here.look(5)
    here.put(battery(19), interval=10.0)
    assert here.look() == {"battery-empty:main:north/b1": CALLS}
    here.look(25)
    assert here.told["battery-empty:main:north/b1"].quality == "stale"


def test_a_number_that_is_lost_is_an_alarm_of_its_own() -> None:
    here = Watched()
    here.put(pool(None, "quiet"), pool(95))
    here.look(90)
    here.put(pool(None))
    assert here.look(59) == {POOL: CALLS}
    assert here.told[POOL].quality == "not known"
    lost = f"value-lost:{POOL}"
    assert here.look(2) == {POOL: CALLS, lost: CALLS}
    assert here.told[lost].severity is AlarmSeverity.ADVISORY
    here.put(pool(20))
    assert here.look() == {POOL: CLEARED, lost: CLEARED}


def test_restarts_that_go_up() -> None:
    here = Watched()
    here.put(app(Health.HEALTHY, restarts=40))
    assert here.look(5) == {}, "what was before the station counts not"
    for count in (41, 42, 43):
        here.put(app(Health.HEALTHY, restarts=count))
        here.look(5)
    name = "app-restarts:main:life/oxygen"
    assert here.look() == {name: CALLS}
    assert here.told[name].value == "3 restarts in 10 min"
    assert here.look(630) == {name: CLEARED}


def test_what_is_gone_returns() -> None:
    here = Watched()
    here.put(pool(95), app(Health.FAILED))
    here.look(5)
    here.put(gone=(Key("", "Pool", "metallb", "edge"), Key("", "App", "life", "oxygen")))
    assert here.look(40) == {POOL: CLEARED}
    assert here.told[POOL].value == "it is gone"


def test_a_chain_that_stands_still_and_one_that_went_back() -> None:
    here = Watched()
    now = here.clock.now()
    chain = {"source": "eth", "name": "eip155:1", "number": 5, "block_interval": 12.0}
    here.put(Chain(**chain, block_time=now), source="eth")
    assert here.look(119) == {}
    assert here.look(1) == {"chain-late:eth:eip155:1": CALLS}
    assert here.look(600) == {"chain-stalled:eth:eip155:1": CALLS}
    here.put(Chain(**chain, block_time=here.clock.now(), reorgs=1, reorg_depth=2,
                   reorg_at=here.clock.now()), source="eth")  # fmt: skip
    found = here.look(1)
    assert found["chain-reorg:eth:eip155:1"] is CALLS
    assert found["chain-stalled:eth:eip155:1"] is CLEARED
    assert here.told["chain-reorg:eth:eip155:1"].value == "2 blocks in 30 min"


def test_plants_by_day_and_by_night() -> None:
    here = Watched()
    dark = {"namespace": "north", "name": "north", "devices": 2}
    here.put(Plant(**dark, answering=0, light=Light.NIGHT, power=None),
             Inverter(namespace="north", name="i1", online=False, light=Light.NIGHT))  # fmt: skip
    assert here.look(700) == {}
    here.put(Plant(**dark, answering=0, light=Light.DAY, power=None),
             Inverter(namespace="north", name="i1", online=False, light=Light.DAY))  # fmt: skip
    assert here.look(70) == {"plant-offline:main:north/north": CALLS}
    assert here.told["plant-offline:main:north/north"].follows == 1
    here.put(Plant(**dark, answering=2, light=Light.DAY, power=0.0))
    assert "plant-dark:main:north/north" in here.look(600)


def test_addresses_contracts_actions_and_the_log() -> None:
    here = Watched()
    at = here.clock.now()
    here.put(Address(namespace="life", name="tele", service="tele"),
             Address(namespace="life", name="quiet", ip="10.0.0.1", announced_by=()),
             Contract(name="Identity", deployed=False))  # fmt: skip
    here.hub.publish("actions", [
        ActionStatus(source="station", name="a1", state=ActionState.UNKNOWN),
        ActionStatus(source="station", name="a2", state=ActionState.NOT_VERIFIED,
                     stages=(StageTime(ActionState.NOT_VERIFIED, at, "no effect seen"),)),
        ActionStatus(source="station", name="a3", state=ActionState.FAILED,
                     stages=(StageTime(ActionState.FAILED, at - 7200),)),
    ])  # fmt: skip
    here.hub.publish("log", [LogHead(source="station", name="log", trouble="disk full")])
    assert here.look(61) == {
        "address-pending:main:life/tele": CALLS, "address-silent:main:life/quiet": CALLS,
        "contract-missing:main:Identity": CALLS, "action-unknown:a1": CALLS,
        "action-failed:a2": CALLS, "log-unwritable": CALLS,
    }  # fmt: skip
    here.clock.passed += 1
    here.hub.publish("log", [LogHead(source="station", name="tycho.example/log")])
    assert here.look(1800)["log-unwritable"] is CLEARED
    assert here.look()["action-failed:a2"] is CLEARED


def test_tokens_and_apps_that_disagree() -> None:
    here = Watched()
    address = "0x" + "ab" * 20
    asset = f"eip155:1/erc721:{address}/"
    here.whole(app(Health.HEALTHY, "oxygen", token=asset + "1"),
               app(Health.HEALTHY, "water", token=asset + "9"))  # fmt: skip
    tokens = [
        Token(namespace="Identity", name=number, chain_id=1, contract=address, app=named)
        for number, named in (("1", "life/oxygen"), ("2", "life/water"), ("3", "life/gone"))
    ]
    here.whole(*tokens, source="chain", scope="tokens")
    assert here.look(60) == {
        "token-mismatch:chain:Identity/2": CALLS, "token-mismatch:chain:Identity/3": CALLS,
    }  # fmt: skip
    here.whole(app(Health.HEALTHY, "oxygen", token=asset + "1"),
               app(Health.HEALTHY, "water", token=asset + "2"))  # fmt: skip
    assert here.look(12)["token-mismatch:chain:Identity/2"] is CLEARED


def test_a_rule_of_ones_own_by_any_field_of_any_kind() -> None:
    rules = [
        Rule("hot", "Inverter", "temperature", Limit(above=70, clear=65), unit="°C",
             where=(("namespace", "north-*"),)),
        Rule("paused", "App", "paused", Limit(equals=(True,))),
        Rule("short", "App", "ready", Limit(below=1, samples=2)),
    ]  # fmt: skip
    here = Watched(rules)
    hot = Inverter(name="i1", temperature=71.4)
    here.put(*(Inverter(namespace=where, name="i1", temperature=hot.temperature)
               for where in ("north-rim", "south")))  # fmt: skip
    here.put(App(namespace="life", name="a", paused=True, ready=0))
    assert here.look() == {"hot:main:north-rim/i1": CALLS, "paused:main:life/a": CALLS}
    here.put(App(namespace="life", name="a", paused=True, ready=0))
    assert here.look()["short:main:life/a"] is CALLS
    assert here.told["hot:main:north-rim/i1"].value == "71.4 °C"


def test_a_value_that_moves_is_told_in_steps() -> None:
    here = Watched()
    for charge in range(19, 9, -1):
        here.put(battery(float(charge)))
        here.look(1)
    assert here.told["battery-empty:main:north/b1"].value != "19 %"
    assert here.publishes <= 4


def test_only_what_changed_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Watched()
    here.put(*(app(Health.HEALTHY, f"a{n}") for n in range(500)), pool(20))
    here.look(20)
    seen: list[Key] = []
    got = here.hub.get
    monkeypatch.setattr(here.hub, "get", lambda key: seen.append(key) or got(key))
    here.look(4)
    assert seen == []
    here.put(app(Health.DEGRADED, "a7", ready=2))
    here.look(0)
    assert {key.name for key in seen if key.kind != "Scope"} == {"a7"}
    assert not here.engine._watches.keys() - {
        ("app-degraded", Key("main", "App", "life", "a7")),
        ("pool-full", Key("main", "Pool", "metallb", "edge")),
    }


def test_a_crowd_is_looked_at_in_slices() -> None:
    here = Watched()
    here.put(*(app(Health.FAILED, f"a{n}") for n in range(SLICE + 10)))
    assert here.engine.look() is True
    assert here.engine.look() is False


def test_names_are_as_people_write_them() -> None:
    assert book_name("adapter-down", Key("station", "AdapterStatus", "", "eth")) == (
        "adapter-down:eth"
    )
    assert book_name("pool-full", Key("main", "Pool", "metallb", "edge")) == POOL
    assert len(book_name("x", Key("s", "App", "n" * 400, "m" * 400))) == 512
