"""Everything that a plant, an inverter or a battery says of itself: labels and values, grouped."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from adapters.records import Battery, Inverter, Plant
from console.rows import batteries, inverters, numbers, plants, solar, times, units
from console.rows.cells import Cell, Column
from console.rows.findings import Finding

Device: TypeAlias = Plant | Inverter | Battery
"""What has a page of this sort."""

STRINGS = (
    Column("name", "STRING", 14, least=6, priority=10),
    Column("power", "POWER", 9, align="right", priority=9),
    Column("voltage", "VOLTAGE", 9, align="right", priority=8),
    Column("current", "CURRENT", 9, align="right", priority=7),
)


class Fact(NamedTuple):
    """One value with its name; a value that is not known is a dash, in the tone "dim"."""

    label: str
    text: str


class Group(NamedTuple):
    """Facts that belong together."""

    title: str
    facts: tuple[Fact, ...]


def findings(device: Device, now: float) -> list[Finding]:
    """Return what is wrong with *device*."""
    if isinstance(device, Plant):
        return solar.of_plant(device, now)
    if isinstance(device, Inverter):
        return solar.of_inverter(device, now)
    return solar.of_battery(device, now)


def state_text(device: Device, now: float) -> str:
    """Return the device's state in words."""
    if isinstance(device, Plant):
        return plants.state_text(device, now)
    if isinstance(device, Inverter):
        return inverters.state_text(device, now)
    return batteries.state_text(device, now)


def groups(device: Device, now: float) -> tuple[Group, ...]:
    """Return every value of *device*, those that it does not have as dashes."""
    if isinstance(device, Plant):
        return _plant(device, now)
    if isinstance(device, Inverter):
        return _inverter(device, now)
    return _battery(device, now)


def strings(inverter: Inverter) -> list[tuple[Cell, ...]]:
    """Return the DC inputs of *inverter* as rows, in the order of STRINGS."""
    return [
        (
            Cell(one.name),
            Cell(units.power(one.power)),
            Cell(units.decimal(one.voltage, "V")),
            Cell(units.decimal(one.current, "A")),
        )
        for one in inverter.strings
    ]


def _plant(one: Plant, now: float) -> tuple[Group, ...]:
    flow = batteries.power_text(one.battery_power)
    told = (one.charge, one.battery_power, one.capacity)
    known = any(value is not None for value in told)
    return (
        Group("SUN", (
            Fact("power", f"{units.power(one.power)}, {units.percent(plants.share(one))} of "
                          f"{units.power(one.rated)} rated"),
            Fact("energy today", _today(one.energy_today, one.energy_since, now)),
            Fact("light", plants.light_words(one, now)),
            Fact("answering", numbers.of(one.answering, one.devices).replace("/", " of ")),
        )),
        Group("BATTERIES", (
            Fact("charge", f"{plants.charge_text(one)} of {units.energy(one.capacity)}"),
            Fact("power", flow + _direction(one.battery_power)),
            Fact("lasts", units.hours(one.hours_left)),
        ) if known else (Fact("charge", "no battery here has told of itself"),)),
        Group("FROM", (
            Fact("site", one.site),
            Fact("adapter", one.source),
            Fact("read at", times.utc(one.at, now)),
        )),
    )  # fmt: skip


def _inverter(one: Inverter, now: float) -> tuple[Group, ...]:
    return (
        Group("AC", (
            Fact("power", units.power(one.power)),
            Fact("rated", units.power(one.rated)),
            Fact("voltage", units.decimal(one.voltage, "V")),
            Fact("frequency", f"{one.frequency:.2f} Hz" if units.known(one.frequency) else ""),
            Fact("energy today", _today(one.energy_today, one.energy_since, now)),
            Fact("energy", units.energy(one.energy)),
        )),
        Group("DEVICE", (
            Fact("DC power", units.power(one.dc_power)),
            Fact("temperature", units.decimal(one.temperature, "°C")),
            Fact("SunSpec state", str(one.state)),
            Fact("light", str(one.light)),
            Fact("answers", _answers(one.online)),
            Fact("alarms", ", ".join(one.events) or ("none" if one.online else "")),
            Fact("error", one.error or ("none" if one.online else "")),
        )),
        _made(one, now),
    )  # fmt: skip


def _battery(one: Battery, now: float) -> tuple[Group, ...]:
    return (
        Group("CHARGE", (
            Fact("charge", units.percent(one.charge)),
            Fact("power", batteries.power_text(one.power) + _direction(one.power)),
            Fact("capacity", units.energy(one.capacity)),
            Fact("reserve", units.percent(one.reserve)),
            Fact("charge limit", units.power(one.charge_limit)),
            Fact("discharge limit", units.power(one.discharge_limit)),
        )),
        Group("DEVICE", (
            Fact("state", one.state),
            Fact("health", units.percent(one.health)),
            Fact("voltage", units.decimal(one.voltage, "V")),
            Fact("temperature", units.decimal(one.temperature, "°C")),
            Fact("answers", _answers(one.online)),
            Fact("alarms", ", ".join(one.events) or ("none" if one.online else "")),
            Fact("error", one.error or ("none" if one.online else "")),
        )),
        _made(one, now),
    )  # fmt: skip


def _made(one: Inverter | Battery, now: float) -> Group:
    return Group("FROM", (
        Fact("maker, model", inverters.model_text(one)),
        Fact("serial number", one.name),
        Fact("unit", numbers.count(one.unit)),
        Fact("plant", one.namespace),
        Fact("site", one.site),
        Fact("adapter", one.source),
        Fact("read at", times.utc(one.at, now)),
    ))  # fmt: skip


def _today(energy: float | None, since: float | None, now: float) -> str:
    """Return the energy of today, and since when it is counted where that is not midnight."""
    text = units.energy(energy)
    return f"{text} since {times.utc(since, now)}" if energy is not None and since else text


def _direction(watts: float | None) -> str:
    if watts is None or abs(watts) < 0.5:
        return ""
    return " discharging" if watts > 0 else " charging"


def _answers(online: bool | None) -> str:
    return "" if online is None else "yes" if online else "no"
