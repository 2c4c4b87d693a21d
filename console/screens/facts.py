"""What the header says, made of the session: facts as plain data."""

from __future__ import annotations

from console.link import LinkState
from console.rows.context import Context
from console.rows.severity import Severity
from console.rows.times import data_age, duration, utc
from console.rows.wrong import wrong_now
from console.session import Session
from console.widgets.header import Facts


def header_facts(session: Session) -> Facts:
    """Return what the header says now."""
    welcome = session.link.welcome
    wrong = wrong_now(Context(session.store, session.now()))
    bad = sum(one.severity is Severity.CRITICAL for one in wrong)
    age = session.store.oldest_age()
    return Facts(
        colony=session.colony,
        mode=session.mode,
        production=welcome.production if welcome else False,
        read_only=session.read_only,
        who=welcome.who if welcome else "",
        role=welcome.role if welcome else "",
        bad=bad,
        warnings=len(wrong) - bad,
        age=data_age(age),
        stale=session.link.state is not LinkState.ATTACHED or (age or 0.0) >= 10.0,
        lost=session.store.lost,
        told=told(session),
    )


def told(session: Session) -> str:
    """Return what to say of the link where it is not attached: since when, and what comes."""
    link = session.link
    passed = duration(link.monotonic() - link.since)
    match link.state:
        case LinkState.ATTACHED:
            return ""
        case LinkState.ATTACHING:
            return f"attaching {passed}"
        case LinkState.FAILED:
            return "✖ not attached · r tries again"
        case LinkState.LOST:
            if link.retry_at is None:
                return f"✖ station lost {passed} · attaching"
            return (
                f"✖ station lost {passed} · again in {duration(link.retry_at - link.monotonic())}"
            )


def clock_text(session: Session) -> str:
    """Return the colony's time, or dashes while only the station knows it."""
    if session.link.welcome is None:
        return "--:--:--Z"
    return utc(session.now())
