"""RFC 3339 times, as Kubernetes writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def epoch(text: str | None) -> float | None:
    """Return *text* in seconds since the Unix epoch; None for none and for what is no time."""
    if not text:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return when.timestamp()


def latest(*moments: float | None) -> float | None:
    """Return the latest of *moments* that are known, None if none is."""
    return max((moment for moment in moments if moment is not None), default=None)


def earliest(*moments: float | None) -> float | None:
    """Return the earliest of *moments* that are known, None if none is."""
    return min((moment for moment in moments if moment is not None), default=None)
