"""The chart: exact in size whatever it is given, with round ticks, units, and honest gaps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from console.rows import trends
from console.rows.axes import Scale, scale, silent
from console.rows.chart import NOTHING, ChartLine, Limit, Series, chart, resampled

UNTIL = 1_795_183_200.0
"""2026-11-20 14:00 UTC."""
HOUR = 3600.0

values = st.lists(st.none() | st.floats() | st.integers(-(10**6), 10**6).map(float), max_size=40)


def text(lines: tuple[ChartLine, ...]) -> list[str]:
    return ["".join(cell.text for cell in one) for one in lines]


def drawn(
    values: list[float | None], width: int = 30, height: int = 6, **more: object
) -> list[str]:
    given_ = {"until": UNTIL, "step": HOUR, **more}
    return text(chart([Series(values)], width, height, **given_))  # type: ignore[arg-type]


@given(
    st.lists(st.builds(Series, values, filled=st.booleans(), right=st.booleans()), max_size=3),
    st.integers(-2, 90), st.integers(-2, 30), st.floats(-1e12, 1e12), st.floats(0.001, 1e7),
    st.floats(0, 1e9), st.none() | st.floats(-1e12, 1e12),
    st.lists(st.builds(Limit, st.floats(), right=st.booleans()), max_size=2),
)  # fmt: skip
def test_the_size_is_exact_and_nothing_is_raised(
    series: list[Series], width: int, height: int, until: float, step: float, least: float,
    now: float | None, limits: list[Limit],
) -> None:  # fmt: skip
    lines = text(
        chart(series, width, height, until=until, step=step, least=least, now=now, limits=limits)
    )
    assert len(lines) == (height if width > 0 and height > 0 else 0)
    assert {cell_len(one) for one in lines} <= {width}


@pytest.mark.parametrize("values", [[], [None], [0.0], [5.0], [-5.0], [None, 3.0]])
def test_the_smallest_there_is(values: list[float | None]) -> None:
    for width, height in ((1, 1), (2, 1), (1, 4), (13, 3), (12, 4)):
        lines = text(chart([Series(values)], width, height, until=UNTIL, step=300.0))
        assert [len(one) for one in lines] == [width] * height


def test_axes_have_round_numbers_the_unit_and_the_hours_of_utc() -> None:
    lines = drawn(
        [0.0, 4_000.0, 9_000.0, 18_400.0, 12_000.0, 3_000.0, 0.0, 0.0], width=38, height=8
    )
    assert [one[:6] for one in lines] == [
        "20 kW┤", "     │", "     │", "   10┤", "     │", "     │", "    0┼", "      ",
    ]  # fmt: skip
    assert lines[-1].split() == ["06", "08", "10", "12Z"]
    assert lines[-2].count("┬") == 4


def test_watts_stay_watts_and_minutes_are_told_where_hours_would_be_few() -> None:
    lines = drawn([312.0, 300.0, 280.0, 250.0], width=40, height=7, step=900.0)
    assert lines[0].startswith("400 W┤")
    assert lines[-1].split() == ["13:00", "13:30Z"]


def test_a_gap_is_blank_and_a_known_zero_is_not() -> None:
    plot = [one[5:] for one in drawn([0.0, None, 0.0, 900.0], width=29, height=6)]
    assert plot[3][:6].strip() == "⣀" * 6
    assert plot[3][6:12] == " " * 6
    assert plot[3][12:18].strip() == "⣀" * 6
    assert plot[4] == "┬─────╷·····┬─────┬─────"


def test_nothing_measured_says_so() -> None:
    lines = drawn([None] * 8, width=60)
    assert any(NOTHING in one for one in lines)
    assert not any(0x2800 < ord(letter) < 0x2900 for one in lines for letter in one)
    assert any("no data" in one for one in drawn([None] * 8, width=20))


def test_below_zero_is_drawn_below_zero() -> None:
    lines = drawn([800.0, 800.0, -800.0, -800.0], width=30, height=8)
    assert [one[:5].strip() for one in lines if one[:5].strip(" │")] == ["1 kW┤", "0┤", "-1┼"]
    above, below = lines[2][5:], lines[4][5:]
    assert above[:10].strip()
    assert not above[13:].strip()
    assert below[13:].strip()
    assert not below[:10].strip()


def test_a_second_series_has_its_own_axis_and_is_seen_without_colour() -> None:
    power = Series([1000.0] * 20)
    charge = Series([50.0] * 20, "good", filled=False, right=True)
    lines = chart([power, charge], 40, 8, until=UNTIL, step=300.0)
    assert text(lines)[0].endswith("├100 % ")
    assert text(lines)[3].endswith("├50    ")
    (level,) = [cell for one in lines for cell in one if "⠉" in cell.text]
    assert (set(level.text), level.tone) == ({"⠉"}, "good")


def test_a_steep_line_has_no_holes() -> None:
    line = Series([0.0, 100.0] * 5, "good", filled=False, right=True)
    assert text(chart([line], 10, 2, until=UNTIL, step=300.0)) == [" ⡏⡆⡏⡆⡏⡆⡏⡆⡏", "⣀⠇⣇⠇⣇⠇⣇⠇⣇⠇"]


def test_a_little_light_does_not_look_like_much() -> None:
    assert drawn([3.0, 2.0, 4.0], least=900.0)[0].startswith("1 kW┤")


@given(st.lists(st.floats(-1e14, 1e14), max_size=20), st.integers(1, 40), st.floats(0, 1e14))
def test_a_scale_holds_its_values_and_has_few_ticks(
    found: list[float], rows: int, least: float
) -> None:
    axis = scale(found, rows, "W", least)
    slack = (axis.high - axis.low) * 1e-6
    assert all(axis.low - slack <= value <= axis.high + slack for value in [*found, 0.0, least])
    assert 2 <= len(axis.ticks()) <= 7


def test_ticks_are_labelled_in_the_unit_that_makes_them_short() -> None:
    axis = scale([2_600.0], 8, "Wh")
    assert axis == Scale(0.0, 3000.0, 1000.0, 1000.0, "kWh")
    assert [axis.label(one) for one in axis.ticks()] == ["0", "1", "2", "3"]
    assert scale([3_000_000.0], 4, "W").unit == "MW"


@given(values, st.integers(1, 60))
def test_resampling_gives_a_column_each_and_invents_nothing(
    found: list[float | None], columns: int
) -> None:
    made = resampled(found, columns)
    assert len(made) == columns
    if all(value is None for value in found):
        assert made == [None] * columns


def test_resampled_columns_are_means_of_what_is_known() -> None:
    assert resampled([1.0, 3.0, None, None, None, 5.0], 3) == [2.0, None, 5.0]
    assert resampled([1.0, None], 4) == [1.0, 1.0, None, None]


# Several plants together


def trend(values: list[float | None], until: float = UNTIL, **more: object) -> object:
    from adapters.records import Trend

    return Trend(name="p", until=until, step=300.0, values=tuple(values), **more)  # type: ignore[arg-type]


def test_a_sum_is_known_only_where_every_plant_is() -> None:
    whole = trends.total([trend([1.0, None, 3.0]), trend([10.0, 20.0, 30.0])])  # type: ignore[list-item]
    assert whole.power == (11.0, None, 33.0)


def test_a_plant_that_ends_earlier_or_began_later_is_put_in_its_place() -> None:
    early = trend([1.0, 2.0, 3.0], until=UNTIL - 300)
    late = trend([10.0, 20.0])
    assert trends.total([early, late]).power == (None, None, 13.0, None)  # type: ignore[list-item]
    assert trends.total([early, trend([None, None])]).power == (1.0, 2.0, 3.0)  # type: ignore[list-item]
    assert trends.total([]) == trends.NONE
    assert not trends.total([trend([None])]).measured  # type: ignore[list-item]


def test_a_trend_of_another_step_cannot_be_added() -> None:
    from msgspec.structs import replace

    other = replace(trend([5.0]), step=60.0)  # type: ignore[type-var]
    assert trends.total([trend([1.0]), other]).power == (1.0,)  # type: ignore[list-item]
    assert trends.hours(replace(other, step=0.0)) == trends.NONE
    for nonsense in (float("nan"), float("inf"), -1.0, 1e300):
        assert trends.hours(replace(other, until=nonsense)) == trends.NONE
    assert trends.hours(None) == trends.NONE


def test_time_goes_to_now_and_what_did_not_come_is_a_gap() -> None:
    fresh = drawn([4.0] * 12, 40, 6, now=UNTIL + 60)
    assert fresh[-1].endswith("now")
    assert fresh[0].rstrip()[-1] == fresh[3].rstrip()[-1] != "│"
    late = drawn([4.0] * 12, 40, 6, now=UNTIL + 12 * HOUR)
    assert late[-1].endswith("now")
    assert set(late[-2][-16:]) <= {"·", "╷"}
    assert len(late[1].rstrip()) < 24
    assert silent(UNTIL, HOUR, UNTIL + 1.5 * HOUR) == 0
    assert silent(UNTIL, HOUR, UNTIL + 2.5 * HOUR) == 2
    assert silent(UNTIL, HOUR, None) == silent(UNTIL, HOUR, UNTIL - 1e6) == 0


def test_a_label_never_touches_now() -> None:
    for minutes in range(0, 1440, 10):
        said = drawn([1.0] * 24, 60, 6, until=UNTIL + minutes * 60, now=UNTIL + minutes * 60)[-1]
        assert " now" in said, said


def test_a_limit_is_a_dashed_line_behind_what_was_measured() -> None:
    lines = chart(
        [Series([80.0, 60.0, 20.0], filled=False, right=True)], 40, 8, until=UNTIL, step=HOUR,
        limits=(Limit(25.0, right=True), Limit(900.0)),
    )  # fmt: skip
    dashed = [row for row in text(lines) if "┄" in row]
    assert len(dashed) == 1
    assert any(0x2800 < ord(one) <= 0x28FF for one in dashed[0])
    assert {cell.tone for row in lines for cell in row if "┄" in cell.text} == {"warn"}
