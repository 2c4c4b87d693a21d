"""The energy of a day, from a counter that may wrap, fall, jump and pass midnight."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.sunspec.energy import DAY, Tally, advance

NOON = 100 * DAY + 43_200.0
MIDNIGHT = 101 * DAY


def _run(*readings: tuple[float, float], **more: float) -> Tally:
    tally = None
    for at, counter in readings:
        tally = advance(tally, counter, at, **more)
    assert tally is not None
    return tally


def test_it_counts_from_the_first_reading() -> None:
    found = _run((NOON, 1000.0), (NOON + 60, 1050.0))
    assert (found.energy, found.late) == (50.0, NOON)


def test_midnight_between_two_close_readings_is_shared_by_time() -> None:
    found = _run((MIDNIGHT - 30, 1000.0), (MIDNIGHT + 10, 1040.0))
    assert (found.energy, found.late) == (10.0, None)


def test_a_night_without_energy_needs_no_reading_at_midnight() -> None:
    found = _run((MIDNIGHT - 20_000, 1000.0), (MIDNIGHT + 20_000, 1000.0), (NOON + DAY, 1400.0))
    assert (found.energy, found.late) == (400.0, None)


def test_what_came_in_a_long_gap_over_midnight_is_nobodys() -> None:
    found = _run((MIDNIGHT - 20_000, 1000.0), (MIDNIGHT + 20_000, 1500.0))
    assert (found.energy, found.late) == (0.0, MIDNIGHT + 20_000)


def test_a_gap_within_the_day_is_counted() -> None:
    assert _run((NOON, 1000.0), (NOON + 20_000, 9000.0)).energy == 8000.0


def test_a_counter_that_wraps() -> None:
    wrap = 2.0**32
    found = _run((NOON, wrap - 100), (NOON + 60, 50.0), wrap=wrap, rated=9000.0)
    assert found.energy == 150.0
    assert _run((NOON, wrap - 100), (NOON + 60, 50.0), wrap=wrap).energy == 150.0


def test_a_counter_that_was_reset_counts_on_from_there() -> None:
    wrap = 2.0**32
    found = _run((NOON, 5e6), (NOON + 60, 0.0), (NOON + 120, 40.0), wrap=wrap, rated=9000.0)
    assert found.energy == 40.0


def test_a_reading_that_was_wrong_for_a_moment_is_not_a_lifetimes_energy() -> None:
    assert _run((NOON, 5e6), (NOON + 60, 0.0), (NOON + 120, 5e6 + 80)).energy == 80.0
    up = _run((NOON, 5e6), (NOON + 60, 5e9), (NOON + 120, 5e6 + 80), rated=9000.0)
    assert up.energy == 0.0


def test_a_clock_set_back_changes_nothing() -> None:
    before = _run((NOON, 1000.0), (NOON + 60, 1050.0))
    assert advance(before, 1060.0, NOON) is before


@given(
    st.lists(
        st.tuples(
            st.floats(0.0, 40_000.0),
            st.floats(0.0, 1e10, allow_nan=False),
        ),
        min_size=1,
        max_size=30,
    ),
    st.one_of(st.none(), st.floats(1.0, 1e6)),
    st.one_of(st.none(), st.just(2.0**32)),
)
def test_never_negative_and_never_falling_within_a_day(
    steps: list[tuple[float, float]], rated: float | None, wrap: float | None
) -> None:
    tally, at = None, NOON
    for wait, counter in steps:
        at += wait
        before = tally
        tally = advance(tally, counter, at, rated=rated, wrap=wrap)
        assert tally.energy >= 0.0
        assert tally.since >= tally.midnight
        if before is not None and before.midnight == tally.midnight:
            assert tally.energy >= before.energy


@given(st.lists(st.floats(0.0, 5_000.0), min_size=1, max_size=40))
def test_an_honest_counter_is_counted_in_full(rises: list[float]) -> None:
    counter, readings = 1e6, [(NOON, 1e6)]
    for number, rise in enumerate(rises, 1):
        counter += rise
        readings.append((NOON + number * 60.0, counter))
    assert abs(_run(*readings).energy - sum(rises)) < 1e-3
