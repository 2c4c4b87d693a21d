"""The solar plants in a line of the overview."""

from __future__ import annotations

from adapters.records import Plant, Trend
from console import freshness
from console.rows import marks, plants, severity, solar, trends, units
from console.rows.cells import Cell, Tone
from console.rows.context import Context
from console.rows.findings import worst
from console.rows.severity import Severity
from console.rows.summary import WORST_KEPT, Summary


def solar_summary(context: Context) -> Summary:
    """Add up what the plants feed, and say of each what it feeds, holds, and what is wrong."""
    found = sorted(context.store.every(Plant), key=plants.sort_key("mark"))
    dark = bool(found) and all(freshness.is_dark(one) for one in found)
    whole = Cell(units.power(plants.added([one.power for one in found])), "title")
    counts: tuple[Cell, ...] = (whole,) if found else ()
    if dark:
        counts = (Cell(f"{marks.DARK} night", "dim"),)
    lights = dict.fromkeys(plants.light_text(one, context.now) for one in found)
    words = [Cell(light, "dim") for light in lights if light != marks.NOTHING]
    words += [plant_words(one, context.now) for one in found[:WORST_KEPT]]
    return Summary("solar", "Solar", counts, tuple(words), solar_hours(context).power)


def plant_words(plant: Plant, now: float) -> Cell:
    """Return a plant in a few words: "south-rim 3.41 kW ▲ 31 %"."""
    grade = worst(solar.of_plant(plant, now))
    mark = solar.mark_of(grade, dark=freshness.is_dark(plant))
    tone: Tone = "" if grade >= Severity.MOVING else mark.tone
    sign = "" if mark.text == severity.mark(Severity.NONE).text else mark.text
    watts = "" if freshness.is_dark(plant) else units.power(plant.power)
    charge = units.percent(plant.charge) if plant.charge is not None else ""
    return Cell(" ".join(filter(None, (plant.name, watts, sign, charge))), tone)


def solar_hours(context: Context) -> trends.Hours:
    """Return the last hours of all plants together."""
    return trends.total(context.store.every(Trend))
