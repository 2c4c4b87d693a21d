"""What is wrong with a plant, an inverter or a battery: how bad, and in which words.

Night, offline and zero are three things. An array that is silent at night is as it should be; one
that is silent by day is offline; one that answers and feeds nothing while the sun is up is neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from adapters.records import Battery, Inverter, InverterState, Light, Plant
from console.rows import marks, times, units
from console.rows.cells import Cell
from console.rows.severity import Severity, mark

LOW, EMPTY = 20.0, 10.0
"""The charge in % at which a battery is worth a warning, and at which it is nearly empty."""
SOON, AT_ONCE = 3.0, 0.5
"""Hours that a battery lasts at its present discharge: a warning, and an alarm."""
ZERO_BY_DAY = "0 W, sun is up"
NIGHT = "night"

_RESTING = (InverterState.OFF, InverterState.SLEEPING, InverterState.STANDBY)


class Finding(NamedTuple):
    """One thing that is wrong: how bad, and what it is."""

    severity: Severity
    text: str


def worst(findings: Iterable[Finding]) -> Severity:
    """Return how bad the worst of *findings* is, none where there are none."""
    return min((one.severity for one in findings), default=Severity.NONE)


def words(findings: Iterable[Finding]) -> str:
    """Return *findings* in a line, the worst first."""
    return " · ".join(one.text for one in sorted(findings, key=lambda one: one.severity))


def mark_of(severity: Severity, *, dark: bool) -> Cell:
    """Return the mark of a device of *severity*: the moon where it is dark and all is well."""
    return Cell(marks.DARK, "dim") if dark and severity > Severity.UNKNOWN else mark(severity)


def offline(since: float | None, now: float) -> str:
    """Return "offline since 13:56:12Z", without the time where nobody knows it."""
    return "offline" if since is None else f"offline since {times.utc(since, now)}"


# A plant


def of_plant(plant: Plant, now: float) -> list[Finding]:
    """Return what is wrong with *plant*."""
    return [*_silence(plant, now), *_problems(plant), *_charge(plant, now)]


def _silence(plant: Plant, now: float) -> Iterator[Finding]:
    lost = plant.devices - plant.answering
    if not plant.devices:
        yield Finding(Severity.UNKNOWN, "no device has answered yet")
    elif not plant.answering and plant.light is not Light.NIGHT:
        sure = plant.light is Light.DAY
        text = offline(plant.at, now) + ("" if sure else ", day or night not known")
        yield Finding(Severity.CRITICAL if sure else Severity.UNKNOWN, text)
    elif lost > 0 and plant.light is not Light.NIGHT:
        yield Finding(Severity.DEGRADED, f"{plant.answering} of {plant.devices} devices answer")
    if feeds_nothing(plant.power, plant.light) and plant.answering:
        yield Finding(Severity.DEGRADED, ZERO_BY_DAY)


def _problems(plant: Plant) -> Iterator[Finding]:
    for problem in plant.problems:
        yield Finding(Severity.DEGRADED, problem)


def _charge(plant: Plant, now: float) -> Iterator[Finding]:
    charge, left = units.known(plant.charge), units.known(plant.hours_left)
    discharging = (plant.battery_power or 0.0) > 0
    text = f"battery {units.percent(charge)}" if charge is not None else "battery"
    if left is not None and discharging:
        text += f", {units.hours(left)} at this load"
    low = charge is not None and charge <= LOW
    empty = charge is not None and charge <= EMPTY and (plant.battery_power or 0.0) >= 0
    if empty or (discharging and left is not None and left <= AT_ONCE):
        yield Finding(Severity.CRITICAL, text)
    elif low or (discharging and left is not None and left <= SOON):
        yield Finding(Severity.DEGRADED, text)
    elif discharging and left is not None and plant.light is Light.NIGHT and plant.sunrise:
        short = (plant.sunrise - now) / 3600 - left
        if short >= 1:
            yield Finding(Severity.DEGRADED, f"{text}, {int(short)} h too short for the night")


def feeds_nothing(watts: float | None, light: Light) -> bool:
    """Whether nothing is fed though the sun is up; what is not known is not nothing."""
    return watts is not None and watts <= 0 and light is Light.DAY


# A device


def of_inverter(one: Inverter, now: float) -> list[Finding]:
    """Return what is wrong with an inverter."""
    return list(_inverter(one, now))


def _inverter(one: Inverter, now: float) -> Iterator[Finding]:
    if one.online is None:
        yield Finding(Severity.UNKNOWN, one.error or "not asked yet")
        return
    if not one.online:
        if one.light is not Light.NIGHT:
            grade = Severity.CRITICAL if one.light is Light.DAY else Severity.UNKNOWN
            yield Finding(grade, _with(offline(one.at, now), (one.error,)))
        return
    if one.state is InverterState.FAULT:
        yield Finding(Severity.CRITICAL, _with("fault", one.events))
    elif one.events:
        yield Finding(Severity.DEGRADED, ", ".join(one.events))
    if one.state is InverterState.THROTTLED:
        yield Finding(Severity.DEGRADED, "throttled")
    busy = one.state in (InverterState.FAULT, InverterState.STARTING)
    if feeds_nothing(one.power, one.light) and not busy:
        state = f", {one.state}" if one.state in _RESTING else ""
        yield Finding(Severity.DEGRADED, ZERO_BY_DAY + state)
    if one.error:
        yield Finding(Severity.DEGRADED, one.error)


def of_battery(one: Battery, now: float) -> list[Finding]:
    """Return what is wrong with a battery; night excuses none."""
    return list(_battery(one, now))


def _battery(one: Battery, now: float) -> Iterator[Finding]:
    if one.online is None:
        yield Finding(Severity.UNKNOWN, one.error or "not asked yet")
        return
    if not one.online:
        yield Finding(Severity.CRITICAL, _with(offline(one.at, now), (one.error,)))
        return
    if one.events:
        yield Finding(Severity.DEGRADED, ", ".join(one.events))
    charge = units.known(one.charge)
    if charge is not None and charge <= EMPTY and (one.power or 0.0) >= 0:
        yield Finding(Severity.CRITICAL, "nearly empty")
    elif charge is not None and charge <= max(LOW, one.reserve or 0.0):
        reserve = one.reserve is not None and charge <= one.reserve
        yield Finding(Severity.DEGRADED, "down to its reserve" if reserve else "low")
    if one.error:
        yield Finding(Severity.DEGRADED, one.error)


def _with(text: str, more: Iterable[str]) -> str:
    said = ", ".join(filter(None, more))
    return f"{text}: {said}" if said else text
