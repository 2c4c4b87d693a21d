"""Contracts, chains and accounts as rows, and why a table of them is empty."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import chain_records as on
import colony_records as colony
import pytest

from adapters.records import (
    AdapterState,
    Contract,
    Function,
    Parameter,
    Reading,
    Record,
    ScopeState,
)
from console.rows import accounts, chains, contracts, filter, overview
from console.rows.cells import TONES, Cell, place
from console.rows.severity import Severity

EXAMPLES: dict[ModuleType, list[Any]] = {
    contracts: [on.contract(), on.contract("B", deployed=None, balance="", block=None)],
    chains: [on.chain(), on.chain(name="eip155:1", number=None, final=None, block_time=None)],
    accounts: [on.account(), on.account("b", signs="", balance="", nonce=None),
               on.account("c", signs="keystore", locked=True)],
}  # fmt: skip
MODULES = [pytest.param(module, id=module.__name__.rpartition(".")[2]) for module in EXAMPLES]


def row(module: Any, record: Record, *beside: Any, **states: ScopeState) -> dict[str, Cell]:
    made = module.cells(record, on.context(record, *beside, **states))
    return dict(zip((column.key for column in module.COLUMNS), made, strict=True))


@pytest.mark.parametrize("module", MODULES)
def test_what_holds_for_rows_of_every_kind(module: ModuleType) -> None:
    found = EXAMPLES[module]
    context = on.context(*found)
    for record in found:
        cells = module.cells(record, context)
        assert len(cells) == len(module.COLUMNS)
        assert {cell.tone for cell in cells} <= {"", *TONES}
        assert all("None" not in cell.text for cell in cells)
        assert set(module.haystack(record)) == set(module.FIELDS)
    for column in module.COLUMNS:
        ordered = sorted(found, key=module.sort_key(column.key))
        assert sorted(reversed(found), key=module.sort_key(column.key)) == ordered
    placed = place(module.COLUMNS, 80)
    assert len(placed) >= 5
    assert placed[-1].x + placed[-1].width <= 80
    context.store.disconnected(on.NOW - 30)
    for record in found:
        cells = module.cells(record, context)
        assert {cell.tone for cell in cells} == {"stale"}
        assert any("stale since" in cell.text for cell in cells)


@pytest.mark.parametrize(
    ("more", "grade", "said"),
    [
        ({}, Severity.NONE, "totalSupply 12"),
        ({"deployed": None}, Severity.UNKNOWN, "whether it is deployed is not known"),
        ({"deployed": False}, Severity.CRITICAL, "no code at this address"),
        ({"readings": (Reading("owner()"),)}, Severity.NONE, "deployed"),
        ({"readings": (Reading("owner()", None, "reverted"),)}, Severity.DEGRADED,
         "owner(): reverted"),
    ],
)  # fmt: skip
def test_how_a_contract_stands(more: dict[str, Any], grade: Severity, said: str) -> None:
    found = on.contract(**more)
    assert contracts.of_contract(found) is grade
    assert row(contracts, found)["why"].text == said


def test_functions_are_told_apart_by_whether_they_change_anything() -> None:
    found = on.contract()
    reads, writes = contracts.ordered(found)
    assert [one.name for one in reads] == ["totalSupply", "appOf"]
    assert [one.name for one in writes] == ["rename"]
    assert row(contracts, found)["functions"].text == "2 read, 1 write"
    pair = (Parameter("to", "address"), Parameter("", "uint256"))
    assert contracts.parameters_text(pair) == "address to, uint256"


def test_a_reading_that_nobody_has_is_no_value() -> None:
    found = on.contract(readings=(Reading("totalSupply"),))
    function = Function("totalSupply()", "totalSupply")
    reading = contracts.reading_of(function, found)
    assert reading is not None
    assert contracts.reading_cell(reading) == Cell("not known", "unknown")
    assert contracts.reading_cell(Reading("x", "", "")) == Cell("")
    assert contracts.reading_cell(Reading("x", "5", "late")) == Cell("late", "warn")
    assert contracts.reading_of(Function("other()", "other"), found) is None


def test_a_chain_that_is_well() -> None:
    cells = row(chains, on.chain(reorgs=2, reorg_depth=1, reorg_at=on.NOW - 7200))
    assert cells["mark"] == Cell("✔ ", "good")
    said = [cells[key].text for key in ("number", "final", "age", "fee", "how", "reorgs", "why")]
    assert said == ["120", "118", "10 s", "1 gwei", "polling", "2", "live"]
    assert chains.head_text(on.chain(number=48_211, final=48_209)) == "block 48,211 · final 48,209"
    assert chains.head_text(on.chain(final=None)) == "block 120"


@pytest.mark.parametrize(
    ("more", "mark", "said"),
    [
        ({"number": None, "final": None}, "?", "no block was heard of yet"),
        ({"final": None}, "✔", "the node does not say what is final"),
        ({"syncing": True}, "▲", "the node is catching up"),
        ({"peers": 0}, "✔", "no peers"),
        ({"reorgs": 1, "reorg_depth": 2, "reorg_at": on.NOW - 300}, "▲",
         "2 blocks reorganised away at 13:57:31Z"),
        ({"reorgs": 1, "reorg_depth": 1, "reorg_at": on.NOW - 3}, "▲",
         "1 block reorganised away at 14:02:28Z"),
        ({"block_interval": 6.0, "block_time": on.NOW - 120}, "▲",
         "stalled: no block for 2 min, before one in 6.0 s"),
    ],
)  # fmt: skip
def test_what_is_to_be_said_of_a_chain(more: dict[str, Any], mark: str, said: str) -> None:
    cells = row(chains, on.chain(**more))
    assert cells["mark"].text == f"{mark} "
    assert cells["why"].text == said


@pytest.mark.parametrize(
    ("more", "mark", "said"),
    [
        ({}, "✔", "by node"),
        ({"signs": "keystore", "locked": True}, "●", "keystore, locked"),
        ({"signs": "keystore"}, "✔", "by keystore"),
        ({"signs": ""}, "◌", "cannot sign"),
    ],
)
def test_who_can_sign(more: dict[str, Any], mark: str, said: str) -> None:
    cells = row(accounts, on.account(**more))
    assert (cells["mark"].text, cells["why"].text) == (f"{mark} ", said)
    assert (cells["address"].text, cells["balance"].text) == ("0x7099…79C8", "1.5 ether")


def test_why_a_table_is_empty() -> None:
    assert chains.why_none("none", on.context()) == "nothing received yet"
    starting = colony.adapter("chain", AdapterState.STARTING, records=0, adapter="chain")
    assert chains.why_none("none", on.context(starting)) == "waiting: chain chain is starting"
    other = colony.adapter("tycho")
    assert chains.why_none("none", on.context(other)) == chains.NO_CHAIN
    live = on.context(other, on.chain())
    assert chains.why_none("none", live) == "none"
    waits = on.context(other, on.chain(), tokens=ScopeState.NEVER)
    assert chains.why_none("none", waits) == "waiting: chain tokens never received"
    live.store.disconnected()
    assert chains.why_none("none", live) == "no connection to the station"


def test_a_filter_finds_a_contract_by_its_functions() -> None:
    found = on.contract()
    assert isinstance(found, Contract)
    wanted = filter.parse("function:rename address:0x5fbd", contracts.FIELDS)
    assert wanted.matches(contracts.haystack(found))


def test_what_contracts_said_before_is_no_health_of_now() -> None:
    context = on.context(on.contract(), on.chain(), contracts=ScopeState.STALE)
    found = {one.panel: one for one in overview.summaries(context)}
    assert [cell.text for cell in found["contracts"].counts] == ["1 ✔", "◔"]
    assert found["contracts"].counts[0].tone == "dim"
    assert found["contracts"].words[0].text.startswith("chain stale since")
    assert all("◔" not in cell.text for cell in found["solar"].counts)
