"""The chart of a plant's last hours as rows: with its title, and beside it all plants together."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.records import Plant, Trend
from console import freshness
from console.rows import plants, solar, trends, units
from console.rows.chart import chart
from console.rows.trends import Hours
from console.widgets.spans import Line, Row, beside, line, line_width, row, rule

BOTH = 110
"""Cells from which the chart of all plants stands beside the chosen one's."""


def chart_rows(
    plant: Plant | None, all_plants: Sequence[Plant], told: Sequence[Trend], width: int, height: int
) -> list[Row]:
    """Return the chart of *plant* with its title in *width* by *height* cells."""
    if plant is None:
        return [rule(width, line(("LAST HOURS", "title"))), row(("  no plant is known yet", "dim"))]
    own = next((t for t in told if (t.source, t.name) == (plant.source, plant.name)), None)
    if len(all_plants) < 2 or width < BOTH:
        return _block(_title(plant), trends.hours(own), plant.rated, width, height)
    left = (width - 2) * 3 // 5
    whole = trends.total(told)
    blocks = [
        _block(_title(plant), trends.hours(own), plant.rated, left, height),
        _block(_total(all_plants), whole, rated(all_plants), width - 2 - left, height),
    ]
    return beside(blocks, [left, width - 2 - left], gap=2)


def rated(all_plants: Sequence[Plant]) -> float | None:
    """Return what all plants together are rated for, None where nobody knows."""
    return plants.added([one.rated for one in all_plants])


def hours_rows(hours: Hours, least: float | None, width: int, height: int) -> list[Row]:
    """Return the chart of *hours* as rows; its axis reaches to *least* watts at least."""
    made = chart(
        hours.series, width, height, until=hours.until, step=hours.step,
        least=_part(least),
    )  # fmt: skip
    return [Row(one) for one in made]


def _part(rated_power: float | None) -> float:
    """Return how far the axis goes at least: a twentieth of what is rated, not dawn's few watts."""
    return (units.known(rated_power) or 0.0) / 20


def _block(title: Line, hours: Hours, least: float | None, width: int, height: int) -> list[Row]:
    return [_rule(title, hours, width), *hours_rows(hours, least, width, height - 1)]


def _rule(title: Line, hours: Hours, width: int) -> Row:
    """Return the title, and where there are two curves which is which."""
    two = width >= 60 and any(value is not None for value in hours.charge)
    key: Line = line(("⣿ power", "info"), "  ", ("⠤ charge", "accent")) if two else ()
    room = width - line_width(key) - (2 if key else 0)
    return Row((*rule(room, title).line, (" ", ""), *key, (" ", ""))) if key else rule(width, title)


def _title(plant: Plant) -> Line:
    now = solar.NIGHT if freshness.is_dark(plant) else units.power(plant.power)
    return line((plant.name.upper(), "title"), (f"  {now}", "dim"))


def _total(all_plants: Sequence[Plant]) -> Line:
    power = units.power(plants.added([one.power for one in all_plants]))
    return line(("ALL PLANTS", "title"), (f"  {power}", "dim"))
