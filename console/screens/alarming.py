"""What a person does about an alarm, from anywhere it is selected, or the thing that it is of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from adapters.records import Alarm, AlarmState, Key
from console.feed.client import FeedError, FeedRefused
from console.rows import alarms, numbers, times
from console.screens.prompting import NEITHER, put_first, yes_or_no
from console.widgets.document import Document

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.screens.base import ConsoleScreen

ALL, LONG, WHY = "!", "◔", "z"
"""The signs of the lines that ask whether all, take how long, and why."""
AT_ONCE = 50
"""Alarms that the station is asked to acknowledge in one go: each is written before it answers."""
USUAL = "60"
LONGEST = 24 * 60
"""Minutes that an alarm is shelved at most."""
NONE = "no alarm is on what is selected"


def alarms_here(screen: ConsoleScreen) -> list[Alarm]:
    """Return the alarm that is selected, or those of the thing that is, the loudest first."""
    selected = screen.selected_here()
    key = selected if isinstance(selected, Key) else None
    return alarms.of(key, screen.session.context())


def acknowledge(screen: ConsoleScreen) -> None:
    """Acknowledge what calls of the alarms here; it asks nothing, and the log has it."""
    found = alarms_here(screen)
    calling = [one.name for one in found if alarms.calls(one)]
    if screen.session.read_only:
        screen.say(screen.session.refusal, "warn")
    elif not found:
        screen.say(NONE)
    elif not calling:
        one = found[0]
        now = screen.session.now()
        said = f"{alarms.who(one.acked_by)} acknowledged it at {times.utc(one.acked_at, now)}"
        shelved = one.state is AlarmState.SHELVED
        screen.say(f"shelved by {alarms.by_text(one, now)}" if shelved else said)
    elif _fell(screen):
        again = screen.session.bound.key("acknowledge")
        screen.say(f"the cursor moved by itself: {again} once more is for {found[0].thing}", "warn")
    else:
        screen.run_worker(_acknowledge(screen, calling), group="alarm")
        go_on = getattr(getattr(screen, "panel", None), "go_on", None)
        if go_on is not None:
            go_on(calling)


def _fell(screen: ConsoleScreen) -> bool:
    """Return whether the cursor stands where no person put it, and let it stand there from now on.

    What is acknowledged is asked about no further: it must be what was looked at.
    """
    cursor, selected = screen.focused, screen.selected_here()
    if isinstance(cursor, Document):
        here: object = cursor.value
    else:
        from console.widgets.livetable import LiveTable

        if not isinstance(cursor, LiveTable):
            return False
        here = cursor.cursor_key
    # A page is of one thing, wherever its cursor stands.
    gone, cursor.fell = cursor.fell, None
    return here == selected and isinstance(gone, Key)


async def _acknowledge(screen: ConsoleScreen, names: list[str]) -> None:
    try:
        said = await screen.session.link.ask("alarm.ack", Any, names=names)
    except FeedError as error:
        screen.say(f"not acknowledged: {error}", "warn")
        return
    refused = said.get("refused", ()) if isinstance(said, dict) else ()
    text = "acknowledged" if len(names) == 1 else f"{len(names) - len(refused)} acknowledged"
    screen.say(f"{text}; not: {refused[0]}" if refused else f"{text}; it is in the log")
    screen.paint_now()


async def acknowledge_all(screen: ConsoleScreen, calling: Callable[[], list[str]] | None) -> None:
    """Ask, and acknowledge what *calling* names: the alarms shown that call, as of the question.

    None where the panel in sight is another.
    """
    if screen.session.read_only:
        screen.say(screen.session.refusal, "warn")
        return
    if calling is None:
        screen.say(screen.session.bound.fill(
            "all at once only where they can be seen: 0, the alarms, then {acknowledge-all}"
        ))  # fmt: skip
        return
    names = calling()
    if not names:
        screen.say("no alarm that is shown waits for anybody")
        return
    some = numbers.plural(len(names), "alarm")

    def answered(text: str) -> str | None:
        sure = yes_or_no(text)
        if sure is None:
            return NEITHER
        if sure:
            screen.do(f"acknowledging {some}", _acknowledge_all(screen, names), "alarm-all")
        else:
            screen.say("not acknowledged: all stay as they are")
        return None

    await screen.ask_line(ALL, f"y and enter acknowledge {some}, all shown   esc leaves", answered)


async def _acknowledge_all(screen: ConsoleScreen, names: list[str]) -> None:
    done, refused = 0, ""
    for at in range(0, len(names), AT_ONCE):
        try:
            said = await screen.session.link.ask("alarm.ack", Any, names=names[at : at + AT_ONCE])
        except FeedRefused as error:
            refused = refused or str(error)
        except FeedError as error:
            screen.say(f"{done} of {len(names)} acknowledged; then: {error}", "warn")
            return
        else:
            done += len(said["acknowledged"])
            refused = refused or next(iter(said["refused"]), "")
    if done == len(names):
        screen.say(f"{numbers.plural(done, 'alarm')} acknowledged; each is in the log")
    else:
        screen.say(f"{done} of {len(names)} acknowledged; not: {refused}", "warn")
    screen.paint_now()


async def shelve(screen: ConsoleScreen) -> None:
    """Ask for how long and why, and shelve the alarm here; one that is shelved comes back."""
    found = alarms_here(screen)
    if screen.session.read_only:
        screen.say(screen.session.refusal, "warn")
        return
    if not found:
        screen.say(NONE)
        return
    alarm = next((one for one in found if one.state is not AlarmState.SHELVED), None)
    if alarm is None:
        screen.run_worker(_unshelve(screen, found[0].name), group="alarm")
        return

    def chosen(text: str) -> str | None:
        minutes = minutes_of(text)
        if minutes is None:
            return "no time up to 24 h; try 45, 90m or 8h"
        screen.ask_next(WHY, f"why, for {minutes} min   esc leaves",
                        lambda reason: typed(minutes, reason), "", kept)  # fmt: skip
        return None

    def typed(minutes: int, reason: str) -> str | None:
        if not reason.strip():
            return "that needs a reason   esc leaves"
        put_first(kept, reason.strip())
        screen.run_worker(_shelve(screen, alarm.name, minutes, reason.strip()), group="alarm")
        return None

    kept = screen.session.reasons
    room = max(12, screen.wide - 46)
    thing = alarm.thing if len(alarm.thing) <= room else alarm.thing[: room - 1] + "…"
    await screen.ask_line(LONG, f"minutes to shelve {thing}, or 8h", chosen, USUAL,
                          usual=True)  # fmt: skip


async def _shelve(screen: ConsoleScreen, name: str, minutes: int, reason: str) -> None:
    try:
        await screen.session.link.ask("alarm.shelve", Any, name=name, minutes=float(minutes),
                                      reason=reason)  # fmt: skip
    except FeedError as error:
        screen.say(f"not shelved, ↑ has the reason: {error}", "warn")
        return
    screen.say(f"shelved for {times.duration(minutes * 60.0)}; it is in the log")
    screen.paint_now()


async def _unshelve(screen: ConsoleScreen, name: str) -> None:
    try:
        await screen.session.link.ask("alarm.unshelve", Any, name=name)
    except FeedError as error:
        screen.say(f"still on the shelf: {error}", "warn")
        return
    screen.say("taken off the shelf; it is in the log")
    screen.paint_now()


def minutes_of(text: str) -> int | None:
    """Return the minutes that *text* says ("45", "90m", "8h"), None where it is no such time."""
    found = re.fullmatch(r"\s*([0-9]{1,4})\s*(m|min|minutes|h|hours)?\s*", text, re.ASCII)
    if found is None:
        return None
    minutes = int(found[1]) * (60 if (found[2] or "m").startswith("h") else 1)
    return minutes if 1 <= minutes <= LONGEST else None
