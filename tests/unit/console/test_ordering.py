"""Rows in order: in slices as at once, moved as sorted anew, what is not known last either way."""

from __future__ import annotations

from itertools import islice
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.panels.arranging import Arranging, Runs, rearranged
from console.panels.ordering import Ordering
from console.rows import filter as filters
from console.rows.sorting import arranged, is_unknown, known, told


class One(NamedTuple):
    key: str
    value: int | None
    text: str = ""


def place(one: One) -> Any:
    return (known(one.value), one.key)


def haystack(one: One) -> dict[str, str]:
    return {"name": one.key, "text": one.text}


ROWS = st.lists(
    st.tuples(st.integers(0, 60).map(str), st.none() | st.integers(-5, 5)),
    unique_by=lambda row: row[0],
    max_size=60,
).map(lambda rows: [One(*row) for row in rows])


@given(ROWS, st.booleans(), st.integers(1, 9))
def test_slices_come_to_what_sorting_at_once_does(
    rows: list[One], descending: bool, size: int
) -> None:
    run = Arranging(rows, lambda one: one.key, place, lambda one: True, descending=descending)
    done = list(run.steps(size))
    assert run.order == {one.key: place(one) for one in rows}
    assert run.keys == arranged(run.order, descending=descending)
    assert (done or [0])[-1] == len(rows)


def test_many_runs_are_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.panels.arranging.RUN", 10)
    rows = [One(str(n), n * 7919 % 101 if n % 5 else None) for n in range(500)]
    for descending in (False, True):
        run = Arranging(rows, lambda one: one.key, place, lambda one: True, descending=descending)
        assert len(list(run.steps(5))) > 100
        assert run.keys == arranged(run.order, descending=descending)


@given(st.lists(st.lists(st.integers(0, 9), max_size=9)), st.booleans(), st.integers(1, 4))
def test_runs_in_pieces_come_to_a_stable_sort(
    parts: list[list[int]], down: bool, size: int
) -> None:
    numbered = [(place, n) for n, place in enumerate(place for part in parts for place in part)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("console.panels.arranging.RUN", size)
        runs, rest = Runs(down=down), iter(numbered)
        for part in parts:
            runs.add(list(islice(rest, len(part))))
        list(runs.steps())
    assert runs.sorted == sorted(numbered, key=lambda one: one[0], reverse=down)


@given(ROWS, ROWS, st.booleans())
def test_moving_some_comes_to_what_sorting_all_does(
    before: list[One], after: list[One], descending: bool
) -> None:
    order = {one.key: place(one) for one in before}
    keys = arranged(order, descending=descending)
    moved: set[Any] = set()
    for one in after:
        if one.value == 5:
            order.pop(one.key, None)
        else:
            order[one.key] = place(one)
        moved.add(one.key)
    assert rearranged(keys, order, moved, descending=descending) == arranged(
        order, descending=descending
    )


@given(ROWS, st.booleans())
def test_what_is_not_known_is_last_either_way(rows: list[One], descending: bool) -> None:
    order = {one.key: place(one) for one in rows}
    lost = [is_unknown(order[key]) for key in arranged(order, descending=descending)]
    assert lost == sorted(lost)
    values = [order[key][0].value for key in arranged(order, descending=descending)]
    there = values[: lost.count(False)]
    assert there == sorted(there, reverse=descending)


def test_known_and_told() -> None:
    assert known(float("nan")).unknown
    assert known(None) > known(10**9)
    assert told("") > told("zzz") > told("relay-10") > told("relay-2")
    assert not is_unknown(3)
    assert not is_unknown(())


def settled(ordering: Ordering, rows: list[One]) -> list[Any]:
    run = ordering.run(rows, lambda one: one.key, place, haystack, 0.0)
    run.finish()
    ordering.adopt(run, {one.key: one for one in rows}, len(rows))
    return ordering.settled()


def test_rows_come_go_and_move() -> None:
    ordering = Ordering("value")
    rows = [One("a", 3), One("b", 1), One("c", None)]
    assert settled(ordering, rows) == ["b", "a", "c"]
    ordering.place("b", One("b", 9), place(One("b", 9)))
    ordering.place("d", One("d", 4), place(One("d", 4)))
    ordering.leave_out("a")
    assert ordering.unsorted
    assert ordering.settled() == ["d", "b", "c"]
    assert not ordering.unsorted


def test_keys_that_did_not_move_are_the_same_list() -> None:
    ordering = Ordering("value")
    keys = settled(ordering, [One("a", 1), One("b", 2)])
    ordering.place("b", One("b", 2, "other"), place(One("b", 2)))
    assert ordering.settled() is keys


def test_what_was_missed_is_what_differs() -> None:
    ordering = Ordering("value")
    rows = [One(str(n), n) for n in range(5)]
    settled(ordering, rows)
    records = {one.key: one for one in rows}
    assert ordering.missed(records) == []
    records["2"] = One("2", 7)
    records["9"] = One("9", 9)
    del records["4"]
    assert sorted(map(str, ordering.missed(records))) == ["2", "4", "9"]
    ordering.forget()
    assert len(ordering.missed(records)) == 5


def test_a_record_that_changed_is_searched_anew() -> None:
    ordering = Ordering("value")
    ordering.filter = filters.parse("calm", ("name", "text"))
    assert settled(ordering, [One("a", 1, "calm"), One("b", 2)]) == ["a"]
    other = One("b", 2, "calm")
    ordering.changed("b")
    assert ordering.finds("b", other, haystack, 0.0)
