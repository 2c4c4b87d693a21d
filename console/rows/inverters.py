"""Inverters as rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.records import Inverter, InverterState, Quality
from console import freshness
from console.rows import marks, numbers, solar, sorting, units
from console.rows.cells import Cell, Column, Tone
from console.rows.context import Context, dressed, marked, with_doubt
from console.rows.findings import words, worst
from console.rows.values import Value

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("name", "INVERTER", 14, least=12, flex=1, priority=10),
    Column("plant", "PLANT", 12, least=9, priority=7),
    Column("why", "STATE", 40, least=24, flex=3, priority=8),
    Column("power", "AC", 8, align="right", priority=9),
    Column("dc", "DC", 8, align="right", priority=4),
    Column("temperature", "TEMP", 7, align="right", priority=6),
    Column("today", "TODAY", 8, align="right", priority=5),
    Column("energy", "LIFETIME", 9, align="right", priority=2),
    Column("strings", "STR", 3, align="right", priority=1),
    Column("model", "MODEL", 24, priority=1),
    Column("unit", "UNIT", 4, align="right", priority=0),
    Column("source", "SOURCE", 12, priority=0),
)
DEFAULT_SORT = "mark"
FIELDS = ("name", "plant", "why", "model", "site", "unit", "source")
EMPTY = "No inverter is known."
VALUES = (
    Value("name", lambda one: one.name),
    Value("plant", lambda one: one.namespace),
    Value("online", lambda one: one.online),
    Value("state", lambda one: None if one.state is InverterState.UNKNOWN else one.state),
    Value("why", lambda one: state_text(one, one.received)),
    Value("power", lambda one: units.known(one.power), "number", "W", also=("ac",)),
    Value("dc", lambda one: units.known(one.dc_power), "number", "W"),
    Value("rated", lambda one: units.known(one.rated), "number", "W"),
    Value("temperature", lambda one: units.known(one.temperature), "number", "°C", also=("temp",)),
    Value("voltage", lambda one: units.known(one.voltage), "number", "V"),
    Value("frequency", lambda one: units.known(one.frequency), "number", "Hz"),
    Value("today", lambda one: units.known(one.energy_today), "number", "Wh"),
    Value("energy", lambda one: units.known(one.energy), "number", "Wh", also=("lifetime",)),
    Value("strings", lambda one: len(one.strings) or None, "number"),
    Value("events", lambda one: one.events),
    Value("model", lambda one: " ".join(filter(None, (one.manufacturer, one.model)))),
    Value("unit", lambda one: one.unit, "number"),
    Value("site", lambda one: one.site),
    Value("source", lambda one: one.source),
)

_WORDS: dict[InverterState, str] = {
    InverterState.MPPT: "producing",
    InverterState.UNKNOWN: "state not known",
}


def cells(one: Inverter, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, since = context.store.quality(one)
    dark = freshness.is_dark(one)
    grade = worst(solar.of_inverter(one, context.now))
    mark = solar.mark_of(grade, dark=dark)
    tone: Tone = "" if mark.tone == "good" else mark.tone
    sure = quality in (Quality.FRESH, Quality.DARK)
    said = state_text(one, context.now)
    row = (
        Cell(one.name, "title" if mark.tone == "bad" else ""),
        Cell(one.namespace, "dim"),
        Cell(said if sure else with_doubt(said, quality, since, context.now), tone),
        Cell(units.power(one.power)),
        Cell(units.power(one.dc_power)),
        Cell(units.decimal(one.temperature, "°C")),
        Cell(units.energy(one.energy_today)),
        Cell(units.energy(one.energy), "dim"),
        Cell(numbers.count(len(one.strings) or None), "dim"),
        Cell(model_text(one), "dim"),
        Cell(numbers.count(one.unit), "dim"),
        Cell(one.source, "dim"),
    )
    if quality is Quality.DARK:
        return (Cell(mark.text + " ", mark.tone), *dressed(row, quality))
    return (marked(mark, quality), *dressed(row, quality))


def state_text(one: Inverter, now: float) -> str:
    """Return the inverter's state in words: what is wrong, else what it does."""
    wrong = words(solar.of_inverter(one, now))
    if wrong:
        return wrong
    if freshness.is_dark(one):
        asleep = f", {one.state}" if one.online and one.state is not InverterState.UNKNOWN else ""
        return solar.NIGHT + asleep
    return _WORDS.get(one.state, str(one.state))


def model_text(one: Any) -> str:
    """Return a device's maker and model."""
    return " ".join(filter(None, (one.manufacturer, one.model))) or marks.NOTHING


def sort_key(column: str) -> Callable[[Inverter], Any]:
    """Return the key by which *column* sorts; the first column sorts the worst to the top."""
    keys: dict[str, Callable[[Inverter], Any]] = {
        "mark": lambda one: (_grade(one), _by_name(one)),
        "name": lambda one: (sorting.natural(one.name), _by_name(one)),
        "why": lambda one: (_grade(one), str(one.state), _by_name(one)),
        "power": lambda one: (sorting.known(_less(one.power)), _by_name(one)),
        "dc": lambda one: (sorting.known(_less(one.dc_power)), _by_name(one)),
        "temperature": lambda one: (sorting.known(_less(one.temperature)), _by_name(one)),
        "today": lambda one: (sorting.known(_less(one.energy_today)), _by_name(one)),
        "energy": lambda one: (sorting.known(_less(one.energy)), _by_name(one)),
        "strings": lambda one: (-len(one.strings), _by_name(one)),
        "model": lambda one: (model_text(one), _by_name(one)),
        "unit": lambda one: (one.unit, _by_name(one)),
        "source": lambda one: (one.source, _by_name(one)),
    }
    return keys.get(column, _by_name)


def _grade(one: Inverter) -> int:
    return worst(solar.of_inverter(one, one.received))


def _less(value: float | None) -> float | None:
    return None if value is None else -value


def _by_name(one: Inverter) -> tuple[Any, ...]:
    return (sorting.natural(one.namespace), sorting.natural(one.name), one.source)


def haystack(one: Inverter) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "name": one.name,
        "plant": one.namespace,
        "why": state_text(one, one.received),
        "model": model_text(one),
        "site": one.site,
        "unit": str(one.unit),
        "source": one.source,
    }
