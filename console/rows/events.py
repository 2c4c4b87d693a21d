"""Kubernetes Events as rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.records import Event
from console.rows import marks, sorting, times
from console.rows.cells import Cell, Column
from console.rows.context import Context, doubt, dressed, marked
from console.rows.values import Value

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("last", "LAST", 9, priority=8),
    Column("reason", "REASON", 18, least=12, priority=7),
    Column("object", "OBJECT", 30, least=18, flex=1, priority=6),
    Column("count", "N", 5, align="right", priority=4),
    Column("message", "MESSAGE", 40, least=24, flex=3, priority=10),
    Column("first", "FIRST", 9, priority=2),
    Column("reporter", "FROM", 16, least=10, priority=1),
)
DEFAULT_SORT = "last"
FIELDS = (
    "severity", "reason", "message", "object", "kind", "app", "namespace", "from", "source",
)  # fmt: skip
EMPTY = "No events."
VALUES = (
    Value("severity", lambda one: one.severity),
    Value("last", lambda one: one.happened, "time", also=("age",)),
    Value("first", lambda one: one.first, "time"),
    Value("reason", lambda one: one.reason),
    Value("kind", lambda one: one.object_kind),
    Value("object", lambda one: one.object_name),
    Value("count", lambda one: one.count, "number", also=("n",)),
    Value("message", lambda one: one.message),
    Value("app", lambda one: one.app),
    Value("namespace", lambda one: one.namespace),
    Value("from", lambda one: one.reporter),
    Value("source", lambda one: one.source),
)


def cells(event: Event, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, _ = context.store.quality(event)
    warning = event.severity != "Normal"
    mark = Cell(marks.WARN, "warn") if warning else Cell("·", "dim")
    message = " · ".join(filter(None, (doubt(event, context), event.message)))
    row = (
        Cell(times.utc(event.happened, context.now)),
        Cell(event.reason or marks.NOTHING, "warn" if warning else ""),
        Cell(f"{event.object_kind}/{event.object_name}"),
        Cell(f"×{event.count}" if event.count > 1 else "", "dim"),
        Cell(message),
        Cell(times.utc(event.first, context.now), "dim"),
        Cell(event.reporter or marks.NOTHING, "dim"),
    )
    return (marked(mark, quality), *dressed(row, quality))


def sort_key(column: str) -> Callable[[Event], Any]:
    """Return the key by which *column* sorts; events sort the latest to the top."""
    keys: dict[str, Callable[[Event], Any]] = {
        "mark": lambda one: (one.severity == "Normal", _latest(one)),
        "reason": lambda one: (one.reason, _latest(one)),
        "object": lambda one: (one.object_kind, sorting.natural(one.object_name), _latest(one)),
        "count": lambda one: (-one.count, _latest(one)),
        "message": lambda one: (one.message, _latest(one)),
        "first": lambda one: (sorting.known(one.first), _latest(one)),
        "reporter": lambda one: (one.reporter, _latest(one)),
    }
    return keys.get(column, _latest)


def _latest(event: Event) -> tuple[Any, ...]:
    return (-event.happened, -event.seq, event.source, event.namespace, event.name)


def haystack(event: Event) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "severity": event.severity,
        "reason": event.reason,
        "message": event.message,
        "object": event.object_name,
        "kind": event.object_kind,
        "app": event.app,
        "namespace": event.namespace,
        "from": event.reporter,
        "source": event.source,
    }
