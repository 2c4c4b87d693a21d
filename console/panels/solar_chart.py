"""The chart of a plant's last hours as rows: with its title, and beside it all plants together."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.records import Plant, Trend
from console import freshness
from console.rows import plants, solar, trends, units
from console.rows.chart import Limit, chart
from console.rows.trends import Hours
from console.widgets.spans import Line, Row, beside, line, line_width, row, rule

BOTH = 110
"""Cells from which the chart of all plants stands beside the chosen one's."""
LOW_CHARGE = Limit(solar.LOW, right=True)
"""The charge from which on a battery is worth a warning, as a dashed line."""


def chart_rows(
    plant: Plant | None,
    all_plants: Sequence[Plant],
    told: Sequence[Trend],
    now: float,
    width: int,
    height: int,
) -> list[Row]:
    """Return the chart of *plant* until *now* with its title in *width* by *height* cells."""
    if plant is None:
        return [rule(width, line(("LAST HOURS", "title"))), row(("  no plant is known yet", "dim"))]
    own = next((t for t in told if (t.source, t.name) == (plant.source, plant.name)), None)
    if len(all_plants) < 2 or width < BOTH:
        return _block(_title(plant), trends.hours(own), plant.rated, now, width, height)
    left = (width - 2) * 3 // 5
    whole = trends.total(told)
    blocks = [
        _block(_title(plant), trends.hours(own), plant.rated, now, left, height),
        _block(_total(all_plants), whole, rated(all_plants), now, width - 2 - left, height),
    ]
    return beside(blocks, [left, width - 2 - left], gap=2)


def rated(all_plants: Sequence[Plant]) -> float | None:
    """Return what all plants together are rated for, None where nobody knows."""
    return plants.added([one.rated for one in all_plants])


def hours_rows(hours: Hours, least: float | None, now: float, width: int, height: int) -> list[Row]:
    """Return the chart of *hours* until *now* as rows; its axis has *least* watts at least.

    Where a charge is drawn, so is the one from which on it is low.
    """
    made = chart(
        hours.series, width, height, until=hours.until, step=hours.step, least=_part(least),
        now=now, limits=(LOW_CHARGE,) if charged(hours) else (),
    )  # fmt: skip
    return [Row(one) for one in made]


def charged(hours: Hours) -> bool:
    """Whether the charge of a battery is known of any of *hours*."""
    return any(value is not None for value in hours.charge)


def _part(rated_power: float | None) -> float:
    """Return how far the axis goes at least: a twentieth of what is rated, not dawn's few watts."""
    return (units.known(rated_power) or 0.0) / 20


def _block(
    title: Line, hours: Hours, least: float | None, now: float, width: int, height: int
) -> list[Row]:
    drawn = hours_rows(hours, least, now, width, height - 1)
    return [_rule(title, hours, width), *drawn]


def _rule(title: Line, hours: Hours, width: int) -> Row:
    """Return the title, and where there are two curves which is which."""
    if width < 60 or not charged(hours):
        return rule(width, title)
    low = f"┄ low {units.percent(solar.LOW)}"
    key = line(("⣿ power", "info"), "  ", ("⠤ charge", "accent"), "  ", (low, "warn"))
    room = width - line_width(key) - 2
    return Row((*rule(room, title).line, (" ", ""), *key, (" ", "")))


def _title(plant: Plant) -> Line:
    now = solar.NIGHT if freshness.is_dark(plant) else units.power(plant.power)
    return line((plant.name.upper(), "title"), (f"  {now}", "dim"))


def _total(all_plants: Sequence[Plant]) -> Line:
    power = units.power(plants.added([one.power for one in all_plants]))
    return line(("ALL PLANTS", "title"), (f"  {power}", "dim"))
