"""What is wrong with chains, identities and plants; those domains in a line; status --json."""

from __future__ import annotations

import json
from typing import Any

import beyond_records as sky
import colony_records as colony
import pytest

from adapters.records import AdapterState, Light, Reading, Scope, ScopeState
from console.rows import chain_summary, heads, overview, solar_summary
from console.rows.findings import worst
from console.rows.severity import Severity
from console.rows.status import exit_code, health, snapshot
from console.rows.wrong import wrong_counts, wrong_now

NOW = sky.NOW


def told(*records: Any, **more: Any) -> list[tuple[str, str, str]]:
    context = sky.context(*records, **more)
    found = wrong_now(context)
    critical = sum(one.severity is Severity.CRITICAL for one in found)
    assert wrong_counts(context) == (critical, len(found) - critical)
    return [(one.mark.text, one.thing, one.why) for one in found]


def app(number: int, name: str, **more: Any) -> Any:
    return colony.app(name, token=sky.asset(number), **more)


# Chains


@pytest.mark.parametrize(
    ("more", "grade"),
    [
        ({}, Severity.NONE),
        ({"block_time": NOW - 59}, Severity.NONE),
        ({"block_time": NOW - 90}, Severity.DEGRADED),
        ({"block_time": NOW - 700}, Severity.CRITICAL),
        ({"block_time": NOW - 700, "block_interval": 600.0}, Severity.NONE),
        ({"block_time": NOW - 700, "block_interval": 60.0}, Severity.DEGRADED),
        ({"block_time": NOW - 1e6, "block_interval": None}, Severity.NONE),
        ({"block_time": None}, Severity.NONE),
        ({"number": None}, Severity.UNKNOWN),
        ({"syncing": True}, Severity.DEGRADED),
        ({"reorg_at": NOW - 60, "reorg_depth": 2}, Severity.DEGRADED),
        ({"reorg_at": NOW - 3600, "reorg_depth": 2}, Severity.NONE),
    ],
)
def test_a_chain_is_judged_by_its_own_pace(more: dict[str, Any], grade: Severity) -> None:
    assert worst(heads.of_chain(sky.chain(**more), NOW)) is grade


def test_troubles_of_the_chain_in_words() -> None:
    chain = sky.chain(block_time=NOW - 90, reorg_at=NOW - 60, reorg_depth=2)
    gone = sky.contract("Permits", deployed=False)
    failing = sky.contract("Deployments", readings=(Reading("count()", None, "reverted"),))
    asked = sky.contract("New", deployed=None)
    assert told(chain, gone, failing, asked) == [
        ("✖", "contract Permits", "no code at this address"),
        ("▲", "chain eip155:31337", "stalled: no block for 1 min, before one in 5.0 s · 2 blocks "
         "reorganised away at 14:01:31Z"),
        ("▲", "contract Deployments", "count(): reverted"),
    ]  # fmt: skip


def test_identities_that_do_not_hold_have_a_line_each_or_share_one() -> None:
    well = (app(1, "well"), sky.token(1, "life-support/well"))
    wrong = (app(2, "liar"), sky.token(2, "life-support/well"), sky.token(3, "mining/drill"))
    assert [(mark, thing) for mark, thing, _ in told(*well, *wrong)] == [
        ("▲", "token #2"), ("▲", "token #3"),
    ]  # fmt: skip
    many = [sky.token(number, f"mining/drill-{number}") for number in range(10, 15)]
    ((mark, thing, why),) = told(*well, *many)
    assert (mark, thing) == ("▲", "identity of tokens")
    assert why == "5 orphan: apps and tokens disagree"
    (one,) = wrong_now(sky.context(*well, *many))
    assert (one.key, one.panel) == (None, "tokens")


def test_counting_what_is_wrong_is_cheap_with_ten_thousand_tokens() -> None:
    """Not timed: the survey is made once, and then kept until a name changes."""
    tokens = [sky.token(number, f"mining/drill-{number}") for number in range(10_000)]
    context = sky.context(app(1, "well"), *tokens)
    assert wrong_counts(context) == (0, 1)
    calls: list[str] = []
    real = context.store.memo

    def counted(name: str, version: Any, make: Any) -> Any:
        return real(name, version, lambda: calls.append(name) or make())

    context.store.memo = counted  # type: ignore[method-assign]
    for _ in range(3):
        assert wrong_counts(context) == (0, 1)
    assert calls == []


# Plants


def test_troubles_of_the_sun_are_one_line_a_plant() -> None:
    south = sky.plant(
        "south", answering=2, charge=31.0, battery_power=2_150.0, hours_left=2.88,
        problems=("INV-2 is throttled", "battery 31% · 2 h 52 min at this load"),
    )  # fmt: skip
    lost = sky.plant("west", answering=0, power=None)
    assert told(sky.plant(), sky.night("east"), south, lost) == [
        ("✖", "plant west", "offline"),
        ("▲", "plant south", "INV-2 is throttled · battery 31 %, 2 h 50 min at this load"),
    ]
    assert told(lost, state=ScopeState.STALE)[0][2] == "offline since 14:02:01Z"


# A domain in a line


def words(summary: Any) -> list[str]:
    return [cell.text for cell in (*summary.counts, *summary.words)]


def test_the_new_domains_in_a_line() -> None:
    context = sky.context(
        app(1, "well"), sky.token(1, "life-support/well"), sky.token(3, "mining/drill"),
        sky.contract(), sky.contract("Permits", deployed=False), sky.chain(), sky.entry(48_200),
        sky.entry(48_210, at=NOW - 130, summary="#7 agri → ops"), sky.plant(),
        sky.plant("south", power=3_410.0, charge=31.0, answering=2),
        sky.trend("north", (1.0, 2.0)), sky.trend("south", (None, 2.0)),
    )  # fmt: skip
    found = {one.panel: one for one in overview.summaries(context)}
    assert list(found) == [
        "apps", "addresses", "tokens", "contracts", "solar", "ledger", "actions", "adapters",
        "alarms",
    ]  # fmt: skip
    assert words(found["tokens"]) == [
        "1 ✔", "1 ▲", "#3 ▲ names mining/drill; that app is not there", "ops 2",
    ]  # fmt: skip
    assert words(found["contracts"]) == [
        "1 ✔", "1 ✖", "Permits no code at this address", "Identity totalSupply 8",
    ]  # fmt: skip
    assert words(found["solar"]) == ["15.5 kW", "☼ 5 h", "south 3.41 kW ▲ 31 %", "north 12.1 kW"]
    assert found["solar"].trend == (None, 4.0)
    assert words(found["ledger"]) == [
        "block 48,211", "final 48,209", "Transfer #7 agri → ops, 2 m ago",
    ]  # fmt: skip
    assert found["ledger"].trend[-2:] == (1.0, 1.0)


def test_a_colony_in_the_dark_says_night_and_not_zero() -> None:
    found = solar_summary.solar_summary(sky.context(sky.night(), sky.night("south", charge=81.0)))
    assert words(found) == ["☾ night", "☾ 3 h", "north ☾", "south ☾ 81 %"]


def test_no_trend_is_invented() -> None:
    assert solar_summary.solar_summary(sky.context(sky.plant())).trend == ()
    assert chain_summary.entries_lately(sky.context(sky.chain())) == ()
    old = sky.entry(5, at=NOW - 30 * 86400)
    assert chain_summary.entries_lately(sky.context(old, sky.entry(6, at=None))) == ()
    assert sum(chain_summary.entries_lately(sky.context(old, sky.entry(7)))) == 1


def test_the_newest_entries_come_first() -> None:
    entries = [sky.entry(number, at=NOW - 1000 + number) for number in range(30)]
    found = chain_summary.newest_entries(sky.context(*entries), 3)
    assert [one.block for one in found] == [29, 28, 27]


# status --json


def test_the_snapshot_has_tokens_plants_and_the_ledger() -> None:
    context = sky.context(
        app(3, "oxygen-generator"), sky.token(3, "life-support/oxygen-generator"),
        sky.token(2**256 - 1, None, owner="", owner_name="", since=None, namespace=""),
        sky.plant(charge=81.0, battery_power=-900.0), sky.night("south", site=""), sky.chain(),
        sky.entry(48_210, app="life-support/oxygen-generator", token="3", removed=True),
        colony.adapter(),
    )  # fmt: skip
    taken = snapshot(context.store, "tycho")
    assert json.loads(json.dumps(taken)) == taken
    assert taken["apps"][0]["token"] == {
        "contract": sky.CONTRACT, "token_id": "3", "owner": sky.OPS,
    }  # fmt: skip
    assert taken["tokens"] == [
        {"source": "chain", "contract": sky.CONTRACT, "contract_name": None,
         "token_id": str(2**256 - 1), "app": None, "owner": None, "owner_name": None,
         "since": None, "identity": None, "quality": "fresh"},
        {"source": "chain", "contract": sky.CONTRACT, "contract_name": "Identity",
         "token_id": "3", "app": "life-support/oxygen-generator", "owner": sky.OPS,
         "owner_name": "ops", "since": "2026-11-09T14:02:31Z", "identity": "match",
         "quality": "fresh"},
    ]  # fmt: skip
    assert taken["solar"] == [
        {"source": "north", "plant": "north", "site": "north", "state": "producing",
         "power_w": 12_100.0, "energy_today_wh": 41_200.0, "charge_percent": 81.0,
         "battery_power_w": -900.0, "light": "day", "answering": 3, "devices": 3,
         "quality": "fresh"},
        {"source": "south", "plant": "south", "site": None, "state": "night", "power_w": None,
         "energy_today_wh": 41_200.0, "charge_percent": None, "battery_power_w": None,
         "light": "night", "answering": 0, "devices": 3, "quality": "expected dark"},
    ]  # fmt: skip
    assert taken["ledger"] == {
        "head": {"chain_id": 31337, "block": 48_211, "hash": "0x" + "9f" * 32,
                 "time": "2026-11-18T14:02:27Z", "final": 48_209},
        "entries": [
            {"time": "2026-11-18T13:52:31Z", "block": 48_210, "transaction": f"0x{48_210:064x}",
             "contract": sky.CONTRACT, "event": "Transfer", "summary": "#48210 moved",
             "app": "life-support/oxygen-generator", "token": "3", "removed": True},
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("records", "word", "code"),
    [
        ([sky.plant(), sky.chain(), sky.contract()], "healthy", 0),
        ([sky.night()], "healthy", 0),
        ([sky.plant(problems=("INV-1 is throttled",))], "degraded", 10),
        ([sky.plant(answering=0, light=Light.UNKNOWN)], "degraded", 10),
        ([sky.plant(answering=0)], "critical", 11),
        ([sky.chain(syncing=True)], "degraded", 10),
        ([sky.chain(block_time=NOW - 1e5)], "critical", 11),
        ([sky.contract(deployed=False)], "critical", 11),
        ([sky.contract(deployed=None)], "healthy", 0),
        ([colony.app(), sky.token(3, "mining/drill")], "degraded", 10),
        ([colony.app(), sky.token(3, "")], "healthy", 0),
    ],
)
def test_health_counts_them_as_the_overview_does(records: list[Any], word: str, code: int) -> None:
    store = sky.context(colony.adapter(), *records).store
    assert health(store) == word
    assert exit_code(snapshot(store, "tycho")) == code


def test_what_several_watches_say_is_said_by_their_adapter_alone() -> None:
    adapter = colony.adapter("roof", AdapterState.DEGRADED, detail="unit 1, unit 2: refused")
    lost = [
        Scope(source="roof", name=name, state=ScopeState.STALE, detail="refused", heard=NOW)
        for name in ("unit 1", "unit 2")
    ]
    other = Scope(source="roof", name="plant", state=ScopeState.DENIED, detail="no", heard=NOW)
    context = colony.context(adapter, *lost, other)
    found = [one.thing for one in wrong_now(context)]
    assert sorted(found) == ["adapter roof", "roof plant"]
