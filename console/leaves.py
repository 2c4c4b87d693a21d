"""Reads the entries of the log: what each says, and the line on it for a person.

An entry is canonical JSON that some station wrote, perhaps a later one than this program, perhaps
nobody who can be trusted: whatever is in it is cleaned here, and what is not understood is shown
by its name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.text import clean
from console.feed.answers import LogLeaf

RETIRED, UNREADABLE = "retired", "unreadable"
"""What stands for the event of an entry whose content is gone, or is none."""
TEXT = 4_000
"""Characters that a note may have."""


@dataclass(frozen=True)
class Said:
    """What one entry says. `at` is seconds since the epoch; `fields` is all of it, as it is."""

    index: int
    at: float
    event: str
    intent: str = ""
    actor: str = ""
    state: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str, limit: int = 1_000) -> str:
        """Return the field *name* as one harmless line, "" where it is not there or no scalar."""
        value = self.fields.get(name)
        if isinstance(value, str):
            return clean(" ".join(value.split()), limit)
        return str(value) if isinstance(value, (int, bool)) else ""

    @property
    def target(self) -> str:
        """What an action is done to, as people write it: "life-support/oxygen-generator"."""
        key = self.fields.get("target")
        if isinstance(key, str):
            return clean(key)
        if not isinstance(key, list) or len(key) < 2:
            return ""
        return clean("/".join(str(part) for part in key[-2:] if part))

    @property
    def arguments(self) -> tuple[tuple[str, str], ...]:
        """What an action was asked with, by name."""
        given = self.fields.get("arguments")
        pairs = given.items() if isinstance(given, dict) else ()
        return tuple((clean(str(name)), clean(str(value))) for name, value in pairs)


def read(leaf: LogLeaf) -> Said:
    """Return what *leaf* says; of one that was retired or is no JSON object, only that."""
    if leaf.data is None:
        return Said(leaf.index, leaf.at, RETIRED)
    try:
        fields = json.loads(leaf.data)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        return Said(leaf.index, leaf.at, UNREADABLE)
    said = Said(leaf.index, leaf.at, "", fields=fields)
    return Said(
        leaf.index, leaf.at, said.text("event", 40) or UNREADABLE, said.text("intent", 64),
        said.text("actor"), said.text("state", 40), fields,
    )  # fmt: skip


def names(entries: Iterable[Said]) -> dict[str, str]:
    """Return what each action of *entries* is, by its intent, as far as its draft is among them."""
    found: dict[str, str] = {}
    for said in entries:
        if said.state == "draft" and said.intent not in found:
            found[said.intent] = f"{said.text('action')} {said.target}".strip()
    return found


def line(said: Said) -> str:
    """Return what happened in a line, without when and by whom."""
    match said.event:
        case "stage":
            return _stage(said)
        case "approval":
            decision = said.text("decision") or "approval"
            return _with(f"approval {decision}", said.text("detail"), _reason(said))
        case "note":
            about = said.text("about")
            return _with(f"note on {about}" if about else "note", said.text("text", TEXT))
        case "break-glass":
            until = said.text("until")
            ended = until != "" and until == said.text("at")
            return "glass mended" if ended else _with(
                f"glass broken until {until or 'an unknown time'}", said.text("reason")
            )  # fmt: skip
        case "alarm-ack" | "alarm-shelve" | "alarm-unshelve":
            return _alarm(said)
        case "retired":
            return "its content was retired; its hash stays"
        case "unreadable":
            return "an entry that this program cannot read"
        case other:
            return _with(other, said.text("detail") or said.text("text") or said.text("reason"))


def _alarm(said: Said) -> str:
    what = said.event.removeprefix("alarm-")
    words = {"ack": "acknowledged", "shelve": "shelved", "unshelve": "taken off the shelf"}[what]
    until = f"until {said.text('until')}" if said.text("until") else ""
    first = f"alarm {words}: {said.text('thing') or said.text('alarm')}"
    return _with(first, said.text("value"), said.text("alarm"), until, _reason(said))


def _stage(said: Said) -> str:
    if said.state == "draft":
        given = " ".join(f"{name}={value}" for name, value in said.arguments)
        return _with(f"draft {said.text('action')} {said.target}".rstrip(), given, _reason(said))
    if said.state == "simulated":
        told = said.text("detail")
        return _with("simulated", told, said.text("significance"), f"code {code(said)}")
    return _with(said.state, said.text("detail"), _reason(said))


def code(said: Said) -> str:
    """Return the first three bytes of an entry's digest to compare aloud: "7F-C2-9D"."""
    start = said.text("digest", 64)[:6].upper()
    return "-".join(start[place : place + 2] for place in range(0, len(start), 2)) or "unknown"


def _reason(said: Said) -> str:
    reason = said.text("reason")
    return f"“{reason}”" if reason else ""


def _with(first: str, *rest: str) -> str:
    return "  ".join([first, *(one for one in rest if one)])
