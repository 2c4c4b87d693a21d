"""The overview's frames on apps, addresses, actions and adapters, as rows of plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adapters.records import Quality
from console.panels.overview_parts import shortened
from console.related import started_at
from console.rows import (
    actions,
    adapters,
    addresses,
    apps,
    gauge,
    marks,
    numbers,
    overview,
    pools,
    severity,
    times,
)
from console.rows.cells import Cell, Column
from console.rows.context import marked
from console.rows.severity import Severity
from console.rows.standing import standing
from console.widgets.spans import Line, Row, beside, fit, line, line_width, row, spread
from console.widgets.tablerows import table_rows
from console.widgets.wrapped import wrapped

if TYPE_CHECKING:
    from console.panels.overview_parts import Parts

PODS = 6
"""Cells of an app's pods."""
_APP_COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("name", "", 24, least=18, flex=1, priority=10),
    Column("namespace", "", 16, least=12, priority=1),
    Column("ready", "", 5, align="right", priority=8),
    Column("pods", "", PODS, priority=4),
    Column("revision", "", 5, align="right", priority=6),
    Column("version", "", 8, least=7, priority=5),
    Column("why", "", 30, least=18, flex=2, priority=2),
    Column("since", "", 11, align="right", priority=0),
)
_ACTION_COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("id", "", 10, priority=8),
    Column("target", "", 24, least=21, flex=2, priority=10),
    Column("action", "", 14, least=12, priority=2),
    Column("state", "", 12, priority=9),
    Column("why", "", 26, least=16, flex=2, priority=3),
    Column("who", "", 10, least=6, priority=1),
    Column("started", "", 6, priority=5),
)
_ADDRESS_COLUMNS = ("mark", "ip", "service", "ports", "pool", "announced")
LONGEST_IP = 39
"""Cells of an address of IPv6 at most."""
_ADAPTER_CELLS = 27
"""Cells that an adapter takes at least where several stand on one line."""


def app_rows(parts: Parts, width: int, limit: int) -> list[Row]:
    """Return the worst apps, at most *limit*: of thousands, only those have a row made."""
    if not parts.known("App"):
        return [row(("no app is known yet:", "dim")), *wrapped(parts.waits("App"), width, "dim")]
    rows = []
    names = [column.key for column in apps.COLUMNS]
    for app in standing(parts.context.store).worst(limit):
        cells = dict(zip(names, apps.cells(app, parts.context), strict=True))
        revision = cells["revision"]
        known = app.revision is not None
        cells["revision"] = revision._replace(text=f"r{revision.text}" if known else revision.text)
        lasted = times.duration(parts.context.now - app.since) if app.since else marks.NOTHING
        cells["since"] = cells["since"]._replace(text=lasted)
        cells["pods"] = Cell(gauge.pods(app.ready, app.desired, PODS), cells["ready"].tone or "dim")
        rows.append(([cells[column.key] for column in _APP_COLUMNS], app.key))
    return table_rows(_APP_COLUMNS, rows, width)


def pool_rows(parts: Parts, width: int, limit: int) -> list[Row]:
    """Return the pools with how full they are, who announces, who waits, and who has what."""
    if not parts.pools and not parts.context.store.records("Address"):
        return [
            row(("no address is known yet:", "dim")),
            *wrapped(parts.waits("Address"), width, "dim"),
        ]
    names = min(16, max((len(pool.name) for pool in parts.pools), default=0))
    rows = [_pool_row(pool, names, width) for pool in parts.pools]
    rows += [_waits_row(one, width) for one in parts.waiting[:limit]]
    if not parts.waiting:
        rows.append(row(("pending: none", "dim")))
    for how, count, nodes in overview.announcements(parts.context.store):
        head = line(f"{how:<4}", f"{count:>3} announced  ")
        rows.append(row(*head, (_listed(nodes, "node", width - line_width(head)), "dim")))
    given = [one for one in parts.addresses if one.ip][:limit]
    room = limit - len(rows) - 1
    if given and room > 1:
        cells = [(addresses.cells(one, parts.context), one.key) for one in given[:room]]
        rows.append(Row(()))
        ip = min(LONGEST_IP, max(len(one.ip) for one in given[:room]))
        columns = [
            column._replace(width=ip, least=0) if column.key == "ip" else column
            for column in addresses.COLUMNS
        ]
        rows += table_rows(columns, cells, width, only=_ADDRESS_COLUMNS)
    return rows


def _waits_row(one: Any, width: int) -> Row:
    name = shortened(f"{one.namespace}/{one.service or one.name}", width)
    wants = f"wants {one.requested}" if one.requested else "waits for an address"
    spans = line((f"{marks.WARN} ", "warn"), name, (f"  {wants}", "dim"))
    return row(*spans, target=one.key)


def _listed(names: tuple[str, ...], thing: str, room: int) -> str:
    """Return as many *names* as fit whole, and how many more there are."""
    for kept in range(len(names), 0, -1):
        more = f" +{len(names) - kept}" if kept < len(names) else ""
        text = f"by {', '.join(names[:kept])}{more}"
        if len(text) <= room:
            return text
    return f"by {numbers.plural(len(names), thing)}"


def _pool_row(pool: Any, names: int, width: int) -> Row:
    grade = severity.of_pool(pool)
    mark = severity.mark(grade)
    known = grade in (Severity.NONE, Severity.DEGRADED)
    tone = mark.tone if grade is Severity.DEGRADED else "info"
    whole = pools.total(pool)
    used = f" {numbers.of(pool.assigned, whole):>7} " if known else "  use not known "
    room = max(4, min(48, width - names - len(used) - 4))
    blocks = gauge.pool(pool.assigned, whole, room)
    taken = blocks.rstrip(gauge.FREE)
    spans = line(
        fit(pool.name, names), " ", (taken, tone), (blocks[len(taken) :], "dim"),
        " " * (room - len(blocks)), used,
        (mark.text if tone == "warn" or not known else " ", mark.tone),
    )  # fmt: skip
    return row(*spans, target=pool.key)


def action_rows(parts: Parts, width: int, limit: int) -> list[Row]:
    """Return the actions, what is under way first."""
    if not parts.actions:
        return [row((f"none yet: {parts.context.keys.fill(actions.BEGIN)}", "dim"))]
    names = [column.key for column in actions.COLUMNS]
    rows = []
    for one in parts.actions[:limit]:
        cells = dict(zip(names, actions.cells(one, parts.context), strict=True))
        target = cells["target"]
        cells["target"] = target._replace(text=shortened(target.text, width))
        began = times.minute(started_at(one) or None, parts.context.now)
        cells["started"] = cells["started"]._replace(text=began)
        rows.append(([cells[column.key] for column in _ACTION_COLUMNS], one.key))
    return table_rows(_ACTION_COLUMNS, rows, width)


def adapter_rows(parts: Parts, width: int, limit: int) -> list[Row]:
    """Return the adapters: what is not live a row each, with why; the others as many as fit."""
    if not parts.adapters:
        return [row(("no adapter is known yet", "dim"))]
    loud = [one for one in parts.adapters if severity.of_adapter(one) is not Severity.NONE]
    calm = [one for one in parts.adapters if one not in loud]
    rows = [_adapter_row(parts, one, width) for one in loud]
    beside_each_other = max(1, min(len(calm), (width + 2) // _ADAPTER_CELLS))
    if len(rows) + len(calm) <= limit or beside_each_other == 1:
        return [*rows, *(_adapter_row(parts, one, width) for one in calm)]
    size = (width - 2 * (beside_each_other - 1)) // beside_each_other
    for start in range(0, len(calm), beside_each_other):
        some = calm[start : start + beside_each_other]
        made = [[_adapter_row(parts, one, size)] for one in some]
        rows += beside(made, [size] * len(made), gap=2)
    return rows


def _adapter_row(parts: Parts, one: Any, width: int) -> Row:
    quality, _ = parts.context.store.quality(one)
    mark = severity.mark(severity.of_adapter(one))
    if quality is not Quality.FRESH:
        mark = marked(mark, quality)
    scopes = [
        scope
        for scope in parts.context.store.records("Scope").values()
        if scope.source == adapters.name_of(one)
    ]
    live = sum(str(scope.state) == "live" for scope in scopes)  # type: ignore[union-attr]
    why = adapters.state_text(one, parts.context.now)
    wide = width >= _ADAPTER_CELLS + 20
    said = why or (f"{live} of {len(scopes)} watches live" if wide else "")
    named = adapters.name_of(one)
    name = named if one.adapter == named else f"{one.adapter} {named}"
    left = line(
        (f"{mark.text} ", mark.tone), f"{name}  ",
        (str(one.state), mark.tone), (f"  {said}" if said else "", "" if why else "dim"),
    )  # fmt: skip
    records = f"  {numbers.count(one.records)} records"
    right: Line = line((records, "dim")) if width >= _ADAPTER_CELLS + 40 else ()
    return row(*spread(left, right, width), target=one.key)
