"""Scopes as rows: what each adapter watches or samples, and how that stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.records import Scope, ScopeState
from console.rows import marks, numbers, sorting, times
from console.rows.cells import Cell, Column, Tone
from console.rows.context import Context, dressed, marked, with_doubt
from console.rows.severity import Severity
from console.rows.values import Value

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("source", "ADAPTER", 14, least=10, priority=7),
    Column("name", "WATCHES", 26, least=16, flex=1, priority=10),
    Column("state", "STATE", 14, least=8, priority=8),
    Column("since", "SINCE", 9, priority=6),
    Column("heard", "HEARD", 9, priority=3),
    Column("records", "RECORDS", 8, align="right", priority=4),
    Column("every", "EVERY", 8, align="right", priority=1),
    Column("why", "DETAIL", 30, least=18, flex=2, priority=5),
)
DEFAULT_SORT = "mark"
FIELDS = ("name", "source", "state", "why")
EMPTY = "Nothing is watched yet."
VALUES = (
    Value("source", lambda one: one.source),
    Value("name", lambda one: one.name),
    Value("state", lambda one: one.state),
    Value("since", lambda one: one.since, "time"),
    Value("heard", lambda one: one.heard, "time"),
    Value("records", lambda one: one.records, "number"),
    Value("every", lambda one: one.interval or None, "seconds", "s"),
    Value("why", lambda one: one.detail),
)

_RANK = {
    ScopeState.STALE: Severity.DEGRADED,
    ScopeState.DENIED: Severity.DEGRADED,
    ScopeState.NEVER: Severity.MOVING,
    ScopeState.ABSENT: Severity.MOVING,
    ScopeState.LIVE: Severity.NONE,
}


def of_scope(scope: Scope) -> Severity:
    """Judge *scope*: degraded where what it brought is old or what it should bring is denied."""
    return _RANK[scope.state]


def cells(scope: Scope, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, since = context.store.quality(scope)
    mark = marks.of_scope(scope.state)
    tone: Tone = mark.tone if mark.tone != "good" else ""
    why = scope.detail or _meaning(scope, context.now)
    live_watch = scope.state is ScopeState.LIVE and scope.interval <= 0
    row = (
        Cell(scope.source, "dim"),
        Cell(scope.name),
        Cell(str(scope.state), tone),
        Cell(times.utc(scope.since, context.now)),
        Cell("live" if live_watch else times.age(scope.heard, context.now), "dim"),
        Cell(numbers.count(scope.records), "dim"),
        Cell(times.duration(scope.interval) if scope.interval > 0 else "watch", "dim"),
        Cell(with_doubt(why, quality, since, context.now), tone),
    )
    return (marked(mark, quality), *dressed(row, quality))


def _meaning(scope: Scope, now: float) -> str:
    if scope.state is ScopeState.STALE and scope.heard is not None:
        return f"last heard {times.utc(scope.heard, now)}"
    return {
        ScopeState.DENIED: "the credentials do not allow it",
        ScopeState.ABSENT: "the server has no such resource",
    }.get(scope.state, "")


def sort_key(column: str) -> Callable[[Scope], Any]:
    """Return the key by which *column* sorts; the first column sorts the worst to the top."""
    keys: dict[str, Callable[[Scope], Any]] = {
        "mark": lambda one: (of_scope(one), _by_name(one)),
        "name": lambda one: (sorting.natural(one.name), one.source),
        "state": lambda one: (one.state, _by_name(one)),
        "since": lambda one: (sorting.known(one.since), _by_name(one)),
        "heard": lambda one: (sorting.known(one.heard), _by_name(one)),
        "records": lambda one: (-one.records, _by_name(one)),
        "every": lambda one: (one.interval, _by_name(one)),
        "why": lambda one: (sorting.told(one.detail), _by_name(one)),
    }
    return keys.get(column, _by_name)


def _by_name(scope: Scope) -> tuple[Any, ...]:
    return (sorting.natural(scope.source), sorting.natural(scope.name))


def haystack(scope: Scope) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "name": scope.name,
        "source": scope.source,
        "state": scope.state,
        "why": scope.detail,
    }
