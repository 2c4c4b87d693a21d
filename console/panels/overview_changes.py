"""The overview's piece on what happened: the last 30 minutes, each thing once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from adapters.records import Event
from console.rows import changes, times
from console.rows.cells import Column
from console.rows.changes import Change
from console.rows.context import Context
from console.widgets.spans import Row, row, short
from console.widgets.tablerows import table_rows

if TYPE_CHECKING:
    from console.panels.overview_parts import Parts

WHAT, THING = 18, 34
"""Cells of what happened and of what it happened to at most; what happened is told in the rest."""
TIGHT = 52
"""Cells below which the minute is enough."""
NARROW = 100
"""Cells below which names go without their namespaces."""


def told(timeline: Sequence[Change], context: Context) -> list[Change]:
    """Return *timeline* as it is told in few lines: of what came again only the last.

    Of an action that is its last stage; of Kubernetes Events, which name the pod and come again
    with it, the last of a reason in an app. Adapters that came up do so at a start, all of them:
    they share a line.
    """
    kept: list[Change] = []
    seen: set[Hashable] = set()
    came_up = [
        one for one in timeline if one.key.kind == "AdapterStatus" and one.mark.tone == "good"
    ]
    for one in timeline:
        once: Hashable = one
        if len(came_up) > 1 and one in came_up:
            once = "came up"
            one = one._replace(thing=f"{one.thing} and {len(came_up) - 1} more")
        if one.key.kind == "ActionStatus":
            # Its number says less here than what it is about.
            once, one = one.key, one._replace(thing=one.thing.removeprefix(f"{one.key.name} "))
        elif one.key.kind == "Event":
            event = context.store.get(one.key)
            if isinstance(event, Event) and event.app:
                one = one._replace(thing=f"{event.namespace}/{event.app}")
            once = (one.thing, one.what)
        if once not in seen:
            seen.add(once)
            kept.append(one)
    return kept


def change_rows(parts: Parts, width: int, limit: int) -> list[Row]:
    """Return what changed in the last 30 minutes, the latest first."""
    if not parts.changes:
        heard = bool(parts.adapters)
        return [row(("nothing changed" if heard else "nothing is known yet", "dim"))]
    rows = []
    what = thing_width = 8
    tight = width < TIGHT
    for one in parts.changes[:limit]:
        thing = one.thing if width >= NARROW else short(one.thing)
        what, thing_width = max(what, len(one.what)), max(thing_width, len(thing))
        cells = list(changes.cells(one._replace(thing=thing), parts.context))
        if tight:
            cells[1] = cells[1]._replace(text=times.minute(one.at, parts.context.now))
        rows.append((cells, one.key if one.key.kind != "Event" else None))
    columns = (
        Column("mark", "", 2, priority=9),
        Column("at", "", 6 if tight else 9, priority=8),
        Column("what", "", min(WHAT, what), priority=7),
        Column("thing", "", min(THING, thing_width), least=min(12, thing_width), priority=10),
        Column("detail", "", 36, least=12, flex=1, priority=6),
    )
    return table_rows(columns, rows, width)
