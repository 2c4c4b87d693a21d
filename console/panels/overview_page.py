"""The overview's layouts: the same pieces in one, two or three columns, for any size."""

from __future__ import annotations

from collections.abc import Sequence

from console.panels.overview_parts import Parts
from console.rows.context import Context
from console.widgets.spans import Row, Target, beside, framed, line, row, rule

_KEYS = line(("enter", "key"), (" open  ", "dim"), ("r", "key"), (" roll back", "dim"))


def overview(context: Context, width: int, height: int) -> list[Row]:
    """Return the overview's rows for a window of *width* by *height* cells."""
    if width < 20 or height < 3:
        return []
    parts = Parts(context)
    if width >= 160 and height >= 40:
        return _three_columns(parts, width, height)
    if width >= 96 and height >= 24:
        return _two_columns(parts, width, height)
    return _one_column(parts, width, height)


def _one_column(parts: Parts, width: int, height: int) -> list[Row]:
    most = max(3, height - 12)
    wrong = _cut(parts.troubles_rows(width - 2, most), most, len(parts.troubles))
    rows = [rule(width, line(("WRONG NOW", "title"))), *_indented(wrong), rule(width)]
    rows += [
        parts.summary_row(number, panel, width)
        for number, panel in enumerate(("apps", "addresses", "actions", "adapters"), 2)
    ]
    rows.append(rule(width, line(("LAST 30 MIN", "title"))))
    return rows + _indented(parts.change_rows(width - 2, max(2, height - len(rows))))


def _two_columns(parts: Parts, width: int, height: int) -> list[Row]:
    rows = _wrong(parts, width, max(3, height // 5))
    adapters = _frame(parts, "adapters", width, 2 + min(2, len(parts.adapters) or 1))
    left = (width - 1) // 2
    right = width - 1 - left
    room = height - len(rows) - len(adapters)
    listed = len(parts.pools) + len(parts.addresses) + 6
    top = min(room * 3 // 5, max(len(parts.apps), min(listed, 12), 4) + 2)
    rows += beside(
        [_frame(parts, "apps", left, top), _frame(parts, "addresses", right, top)], [left, right]
    )
    low = room - top
    if low >= 14:
        most = max(1, min(len(parts.actions), low // 3)) + 2
        rows += _frame(parts, "actions", width, most)
        rows += _changes(parts, width, low - most)
    else:
        rows += beside(
            [_frame(parts, "actions", left, low), _changes(parts, right, low)], [left, right]
        )
    return rows + adapters


def _three_columns(parts: Parts, width: int, height: int) -> list[Row]:
    rows = _wrong(parts, width, max(4, height // 5))
    adapters = _frame(parts, "adapters", width, 2 + min(4, len(parts.adapters) or 1))
    left = (width - 1) * 5 // 9
    right = width - 1 - left
    room = height - len(rows) - len(adapters)
    listed = len(parts.pools) + len(parts.addresses) + 6
    top = min(room * 2 // 3, max(len(parts.apps), listed, 6) + 2)
    rows += beside(
        [_frame(parts, "apps", left, top), _frame(parts, "addresses", right, top)], [left, right]
    )
    low = room - top
    rows += beside(
        [_changes(parts, left, low), _frame(parts, "actions", right, low)], [left, right]
    )
    return rows + adapters


def _wrong(parts: Parts, width: int, most: int) -> list[Row]:
    rows = parts.troubles_rows(width - 4, most)
    tone = parts.troubles[0].mark.tone if parts.troubles else "frame"
    right = _KEYS if parts.troubles else ()
    height = min(len(rows), most) + 2
    hidden = max(0, len(parts.troubles) - len(rows))
    title = line(("WRONG NOW", "title"))
    return framed(title, right, rows, width, height, tone=tone, hidden=hidden)


def _frame(parts: Parts, panel: str, width: int, height: int) -> list[Row]:
    make, records = {
        "apps": (parts.app_rows, parts.apps),
        "addresses": (parts.pool_rows, ()),
        "actions": (parts.action_rows, parts.actions),
        "adapters": (parts.adapter_rows, parts.adapters),
    }[panel]
    title = line((panel.upper(), "title"))
    rows = make(width - 4, height - 2)
    hidden = max(0, len(records) - len(rows))
    return framed(title, parts.counts(panel), rows, width, height, hidden=hidden)


def _changes(parts: Parts, width: int, height: int) -> list[Row]:
    rows = parts.change_rows(width - 4, height - 2)
    right = line(("h", "key"), (" all of it", "dim"))
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
