"""The power of an app's site as a link: the ground that whatever runs there stands on."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.contract import Changed, Link, Standing, World
from adapters.links import PLACES
from adapters.records import App, Battery, Inverter, Light, Plant

EMPTY = 10.0
"""The charge in % at which a battery that does not charge is as good as empty."""
AT_ONCE = 0.5
"""Hours that a battery lasts at its present discharge from which on it counts as broken."""


def links(source: str, app: App, world: World) -> Sequence[Link]:
    """Return how the plants of the adapter *source* at the site of *app* do; nothing elsewhere."""
    if not app.site:
        return ()
    plants = [one for one in world.of_kind(Plant, source) if app.site == (one.site or one.name)]
    return [_link(one, source, world) for one in plants]


def _link(plant: Plant, source: str, world: World) -> Link:
    standing, words = judged(plant)
    own: Sequence[Inverter | Battery] = [
        *world.of_kind(Inverter, source),
        *world.of_kind(Battery, source),
    ]
    devices = [one for one in own if one.namespace == plant.name]
    silent = [one for one in devices if one.online is False]
    since, known = None, ""
    if standing.fails and silent and not plant.answering:
        # They went one after another, and the last to answer was the end of it.
        heard = [one.at for one in silent if one.at is not None]
        since = max(heard, default=None)
        known = "the last answer of its devices" if since is not None else ""
    details = tuple(f"{one.name}: {', '.join(one.events)}" for one in devices if one.events)
    return Link(
        "power",
        PLACES["power"],
        plant.name,
        standing,
        words,
        details=(*plant.problems, *details) if standing.fails else details,
        since=since,
        known=known,
        key=plant.key,
        silent=standing.fails and not plant.answering,
        changes=() if plant.light is Light.NIGHT else _silenced(silent),
    )


def _silenced(silent: Sequence[Inverter | Battery]) -> tuple[Changed, ...]:
    """Return when each device answered last: at night their silence is no news."""
    found = []
    for one in silent:
        if one.at is not None:
            why = f": {one.error}" if one.error else ""
            words = f"{type(one).__name__.lower()} {one.name}{why}"
            found.append(Changed(one.at, "went silent", words, key=one.key))
    return tuple(found)


def judged(plant: Plant) -> tuple[Standing, str]:
    """Return how *plant* stands as what others stand on: night alone is no failure of it."""
    battery = _battery(plant)
    if not plant.devices:
        return Standing.UNKNOWN, "no device has answered yet"
    if not plant.answering:
        if plant.light is Light.NIGHT:
            return Standing.UNKNOWN, "expected dark: nothing answers at night, and no battery told"
        if plant.light is Light.UNKNOWN:
            return Standing.UNKNOWN, "nothing answers; day or night is not known"
        return Standing.BROKEN, f"dark: none of {plant.devices} devices answers, and the sun is up"
    words = ", ".join(filter(None, (_yield(plant), battery)))
    discharging = (plant.battery_power or 0.0) >= 0.0
    if plant.charge is not None and plant.charge <= EMPTY and discharging:
        return Standing.BROKEN, words
    if plant.hours_left is not None and plant.hours_left <= AT_ONCE:
        return Standing.BROKEN, words
    if plant.problems or (plant.answering < plant.devices and plant.light is not Light.NIGHT):
        lost = plant.devices - plant.answering
        silent = f"{lost} of {plant.devices} devices silent" if lost else ""
        said = plant.problems[0] if plant.problems else silent
        if said.startswith("battery "):
            return Standing.DEGRADED, ", ".join(filter(None, (said, _yield(plant))))
        return Standing.DEGRADED, ", ".join(filter(None, (said, words)))
    return Standing.GOOD, words or plant.state


def _yield(plant: Plant) -> str:
    """Return what it yields: "18.4 kW", at night that it is expected to be dark."""
    if plant.light is Light.NIGHT and not plant.power:
        return "expected dark"
    return "" if plant.power is None else _watts(plant.power)


def _battery(plant: Plant) -> str:
    if plant.charge is None:
        return ""
    text = f"battery {plant.charge:.0f}%"
    if plant.battery_power and plant.battery_power > 0:
        text += f", giving {_watts(plant.battery_power)}"
        if plant.hours_left is not None:
            text += f" for {plant.hours_left:.1f} h more"
    elif plant.battery_power:
        text += f", taking {_watts(-plant.battery_power)}"
    return text


def _watts(power: float) -> str:
    return f"{power / 1000:.1f} kW" if abs(power) >= 1000 else f"{power:.0f} W"
