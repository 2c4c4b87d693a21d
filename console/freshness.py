"""How far a record can be trusted: derived from the scope that brought it, never stored."""

from __future__ import annotations

from adapters.records import (
    Inverter,
    InverterState,
    Light,
    Plant,
    Quality,
    Record,
    Scope,
    ScopeState,
)

STALE_AFTER = 1.9
"""A sampled value is stale past this many of its intervals: one late sample is not an alarm."""


def of_record(record: Record, scope: Scope | None, now: float) -> tuple[Quality, float | None]:
    """Return the quality of *record* and since when it is not fresh (None where it is).

    "Since" is the last moment at which the value was known to hold. A record whose scope is not
    known cannot be trusted, however new it is. An array at night is expected to be dark, and has
    no "since": neither its silence nor its age says anything.
    """
    if scope is None:
        return Quality.STALE, record.received or None
    if scope.state is not ScopeState.LIVE:
        return Quality.STALE, unheard_since(scope)
    if is_dark(record):
        return Quality.DARK, None
    if scope.interval > 0 and now - record.received > STALE_AFTER * scope.interval:
        return Quality.STALE, record.received
    return Quality.FRESH, None


def is_dark(record: Record) -> bool:
    """Whether *record* is of an array that feeds nothing because it is night."""
    if not isinstance(record, (Inverter, Plant)) or record.light is not Light.NIGHT:
        return False
    if isinstance(record, Inverter) and record.state is InverterState.FAULT:
        return False
    return record.power is None or record.power <= 0


def of_scope(scope: Scope, now: float) -> tuple[Quality, float | None]:
    """Return the quality of what *scope* brings as a whole, and since when it is not fresh."""
    if scope.state is ScopeState.LIVE:
        late = scope.interval > 0 and scope.heard is not None
        if late and now - (scope.heard or 0.0) > STALE_AFTER * scope.interval:
            return Quality.STALE, scope.heard
        return Quality.FRESH, None
    if scope.heard is None:
        return Quality.NEVER, None
    return Quality.STALE, unheard_since(scope)


def unheard_since(scope: Scope) -> float | None:
    """Return when *scope* was last known to be true."""
    return scope.heard if scope.heard is not None else scope.since


def age_of_scope(scope: Scope, now: float) -> float | None:
    """Return the age in seconds of what *scope* brings: 0 for a live watch, None if it has none.

    A watch is as fresh as it is alive: bookmarks come a minute apart, and an age that climbed to
    60 s between them would cry wolf. A scope that is absent or denied and never brought anything
    has no age.
    """
    if scope.state is ScopeState.LIVE and scope.interval <= 0:
        return 0.0
    if scope.heard is None:
        return None
    return max(0.0, now - scope.heard)
