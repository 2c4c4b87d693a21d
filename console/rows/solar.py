"""What is wrong with a plant, an inverter or a battery: how bad, and in which words.

Night, offline and zero are three things. An array that is silent at night is as it should be; one
that is silent by day is offline; one that answers and feeds nothing while the sun is up is neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapters.records import Battery, Inverter, InverterState, Light, Plant, Quality
from console.rows import marks, times, units
from console.rows.cells import Cell
from console.rows.context import with_doubt
from console.rows.findings import Finding, words
from console.rows.severity import Severity, mark

LOW, EMPTY = 25.0, 10.0
"""The charge in % at which a battery is worth a warning, and at which that is an alarm."""
AT_ONCE = 0.5
"""Hours that a battery lasts at its present discharge from which on it is an alarm."""
OFFLINE = "offline"
ZERO_BY_DAY = "0 W, sun is up"
NIGHT = "night"

_RESTING = (InverterState.OFF, InverterState.SLEEPING, InverterState.STANDBY)


def mark_of(severity: Severity, *, dark: bool) -> Cell:
    """Return the mark of a device of *severity*: the moon where it is dark and all is well."""
    return Cell(marks.DARK, "dim") if dark and severity > Severity.UNKNOWN else mark(severity)


def offline(since: float | None, now: float) -> str:
    """Return "offline since 13:56:12Z", without the time where nobody knows it."""
    return OFFLINE if since is None else f"{OFFLINE} since {times.utc(since, now)}"


# A plant


def of_plant(plant: Plant, now: float) -> list[Finding]:
    """Return what is wrong with *plant*.

    Its problems are its adapter's, who knows how high the sun stands and from which charge on a
    battery is low; only how bad that is, and what a person reads of the battery, is said here.
    """
    if not plant.devices:
        return [Finding(Severity.UNKNOWN, "no device has answered yet")]
    if not plant.answering and plant.light is Light.DAY:
        return [Finding(Severity.CRITICAL, OFFLINE)]
    if not plant.answering and plant.light is Light.UNKNOWN:
        return [Finding(Severity.UNKNOWN, f"{OFFLINE}, day or night not known")]
    battery = list(_charge(plant, now))
    told = [one for one in plant.problems if not (battery and one.startswith("battery "))]
    found = [Finding(Severity.DEGRADED, one) for one in told]
    lost = plant.devices - plant.answering
    if lost and not told and plant.light is not Light.NIGHT:
        found.append(Finding(Severity.DEGRADED, f"{plant.answering} of {plant.devices} answer"))
    return found + battery


def _charge(plant: Plant, now: float) -> Iterator[Finding]:
    """Yield what is wrong with the batteries, in steps that do not change each sample."""
    charge, left = units.known(plant.charge), units.known(plant.hours_left)
    discharging = (plant.battery_power or 0.0) > 0
    if charge is None:
        return
    text = f"battery {units.percent(charge)}"
    if left is not None and discharging:
        text += f", {units.hours(left)} at this load"
    empty = charge <= EMPTY and (plant.battery_power or 0.0) >= 0
    if empty or (discharging and left is not None and left <= AT_ONCE):
        yield Finding(Severity.CRITICAL, text)
    elif any(one.startswith("battery ") for one in plant.problems):
        yield Finding(Severity.DEGRADED, text)
    elif discharging and left is not None and plant.light is Light.NIGHT and plant.sunrise:
        short = (plant.sunrise - now) / 3600 - left
        if short >= 1:
            yield Finding(Severity.DEGRADED, f"{text}, {int(short)} h too short for the night")


def wrong_words(plant: Plant, quality: Quality, since: float | None, now: float) -> str:
    """Return what is wrong with *plant* in a line, and since when nothing more is known of it."""
    said = words(of_plant(plant, now))
    if said == OFFLINE and quality is Quality.STALE:
        return offline(since, now)
    return with_doubt(said, quality, since, now)


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
    if one.power is not None and one.power <= 0 and one.light is Light.DAY and not busy:
        # While the sun is low they sleep still, or again: only the plant's adapter knows how low.
        asleep = one.state is InverterState.SLEEPING
        state = f", {one.state}" if one.state in _RESTING else ""
        grade = Severity.MOVING if asleep else Severity.DEGRADED
        yield Finding(grade, ZERO_BY_DAY + state)
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
