"""`colony doctor` for one plant: reach, each unit's SunSpec map, what is not implemented."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

from adapters.clock import Clock
from adapters.contract import Finding, Found
from adapters.sunspec import batteries, inverters
from adapters.sunspec.failures import Excepted, Failure, NotSunSpec, Silent, Unreachable
from adapters.sunspec.points import Points
from adapters.sunspec.reading import Reading, Unit, everything
from adapters.sunspec.recorder import Recorder
from adapters.sunspec.settings import Settings
from adapters.text import clean

SLOW = 2.0
"""Seconds to read a device past which the interval may be too short."""
_OF_INVERTERS = ("power", "energy", "temperature", "rated")
_OF_BATTERIES = ("power", "charge", "capacity")


async def diagnose(
    settings: Settings, units: Mapping[int, Unit], clock: Clock, address: str
) -> list[Finding]:
    """Return what was found; nothing is raised: what fails is a finding."""
    found = [configuration(settings, address)]
    for number, unit in units.items():
        began = clock.monotonic()
        try:
            chain, models, flaws = await everything(unit)
        except Unreachable as error:
            advice = "check host, port and network; many devices take one connection only"
            return [*found, Finding("reach", Found.BAD, f"{address}: {error}", advice)]
        except Failure as error:
            found.append(Finding(f"unit {number}", Found.BAD, clean(str(error)), _advice(error)))
            continue
        took = clock.monotonic() - began
        names = ", ".join(str(block.model) for block in chain.blocks)
        detail = f"SunSpec at {chain.base}, models {names}; read in {took:.1f} s"
        if flaws:
            advice = "the device's firmware breaks SunSpec there: what it says of it is unknown"
            said = f"{detail}; {'; '.join(flaws)}"
            found.append(Finding(f"unit {number}", Found.WARNING, clean(said), advice))
        elif took > min(SLOW, settings.interval):
            advice = "raise interval"
            found.append(Finding(f"unit {number}", Found.WARNING, f"{detail}: slow", advice))
        else:
            found.append(Finding(f"unit {number}", Found.GOOD, detail))
        found.append(implemented(number, models, clock.now()))
    found.append(await asyncio.to_thread(_recorder, settings, clock.now()))
    return found


def configuration(settings: Settings, address: str) -> Finding:
    """Say what the configuration comes down to."""
    units = ", ".join(map(str, settings.units))
    detail = f"{address}, unit{'s' if len(settings.units) > 1 else ''} {units}"
    if settings.latitude is None:
        advice = "set latitude and longitude: night and an outage look the same without"
        return Finding("configuration", Found.WARNING, f"{detail}; place not known", advice)
    return Finding("configuration", Found.GOOD, detail)


def implemented(number: int, models: list[Points], now: float) -> Finding:
    """Say what kind of device this is, and which of the values that are shown it does not have."""
    reading = Reading(now, tuple(models))
    kinds, lacking = [], []
    if inverters.is_inverter(reading):
        kinds.append("inverter")
        inverter = inverters.inverter(reading)
        lacking += [name for name in _OF_INVERTERS if getattr(inverter, name) is None]
    if batteries.is_battery(reading):
        kinds.append("battery")
        battery = batteries.battery(reading)
        lacking += [f"battery {name}" for name in _OF_BATTERIES if getattr(battery, name) is None]
    check = f"unit {number} values"
    if not kinds:
        said = "no model of an inverter or a battery"
        return Finding(check, Found.BAD, said, "take the unit out of units")
    if lacking:
        detail = f"{' and '.join(kinds)}; not implemented now: {', '.join(lacking)}"
        return Finding(check, Found.WARNING, detail, "these are shown as not known")
    return Finding(check, Found.GOOD, f"{' and '.join(kinds)}; all that is shown")


def _advice(error: Failure) -> str:
    if isinstance(error, NotSunSpec):
        return "switch SunSpec (Modbus TCP) on in the device, or correct units"
    if isinstance(error, Silent) or (isinstance(error, Excepted) and error.absent):
        return "correct units, or look whether the device has power; at night some have none"
    return "look at the device's log and firmware"


def _recorder(settings: Settings, now: float) -> Finding:
    if not settings.recorder:
        detail = "none: the last hours and today's energy begin anew with the station"
        return Finding("recorder", Found.UNKNOWN, detail, "set recorder to a file, if wanted")
    path = Path(settings.recorder).expanduser()
    shown = clean(str(path), 200)
    try:
        samples = Recorder(path).load(now)
    except OSError as error:
        why = clean(error.strerror or str(error), 200)
        return Finding("recorder", Found.BAD, f"{shown}: {why}", "correct recorder or its rights")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        return Finding("recorder", Found.BAD, f"{shown}: may not be written", "correct its rights")
    return Finding("recorder", Found.GOOD, f"{shown}, {len(samples)} minutes kept")
