"""The page of a plant, an inverter or a battery as plain data: every value, nothing cut."""

from __future__ import annotations

from adapters.records import Battery, Inverter, Plant, Quality, Trend
from console import freshness
from console.panels.solar_chart import hours_rows
from console.rows import batteries, device, inverters, marks, solar, trends
from console.rows.context import Context, quality_text
from console.rows.device import Device, Group
from console.rows.findings import worst
from console.widgets.spans import Row, beside, fit, line, row, rule, spread
from console.widgets.tablerows import table_rows
from console.widgets.wrapped import wrapped

LABEL = 16
"""Cells of a value's name."""
WIDE = 100
"""Cells from which the groups stand beside each other."""
CHART = 12


def device_rows(one: Device, context: Context, width: int) -> list[Row]:
    """Return the page of *one* in *width* cells; what belongs to it can be chosen."""
    rows = [Row(()), *_state(one, context, width), Row(()), *_groups(one, context, width)]
    if isinstance(one, Plant):
        rows += _plant(one, context, width)
    if isinstance(one, Inverter):
        rows += _strings(one, width)
    return rows


def _state(one: Device, context: Context, width: int) -> list[Row]:
    quality, since = context.store.quality(one)
    found = device.findings(one, context.now)
    mark = solar.mark_of(worst(found), dark=freshness.is_dark(one))
    trust = quality_text(quality, since, context.now)
    tone = "dim" if quality is Quality.DARK else "stale"
    right = line((trust, tone) if trust else ("live", "dim"), " ")
    said = wrapped(device.state_text(one, context.now), width - 24, mark.tone)
    head = Row(spread(line((f" {mark.text} ", mark.tone), *said[0].line), right, width))
    return [head, *(row("   ", *more.line) for more in said[1:])]


def _groups(one: Device, context: Context, width: int) -> list[Row]:
    found = device.groups(one, context.now)
    if width < WIDE:
        return [line_ for group in found for line_ in _group(group, width)]
    size = (width - 2 * (len(found) - 1)) // len(found)
    return beside([_group(group, size) for group in found], [size] * len(found), gap=2)


def _group(group: Group, width: int) -> list[Row]:
    rows = [rule(width, line((group.title, "title")))]
    for label, text in group.facts:
        known = text not in ("", marks.NOTHING)
        lines = wrapped(text or marks.NOTHING, max(8, width - LABEL - 3), "" if known else "dim")
        for number, one in enumerate(lines):
            head = fit(label if not number else "", LABEL)
            rows.append(Row((("  ", ""), (head, "dim"), *one.line)))
    return [*rows, Row(())]


def _strings(one: Inverter, width: int) -> list[Row]:
    rows = [rule(width, line(("STRINGS", "title"), (f"  {len(one.strings)}", "dim")))]
    if not one.strings:
        return [*rows, row(("  it tells of none", "dim"))]
    cells = [(made, None) for made in device.strings(one)]
    return [*rows, *_shifted(table_rows(device.STRINGS, cells, width - 2, titles=True))]


def _plant(one: Plant, context: Context, width: int) -> list[Row]:
    store = context.store
    rows = [rule(width, line(("LAST HOURS", "title")))]
    found = [t for t in store.every(Trend) if (t.source, t.name) == (one.source, one.name)]
    hours = trends.hours(found[0] if found else None)
    rows += hours_rows(hours, one.rated, context.now, width, CHART)
    for title, kind, module in (
        ("INVERTERS", Inverter, inverters), ("BATTERIES", Battery, batteries),
    ):  # fmt: skip
        own = [
            r for r in store.every(kind) if (r.source, r.namespace) == (one.source, one.name)
        ]  # fmt: skip
        rows.append(rule(width, line((title, "title"), (f"  {len(own)}", "dim"))))
        own.sort(key=module.sort_key("mark"))
        cells = [(module.cells(r, context), r.key) for r in own]
        shown = table_rows(module.COLUMNS, cells, width - 2, titles=True)
        rows += _shifted(shown) if own else [row(("  none is known", "dim"))]
    return rows


def _shifted(rows: list[Row]) -> list[Row]:
    return [
        Row((("  ", ""), *one.line), tuple(t._replace(x=t.x + 2) for t in one.targets))
        for one in rows
    ]
