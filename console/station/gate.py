"""The gate: whether what a person says lets an action be sent."""

from __future__ import annotations

import hmac

from adapters.contract import Preview, Refused, Significance
from adapters.records import ActionState
from adapters.text import clean
from console.station.intent import Intent

EXPIRES = 900.0
"""Seconds after which a simulation is too old to be approved."""

YES = frozenset({"y", "yes"})


def check(intent: Intent, digest: str, confirm: str | bool, now: float) -> None:
    """Raise `Refused` where an approval of *intent* is not to be had by this."""
    if intent.state is not ActionState.SIMULATED or intent.deciding:
        raise Refused(f"{intent.id} cannot be approved: {_where(intent)}")
    preview = intent.preview
    if preview is None or not intent.digest:
        raise Refused(f"{intent.id} cannot be approved: it was not simulated")
    if now - intent.stages[-1].at > EXPIRES:
        raise Refused(f"the simulation of {intent.id} is too old; simulate again")
    if not hmac.compare_digest(intent.digest.encode(), digest.encode("utf-8", "replace")):
        raise Refused("what you saw is not what would be sent; simulate again")
    _confirmed(intent, preview, confirm)


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
    if intent.deciding or intent.state is ActionState.APPROVED:
        return "it is approved already"
    if intent.state is ActionState.DRAFT:
        return "it is not simulated yet"
    return f"it is {intent.state or 'not begun'} already"
