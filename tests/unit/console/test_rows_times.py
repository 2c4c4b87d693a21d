"""Times in UTC, ages in steps, durations in two units."""

from __future__ import annotations

import pytest

from console.rows import times

NOON = 1_795_003_200.0 + 3600 * 0  # 2026-11-18 12:00:00Z


def test_times_are_utc_with_a_date_on_another_day() -> None:
    assert times.utc(NOON) == "12:00:00Z"
    assert times.utc(NOON, NOON + 3600) == "12:00:00Z"
    assert times.utc(NOON, NOON + 86_400) == "2026-11-18 12:00Z"
    assert times.iso(NOON) == "2026-11-18T12:00:00Z"


def test_a_moment_is_said_with_how_long_ago_it_was() -> None:
    assert times.when(NOON, NOON + 3) == "12:00:00Z, just now"
    assert times.when(NOON, NOON - 3) == "12:00:00Z, just now"
    assert times.when(NOON, NOON + 200) == "12:00:00Z, 3 m ago"
    assert times.when(None, NOON) == times.when(1e30, NOON) == "—"


def test_no_time_and_a_time_that_no_calendar_has_are_a_dash() -> None:
    assert times.utc(None) == "—"
    assert times.iso(None) is None
    for wild in (1e20, -1e20, float("inf"), float("nan")):
        assert times.utc(wild, NOON) == "—"
        assert times.iso(wild) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "live"), (9.9, "live"), (10, "10 s"), (19, "10 s"), (59, "50 s"), (60, "1 m"),
        (599, "9 m"), (600, "10 m"), (3599, "50 m"), (3600, "1 h"), (86_399, "23 h"),
        (86_400, "1 d"), (864_000, "10 d"), (-5, "live"),
    ],
)  # fmt: skip
def test_ages_move_in_steps(seconds: float, text: str) -> None:
    assert times.step(seconds) == text


def test_an_age_changes_seldom() -> None:
    assert len({times.step(second) for second in range(3600)}) == 1 + 5 + 9 + 5


def test_ages_of_things_and_of_data() -> None:
    assert times.age(NOON, NOON + 3) == "new"
    assert times.age(NOON, NOON + 90) == "1 m"
    assert times.age(None, NOON) == "—"
    assert times.data_age(None) == "no data yet"
    assert times.data_age(2) == "data live"
    assert times.data_age(75) == "data 1 m old"


@pytest.mark.parametrize("wild", [float("inf"), float("nan"), 1e300])
def test_wild_numbers_have_no_age(wild: float) -> None:
    assert isinstance(times.age(wild, NOON), str)
    assert isinstance(times.age(NOON, wild), str)
    assert isinstance(times.duration(wild), str)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "—"), (-1, "0 s"), (45, "45 s"), (379, "6 min"), (15_000, "4 h 10 min"),
        (7200, "2 h"), (266_400, "3 d 2 h"), (86_400, "1 d"),
    ],
)  # fmt: skip
def test_durations(seconds: float | None, text: str) -> None:
    assert times.duration(seconds) == text
