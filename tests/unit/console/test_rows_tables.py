"""What holds for the rows of every kind: shape, sorting, filtering, doubt, hostile text."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import colony_records as colony
import msgspec
import pytest

from adapters.records import ActionState, AdapterState, Quality, Record, ScopeState
from console.rows import (
    actions,
    adapters,
    addresses,
    apps,
    changes,
    events,
    filter,
    pods,
    pools,
    revisions,
    scopes,
)
from console.rows.cells import TONES, place

EXAMPLES: dict[ModuleType, list[Any]] = {
    apps: [
        colony.app(), colony.degraded(name="b"),
        colony.app("a", ready=None, desired=None, revision=None),
    ],
    pods: [colony.pod(), colony.pod("b", state="ImagePullBackOff", ready=0, restarts=3)],
    revisions: [colony.revision(11), colony.revision(12, current=True, created=None)],
    events: [colony.event(), colony.event("e2", severity="Normal", last=None, count=7)],
    addresses: [
        colony.address(), colony.address("", announced_by=None, ports=(), pool=""),
        colony.address("fd00::1", announced_by=()),
    ],
    pools: [colony.pool(), colony.pool("core-tcp", None, None), colony.pool("full", 4, 0)],
    actions: [colony.action(f"a{n}", state) for n, state in enumerate(ActionState)],
    adapters: [colony.adapter(str(state), state) for state in AdapterState],
    scopes: [colony.scope(str(state), state) for state in ScopeState],
}  # fmt: skip

HOSTILE = "[red]bold[/] [/] \\[ \u202e ]] [@click=app.quit] 漢字 e\u0301"
MODULES = [pytest.param(module, id=module.__name__.rpartition(".")[2]) for module in EXAMPLES]


def hostile(record: Record) -> Record:
    """Return *record* with hostile text in each of its free texts."""
    skip = {"source", "workload", "kind"}
    texts = {
        name: HOSTILE
        for name in record.__struct_fields__
        if type(getattr(record, name)) is str and name not in skip
    }
    return msgspec.structs.replace(record, **texts)


@pytest.mark.parametrize("module", MODULES)
def test_rows_have_a_cell_for_each_column_and_known_tones(module: ModuleType) -> None:
    context = colony.context(*EXAMPLES[module])
    for record in EXAMPLES[module]:
        cells = module.cells(record, context)
        assert len(cells) == len(module.COLUMNS)
        assert {cell.tone for cell in cells} <= {"", *TONES}
        assert all("None" not in cell.text for cell in cells)


@pytest.mark.parametrize("module", [*EXAMPLES, changes])
def test_columns_have_names_of_their_own_and_fit_80_cells(module: ModuleType) -> None:
    keys = [column.key for column in module.COLUMNS]
    assert len(set(keys)) == len(keys)
    assert keys[0] == "mark"
    placed = place(module.COLUMNS, 80)
    assert len(placed) >= 4
    assert placed[-1].x + placed[-1].width <= 80


@pytest.mark.parametrize("module", MODULES)
def test_every_column_sorts_whatever_is_missing(module: ModuleType) -> None:
    records = EXAMPLES[module]
    assert module.DEFAULT_SORT in {column.key for column in module.COLUMNS}
    for column in module.COLUMNS:
        ordered = sorted(records, key=module.sort_key(column.key))
        assert sorted(reversed(records), key=module.sort_key(column.key)) == ordered


@pytest.mark.parametrize("module", MODULES)
def test_a_filter_looks_in_the_fields_that_are_offered(module: ModuleType) -> None:
    for record in EXAMPLES[module]:
        haystack = module.haystack(record)
        assert set(haystack) == set(module.FIELDS)
        assert all(isinstance(text, str) for text in haystack.values())
        assert filter.NONE.matches(haystack)


@pytest.mark.parametrize("module", MODULES)
def test_what_is_stale_is_dim_throughout_and_says_since_when(module: ModuleType) -> None:
    stale = colony.context(*EXAMPLES[module], live=False)
    stale.store.disconnected(colony.NOW - 30)
    for record in EXAMPLES[module]:
        assert stale.store.quality(record)[0] is Quality.STALE
        cells = module.cells(record, stale)
        assert {cell.tone for cell in cells} == {"stale"}
        assert "◔" in cells[0].text
        assert any("stale since 14:02:01Z" in cell.text for cell in cells)


@pytest.mark.parametrize("module", MODULES)
def test_hostile_text_comes_through_as_the_text_that_it_is(module: ModuleType) -> None:
    records = [hostile(record) for record in EXAMPLES[module]]
    context = colony.context(*records)
    for record in records:
        cells = module.cells(record, context)
        assert any(HOSTILE in cell.text for cell in cells)
        for column in module.COLUMNS:
            module.sort_key(column.key)(record)
        assert filter.parse('"[red]bold[/]"').matches(module.haystack(record))
