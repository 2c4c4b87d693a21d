"""A plant as a whole: what its devices add up to, and how it does, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from adapters.records import Battery, Inverter, InverterState, Light, Plant
from adapters.sunspec.batteries import STILL
from adapters.sunspec.energy import DAY
from adapters.sunspec.sun import HIGH, Sky


class Limits(msgspec.Struct, frozen=True):
    """Below which charge in % and how many hours left a discharging battery is worth a word."""

    charge: float = 25.0
    hours: float = 4.0


class Devices(msgspec.Struct, frozen=True):
    """What is known of a plant's devices. `count` are the units, `silent` those not answering."""

    count: int
    silent: int
    inverters: tuple[Inverter, ...] = ()
    batteries: tuple[Battery, ...] = ()


def added(values: Iterable[float | None]) -> float | None:
    """Add up what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return round(sum(known), 3) if known else None


def light(sky: Sky, inverters: Iterable[Inverter]) -> Light:
    """Return whether there should be sun: by the sun itself, else by what the inverters do."""
    if sky.light is not Light.UNKNOWN:
        return sky.light
    answering = [each for each in inverters if each.online]
    if any((each.power or 0.0) > 0.0 for each in answering):
        return Light.DAY
    if answering and all(each.state is InverterState.SLEEPING for each in answering):
        return Light.NIGHT
    return Light.UNKNOWN


def plant(at: float, devices: Devices, sky: Sky, limits: Limits) -> Plant:
    """Return the plant that *devices* make up under *sky*; its name and site are the caller's."""
    inverters, batteries = devices.inverters, devices.batteries
    lit = light(sky, inverters)
    battery_power = added(each.power for each in batteries)
    left = hours_left(batteries)
    power = added(each.power for each in inverters)
    midnight = at // DAY * DAY
    began = [each.energy_since for each in inverters if each.energy_today is not None]
    since = max((each for each in began if each is not None), default=None)
    found = Plant(
        at=at,
        light=lit,
        power=power,
        rated=added(each.rated for each in inverters),
        energy_today=added(each.energy_today for each in inverters),
        energy_since=since if since is not None and since > midnight else None,
        devices=devices.count,
        answering=devices.count - devices.silent,
        charge=charge(batteries),
        battery_power=battery_power,
        capacity=added(each.capacity for each in batteries),
        hours_left=left,
        sunrise=sky.sunrise,
        sunset=sky.sunset,
    )
    problems = tuple(dict.fromkeys(_problems(found, devices, sky, limits)))
    return msgspec.structs.replace(
        found, state=_state(found, devices, sky, limits), problems=problems
    )


def charge(batteries: Sequence[Battery]) -> float | None:
    """Return the charge in % of all batteries that say theirs, by capacity where all say that."""
    known = [each for each in batteries if each.charge is not None]
    if not known:
        return None
    weights = [each.capacity or 0.0 for each in known]
    if not all(weights):
        weights = [1.0] * len(known)
    total = sum((each.charge or 0.0) * weight for each, weight in zip(known, weights, strict=True))
    return round(total / sum(weights), 1)


def hours_left(batteries: Sequence[Battery]) -> float | None:
    """Return how long the batteries last at their present discharge, down to their reserves.

    None where they do not discharge as a whole, and where one of those that answer says too
    little to know.
    """
    answering = [each for each in batteries if each.online]
    power = added(each.power for each in answering)
    if power is None or power <= STILL:
        return None
    energy = 0.0
    for each in answering:
        if each.charge is None or each.capacity is None or each.power is None:
            return None
        energy += max(0.0, each.charge - (each.reserve or 0.0)) / 100.0 * each.capacity
    return round(energy / power, 2)


def dark(sky: Sky) -> bool:
    """Whether the sun is known to be down: a silent inverter is then as expected."""
    return sky.light is Light.NIGHT


def _faults(inverters: Iterable[Inverter]) -> list[tuple[Inverter, str]]:
    return [
        (each, ", ".join(each.events) or "no reason given")
        for each in inverters
        if each.state is InverterState.FAULT
    ]


def _sunny(sky: Sky) -> bool:
    return sky.elevation is not None and sky.elevation >= HIGH


def _gives_nothing(found: Plant, devices: Devices, sky: Sky) -> bool:
    if not devices.inverters or found.power is None or found.power > 0.0:
        return False
    return _sunny(sky)


def _state(found: Plant, devices: Devices, sky: Sky, limits: Limits) -> str:
    """Return how the plant does: what is wrong first."""
    faults = _faults(devices.inverters)
    if faults:
        return f"fault: {faults[0][1]}"
    expected = dark(sky) and not devices.batteries
    if devices.silent and not expected:
        return f"{devices.silent} of {devices.count} not answering"
    if _gives_nothing(found, devices, sky):
        return "sun is up and it gives 0 W"
    if any(_low(found, limits)):
        return "battery low"
    flow = _flow(found)
    if found.light is Light.NIGHT and not (found.power or 0.0) > 0.0:
        return flow if flow == "battery discharging" else "night"
    states = {each.state for each in devices.inverters if each.online}
    if InverterState.THROTTLED in states:
        return "throttled"
    if (found.power or 0.0) > 0.0:
        return "producing"
    if devices.inverters:
        if found.power is None:
            return "power not known"
        starting = states & {InverterState.STARTING, InverterState.SHUTTING_DOWN}
        return str(starting.pop()) if len(starting) == 1 else flow or "gives 0 W"
    return flow or "power not known"


def _flow(found: Plant) -> str:
    if found.battery_power is None:
        return ""
    if abs(found.battery_power) < STILL:
        return "battery holding"
    return "battery discharging" if found.battery_power > 0 else "battery charging"


def _problems(found: Plant, devices: Devices, sky: Sky, limits: Limits) -> Iterable[str]:
    for inverter, why in _faults(devices.inverters):
        yield f"{inverter.name}: fault, {why}"
    for battery in devices.batteries:
        if battery.state == "fault":
            yield f"{battery.name}: fault, {', '.join(battery.events) or 'no reason given'}"
    both: tuple[Inverter | Battery, ...] = (*devices.inverters, *devices.batteries)
    for device in both:
        night = dark(sky) and isinstance(device, Inverter)
        if device.online is False and not night:
            yield f"{device.name} is offline: {device.error}"
        elif device.online and device.error:
            yield f"{device.name}: {device.error}"
    if _gives_nothing(found, devices, sky) and not _faults(devices.inverters):
        yield "sun is up and it gives 0 W"
    for inverter in devices.inverters:
        if inverter.state is InverterState.THROTTLED:
            yield f"{inverter.name} is throttled{_because(inverter.events)}"
    yield from _low(found, limits)


def _because(events: Sequence[str]) -> str:
    return f": {', '.join(events)}" if events else ""


def _low(found: Plant, limits: Limits) -> Iterable[str]:
    """Say when a battery that discharges is low, or will soon be."""
    if found.battery_power is None or found.battery_power <= STILL or found.charge is None:
        return
    left = found.hours_left
    if found.charge >= limits.charge and (left is None or left >= limits.hours):
        return
    yield f"battery {found.charge:.0f}%" + ("" if left is None else f" · {span(left)} at this load")


def span(hours: float) -> str:
    """Return a span of hours as "3 h 10 min"."""
    minutes = int(hours * 60)
    whole, rest = divmod(minutes, 60)
    if whole >= 48:
        return f"{whole // 24} d"
    return f"{whole} h {rest} min" if whole else f"{rest} min"
