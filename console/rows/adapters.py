"""Adapters under supervision as rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.records import AdapterState, AdapterStatus, Scope, ScopeState
from console.rows import marks, numbers, severity, sorting, times
from console.rows.cells import Cell, Column, Tone
from console.rows.context import Context, dressed, marked, with_doubt
from console.rows.values import Value

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("name", "ADAPTER", 16, least=10, priority=10),
    Column("kind", "KIND", 12, least=10, priority=5),
    Column("state", "STATE", 9, priority=8),
    Column("since", "SINCE", 9, priority=6),
    Column("last", "LAST RECORD", 11, priority=4),
    Column("records", "RECORDS", 8, align="right", priority=3),
    Column("rate", "RATE", 7, align="right", priority=2),
    Column("restarts", "RST", 4, align="right", priority=1),
    Column("why", "DETAIL", 30, least=20, flex=1, priority=7),
)
DEFAULT_SORT = "mark"
FIELDS = ("name", "kind", "state", "why")
EMPTY = "No adapters are configured."
VALUES = (
    Value("name", lambda one: name_of(one)),
    Value("kind", lambda one: one.adapter),
    Value("state", lambda one: one.state),
    Value("since", lambda one: one.since, "time"),
    Value("last", lambda one: one.last_record_at, "time"),
    Value("records", lambda one: one.records, "number"),
    Value("rate", lambda one: one.rate, "number", "1/s"),
    Value("restarts", lambda one: one.restarts, "number", also=("rst",)),
    Value("retry", lambda one: one.retry_at, "time"),
    Value("why", lambda one: one.detail),
)


def name_of(adapter: AdapterStatus) -> str:
    """Return the adapter instance's name, as the configuration has it."""
    return adapter.name or adapter.source


def all_stale(name: str, context: Context) -> bool:
    """Return whether nothing of the adapter *name* can be trusted: the whole of it is cut off."""
    own = [scope for scope in context.store.every(Scope) if scope.source == name]
    return len(own) > 1 and all(scope.state is ScopeState.STALE for scope in own)


def is_up(adapter: AdapterStatus, context: Context) -> bool:
    """Return whether *adapter* brings anything: what it runs is no help where all is stale."""
    if adapter.state not in (AdapterState.LIVE, AdapterState.DEGRADED):
        return False
    return not all_stale(name_of(adapter), context)


def cells(adapter: AdapterStatus, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, since = context.store.quality(adapter)
    mark = marks.of_adapter(adapter.state)
    tone: Tone = mark.tone if mark.tone in ("bad", "warn", "info") else ""
    row = (
        Cell(name_of(adapter)),
        Cell(adapter.adapter, "dim"),
        Cell(str(adapter.state), tone),
        Cell(times.utc(adapter.since, context.now)),
        Cell(times.utc(adapter.last_record_at, context.now), "dim"),
        Cell(numbers.count(adapter.records), "dim"),
        Cell(numbers.rate(adapter.rate), "dim"),
        Cell(numbers.count(adapter.restarts), "warn" if adapter.restarts else "dim"),
        Cell(with_doubt(state_text(adapter, context.now), quality, since, context.now), tone),
    )
    return (marked(mark, quality), *dressed(row, quality))


def state_text(adapter: AdapterStatus, now: float) -> str:
    """Return what there is to say of *adapter*, and when it will be tried again."""
    parts = [adapter.detail] if adapter.detail else []
    if adapter.state is AdapterState.DOWN and adapter.retry_at is not None:
        parts.append(f"tried again at {times.utc(adapter.retry_at, now)}")
    return " · ".join(parts)


def sort_key(column: str) -> Callable[[AdapterStatus], Any]:
    """Return the key by which *column* sorts; the first column sorts the worst to the top."""
    keys: dict[str, Callable[[AdapterStatus], Any]] = {
        "mark": lambda one: (severity.of_adapter(one), _by_name(one)),
        "kind": lambda one: (one.adapter, _by_name(one)),
        "state": lambda one: (one.state, _by_name(one)),
        "since": lambda one: (sorting.known(one.since), _by_name(one)),
        "last": lambda one: (sorting.known(one.last_record_at), _by_name(one)),
        "records": lambda one: (-one.records, _by_name(one)),
        "rate": lambda one: (-one.rate, _by_name(one)),
        "restarts": lambda one: (-one.restarts, _by_name(one)),
        "why": lambda one: (sorting.told(one.detail), _by_name(one)),
    }
    return keys.get(column, _by_name)


def _by_name(adapter: AdapterStatus) -> tuple[Any, ...]:
    return (sorting.natural(name_of(adapter)),)


def haystack(adapter: AdapterStatus) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "name": name_of(adapter),
        "kind": adapter.adapter,
        "state": adapter.state,
        "why": adapter.detail,
    }
