"""Tells of requests that came to wait for this person: once each, by a bell and a line."""

from __future__ import annotations

from console.rows.actions import target_text
from console.screens.facts import waiting_for_me
from console.session import Session
from console.widgets.spans import short


def announcement(session: Session, told: frozenset[str]) -> tuple[str, frozenset[str]]:
    """Return a line on what waits and was not *told* of, "" for nothing, and what is told now.

    What does not wait any more is forgotten: should it wait again, that is news.
    """
    waits = waiting_for_me(session)
    now = frozenset(one.name for one in waits)
    new = [one for one in waits if one.name not in told]
    if not new:
        return "", now
    one = new[-1]
    more = f" and {len(new) - 1} more" if len(new) > 1 else ""
    who = one.actor or "somebody"
    line = f"⚑ {who} asks you to approve {one.code} {short(target_text(one))}{more}"
    return f"{line}: {session.bound.key('waiting')}", now
