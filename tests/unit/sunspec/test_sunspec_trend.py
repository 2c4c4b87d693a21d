"""The last hours in steps of five minutes: means, gaps, what is too old."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.sunspec.trend import STEP, STEPS, Bars

START = 1_000 * 86_400.0


def test_means_by_step_oldest_first() -> None:
    bars = Bars()
    for at, power in ((0, 100.0), (10, 300.0), (310, 50.0)):
        bars.add(START + at, power, None)
    trend = bars.trend(START + 310)
    assert trend.values[-2:] == (200.0, 50.0)
    assert (trend.until, trend.step, len(trend.values)) == (START + 600, STEP, STEPS)
    assert set(trend.values[:-2]) == {None}


def test_a_gap_is_none_and_zero_is_zero() -> None:
    bars = Bars()
    bars.add(START, 0.0, 50.0)
    bars.add(START + STEP, None, None)
    bars.add(START + 3 * STEP, 70.0, 49.0)
    trend = bars.trend(START + 3 * STEP)
    assert trend.values[-4:] == (0.0, None, None, 70.0)
    assert trend.charges[-4:] == (50.0, None, None, 49.0)


def test_time_goes_on_without_samples() -> None:
    bars = Bars()
    bars.add(START, 10.0, None)
    assert bars.trend(START + 5 * STEP).values[-6:] == (10.0, None, None, None, None, None)
    assert set(bars.trend(START + 1000 * STEP).values) == {None}


def test_a_kept_minute_weighs_as_many_readings_as_it_had() -> None:
    bars = Bars()
    bars.add(START, 100.0, None, 3.0)
    bars.add(START + 70, 500.0, None)
    assert bars.trend(START).values[-1] == 200.0


def test_a_new_step_is_told_and_an_old_sample_left_out() -> None:
    bars = Bars()
    assert bars.add(START + STEP, 1.0, None)
    assert not bars.add(START + STEP + 1, 1.0, None)
    assert not bars.add(START, 99.0, None)
    assert bars.trend(START + STEP).values[-2:] == (None, 1.0)


@given(st.lists(st.tuples(st.floats(0, 90_000), st.one_of(st.none(), st.floats(-1e6, 1e6)))))
def test_a_mean_lies_between_the_samples(samples: list[tuple[float, float | None]]) -> None:
    bars = Bars()
    for at, power in sorted(samples, key=lambda each: each[0]):
        bars.add(START + at, power, None)
    powers = [power for _, power in samples if power is not None]
    for value in bars.trend(START + 90_000).values:
        if value is not None:
            assert min(powers) - 0.1 <= value <= max(powers) + 0.1
