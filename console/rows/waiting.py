"""Which actions wait for a person, and for whom: what may be decided, and by this one or not."""

from __future__ import annotations

import enum
from collections.abc import Iterable

from adapters.records import ActionState, ActionStatus
from console.roles import Role
from console.rows import times
from console.rows.context import Me


class Part(enum.Enum):
    """The three parts of the actions: what waits for people, what goes on, what has ended."""

    WAITING = "waiting"
    FLIGHT = "in flight"
    HISTORY = "history"


def part(action: ActionStatus) -> Part:
    """Return where *action* belongs."""
    if action.state.ended:
        return Part.HISTORY
    return Part.FLIGHT if action.state.in_flight else Part.WAITING


def is_own(action: ActionStatus, me: Me) -> bool:
    """Whether it was *me* who asked for *action*; not where either is not known."""
    return me.uid is not None and action.actor_uid == me.uid


def may_second(action: ActionStatus, me: Me) -> bool:
    """Whether *me* may be the second person of *action* now, as far as is seen from here.

    Who asked may not, nor who approved already, nor who is not known to be somebody else.
    """
    if action.state is not ActionState.REQUESTED or not me.role.may(Role.COMMANDER):
        return False
    said = {one.uid for one in action.approvals if one.decision == "approved"}
    return me.uid is not None and action.actor_uid is not None and me.uid not in (
        said | {action.actor_uid}
    )  # fmt: skip


def stands_in(action: ActionStatus, me: Me, now: float) -> bool:
    """Whether *me* may approve an own request alone: a glass is broken that is not over."""
    requested = action.state is ActionState.REQUESTED and is_own(action, me)
    return requested and me.glass is not None and me.glass > now and me.role.may(Role.COMMANDER)


def may_approve(action: ActionStatus, me: Me, now: float) -> bool:
    """Whether an approval of *action* by *me* can count."""
    if action.state is ActionState.SIMULATED:
        return me.role.may(Role.OPERATOR)
    return may_second(action, me) or stands_in(action, me, now)


def for_me(actions: Iterable[ActionStatus], me: Me) -> list[ActionStatus]:
    """Return the requests of others that wait for *me*, the one longest waiting first."""
    found = [one for one in actions if may_second(one, me)]
    return sorted(found, key=lambda one: (one.stages[-1].at if one.stages else 0.0, one.name))


def window(action: ActionStatus) -> float | None:
    """Return when the window of the stage that *action* is in ends, None where there is none."""
    if action.state.ended or not action.stages:
        return None
    return action.stages[-1].until if action.stages[-1].until is not None else action.window_ends


def left(action: ActionStatus, now: float) -> str:
    """Return "4 min left" of its stage's window, "" where nothing is waited for."""
    until = window(action)
    if until is None:
        return ""
    return f"{times.duration(until - now)} left" if until > now else "its time is over"


def waits_for(action: ActionStatus, me: Me, now: float) -> str:
    """Return for whom *action* waits, in words; "" where it waits for nobody."""
    actor = action.actor or "who asked"
    own = is_own(action, me)
    if action.state is ActionState.REQUESTED:
        if may_second(action, me):
            return f"for you: {actor} asks"
        if stands_in(action, me, now):
            return "for you: your glass is broken"
        return "for another commander"
    if action.state is ActionState.SIMULATED:
        return "for you to confirm" if own else f"for {actor} to confirm"
    if action.state is ActionState.DRAFT:
        return "being simulated"
    return ""
