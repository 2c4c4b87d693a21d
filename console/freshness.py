"""How far a record can be trusted: derived from the scope that brought it, never stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from adapters.records import (
    AdapterState,
    AdapterStatus,
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
TOLD_EVERY = 5.0
"""Seconds between two words of the station that a scope was heard, however often it was."""
LIVELY = 60.0
"""The longest sampling interval in seconds of which a value within it counts as live."""
PATIENCE = 10.0
"""Seconds that an adapter has for its first words before they are missed."""

_NOTHING = frozenset({ScopeState.ABSENT, ScopeState.DENIED})
_SILENT = frozenset({AdapterState.STARTING, AdapterState.DOWN})


def of_record(record: Record, scope: Scope | None, now: float) -> tuple[Quality, float | None]:
    """Return the quality of *record* and since when it is not fresh (None where it is).

    "Since" is the last moment at which the value was known to hold. A record whose scope is not
    known cannot be trusted, however new it is. A sampled scope that was heard says of all that it
    holds that it is so still, whether it was sent again or not. An array at night is expected to
    be dark, and has no "since": neither its silence nor its age says anything.
    """
    if scope is None:
        return Quality.STALE, record.received or None
    if scope.state is not ScopeState.LIVE:
        return of_scope(scope, now)
    if is_dark(record):
        return Quality.DARK, None
    known = max(record.received, scope.heard or 0.0)
    return (Quality.STALE, known) if _late(scope, known, now) else (Quality.FRESH, None)


def _late(scope: Scope, known: float, now: float) -> bool:
    """Whether the next sample of *scope* after *known* is overdue; a watch has none."""
    return scope.interval > 0 and now - known > STALE_AFTER * max(scope.interval, TOLD_EVERY)


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
        if scope.heard is not None and _late(scope, scope.heard, now):
            return Quality.STALE, scope.heard
        return Quality.FRESH, None
    if scope.heard is None:
        return Quality.NEVER, None
    return Quality.STALE, scope.heard


def age_of_scope(scope: Scope, now: float) -> float | None:
    """Return the age in seconds of what *scope* brings: 0 for a live watch, None if it has none.

    A watch is as fresh as it is alive: bookmarks come a minute apart, and an age that climbed to
    60 s between them would cry wolf. So would one that climbed to half a minute between samples
    that come no oftener. A scope that is absent or denied and never brought anything has no age.
    """
    if scope.state is ScopeState.LIVE and scope.interval <= 0:
        return 0.0
    if scope.heard is None or (scope.state in _NOTHING and not scope.records):
        return None
    if scope.state is ScopeState.LIVE and scope.interval <= LIVELY:
        return max(0.0, now - scope.heard) if _late(scope, scope.heard, now) else 0.0
    return max(0.0, now - scope.heard)


def anything_missing(
    scopes: Iterable[Scope], adapters: Collection[AdapterStatus], now: float
) -> bool:
    """Return whether something that was to come never came, though it had its time.

    What never came has no age, so no age tells of it. That an adapter has just begun is no news.
    """
    silent = {one.name for one in adapters if one.state in _SILENT}
    begun = {one.name for one in adapters if _just_begun(one, now)}
    for scope in scopes:
        silent.discard(scope.source)
        never = of_scope(scope, now)[0] is Quality.NEVER
        if never and scope.source not in begun and scope.state not in _NOTHING:
            return True
    return not silent <= begun


def _just_begun(adapter: AdapterStatus, now: float) -> bool:
    began = adapter.since if adapter.state is AdapterState.STARTING else None
    return began is not None and now - began < PATIENCE
