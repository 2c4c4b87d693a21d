"""Moments and spans as people write them: `2h` ago, a day, or a time in ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime

SHIFT = "12h"
"""How far back a handover goes where nobody says."""

_AGO = re.compile(r"(\d{1,6})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class NoMoment(Exception):
    """A line for a person: that is no time."""


def moment(text: str, now: float) -> float:
    """Return what *text* means at *now*, in seconds since the epoch; raises `NoMoment`.

    A time without a zone is UTC, as everything is that the console shows.
    """
    ago = _AGO.fullmatch(text.strip())
    if ago is not None:
        return now - int(ago[1]) * _SECONDS[ago[2]]
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise NoMoment(
            f"{text!r} is not a time: write 2h, 30m or 1d for so long ago, or 2031-03-14T06:00Z"
        ) from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def span(since: str | None, until: str | None, now: float) -> tuple[float | None, float | None]:
    """Return the two moments, None for one that is not given; raises `NoMoment`."""
    begins = None if since is None else moment(since, now)
    ends = None if until is None else moment(until, now)
    if begins is not None and ends is not None and begins > ends:
        raise NoMoment(f"--since {since} is after --until {until}")
    return begins, ends
