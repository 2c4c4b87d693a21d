"""Broken glasses: a commander who, for a while and for a reason, needs no second person.

That is all that it is: the simulation, the digest, the name to type and the log stay as they are,
and each approval under it says so. The log has every glass, so a restart changes nothing.
"""

from __future__ import annotations

from adapters.clock import Clock
from adapters.contract import Refused
from adapters.text import clean
from console.feed.glass import Glass
from console.station import entries
from console.station.intent import REASON_LIMIT
from console.station.journal import Journal
from console.station.log import LogError
from console.station.policy import Policy

_BROKEN = """SELECT actor, uid, reason, at, until FROM glass AS g WHERE NOT EXISTS
(SELECT 1 FROM glass AS later WHERE later.uid = g.uid AND later.leaf > g.leaf) ORDER BY leaf"""


class Glasses:
    """The glasses that are broken now, by uid."""

    def __init__(self, journal: Journal, clock: Clock, policy: Policy) -> None:
        self._journal = journal
        self._clock = clock
        self._policy = policy
        self._broken: dict[int, Glass] = {}

    async def load(self) -> None:
        """Take up what the log holds; raises `LogError`."""
        rows = await self._journal.log.read(_BROKEN)
        self._broken = {row[1]: Glass(*row) for row in rows}

    def of(self, uid: int | None) -> Glass | None:
        """Return the broken glass of the user *uid*, None where it is whole."""
        found = self._broken.get(uid) if uid is not None else None
        return found if found is not None and found.until > self._clock.now() else None

    def all(self) -> list[Glass]:
        """Return the broken ones."""
        return [glass for uid in self._broken if (glass := self.of(uid)) is not None]

    async def smash(self, actor: str, uid: int, reason: str, minutes: float) -> Glass:
        """Break the glass of *uid* for some *minutes*; raises `Refused` where it may not be."""
        most = min(self._policy.break_glass_minutes, 30.0)
        reason = clean(" ".join(reason.split()), REASON_LIMIT)
        if not self._policy.break_glass:
            raise Refused("the colony's policy has no break-glass (break_glass = false)")
        if not reason:
            raise Refused("break-glass needs a reason")
        if not 0 < minutes <= most:
            raise Refused(f"a glass stays broken for {most:g} minutes at most, and not {minutes:g}")
        at = self._clock.now()
        return await self._keep(Glass(actor, uid, reason, at, at + minutes * 60.0))

    async def mend(self, actor: str, uid: int) -> Glass:
        """Mend the glass of *uid*; raises `Refused` where it is whole."""
        broken = self.of(uid)
        if broken is None:
            raise Refused("your glass is whole")
        at = self._clock.now()
        return await self._keep(Glass(actor, uid, broken.reason, at, at))

    async def _keep(self, glass: Glass) -> Glass:
        try:
            await self._journal.must(entries.glass(glass))
        except LogError as error:
            raise Refused(f"{error}; a glass that the log does not have is whole") from error
        self._broken[glass.uid] = glass
        return glass
