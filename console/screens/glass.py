"""Breaking the glass: a commander acts alone for a while, and the log says so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from console.feed.client import FeedError
from console.feed.glass import Glass
from console.rows import times
from console.screens.prompting import put_first

if TYPE_CHECKING:
    from console.screens.approving import ApprovingScreen
    from console.screens.base import ConsoleScreen

WHY, LONG = "!", "◔"
"""The signs of the lines that take the reason and the minutes."""
MOST = 30
"""Minutes that a glass stays broken at most."""
WARNING = "BREAK-GLASS: your approval alone counts while it lasts; the log says so"


async def ask_glass(screen: ApprovingScreen) -> None:
    """Ask why, then for how long, and break it."""

    def typed(reason: str) -> str | None:
        reason = reason.strip()
        if not reason:
            return "without a reason it is not broken   esc leaves"
        put_first(kept, reason)
        remark = f"minutes, {MOST} at most   enter breaks the glass   esc leaves"
        screen.ask_next(LONG, remark, lambda text: chosen(reason, text), str(MOST))
        return None

    def chosen(reason: str, text: str) -> str | None:
        minutes = minutes_of(text)
        if minutes is None:
            return f"no number of minutes from 1 to {MOST}"
        screen.run_worker(_break(screen, reason, minutes), group="glass", exclusive=True)
        return None

    kept = screen.session.reasons
    screen.warning = WARNING
    screen.paint_now()
    why = "why: BREAK-GLASS needs a reason   esc leaves"
    await screen.ask_line(WHY, why, typed, history=kept)


def minutes_of(text: str) -> int | None:
    """Return the minutes that *text* says, None where that is no whole number from 1 to MOST."""
    found = re.fullmatch(r"\s*0*([1-9][0-9]?)\s*(?:m|min|minutes)?\s*", text, re.ASCII)
    minutes = int(found[1]) if found else 0
    return minutes if 1 <= minutes <= MOST else None


async def _break(screen: ConsoleScreen, reason: str, minutes: int) -> None:
    session = screen.session
    try:
        glass = await session.link.ask("glass.break", Glass, reason=reason, minutes=minutes)
    except FeedError as error:
        screen.say(f"the glass is whole, ↑ has the reason: {error}", "bad")
        return
    session.glasses = (*(one for one in session.glasses if one.uid != glass.uid), glass)
    screen.say(
        f"the glass is broken until {times.utc(glass.until)}: approve; :mend mends it", "bad"
    )
    screen.paint_now()


def mend(screen: ConsoleScreen) -> None:
    """Mend the own glass, where it is broken."""
    if screen.session.glass is None:
        screen.say("your glass is whole: there is nothing to mend")
    else:
        screen.run_worker(_mend(screen), group="glass", exclusive=True)


async def _mend(screen: ConsoleScreen) -> None:
    session = screen.session
    try:
        await session.link.ask("glass.mend")
    except FeedError as error:
        screen.say(f"the glass is still broken: {error}", "bad")
        return
    session.glasses = tuple(one for one in session.glasses if one.uid != session.uid)
    screen.say("mended: a second person is needed again")
    screen.paint_now()
