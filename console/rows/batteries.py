"""Batteries as rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.records import Battery
from console.rows import gauge, marks, solar, sorting, units
from console.rows.cells import Cell, Column, Tone
from console.rows.context import Context, dressed, marked, with_doubt
from console.rows.findings import words, worst
from console.rows.inverters import model_text
from console.rows.values import Value

GAUGE = 10
"""Cells of the gauge."""

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("name", "BATTERY", 14, least=12, flex=1, priority=10),
    Column("plant", "PLANT", 12, least=9, priority=4),
    Column("why", "STATE", 40, least=16, flex=3, priority=8),
    Column("gauge", "", GAUGE + 1, priority=6),
    Column("charge", "CHARGE", 6, align="right", priority=9),
    Column("power", "POWER", 9, align="right", priority=8),
    Column("lasts", "LASTS", 18, priority=7),
    Column("capacity", "CAPACITY", 8, align="right", priority=3),
    Column("health", "HEALTH", 6, align="right", priority=3),
    Column("temperature", "TEMP", 7, align="right", priority=4),
    Column("reserve", "RESERVE", 7, align="right", priority=1),
    Column("model", "MODEL", 20, least=12, priority=1),
    Column("source", "SOURCE", 10, least=8, priority=0),
)
DEFAULT_SORT = "mark"
FIELDS = ("name", "plant", "why", "model", "site", "source")
EMPTY = "No battery is known."
VALUES = (
    Value("name", lambda one: one.name),
    Value("plant", lambda one: one.namespace),
    Value("online", lambda one: one.online),
    Value("state", lambda one: one.state),
    Value("why", lambda one: state_text(one, one.received).replace(marks.NOTHING, "")),
    Value("charge", lambda one: units.known(one.charge), "number", "%"),
    Value("power", lambda one: units.known(one.power), "number", "W"),
    Value("capacity", lambda one: units.known(one.capacity), "number", "Wh"),
    Value("health", lambda one: units.known(one.health), "number", "%"),
    Value("temperature", lambda one: units.known(one.temperature), "number", "°C", also=("temp",)),
    Value("voltage", lambda one: units.known(one.voltage), "number", "V"),
    Value("reserve", lambda one: units.known(one.reserve), "number", "%"),
    Value("events", lambda one: one.events),
    Value("model", lambda one: " ".join(filter(None, (one.manufacturer, one.model)))),
    Value("unit", lambda one: one.unit, "number"),
    Value("site", lambda one: one.site),
    Value("source", lambda one: one.source),
)


def cells(one: Battery, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, since = context.store.quality(one)
    mark = solar.mark_of(worst(solar.of_battery(one, context.now)), dark=False)
    tone: Tone = "" if mark.tone == "good" else mark.tone
    row = (
        Cell(one.name, "title" if mark.tone == "bad" else ""),
        Cell(one.namespace, "dim"),
        Cell(with_doubt(state_text(one, context.now), quality, since, context.now), tone),
        Cell(gauge.battery(one.charge, GAUGE), mark.tone if one.charge is not None else "dim"),
        Cell(units.percent(one.charge)),
        Cell(power_text(one.power)),
        Cell(lasts_text(one), tone or "dim"),
        Cell(units.energy(one.capacity), "dim"),
        Cell(units.percent(one.health), "dim"),
        Cell(units.decimal(one.temperature, "°C"), "dim"),
        Cell(units.percent(one.reserve), "dim"),
        Cell(model_text(one), "dim"),
        Cell(one.source, "dim"),
    )
    return (marked(mark, quality), *dressed(row, quality))


def power_text(watts: float | None) -> str:
    """Return "↑2.10 kW" while it charges, "↓3.40 kW" while it discharges, "0 W" while neither."""
    watts = units.known(watts)
    if watts is None:
        return marks.NOTHING
    if abs(watts) < 0.5:
        return "0 W"
    return f"{'↓' if watts > 0 else '↑'}{units.power(abs(watts))}"


def lasts(one: Battery) -> float | None:
    """Return the hours until *one* is down to its reserve, negative until it is full.

    None where it rests, or where nobody knows what it holds: at the power that it has now.
    """
    charge, watts, capacity = map(units.known, (one.charge, one.power, one.capacity))
    if charge is None or watts is None or not capacity or abs(watts) < 0.5 or not one.online:
        return None
    if watts > 0:
        return max(0.0, charge - (units.known(one.reserve) or 0.0)) / 100 * capacity / watts
    return max(0.0, 100 - charge) / 100 * capacity / watts


def lasts_text(one: Battery) -> str:
    """Return "4 h 10 min left" at this load, "full in 2 h" while it charges, "" where it rests."""
    found = lasts(one)
    if found is None:
        return ""
    if (one.power or 0.0) > 0:
        return f"{units.hours(found)} left"
    return f"full in {units.hours(-found)}" if found < 0 else "full"


def state_text(one: Battery, now: float) -> str:
    """Return the battery's state in words: what is wrong, then what it does."""
    wrong = words(solar.of_battery(one, now))
    return " · ".join(filter(None, (wrong, one.state if one.online else ""))) or marks.NOTHING


def sort_key(column: str) -> Callable[[Battery], Any]:
    """Return the key by which *column* sorts; the first column sorts the worst to the top."""
    keys: dict[str, Callable[[Battery], Any]] = {
        "mark": lambda one: (_grade(one), _by_name(one)),
        "name": lambda one: (sorting.natural(one.name), _by_name(one)),
        "why": lambda one: (_grade(one), one.state, _by_name(one)),
        "gauge": lambda one: (sorting.known(one.charge), _by_name(one)),
        "charge": lambda one: (sorting.known(one.charge), _by_name(one)),
        "power": lambda one: (sorting.known(one.power), _by_name(one)),
        "lasts": lambda one: (sorting.known(lasts(one)), _by_name(one)),
        "capacity": lambda one: (sorting.known(one.capacity), _by_name(one)),
        "health": lambda one: (sorting.known(one.health), _by_name(one)),
        "temperature": lambda one: (sorting.known(one.temperature), _by_name(one)),
        "reserve": lambda one: (sorting.known(one.reserve), _by_name(one)),
        "model": lambda one: (model_text(one), _by_name(one)),
        "source": lambda one: (one.source, _by_name(one)),
    }
    return keys.get(column, _by_name)


def _grade(one: Battery) -> int:
    return worst(solar.of_battery(one, one.received))


def _by_name(one: Battery) -> tuple[Any, ...]:
    return (sorting.natural(one.namespace), sorting.natural(one.name), one.source)


def haystack(one: Battery) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "name": one.name,
        "plant": one.namespace,
        "why": state_text(one, one.received),
        "model": model_text(one),
        "site": one.site,
        "source": one.source,
    }
