"""Tells of alarms that were raised while this console watched: once each, by what a person chose.

What was there when the console came is old: the header counts it, and nothing rings.
"""

from __future__ import annotations

from typing import NamedTuple

from adapters.records import Alarm, AlarmSeverity, AlarmState, Quality
from console.rows import alarms
from console.session import Session
from console.widgets.spans import short

QUIET = 10.0
"""Seconds between two bells: an alarm that comes and goes does not ring without end."""
LIST = ("station", "alarms")
"""The scope that brings the alarms."""


class News(NamedTuple):
    """A line on what is new, and whether it rings, and notifies."""

    text: str
    tone: str
    bell: bool
    notify: bool


class Annunciator:
    """What was told of already. One a console; `news` is asked where alarms changed."""

    def __init__(self, bell: str, notify: str) -> None:
        """*bell* and *notify* are "off", "critical" or "all", as `Preferences` has them."""
        self._bell = bell
        self._notify = notify
        self._told: set[tuple[str, float | None]] | None = None
        self._rang = float("-inf")

    @property
    def listens(self) -> bool:
        """Whether what was there when the console came is known: from then on there is news."""
        return self._told is not None

    def news(self, session: Session) -> News | None:
        """Return what is new, None for nothing."""
        calling = {
            (one.name, one.since): one
            for one in session.store.every(Alarm)
            if one.state is AlarmState.UNACKNOWLEDGED
        }
        told = self._told
        if told is None:
            if session.store.quality_of_scope(LIST)[0] is Quality.FRESH:
                self._told = set(calling)
            return None
        fresh = [one for key, one in calling.items() if key not in told]
        told.update(calling)
        if len(told) > 10 * len(calling) + 1_000:
            self._told = set(calling)
        if not fresh:
            return None
        return self._said(sorted(fresh, key=alarms.order), session)

    def _said(self, fresh: list[Alarm], session: Session) -> News:
        worst = fresh[0]
        more = f" and {len(fresh) - 1} more" if len(fresh) > 1 else ""
        shape = alarms.shape(worst.severity)
        text = f"{shape.text} {worst.thing}: {short(worst.value)}{more}"
        now = session.link.monotonic()
        rings = now - self._rang >= QUIET
        bell, notify = (
            rings and self._wanted(wish, worst.severity) for wish in (self._bell, self._notify)
        )
        if bell or notify:
            self._rang = now
        return News(text, shape.tone, bell, notify)

    @staticmethod
    def _wanted(wish: str, severity: AlarmSeverity) -> bool:
        return wish == "all" or (wish == "critical" and severity is AlarmSeverity.CRITICAL)
