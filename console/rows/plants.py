"""Solar plants as rows: what they feed now, what light there is, and what the batteries hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from adapters.records import Light, Plant, Quality
from console import freshness
from console.rows import gauge, marks, numbers, solar, sorting, times, units
from console.rows.cells import Cell, Column, Tone
from console.rows.context import Context, dressed, marked
from console.rows.findings import words, worst
from console.rows.values import Value

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("name", "PLANT", 12, least=9, flex=1, priority=10),
    Column("power", "POWER", 8, align="right", priority=9),
    Column("share", "OF RATED", 8, align="right", priority=1),
    Column("why", "STATE", 40, least=21, flex=3, priority=8),
    Column("light", "LIGHT", 7, priority=6),
    Column("today", "TODAY", 8, align="right", priority=7),
    Column("battery", "BATTERY", 20, priority=8),
    Column("lasts", "LASTS", 10, priority=3),
    Column("devices", "UP", 5, align="right", priority=4),
    Column("site", "SITE", 16, priority=0),
    Column("source", "SOURCE", 16, priority=0),
)
DEFAULT_SORT = "mark"
FIELDS = ("name", "why", "light", "site", "source")
EMPTY = "No plant is configured: an adapter `sunspec` with a host brings one."
VALUES = (
    Value("name", lambda one: one.name),
    Value("power", lambda one: units.known(one.power), "number", "W"),
    Value("rated", lambda one: units.known(one.rated), "number", "W"),
    Value("share", lambda one: share(one), "number", "%"),
    Value("why", lambda one: state_text(one, one.received)),
    Value("light", lambda one: None if one.light is Light.UNKNOWN else one.light),
    Value("sunrise", lambda one: one.sunrise, "time"),
    Value("sunset", lambda one: one.sunset, "time"),
    Value("today", lambda one: units.known(one.energy_today), "number", "Wh"),
    Value("charge", lambda one: units.known(one.charge), "number", "%", also=("battery",)),
    Value("battery_power", lambda one: units.known(one.battery_power), "number", "W"),
    Value("capacity", lambda one: units.known(one.capacity), "number", "Wh"),
    Value("lasts", lambda one: units.known(one.hours_left), "hours", "h"),
    Value("answering", lambda one: one.answering, "number", also=("up",)),
    Value("devices", lambda one: one.devices, "number"),
    Value("site", lambda one: one.site),
    Value("source", lambda one: one.source),
)


def cells(plant: Plant, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, since = context.store.quality(plant)
    grade = worst(solar.of_plant(plant, context.now))
    dark = freshness.is_dark(plant)
    sure = quality is Quality.FRESH or quality is Quality.DARK
    tone = solar.mark_of(grade, dark=dark).tone
    tone = "" if tone == "good" else tone
    dim: Tone = "dim" if dark else ""
    said = state_text(plant, context.now)
    if not sure:
        said = solar.wrong_words(plant, quality, since, context.now) or said
    row = (
        Cell(plant.name, "" if tone != "bad" else "title"),
        Cell(units.power(plant.power), dim or ("title" if plant.power else tone)),
        Cell(units.percent(share(plant)), "dim"),
        Cell(said, tone),
        Cell(light_text(plant, context.now), "dim"),
        Cell(units.energy(plant.energy_today), dim),
        Cell(battery_text(plant), battery_tone(plant, context.now)),
        Cell(units.hours(plant.hours_left) if plant.hours_left is not None else "", "dim"),
        Cell(numbers.of(plant.answering, plant.devices), "dim" if dark else _short(plant)),
        Cell(plant.site, "dim"),
        Cell(plant.source, "dim"),
    )
    mark = solar.mark_of(grade, dark=dark)
    if sure:
        return (Cell(mark.text + " ", mark.tone), *row)
    return (marked(mark, quality), *dressed(row, quality))


def share(plant: Plant) -> float | None:
    """Return the power in % of what is rated, None where either is not known."""
    watts, rated = units.known(plant.power), units.known(plant.rated)
    return None if watts is None or not rated else max(0.0, watts) / rated * 100


def state_text(plant: Plant, now: float) -> str:
    """Return the plant's state in a line: what is wrong, else what it does."""
    wrong = words(solar.of_plant(plant, now))
    if wrong:
        return wrong
    if freshness.is_dark(plant):
        does = plant.state if plant.state != solar.NIGHT else ""
        return ", ".join(filter(None, (solar.NIGHT, does)))
    return plant.state or ("feeding" if plant.power else marks.NOTHING)


def light_text(plant: Plant, now: float) -> str:
    """Return "☼ 5 h" by day, "☾ 30 m" by night: how long it stays so, in steps."""
    sign, left = _light(plant, now)
    if not left:
        return {Light.DAY: f"{sign} day", Light.NIGHT: f"{sign} night"}.get(plant.light, sign)
    return f"{sign} {times.step(max(left, 60.0))}"


def light_words(plant: Plant, now: float) -> str:
    """Return "sunset in 5 h", "sunrise in 30 min", and when; "not known" where it is not."""
    _, left = _light(plant, now)
    if plant.light is Light.UNKNOWN:
        return "not known"
    day = plant.light is Light.DAY
    if not left:
        return "day" if day else "night"
    at = times.utc(plant.sunset if day else plant.sunrise, now)
    return f"{'day, sunset' if day else 'night, sunrise'} in {units.hours(left / 3600)}, {at}"


def _light(plant: Plant, now: float) -> tuple[str, float]:
    """Return the sign of the light, and the seconds until it changes, 0 where not known."""
    if plant.light is Light.UNKNOWN:
        return marks.NOTHING, 0.0
    day = plant.light is Light.DAY
    at = plant.sunset if day else plant.sunrise
    left = 0.0 if at is None or not 0 < at - now < 1e6 else at - now
    return (marks.SUN if day else marks.DARK), left


def battery_text(plant: Plant) -> str:
    """Return "▰▰▰▰▱╸ 81 % ↑2.1 kW", ↑ while it charges and ↓ while it discharges."""
    if plant.charge is None and plant.battery_power is None and plant.capacity is None:
        return marks.NOTHING
    return charge_text(plant) + flow(plant.battery_power)


def charge_text(plant: Plant) -> str:
    """Return "▰▰▰▰▱╸ 81 %", a dash where nobody knows of a charge."""
    if plant.charge is None:
        return marks.NOTHING
    return f"{gauge.battery(plant.charge)} {units.percent(plant.charge)}"


def flow(watts: float | None) -> str:
    """Return which way a battery's power goes: " ↑2.1 kW" into it, " ↓3.4 kW" out of it."""
    watts = units.known(watts)
    if watts is None or abs(watts) < 0.5:
        return ""
    return f" {'↓' if watts > 0 else '↑'}{units.power(abs(watts))}"


def battery_tone(plant: Plant, now: float) -> Tone:
    """Return the tone of the battery: that of what is wrong with it, else whether it has one."""
    if plant.charge is None:
        return "dim"
    wrong = [one for one in solar.of_plant(plant, now) if one.text.startswith("battery")]
    return solar.mark_of(worst(wrong), dark=False).tone


def _short(plant: Plant) -> Tone:
    return "warn" if plant.answering < plant.devices else ""


def sort_key(column: str) -> Callable[[Plant], Any]:
    """Return the key by which *column* sorts; the first column sorts the worst to the top."""
    keys: dict[str, Callable[[Plant], Any]] = {
        "mark": lambda one: (grade(one), _by_name(one)),
        "power": lambda one: (sorting.known(_less(one.power)), _by_name(one)),
        "share": lambda one: (sorting.known(_less(share(one))), _by_name(one)),
        "why": lambda one: (grade(one), one.state, _by_name(one)),
        "light": lambda one: (str(one.light), _by_name(one)),
        "today": lambda one: (sorting.known(_less(one.energy_today)), _by_name(one)),
        "battery": lambda one: (sorting.known(one.charge), _by_name(one)),
        "lasts": lambda one: (sorting.known(one.hours_left), _by_name(one)),
        "devices": lambda one: (one.answering - one.devices, _by_name(one)),
        "site": lambda one: (sorting.natural(one.site), _by_name(one)),
        "source": lambda one: (one.source, _by_name(one)),
    }
    return keys.get(column, _by_name)


def grade(plant: Plant) -> int:
    """Return how bad *plant* is, without the hour: rows do not change places with the time."""
    return worst(solar.of_plant(plant, plant.received))


def _less(value: float | None) -> float | None:
    """Return *value* so that the most sorts to the top."""
    return None if value is None else -value


def _by_name(plant: Plant) -> tuple[Any, ...]:
    return (sorting.natural(plant.name), plant.source)


def haystack(plant: Plant) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "name": plant.name,
        "why": state_text(plant, plant.received),
        "light": str(plant.light),
        "site": plant.site,
        "source": plant.source,
    }


def added(values: Sequence[float | None]) -> float | None:
    """Return the sum of what is known, None where nothing is."""
    found = [value for value in map(units.known, values) if value is not None]
    return sum(found) if found else None
