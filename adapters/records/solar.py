"""Solar plants and batteries, in SunSpec's terms. What a device does not implement is None.

Power is in W, energy in Wh, voltage in V, current in A, temperature in °C, charge in %.
"""

import enum

import msgspec

from adapters.records.base import Record


class InverterState(enum.StrEnum):
    """The operating states of SunSpec models 101-103 and 111-113 (`St`, 1-8)."""

    OFF = "off"
    SLEEPING = "sleeping"
    STARTING = "starting"
    MPPT = "MPPT"
    THROTTLED = "throttled"
    SHUTTING_DOWN = "shutting down"
    FAULT = "fault"
    STANDBY = "standby"
    UNKNOWN = "unknown"


class Light(enum.StrEnum):
    """Whether a plant should have sun now, and how that is known is the adapter's business."""

    DAY = "day"
    NIGHT = "night"
    UNKNOWN = "unknown"


class String(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One DC input of an inverter (model 160, MPPT)."""

    name: str
    power: float | None = None
    voltage: float | None = None
    current: float | None = None


class Inverter(Record, frozen=True):
    """One inverter; `namespace` is its plant, `name` its serial number or its unit.

    `online` is whether it answers: at night, offline and zero power are three things. `power` is
    AC and positive when it feeds. `energy` is its lifetime counter; `energy_today` is counted from
    that since the colony's midnight, or since `energy_since` where the adapter began later.
    `events` are the alarms it raises, in words.
    """

    site: str = ""
    unit: int = 0
    manufacturer: str = ""
    model: str = ""
    online: bool | None = None
    state: InverterState = InverterState.UNKNOWN
    power: float | None = None
    rated: float | None = None
    energy: float | None = None
    energy_today: float | None = None
    energy_since: float | None = None
    dc_power: float | None = None
    voltage: float | None = None
    frequency: float | None = None
    temperature: float | None = None
    strings: tuple[String, ...] = ()
    events: tuple[str, ...] = ()
    light: Light = Light.UNKNOWN
    error: str = ""


class Battery(Record, frozen=True):
    """One battery; `namespace` is its plant, `name` its serial number or its unit.

    `power` is positive while it discharges and negative while it charges. `charge` is the state of
    charge as the device measures it, `health` the state of health, both in %. `capacity` is the
    usable energy when full. `state` is in the device's words: charging, discharging, holding, …
    """

    site: str = ""
    unit: int = 0
    manufacturer: str = ""
    model: str = ""
    online: bool | None = None
    state: str = ""
    power: float | None = None
    charge: float | None = None
    reserve: float | None = None
    health: float | None = None
    capacity: float | None = None
    voltage: float | None = None
    temperature: float | None = None
    charge_limit: float | None = None
    discharge_limit: float | None = None
    events: tuple[str, ...] = ()
    error: str = ""


class Plant(Record, frozen=True):
    """One plant as a whole, added up once so that every screen shows the same number.

    `power` adds up the inverters that answer; `answering` of `devices` do. It is None where none
    of them says. `state` is a word or two for a person, `light` whether there should be sun,
    `sunrise` and `sunset` the next ones (seconds since the epoch), None where not known.
    `battery_power` is positive while the batteries discharge. `hours_left` is how long the
    batteries last at the present discharge.
    """

    site: str = ""
    state: str = ""
    light: Light = Light.UNKNOWN
    power: float | None = None
    rated: float | None = None
    energy_today: float | None = None
    energy_since: float | None = None
    devices: int = 0
    answering: int = 0
    charge: float | None = None
    battery_power: float | None = None
    capacity: float | None = None
    hours_left: float | None = None
    sunrise: float | None = None
    sunset: float | None = None
    problems: tuple[str, ...] = ()


class Trend(Record, frozen=True):
    """The last hours of a plant in equal steps; `name` is the plant.

    `values` are means of power over `step` seconds each, oldest first, `charges` the state of
    charge at their ends; the last one ends at `until` and may still be filling. None where nothing
    was measured: a gap is never 0.
    """

    site: str = ""
    step: float = 300.0
    until: float = 0.0
    values: tuple[float | None, ...] = ()
    charges: tuple[float | None, ...] = ()
