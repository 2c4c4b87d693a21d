"""The sun over tycho as records, at the moment of `colony_data`: one plant well, one in trouble."""

from __future__ import annotations

import math

from adapters.records import (
    AdapterState,
    AdapterStatus,
    Battery,
    Inverter,
    InverterState,
    Light,
    Plant,
    Scope,
    ScopeState,
    String,
    Trend,
)
from console.feed.messages import Parcel

NOW = 1_795_183_351.0
"""2026-11-20 14:02:31 UTC, as `colony_data` has it."""
HOUR = 3600.0
STEP = 300.0
NORTH, SOUTH = "north-rim", "south-rim"


def _inverter(plant: str, number: int, power: float = 0.0, **more: object) -> Inverter:
    dark = more.get("online") is False
    values: dict[str, object] = {
        "source": plant, "namespace": plant, "name": f"HX-{plant[0].upper()}{number:03}",
        "site": plant, "unit": number, "manufacturer": "ColonyPower", "model": "Helios-5",
        "online": True, "state": InverterState.MPPT, "power": None if dark else power,
        "rated": 6000.0, "energy": 12_345_678.0, "energy_today": 14_100.0,
        "dc_power": power * 1.03,
        "voltage": 230.2, "frequency": 50.01, "temperature": 41.2, "light": Light.DAY,
        "strings": (
            String("PV1", power * 0.52, 612.0, 3.3), String("PV2", power * 0.51, 598.0, 3.2),
        ),
        "at": NOW - 2, "received": NOW,
    }  # fmt: skip
    return Inverter(**(values | more))


INVERTERS = (
    _inverter(NORTH, 1, 4980.0),
    _inverter(NORTH, 2, 4890.0),
    _inverter(NORTH, 3, 2230.0),
    _inverter(SOUTH, 1, 3410.0),
    _inverter(
        SOUTH, 2, dc_power=None, temperature=None, strings=(), online=False,
        state=InverterState.UNKNOWN, at=NOW - 379, error="no answer to Modbus",
    ),
)  # fmt: skip

BATTERIES = (
    Battery(
        source=SOUTH, namespace=SOUTH, name="CB-0007", site=SOUTH, unit=10,
        manufacturer="ColonyPower", model="Cell-20", online=True, state="discharging",
        power=2150.0, charge=31.0, reserve=10.0, health=97.0, capacity=20_000.0, voltage=402.1,
        temperature=24.5, charge_limit=5000.0, discharge_limit=5000.0, at=NOW - 2, received=NOW,
    ),
)  # fmt: skip

PLANTS = (
    Plant(
        source=NORTH, namespace=NORTH, name=NORTH, site=NORTH, state="producing",
        light=Light.DAY, power=12_100.0, rated=18_000.0, energy_today=41_200.0,
        devices=3, answering=3, sunset=NOW + 5.3 * HOUR, sunrise=NOW + 15 * HOUR, at=NOW - 2,
        received=NOW,
    ),
    Plant(
        source=SOUTH, namespace=SOUTH, name=SOUTH, site=SOUTH, state="producing",
        light=Light.DAY, power=3410.0, rated=12_000.0, energy_today=22_900.0,
        devices=3, answering=2, charge=31.0, battery_power=2150.0, capacity=20_000.0,
        hours_left=2.88, sunset=NOW + 5.3 * HOUR,
        sunrise=NOW + 15 * HOUR, at=NOW - 2, received=NOW,
        problems=("HX-S002 is offline: no answer to Modbus",
                  "battery 31% · 2 h 52 min at this load"),
    ),
)  # fmt: skip


def day(peak: float, count: int = 96) -> tuple[float | None, ...]:
    """Return a day's power until now in steps of 5 minutes: a sun, and half an hour not known."""
    found: list[float | None] = []
    for number in range(count):
        hour = 14.0 - (count - 1 - number) * STEP / HOUR
        watts = max(0.0, math.sin((hour - 6.2) / 13 * math.pi)) * peak
        found.append(watts * (1 - 0.06 * (number * 7 % 5 == 0)))
    found[30:36] = [None] * 6
    return tuple(found)


TRENDS = (
    Trend(source=NORTH, namespace=NORTH, name=NORTH, site=NORTH,
          until=NOW // STEP * STEP + STEP, received=NOW,
          values=day(12_900.0)),
    Trend(source=SOUTH, namespace=SOUTH, name=SOUTH, site=SOUTH,
          until=NOW // STEP * STEP + STEP, received=NOW,
          values=day(3900.0), charges=tuple(78.0 - number / 2 for number in range(96))),
)  # fmt: skip

ADAPTERS = tuple(
    AdapterStatus(source="station", name=plant, adapter="sunspec", state=AdapterState.LIVE,
                  since=NOW - 7200, last_record_at=NOW - 2, rate=1.0, records=count, received=NOW)
    for plant, count in ((NORTH, 5), (SOUTH, 5))
)  # fmt: skip


def solar_parcels() -> tuple[Parcel, ...]:
    """Return both plants as one snapshot a scope, and what the station says of them."""
    scopes = tuple(
        Scope(source=plant, name="devices", state=ScopeState.LIVE, since=NOW - 7200, heard=NOW - 2,
              interval=5.0, records=5, received=NOW)
        for plant in (NORTH, SOUTH)
    )  # fmt: skip
    records = (*PLANTS, *INVERTERS, *BATTERIES, *TRENDS)
    return (
        Parcel("station", "solar", (*scopes, *ADAPTERS), begin=True, end=True),
        *(
            Parcel(plant, "devices", tuple(r for r in records if r.source == plant),
                   begin=True, end=True)
            for plant in (NORTH, SOUTH)
        ),
    )  # fmt: skip
