"""The overview's layouts: the same pieces in one, two or three columns, for any size."""

from __future__ import annotations

from collections.abc import Sequence

from console.panels import PANELS
from console.panels.overview_chain import contract_rows, ledger_corner, ledger_rows, token_rows
from console.panels.overview_changes import change_rows
from console.panels.overview_domains import action_rows, adapter_rows, app_rows, pool_rows
from console.panels.overview_parts import Parts
from console.panels.overview_solar import solar_rows
from console.rows.context import Context
from console.widgets.spans import (
    Line,
    Row,
    Target,
    beside,
    framed,
    line,
    line_width,
    row,
    rule,
)

_CHANGES = "changes"


def overview(context: Context, width: int, height: int) -> list[Row]:
    """Return the overview's rows for a window of *width* by *height* cells."""
    if width < 20 or height < 3:
        return []
    parts = Parts(context, height)
    if width >= 160 and height >= 44:
        return _wall(parts, width, height)
    if width >= 112 and height >= 32:
        return _three_columns(parts, width, height)
    if width >= 96 and height >= 24:
        return _two_columns(parts, width, height)
    return _one_column(parts, width, height)


def _domains(parts: Parts) -> list[str]:
    """Return the panels that have a line: by their order, with what calls first."""
    names = [panel.name for panel in PANELS[1:] if panel.name in parts.summaries]
    return sorted(names, key=lambda name: name != "alarms")


def _one_column(parts: Parts, width: int, height: int) -> list[Row]:
    panels = _domains(parts)
    most = max(3, height - len(panels) - 7)
    wrong = _cut(parts.troubles_rows(width - 2, most), most, parts.wrong)
    rows = [_ruled("WRONG NOW", parts.wrong_keys(), width, parts.tone), *_indented(wrong)]
    rows.append(rule(width))
    rows += [parts.summary_row(panel, width) for panel in panels]
    rows.append(_ruled("LAST 30 MIN", parts.keys(("changes", "all of it")), width))
    return rows + _indented(change_rows(parts, width - 2, max(2, height - len(rows))))


def _two_columns(parts: Parts, width: int, height: int) -> list[Row]:
    """Frames for what has the most to tell and what happened, a line for the rest."""
    rows = _wrong(parts, width, max(3, height // 6))
    both = ("apps", "solar")
    lines = [parts.summary_row(one, width) for one in _domains(parts) if one not in both]
    room = height - len(rows) - len(lines)
    low = min(2 + max(3, len(parts.changes)), room * 2 // 5)
    rows += _beside(parts, both, (5, 5), width, room - low)
    return rows + lines + _changes(parts, width, low)


def _three_columns(parts: Parts, width: int, height: int) -> list[Row]:
    rows = _wrong(parts, width, max(3, height // 7))
    adapters = _frame(parts, "adapters", width, 2 + _adapter_lines(parts, width))
    lines = min(3, max(2, len(parts.actions), parts.known("Contract")))
    doing = _beside(parts, ("actions", "contracts"), (79, 38), width, 2 + lines)
    room = height - len(rows) - len(adapters) - len(doing)
    top = room * 4 // 7
    rows += _beside(parts, ("apps", "addresses", "solar"), (38, 39, 40), width, top)
    rows += _beside(parts, ("ledger", "tokens", _CHANGES), (41, 29, 47), width, room - top)
    return rows + doing + adapters


def _wall(parts: Parts, width: int, height: int) -> list[Row]:
    """For a screen that hangs on a wall: everything, and what happened."""
    rows = _wrong(parts, width, max(4, height // 7))
    adapters = _frame(parts, "adapters", width, 2 + _adapter_lines(parts, width))
    room = height - len(rows) - len(adapters)
    top = room * 2 // 5
    middle = (room - top) // 2
    rows += _beside(parts, ("apps", "solar"), (6, 5), width, top)
    rows += _beside(parts, ("addresses", "tokens", "contracts"), (5, 4, 3), width, middle)
    low = room - top - middle
    rows += _beside(parts, ("ledger", "actions", _CHANGES), (8, 7, 10), width, low)
    return rows + adapters


def _adapter_lines(parts: Parts, width: int) -> int:
    return min(4, max(1, len(adapter_rows(parts, width - 4, 1))))


def _beside(
    parts: Parts, panels: Sequence[str], shares: Sequence[int], width: int, height: int
) -> list[Row]:
    """Return the frames of *panels* beside each other, their widths in proportion to *shares*."""
    room = width - (len(panels) - 1)
    widths = [room * share // sum(shares) for share in shares]
    widths[0] += room - sum(widths)
    frames = [
        _frame(parts, panel, size, height) for panel, size in zip(panels, widths, strict=True)
    ]
    return beside(frames, widths)


def _wrong(parts: Parts, width: int, most: int) -> list[Row]:
    rows = parts.troubles_rows(width - 4, most)
    height = min(len(rows), most) + 2
    hidden = max(0, parts.wrong - len(rows))
    title = (*line(("WRONG NOW", "title")), *parts.alarms(width))
    right = parts.wrong_keys()
    return framed(title, right, rows, width, height, tone=parts.tone, hidden=hidden)


def _ruled(title: str, right: Line, width: int, tone: str = "frame") -> Row:
    """Return a line across with *title* in it, and *right* at its end."""
    left = line(("── ", tone), (title, "title"), " ")
    end = line((" ", ""), *right, (" ──", tone)) if right else ()
    fill = max(0, width - line_width(left) - line_width(end))
    return Row(line(*left, ("─" * fill, tone), *end))


def _frame(parts: Parts, panel: str, width: int, height: int) -> list[Row]:
    if panel == _CHANGES:
        return _changes(parts, width, height)
    inside, room = width - 4, max(0, height - 2)
    context = parts.context
    corner, hidden = parts.counts(panel), 0
    match panel:
        case "apps":
            rows = app_rows(parts, inside, room)
            hidden = max(0, parts.known("App") - len(rows))
        case "addresses":
            rows = pool_rows(parts, inside, room)
        case "actions":
            rows = action_rows(parts, inside, room)
            hidden = max(0, len(parts.actions) - len(rows))
        case "adapters":
            rows = adapter_rows(parts, inside, room)
        case "solar":
            waits = "" if parts.has(panel) else parts.waits_for("Plant")
            rows = solar_rows(context, inside, room, waits)
        case "tokens":
            rows = token_rows(context, inside, room)
        case "contracts":
            rows = contract_rows(context, inside, room)
        case _:
            rows, corner = ledger_rows(context, inside, room), ledger_corner(context, width - 16)
    return framed(_title(panel), corner, rows, width, height, hidden=hidden)


def _title(panel: str) -> Line:
    return line((panel.upper(), "title"))


def _changes(parts: Parts, width: int, height: int) -> list[Row]:
    rows = change_rows(parts, width - 4, height - 2)
    right = parts.keys(("changes", "all of it"))
    return framed(line(("LAST 30 MIN", "title")), right, rows, width, height)


def _cut(rows: list[Row], most: int, total: int) -> list[Row]:
    if total <= most:
        return rows
    return [*rows[: most - 1], row((f"  and {total - most + 1} more", "dim"))]


def _indented(rows: Sequence[Row]) -> list[Row]:
    return [
        Row(((" ", ""), *one.line), tuple(Target(t.x + 1, t.width, t.value) for t in one.targets))
        for one in rows
    ]
