"""The gate: whether what a person says lets an action be sent."""

from __future__ import annotations

import hmac
from typing import NamedTuple

from adapters.contract import Preview, Refused, Significance
from adapters.records import ActionState
from adapters.text import clean
from console.feed.glass import Glass
from console.roles import Role
from console.station.intent import Intent
from console.station.policy import UNENFORCEABLE, Policy

YES = frozenset({"y", "yes"})


class Voice(NamedTuple):
    """Who says something: their name and uid, their role, and their glass if it is broken."""

    actor: str
    uid: int | None = None
    role: Role = Role.COMMANDER
    glass: Glass | None = None


class Passed(NamedTuple):
    """What an approval comes to: enough to send, or one of two; and whether a glass stands in."""

    enough: bool
    glass: bool = False


def check(
    intent: Intent, digest: str, confirm: str | bool, now: float, voice: Voice, policy: Policy
) -> Passed:
    """Return what an approval of *intent* by *voice* comes to; raises `Refused` where it is none.

    What is approved is the digest; `confirm` is what was typed.
    """
    stage = intent.stages[-1] if intent.stages else None
    waits = intent.state in (ActionState.SIMULATED, ActionState.REQUESTED)
    if stage is None or not waits or intent.deciding or intent.ending:
        raise Refused(f"{intent.id} cannot be approved: {_where(intent)}")
    preview = intent.preview
    if preview is None or not intent.digest:
        raise Refused(f"{intent.id} cannot be approved: it was not simulated")
    if stage.until is not None and now > stage.until:
        what = "simulation" if stage.state is ActionState.SIMULATED else "request"
        raise Refused(f"the {what} of {intent.id} is too old; simulate again")
    if not hmac.compare_digest(intent.digest.encode(), digest.encode("utf-8", "replace")):
        raise Refused("what you saw is not what would be sent; simulate again")
    passed = _people(intent, preview, voice, policy)
    _confirmed(intent, preview, confirm)
    return passed


def may_decide(intent: Intent, voice: Voice, what: str) -> None:
    """Raise `Refused` where *voice* may not *what* (cancel, decline) an action of others."""
    if not voice.role.may(Role.OPERATOR):
        raise Refused(f"you are {voice.role.called} here: you may not {what} an action")
    if voice.uid == intent.uid or voice.role.may(Role.COMMANDER):
        return
    if what == "cancel":
        raise Refused(f"{intent.id} is {intent.actor}'s: a commander may cancel it")


def _people(intent: Intent, preview: Preview, voice: Voice, policy: Policy) -> Passed:
    """Return whether, with this one, enough people have approved; raises `Refused`."""
    if not voice.role.may(Role.OPERATOR):
        raise Refused(f"you are {voice.role.called} here: an operator may approve")
    critical = preview.significance is Significance.CRITICAL
    if (intent.needs or 1) < 2:
        if critical and not voice.role.may(Role.COMMANDER):
            raise Refused(f"{intent.action} is critical here, and you are {voice.role.called}: "
                          "a commander has to approve it")  # fmt: skip
        return Passed(enough=True)
    asked = intent.state is ActionState.REQUESTED
    own = voice.uid is None or voice.uid in intent.asked_by
    if asked and policy.shared and not own and voice.role.may(Role.COMMANDER):
        return Passed(enough=True)
    if voice.glass is not None and voice.role.may(Role.COMMANDER):
        return Passed(enough=True, glass=True)
    if not policy.shared:
        raise Refused(f"{intent.id}: {UNENFORCEABLE}")
    if not asked:
        if voice.uid != intent.uid:
            raise Refused(f"{intent.id} was not asked for yet: {intent.actor} confirms it first")
        return Passed(enough=False)
    if own:
        raise Refused(f"{intent.id} needs a second person: who asked for it cannot be that")
    raise Refused(
        f"{intent.id} needs a commander as its second person; you are {voice.role.called}"
    )


def _confirmed(intent: Intent, preview: Preview, confirm: str | bool) -> None:
    said = confirm.strip() if isinstance(confirm, str) else confirm
    name = phrase(intent)
    match preview.significance:
        case Significance.ROUTINE:
            return
        case Significance.CAUTION:
            yes = said is True or (isinstance(said, str) and said.lower() in YES)
            if not yes and said != name:
                raise Refused(f"{intent.action} is to be taken with caution: confirm with y")
        case Significance.CRITICAL:
            if said != name:
                raise Refused(f"{intent.action} is critical: confirm by typing {name}")


def phrase(intent: Intent) -> str:
    """Return what is typed to confirm a critical action: never empty."""
    named = clean(intent.preview.confirm) if intent.preview else ""
    return named or intent.target or intent.action


def _where(intent: Intent) -> str:
    if intent.ending:
        return "it is ending"
    if intent.deciding or intent.state is ActionState.APPROVED:
        return "it is approved already"
    if intent.state is ActionState.DRAFT:
        return "it is not simulated yet"
    return f"it is {intent.state or 'not begun'} already"
