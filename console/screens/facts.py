"""What the header says, made of the session: facts as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.link import LinkState
from console.session import Session
from console.widgets.header import Facts

if TYPE_CHECKING:
    from adapters.records import ActionStatus


def header_facts(session: Session) -> Facts:
    """Return what the header says now."""
    welcome = session.link.welcome
    if welcome is None:
        # Nothing is known yet, and what would know it is not imported before the first paint.
        said = told(session)
        return Facts(session.colony, session.mode, False, False, "", "", 0, 0, "", False, 0, said)
    from console.rows.times import data_age

    alarms, known = _alarms(session)
    # Where there are alarms, they are the count. What else is wrong is looked for only where it
    # may be worse than what they call for: an alarm takes its time. What somebody has seen is not
    # said again.
    calling, total, _, tone = alarms
    told_of = total and (not calling or tone == "bad")
    bad, warnings = (0, 0) if told_of else _wrong(session)
    if total and bad <= known:
        bad = 0
    age = session.store.oldest_age()
    missing = session.store.anything_missing(session.now())
    late = missing or (age or 0.0) >= 10.0
    return Facts(
        colony=session.colony,
        mode=session.mode,
        production=welcome.production,
        read_only=session.read_only,
        who=welcome.who,
        role=welcome.role,
        bad=bad,
        warnings=warnings,
        age=data_age(age),
        stale=session.link.state is not LinkState.ATTACHED or late,
        lost=session.store.lost,
        told=told(session),
        waiting=len(waiting_for_me(session)),
        glass=_glass(session),
        log=_log(session),
        waiting_key=session.bound.key("waiting"),
        alarms=alarms,
        heard=age is not None,
        missing=missing,
    )


def waiting_for_me(session: Session) -> list[ActionStatus]:
    """Return the requests of others that this person may approve, the oldest first."""
    from adapters.records import ActionStatus
    from console.rows.waiting import for_me

    return for_me(session.store.every(ActionStatus), session.me)


def _glass(session: Session) -> str:
    """Return "12 min" of the own broken glass, else whose it is too; "" where all are whole."""
    from math import ceil

    now, own = session.now(), session.glass
    broken = [own] if own is not None else [one for one in session.glasses if one.until > now]
    if not broken:
        return ""
    last = max(broken, key=lambda one: one.until)
    left = f"{ceil((last.until - now) / 60)} min"
    return left if own is not None else f"{last.who.partition('@')[0]} {left}"


def _log(session: Session) -> str:
    """Return why nothing can be written into the log, "" where it can."""
    from console.rows.log import head_of

    head = head_of(session.store)
    return head.trouble if head is not None else ""


def _alarms(session: Session) -> tuple[tuple[int, int, str, str], int]:
    """Return how many alarms call, of how many, and the shape and tone of the worst.

    And how many critical ones somebody has seen or put aside.
    """
    from console.rows.alarms import count, shape

    found = count(session.context())
    worst = shape(found.worst) if found.worst is not None else ("", "")
    return (found.calling, found.total, *worst), found.known


def _wrong(session: Session) -> tuple[int, int]:
    """Return how much is critical, and how much else is wrong."""
    from console.rows.wrong import wrong_counts

    return wrong_counts(session.context())


def told(session: Session) -> str:
    """Return what to say of the link where it is not attached: since when, and what comes."""
    link = session.link
    passed = waited(link.monotonic() - link.since)
    match link.state:
        case LinkState.ATTACHED:
            return ""
        case LinkState.ATTACHING:
            return f"attaching {passed}"
        case LinkState.FAILED:
            return f"✖ not attached · {session.bound.key('retry')} tries again"
        case LinkState.LOST:
            if link.retry_at is None:
                return f"✖ station lost {passed} · attaching"
            return f"✖ station lost {passed} · again in {waited(link.retry_at - link.monotonic())}"


def clock_text(session: Session) -> str:
    """Return the colony's time, or dashes while only the station knows it."""
    if session.link.welcome is None:
        return "--:--:--Z"
    from console.rows.times import utc

    return utc(session.now())


def waited(seconds: float) -> str:
    """Return a short wait: "3 s", "2 min"."""
    whole = max(0, int(seconds))
    return f"{whole} s" if whole < 60 else f"{whole // 60} min"
