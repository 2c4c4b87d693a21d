"""Columns as a person chose them: shown, ordered, and kept through versions that have others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.rows.cells import Cell, Column
from console.rows.copied import lined, single, tabbed
from console.rows.layout import Layout, fitting, layout_of, named, title_of

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("name", "APP", 10, priority=10),
    Column("ready", "READY", 5, priority=8),
    Column("restarts", "RST", 4, priority=2),
    Column("bar", "", 6, priority=1),
)
KEYS = tuple(column.key for column in COLUMNS)


def shown(layout: Layout, columns: tuple[Column, ...] = COLUMNS) -> list[str]:
    return [columns[i].key for i in layout.columns(columns)]


def test_nothing_chosen_is_as_the_table_has_it() -> None:
    assert shown(Layout()) == list(KEYS)
    assert not Layout().chosen


def test_leave_out_and_take_in_again() -> None:
    without = Layout().toggled(COLUMNS, "ready")
    assert shown(without) == ["mark", "name", "restarts", "bar"]
    assert shown(without.toggled(COLUMNS, "ready")) == list(KEYS)


def test_order() -> None:
    moved = Layout().moved(COLUMNS, "restarts", -2)
    assert shown(moved) == ["mark", "restarts", "name", "ready", "bar"]
    assert shown(moved.moved(COLUMNS, "restarts", -5)) == shown(moved)
    assert shown(moved.moved(COLUMNS, "restarts", 9))[-1] == "restarts"


def test_the_mark_stays_first_and_one_column_stays_beside_it() -> None:
    assert Layout().toggled(COLUMNS, "mark") == Layout()
    assert Layout().moved(COLUMNS, "mark", 2) == Layout()
    layout = Layout()
    for key in KEYS[1:]:
        layout = layout.toggled(COLUMNS, key)
    assert shown(layout) == ["mark", "bar"]
    assert shown(layout_of({"order": [], "hidden": ["mark"]})) == list(KEYS)


def test_a_version_with_other_columns() -> None:
    layout = Layout().moved(COLUMNS, "restarts", -2).toggled(COLUMNS, "ready")
    newer = (*COLUMNS[:2], Column("site", "SITE", 4), *COLUMNS[3:])
    assert shown(layout, newer) == ["mark", "restarts", "name", "site", "bar"]


@pytest.mark.parametrize(
    "found",
    [None, [], "x", {"order": "x"}, {"order": [1], "hidden": []}, {"hidden": 3}, {"order": None}],
)
def test_what_was_remembered_wrongly_is_no_choice(found: object) -> None:
    assert shown(layout_of(found)) == list(KEYS)


@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from([*KEYS, "gone"]), st.integers(-9, 9))),
)
def test_any_choice_is_remembered_and_shows_each_column_at_most_once(
    steps: list[tuple[bool, str, int]],
) -> None:
    layout = Layout()
    for toggles, key, step in steps:
        if toggles and key != "gone":
            layout = layout.toggled(COLUMNS, key)
        else:
            layout = layout.moved(COLUMNS, key, step)
        assert layout_of(layout.plain()) == layout
        keys = shown(layout)
        assert keys[0] == "mark"
        assert len(keys) == len(set(keys)) >= 2
        assert sorted(layout.keys(COLUMNS)) == sorted(KEYS)


def test_what_fits() -> None:
    assert fitting(COLUMNS, 200) == set(KEYS)
    assert fitting(COLUMNS, 20) == {"mark", "name", "ready"}


def test_names_of_columns() -> None:
    assert [one.key for one in named(COLUMNS, "rst")] == ["restarts"]
    assert [one.key for one in named(COLUMNS, "RESTARTS")] == ["restarts"]
    assert [one.key for one in named(COLUMNS, "r")] == ["ready", "restarts"]
    assert [one.key for one in named(COLUMNS, "mark")] == ["mark"]
    assert named(COLUMNS, "") == named(COLUMNS, "zzz") == []
    assert [title_of(one) for one in COLUMNS] == ["MARK", "APP", "READY", "RST", "BAR"]


def test_a_row_as_text_is_harmless_and_keeps_its_columns_apart() -> None:
    cells = (Cell("✔ "), Cell("o\x1b]52;c;eA==\x07x"), Cell("2\t3"), Cell("—"), Cell(""))
    assert tabbed(cells).count("\t") == 4
    assert "\x1b" not in tabbed(cells) + lined(COLUMNS, cells)
    assert lined(COLUMNS, cells).split("\n")[2] == "ready: 2␉3"
    assert [title for title, _ in single(COLUMNS, cells)] == ["APP", "READY"]
