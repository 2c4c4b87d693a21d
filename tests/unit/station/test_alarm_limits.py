"""When a value is beyond its limit: persistence, hysteresis, and what is not known."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.station.alarms.limits import Limit, Side, Verdict, Watch

FULL = Limit(above=90, clear=85)
LOW = Limit(below=20, clear=25)
FAILED = Limit(equals=("failed",), clears=("healthy",))


@pytest.mark.parametrize(
    ("limit", "value", "side"),
    [
        (FULL, 90, Side.BEYOND),
        (FULL, 89.9, Side.BETWEEN),
        (FULL, 85, Side.BETWEEN),
        (FULL, 84.9, Side.CLEAR),
        (LOW, 20, Side.BEYOND),
        (LOW, 25, Side.BETWEEN),
        (LOW, 25.1, Side.CLEAR),
        (Limit(above=1), 0, Side.CLEAR),
        (Limit(above=1), 10**400, Side.BEYOND),
        (FAILED, "failed", Side.BEYOND),
        (FAILED, "progressing", Side.BETWEEN),
        (FAILED, "healthy", Side.CLEAR),
        (Limit(equals=(False,)), True, Side.CLEAR),
        (FULL, None, Side.UNKNOWN),
        (FULL, math.nan, Side.UNKNOWN),
        (FULL, math.inf, Side.UNKNOWN),
        (FULL, "91", Side.UNKNOWN),
        (FULL, True, Side.UNKNOWN),
        (Limit(), 3, Side.UNKNOWN),
    ],
)
def test_where_a_value_stands(limit: Limit, value: Any, side: Side) -> None:
    assert limit.side(value) is side


def test_it_is_raised_once_and_clears_elsewhere() -> None:
    watch = Watch()
    steps = [watch.step(FULL, value, at) for at, value in enumerate((80, 91, 95, 88, 86, 84, 84))]
    nothing = Verdict.NOTHING
    assert steps == [
        nothing, Verdict.RAISED, nothing, nothing, nothing, Verdict.RETURNED, nothing,
    ]  # fmt: skip


def test_it_has_to_last() -> None:
    limit = FAILED._replace(seconds=30)
    watch = Watch()
    assert watch.step(limit, "failed", 0) is Verdict.NOTHING
    assert watch.step(limit, "failed", 29.9, sample=False) is Verdict.NOTHING
    assert watch.step(limit, "progressing", 29.95) is Verdict.NOTHING
    assert watch.step(limit, "failed", 30) is Verdict.NOTHING, "it began anew"
    assert watch.step(limit, "failed", 60, sample=False) is Verdict.RAISED


def test_it_has_to_be_so_several_times() -> None:
    limit = FULL._replace(samples=3)
    watch = Watch()
    assert watch.step(limit, 95, 0) is Verdict.NOTHING
    assert watch.step(limit, 95, 50, sample=False) is Verdict.NOTHING, "the last one, looked at"
    assert watch.step(limit, 95, 51) is Verdict.NOTHING
    assert watch.step(limit, 95, 52) is Verdict.RAISED


def test_what_is_not_known_neither_raises_nor_clears() -> None:
    limit = FULL._replace(seconds=10)
    watch = Watch()
    watch.step(limit, 95, 0)
    assert watch.step(limit, None, 11) is Verdict.NOTHING
    assert watch.step(limit, 95, 12) is Verdict.NOTHING, "the time of which nothing is known is out"
    assert watch.step(limit, 95, 22) is Verdict.RAISED
    assert watch.step(limit, None, 23) is Verdict.NOTHING
    assert watch.raised
    assert watch.lost == 23
    assert watch.step(limit, 10, 24) is Verdict.RETURNED
    assert watch.lost is None


def test_what_was_never_known_is_not_lost() -> None:
    watch = Watch()
    watch.step(FULL, None, 0)
    assert watch.lost is None
    assert watch.idle


@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.floats(0, 100)), st.floats(0.1, 5), st.booleans()),
        max_size=60,
    )
)
def test_raised_and_returned_take_turns(readings: list[tuple[float | None, float, bool]]) -> None:
    """Whatever comes: never raised within its limit, never returned beyond where it clears."""
    limit = FULL._replace(seconds=3, samples=2)
    watch, now, raised = Watch(), 0.0, False
    for value, passed, sample in readings:
        now += passed
        verdict = watch.step(limit, value, now, sample=sample)
        if verdict is Verdict.RAISED:
            assert not raised
            assert value is not None
            assert value >= 90
            raised = True
        elif verdict is Verdict.RETURNED:
            assert raised
            assert value is not None
            assert value < 85
            raised = False
        assert watch.raised is raised
