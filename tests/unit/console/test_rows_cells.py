"""Columns that fit, marks that are one cell wide, bars, numbers and sort keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from adapters.records import ActionState, AdapterState, Health, Quality, ScopeState
from console.rows import marks, numbers, sorting
from console.rows.cells import Column, place
from console.rows.gauge import bar, spark

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("name", "NAME", 20, least=8, flex=1, priority=10),
    Column("ready", "READY", 5, align="right", priority=8),
    Column("why", "WHY", 20, least=10, flex=3, priority=5),
    Column("age", "AGE", 5, priority=1),
)


def keys(width: int) -> list[str]:
    return [one.column.key for one in place(COLUMNS, width)]


def test_all_columns_where_there_is_room() -> None:
    assert keys(80) == ["mark", "name", "ready", "why", "age"]


@pytest.mark.parametrize(
    ("width", "left"),
    [
        (34, ["mark", "name", "ready", "why", "age"]),
        (33, ["mark", "name", "ready", "why"]),
        (27, ["mark", "name", "ready"]),
        (16, ["mark", "name"]),
        (10, ["name"]),
        (1, ["name"]),
        (0, []),
    ],
)
def test_the_lowest_priority_drops_out_first(width: int, left: list[str]) -> None:
    assert keys(width) == left


def test_spare_cells_go_to_the_wanted_width_first_then_by_share() -> None:
    widths = {one.column.key: one.width for one in place(COLUMNS, 100)}
    # 100 - 4 gaps - (2 + 20 + 5 + 20 + 5) leaves 44: 11 and 33.
    assert widths == {"mark": 2, "name": 31, "ready": 5, "why": 53, "age": 5}


@given(st.integers(1, 300), st.integers(0, 3))
def test_columns_never_overlap_and_never_stick_out(width: int, gap: int) -> None:
    x = -gap
    placed = place(COLUMNS, width, gap)
    assert placed
    for one in placed:
        assert one.x == x + gap
        assert one.width > 0
        x = one.x + one.width
    assert x <= width


def test_every_mark_is_one_cell() -> None:
    found = [
        *(marks.of_health(one) for one in Health),
        *(marks.of_adapter(one) for one in AdapterState),
        *(marks.of_scope(one) for one in ScopeState),
        *(marks.of_action(one) for one in ActionState),
        *(marks.of_quality(one) for one in Quality),
    ]
    assert {cell_len(mark.text) for mark in found} == {1}


def test_only_a_verified_action_has_the_mark_of_success() -> None:
    good = [state for state in ActionState if marks.of_action(state).text == marks.GOOD]
    assert good == [ActionState.VERIFIED]


def test_healths_differ_in_shape_and_not_in_colour_alone() -> None:
    assert len({marks.of_health(one).text for one in Health}) == len(Health)


@pytest.mark.parametrize(
    ("part", "whole", "drawn"),
    [
        (15, 16, "███████░"),
        (16, 16, "████████"),
        (0, 16, "░░░░░░░░"),
        (1, 1000, "█░░░░░░░"),
        (999, 1000, "███████░"),
        (None, 16, "········"),
        (3, None, "········"),
        (0, 0, "········"),
        (20, 16, "████████"),
    ],
)
def test_bars(part: int | None, whole: int | None, drawn: str) -> None:
    assert bar(part, whole, 8) == drawn


def test_sparks_leave_gaps_for_what_is_not_known() -> None:
    assert spark([0, 7, None, 3.5], 4) == "▁█ ▅"
    assert spark([5, 5], 3) == " ▁▁"
    assert spark([1, 2, 3], 2, low=0) == "▆█"
    assert spark([None], 2) == "  "
    assert spark([], 0) == ""


def test_numbers() -> None:
    assert numbers.count(None) == "—"
    assert numbers.count(0) == "0"
    assert numbers.count(1204) == "1,204"
    assert numbers.count(2_500_000) == "2.5M"
    assert numbers.count(2**64) == "18.4E"
    assert numbers.count(2**128) == "3e+38"
    assert numbers.of(None, 3) == "—/3"
    assert numbers.rate(0) == "0/s"
    assert numbers.rate(0.4) == "<1/s"
    assert numbers.rate(987.6) == "900/s"
    assert numbers.plural(1, "app") == "1 app"
    assert numbers.plural(2, "address", "addresses") == "2 addresses"


def test_sort_keys_put_the_unknown_last_and_numbers_in_their_order() -> None:
    assert sorted([None, 3, 0], key=sorting.known) == [0, 3, None]
    assert sorted(["relay-10", "Relay-2", "relay"], key=sorting.natural) == [
        "relay", "Relay-2", "relay-10",
    ]  # fmt: skip


@given(st.lists(st.text()))
def test_any_text_sorts(texts: list[str]) -> None:
    assert len(sorted(texts, key=sorting.natural)) == len(texts)
