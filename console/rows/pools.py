"""Pools as rows, with a block for each address: taken, or free."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.records import Pool
from console.rows import gauge, marks, numbers, severity, sorting
from console.rows.cells import Cell, Column, Tone
from console.rows.context import Context, dressed, marked, with_doubt
from console.rows.values import Value

BAR = 16
"""Cells of the bar."""

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("name", "POOL", 18, least=12, flex=1, priority=10),
    Column("used", "USED", 9, align="right", priority=8),
    Column("bar", "", BAR, priority=5),
    Column("free", "FREE", 7, align="right", priority=7),
    Column("ranges", "RANGES", 24, least=18, flex=2, priority=6),
    Column("why", "STATE", 26, least=16, flex=1, priority=4),
    Column("auto", "AUTO", 4, priority=2),
    Column("source", "SOURCE", 10, least=8, priority=0),
)
DEFAULT_SORT = "mark"
FIELDS = ("name", "ranges", "why", "auto", "namespace", "source")
EMPTY = "No address pool is known: no adapter here brings one."
VALUES = (
    Value("name", lambda pool: pool.name),
    Value("used", lambda pool: pool.assigned, "number"),
    Value("free", lambda pool: pool.available, "number"),
    Value("total", lambda pool: total(pool), "number"),
    Value("share", lambda pool: _percent(pool), "number", "%"),
    Value("ranges", lambda pool: pool.ranges),
    Value("why", lambda pool: state_text(pool)),
    Value("auto", lambda pool: pool.auto_assign),
    Value("namespace", lambda pool: pool.namespace),
    Value("source", lambda pool: pool.source),
)


def total(pool: Pool) -> int | None:
    """Return how many addresses *pool* has in all, None where it does not say."""
    if pool.assigned is None or pool.available is None:
        return None
    return pool.assigned + pool.available


def cells(pool: Pool, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, since = context.store.quality(pool)
    grade = severity.of_pool(pool)
    mark = severity.mark(grade)
    tone: Tone = mark.tone if grade is not severity.Severity.NONE else ""
    whole = total(pool)
    row = (
        Cell(pool.name),
        Cell(numbers.of(pool.assigned, whole), tone),
        Cell(gauge.pool(pool.assigned, whole, BAR), tone or "info"),
        Cell(numbers.count(pool.available)),
        Cell(", ".join(pool.ranges) or marks.NOTHING),
        Cell(with_doubt(state_text(pool), quality, since, context.now), tone),
        Cell("yes" if pool.auto_assign else "no", "dim"),
        Cell(pool.source, "dim"),
    )
    return (marked(mark, quality), *dressed(row, quality))


def state_text(pool: Pool) -> str:
    """Return what is the matter with *pool*, "" where nothing is."""
    if pool.assigned is None or pool.available is None:
        return "use not known: its status does not say"
    if pool.available == 0:
        return "full: the next Service will wait"
    if severity.of_pool(pool) is severity.Severity.DEGRADED:
        return f"nearly full: {numbers.count(pool.available)} left"
    return ""


def sort_key(column: str) -> Callable[[Pool], Any]:
    """Return the key by which *column* sorts; the first column sorts the worst to the top."""
    keys: dict[str, Callable[[Pool], Any]] = {
        "mark": lambda pool: (severity.of_pool(pool), _by_name(pool)),
        "used": lambda pool: (sorting.known(pool.assigned), _by_name(pool)),
        "bar": lambda pool: (sorting.known(_share(pool)), _by_name(pool)),
        "free": lambda pool: (sorting.known(pool.available), _by_name(pool)),
        "ranges": lambda pool: (pool.ranges, _by_name(pool)),
        "why": lambda pool: (severity.of_pool(pool), _by_name(pool)),
        "auto": lambda pool: (not pool.auto_assign, _by_name(pool)),
        "source": lambda pool: (pool.source, _by_name(pool)),
    }
    return keys.get(column, _by_name)


def _by_name(pool: Pool) -> tuple[Any, ...]:
    return (sorting.natural(pool.name), pool.namespace, pool.source)


def _share(pool: Pool) -> float | None:
    whole = total(pool)
    return (pool.assigned or 0) / whole if whole else None


def _percent(pool: Pool) -> float | None:
    used = _share(pool)
    return None if used is None else round(used * 100, 1)


def haystack(pool: Pool) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "name": pool.name,
        "ranges": " ".join(pool.ranges),
        "why": state_text(pool),
        "auto": "yes" if pool.auto_assign else "no",
        "namespace": pool.namespace,
        "source": pool.source,
    }
