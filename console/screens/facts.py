"""What the header says, made of the session: facts as plain data."""

from __future__ import annotations

from console.link import LinkState
from console.rows.times import data_age, duration, utc
from console.session import Session
from console.widgets.header import Facts


def header_facts(session: Session) -> Facts:
    """Return what the header says now."""
    welcome = session.link.welcome
    bad, warnings = _wrong(session) if welcome is not None else (0, 0)
    age = session.store.oldest_age()
    return Facts(
        colony=session.colony,
        mode=session.mode,
        production=welcome.production if welcome else False,
        read_only=session.read_only,
        who=welcome.who if welcome else "",
        role=welcome.role if welcome else "",
        bad=bad,
        warnings=warnings,
        age=data_age(age),
        stale=session.link.state is not LinkState.ATTACHED or (age or 0.0) >= 10.0,
        lost=session.store.lost,
        told=told(session),
    )


def _wrong(session: Session) -> tuple[int, int]:
    """Return how much is critical, and how much else is wrong."""
    # Imported once there is something to count: not before the first paint.
    from console.rows.severity import Severity
    from console.rows.wrong import wrong_now

    wrong = wrong_now(session.context())
    bad = sum(one.severity is Severity.CRITICAL for one in wrong)
    return bad, len(wrong) - bad


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
