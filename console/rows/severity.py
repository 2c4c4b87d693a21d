"""How bad it is: one judgement for the rows' marks, the overview's order and the exit status."""

from __future__ import annotations

import enum

from adapters.records import AdapterState, AdapterStatus, Address, App, Health, Pool
from console.rows import marks
from console.rows.cells import Cell

NEARLY_FULL = 0.9
"""The share of a pool's addresses in use from which the next few Services are worth a warning."""


class Severity(enum.IntEnum):
    """From worst to none; it sorts that way."""

    CRITICAL = 0
    DEGRADED = 1
    UNKNOWN = 2
    MOVING = 3
    NONE = 4


_MARKS = {
    Severity.CRITICAL: Cell(marks.BAD, "bad"),
    Severity.DEGRADED: Cell(marks.WARN, "warn"),
    Severity.UNKNOWN: Cell(marks.UNKNOWN, "unknown"),
    Severity.MOVING: Cell(marks.BUSY, "info"),
    Severity.NONE: Cell(marks.GOOD, "good"),
}


def mark(severity: Severity) -> Cell:
    """Return the shape and tone of *severity*."""
    return _MARKS[severity]


def of_app(app: App) -> Severity:
    """Judge *app*: critical is one that serves nothing though it should, or one of critical
    priority that is degraded.
    """
    if app.health is Health.FAILED or (app.desired and app.ready == 0):
        return Severity.CRITICAL
    if app.health is Health.DEGRADED:
        critical = app.priority.lower() == "critical"
        return Severity.CRITICAL if critical else Severity.DEGRADED
    if app.health is Health.UNKNOWN:
        return Severity.UNKNOWN
    return Severity.MOVING if app.health is Health.PROGRESSING else Severity.NONE


def of_pool(pool: Pool) -> Severity:
    """Judge *pool*: degraded where it is full or nearly so; unknown where it does not say."""
    if pool.assigned is None or pool.available is None:
        return Severity.UNKNOWN
    total = pool.assigned + pool.available
    if pool.available == 0 or pool.assigned / total >= NEARLY_FULL:
        return Severity.DEGRADED
    return Severity.NONE


def of_address(address: Address) -> Severity:
    """Judge *address*: degraded where none was given or nobody announces it."""
    if not address.ip:
        return Severity.DEGRADED
    if address.announced_by is None:
        return Severity.UNKNOWN
    return Severity.NONE if address.announced_by else Severity.DEGRADED


def of_adapter(adapter: AdapterStatus) -> Severity:
    """Judge *adapter* by its state."""
    return {
        AdapterState.STARTING: Severity.MOVING,
        AdapterState.LIVE: Severity.NONE,
        AdapterState.DEGRADED: Severity.DEGRADED,
        AdapterState.DOWN: Severity.CRITICAL,
        AdapterState.STOPPED: Severity.UNKNOWN,
    }[adapter.state]
