"""The overview's piece on the sun as plain data: the last hours as a chart, and every plant."""

from __future__ import annotations

from adapters.records import Plant, Quality
from console import freshness
from console.panels.solar_chart import hours_rows, rated
from console.rows import plants, solar, units
from console.rows.cells import Cell
from console.rows.context import Context, marked
from console.rows.findings import worst
from console.rows.severity import Severity
from console.rows.solar_summary import solar_hours
from console.widgets.spans import Row, fit, line, row, spread
from console.widgets.wrapped import wrapped

LEAST = 4
"""Lines below which a chart tells nothing."""


def solar_rows(context: Context, width: int, height: int, waits: str) -> list[Row]:
    """Return the chart of all plants and a line on each; *waits* says why there may be none."""
    found = sorted(context.store.every(Plant), key=plants.sort_key("mark"))
    if not found:
        return wrapped(waits or "no plant is configured", width, "dim")
    kept = found[: max(1, min(len(found), height // 3))]
    told = [_plant_row(one, context, width) for one in kept]
    rest = found[len(kept) :]
    if rest:
        whole = units.power(plants.added([one.power for one in rest]))
        told.append(row((f"and {len(rest)} more: {whole}", "dim"), target="solar"))
    room = height - len(told)
    if room < LEAST:
        return told
    hours = solar_hours(context)
    return [*hours_rows(hours, rated(found), context.now, width, room), *told]


def _plant_row(plant: Plant, context: Context, width: int) -> Row:
    now = context.now
    grade = worst(solar.of_plant(plant, now))
    dark = freshness.is_dark(plant)
    mark = solar.mark_of(grade, dark=dark)
    quality, _ = context.store.quality(plant)
    sure = quality is Quality.FRESH or quality is Quality.DARK
    sign = Cell(mark.text, mark.tone) if sure else marked(mark, quality)
    size = 10 if width < 46 else 14
    left = line(
        (fit(sign.text, 2 if sure else 3), sign.tone),
        (fit(plant.name, size - (not sure)), "" if sure else sign.tone), " ",
        (fit("night" if dark else units.power(plant.power), 8, "right"),
         "dim" if dark else "" if sure else sign.tone),
    )  # fmt: skip
    tone = plants.battery_tone(plant, now)
    right = [("  ", ""), (plants.charge_text(plant), tone)] if plant.charge is not None else []
    if width >= 46 and plant.charge is not None:
        right.append((fit(plants.flow(plant.battery_power), 10), tone))
    if width >= 60:
        right.append((fit(plants.light_text(plant, now), 8, "right"), "dim"))
    if not right and grade >= Severity.MOVING:
        right = [(plants.light_text(plant, now), "dim")]
    return row(*spread(left, line(*right), width), target=plant.key)
