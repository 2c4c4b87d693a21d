"""The sun against an almanac's times, and where it does not rise."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.records import Light
from adapters.sunspec.sun import HORIZON, Almanac, crossing, elevation


def _at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("place", "day", "sunrise", "sunset"),
    [
        ((51.4779, 0.0), "2026-06-21", "2026-06-21T03:43", "2026-06-21T20:21"),  # Greenwich
        ((40.7128, -74.006), "2024-03-20", "2024-03-20T10:59", "2024-03-20T23:08"),  # New York
        (
            (-33.8688, 151.2093),
            "2024-12-20T14:00",
            "2024-12-20T18:41",
            "2024-12-21T09:05",
        ),  # Sydney
    ],
)
def test_sunrise_and_sunset(
    place: tuple[float, float], day: str, sunrise: str, sunset: str
) -> None:
    start = _at(day)
    assert crossing(start, *place, rising=True) == pytest.approx(_at(sunrise), abs=120)
    rise = crossing(start, *place, rising=True)
    assert rise is not None
    assert crossing(rise, *place, rising=False) == pytest.approx(_at(sunset), abs=120)


def test_elevation_at_noon() -> None:
    # Greenwich at the solstice: 90° - latitude + obliquity, two minutes after twelve.
    assert elevation(_at("2026-06-21T12:02"), 51.4779, 0.0) == pytest.approx(61.96, abs=0.05)
    assert elevation(_at("2026-06-21T00:02"), 51.4779, 0.0) == pytest.approx(-15.09, abs=0.05)


def test_a_polar_night_has_no_sunrise() -> None:
    sky = Almanac(78.2, 15.6).sky(_at("2026-12-21"))
    assert (sky.light, sky.sunrise, sky.sunset) == (Light.NIGHT, None, None)


def test_the_next_ones_are_kept_until_they_are_over() -> None:
    almanac = Almanac(51.4779, 0.0)
    morning, evening = almanac.sky(_at("2026-06-21T02:00")), almanac.sky(_at("2026-06-21T21:00"))
    assert morning.sunrise is not None
    assert morning.light is Light.NIGHT
    assert almanac.sky(_at("2026-06-21T01:00")).sunrise == pytest.approx(morning.sunrise, abs=2)
    assert evening.sunrise == pytest.approx(morning.sunrise + 86_400, abs=120)
    assert elevation(morning.sunrise, 51.4779, 0.0) == pytest.approx(HORIZON, abs=0.01)


def test_without_a_place_nothing_is_known() -> None:
    assert Almanac(None, None).sky(0.0).light is Light.UNKNOWN
