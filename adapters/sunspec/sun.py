"""Where the sun stands: NOAA's formulas, good to a minute or so below 72° of latitude."""

from __future__ import annotations

import math
from typing import NamedTuple

from adapters.records import Light

HORIZON = -0.833
"""Elevation in degrees of the sun's centre at sunrise: refraction and half its disc."""
HIGH = 5.0
"""Elevation from which a plant that gives nothing has something wrong with it."""
_STEP = 600.0
_AHEAD = 48 * 3600.0
_TO_J2000 = 946728000.0
"""Seconds from the Unix epoch to J2000.0."""
_CENTURY = 36525 * 86400.0


def elevation(at: float, latitude: float, longitude: float) -> float:
    """Return the sun's elevation in degrees at *at*, seconds since the Unix epoch.

    Geometric: without refraction, which is in `HORIZON`.
    """
    declination, equation = _position(at)
    minutes = at % 86400.0 / 60.0 + equation + 4.0 * longitude
    hour = math.radians(minutes / 4.0 - 180.0)
    north = math.radians(latitude)
    sine = math.sin(north) * math.sin(declination)
    sine += math.cos(north) * math.cos(declination) * math.cos(hour)
    return math.degrees(math.asin(max(-1.0, min(1.0, sine))))


def _position(at: float) -> tuple[float, float]:
    """Return the sun's declination in radians and the equation of time in minutes."""
    t = (at - _TO_J2000) / _CENTURY
    mean = math.radians((280.46646 + t * (36000.76983 + t * 0.0003032)) % 360.0)
    anomaly = math.radians(357.52911 + t * (35999.05029 - 0.0001537 * t))
    eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t)
    centre = math.sin(anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t))
    centre += math.sin(2 * anomaly) * (0.019993 - 0.000101 * t) + math.sin(3 * anomaly) * 0.000289
    node = math.radians(125.04 - 1934.136 * t)
    longitude = mean + math.radians(centre - 0.00569 - 0.00478 * math.sin(node))
    oblique = 23.0 + (26.0 + (21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))) / 60.0) / 60.0
    tilt = math.radians(oblique + 0.00256 * math.cos(node))
    y = math.tan(tilt / 2) ** 2
    equation = y * math.sin(2 * mean) - 2 * eccentricity * math.sin(anomaly)
    equation += 4 * eccentricity * y * math.sin(anomaly) * math.cos(2 * mean)
    equation -= 0.5 * y * y * math.sin(4 * mean) + 1.25 * eccentricity**2 * math.sin(2 * anomaly)
    return math.asin(math.sin(tilt) * math.sin(longitude)), 4.0 * math.degrees(equation)


def crossing(at: float, latitude: float, longitude: float, *, rising: bool) -> float | None:
    """Return the next sunrise (or sunset) after *at*, None where none comes within two days."""

    def up(moment: float) -> bool:
        return (elevation(moment, latitude, longitude) > HORIZON) is rising

    before, moment = up(at), at
    while moment < at + _AHEAD:
        later = moment + _STEP
        after = up(later)
        if after and not before:
            low, high = moment, later
            while high - low > 1.0:
                middle = (low + high) / 2
                low, high = (low, middle) if up(middle) else (middle, high)
            return high
        before, moment = after, later
    return None


class Sky(NamedTuple):
    """The sun at one place and time; with no place, nothing is known of it."""

    light: Light = Light.UNKNOWN
    elevation: float | None = None
    sunrise: float | None = None
    sunset: float | None = None


class Almanac:
    """The sun over one place; the next sunrise and sunset are kept until they are over."""

    def __init__(self, latitude: float | None, longitude: float | None) -> None:
        self._place = None
        if latitude is not None and longitude is not None:
            self._place = (latitude, longitude)
        self._next: dict[bool, tuple[float, float | None]] = {}

    def sky(self, at: float) -> Sky:
        """Return how the sun stands at *at*."""
        if self._place is None:
            return Sky()
        height = elevation(at, *self._place)
        light = Light.DAY if height > HORIZON else Light.NIGHT
        rise, fall = (self._crossing(at, self._place, rising) for rising in (True, False))
        return Sky(light, height, rise, fall)

    def _crossing(self, at: float, place: tuple[float, float], rising: bool) -> float | None:
        looked, found = self._next.get(rising, (math.inf, None))
        # In a polar night there is none: it is looked for again every hour.
        good_until = looked + 3600.0 if found is None else found
        if not looked <= at < good_until:
            found = crossing(at, *place, rising=rising)
            self._next[rising] = (at, found)
        return found
