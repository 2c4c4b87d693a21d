"""Times, ages and durations as text: UTC on screen, ages in steps.

An age with one leading digit changes seldom: a screen where nothing happens stays silent on the
wire instead of repainting every second.
"""

from __future__ import annotations

from datetime import UTC, datetime

from console.rows.marks import NOTHING

MINUTE, HOUR, DAY = 60, 3600, 86400
_LONGEST = 1e11
"""Seconds beyond which a span is nonsense that a source made up; so is one that is no number."""


def utc(at: float | None, now: float | None = None) -> str:
    """Return "14:02:31Z", or "2026-11-19 14:02Z" where *now* is given and on another day."""
    moment = _moment(at)
    if moment is None:
        return NOTHING
    today = _moment(now)
    if today is not None and today.date() != moment.date():
        return moment.strftime("%Y-%m-%d %H:%MZ")
    return moment.strftime("%H:%M:%SZ")


def brief(at: float | None, now: float) -> str:
    """Return "14:02:31Z" of today, "2026-11-19" of another day: at most ten cells."""
    moment, today = _moment(at), _moment(now)
    if moment is None:
        return NOTHING
    same = today is not None and today.date() == moment.date()
    return moment.strftime("%H:%M:%SZ" if same else "%Y-%m-%d")


def minute(at: float | None, now: float) -> str:
    """Return "14:02Z" of today, "11-19" of another day: at most six cells."""
    moment, today = _moment(at), _moment(now)
    if moment is None:
        return NOTHING
    same = today is not None and today.date() == moment.date()
    return moment.strftime("%H:%MZ" if same else "%m-%d")


def iso(at: float | None, *, milliseconds: bool = False) -> str | None:
    """Return "2026-11-20T14:02:31Z" (ISO 8601, UTC; "31.042Z" if asked for), None for None."""
    moment = _moment(at)
    if moment is None:
        return None
    parts = "milliseconds" if milliseconds else "seconds"
    return moment.replace(tzinfo=None).isoformat(timespec=parts) + "Z"


def _moment(at: float | None) -> datetime | None:
    if at is None:
        return None
    try:
        return datetime.fromtimestamp(at, UTC)
    except (OverflowError, OSError, ValueError):
        # A source may claim any time; one that no calendar has is as good as none.
        return None


def step(seconds: float) -> str:
    """Return an age in steps: "live" under 10 s, then 10 s, 1 m, 10 m, 1 h and 1 d at a time."""
    if not abs(seconds) < _LONGEST:
        return NOTHING
    whole = int(seconds)
    if whole < 10:
        return "live"
    if whole < MINUTE:
        return f"{whole // 10 * 10} s"
    if whole < 10 * MINUTE:
        return f"{whole // MINUTE} m"
    if whole < HOUR:
        return f"{whole // MINUTE // 10 * 10} m"
    if whole < DAY:
        return f"{whole // HOUR} h"
    return f"{whole // DAY} d"


def age(at: float | None, now: float) -> str:
    """Return how long ago *at* was, in steps; "new" under 10 s, a dash where it is not known."""
    if at is None:
        return NOTHING
    text = step(now - at)
    return "new" if text == "live" else text


def when(at: float | None, now: float) -> str:
    """Return the moment and how long ago it was: "06:06:18Z, 6 m ago", "06:06:18Z, just now"."""
    moment, passed = utc(at, now), age(at, now)
    if NOTHING in (moment, passed):
        return moment
    return f"{moment}, {'just now' if passed == 'new' else f'{passed} ago'}"


def data_age(seconds: float | None) -> str:
    """Return the header's line on the oldest data: "data live", "data 10 s old"."""
    if seconds is None:
        return "no data yet"
    text = step(seconds)
    return "data live" if text == "live" else f"data {text} old"


def duration(seconds: float | None) -> str:
    """Return a span in its two largest units: "45 s", "6 min", "4 h 10 min", "3 d 2 h"."""
    if seconds is None or not abs(seconds) < _LONGEST:
        return NOTHING
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min"
    if whole < DAY:
        hours, rest = divmod(whole // MINUTE, 60)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days, rest = divmod(whole // HOUR, 24)
    return f"{days} d {rest} h" if rest else f"{days} d"
