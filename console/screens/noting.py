"""A note to the log, from anywhere: on what is selected, in one line."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import TYPE_CHECKING, Any

from adapters.records import Key
from console.feed.client import FeedError
from console.screens.prompting import put_first

if TYPE_CHECKING:
    from console.screens.base import ConsoleScreen

SIGN = "¶"
"""The sign of the line that takes a note."""
LIMIT = 4000
"""Characters of a note at most."""
_KINDS = {"ActionStatus": "action", "LedgerEntry": "ledger entry", "LogEntry": "log entry",
          "AdapterStatus": "adapter"}  # fmt: skip


def about(selected: Hashable) -> str:
    """Return how a note names what is selected: "app habitat/thermal-loop", "action a81"."""
    if not isinstance(selected, Key):
        return ""
    kind = _KINDS.get(selected.kind, selected.kind.lower())
    name = f"{selected.namespace}/{selected.name}" if selected.namespace else selected.name
    return f"{kind} {name}"


async def ask_note(screen: ConsoleScreen) -> None:
    """Ask for the note; a person who may write none is told so."""
    session = screen.session
    if session.read_only:
        viewer = "viewer" in session.refusal
        needs = "you are a viewer here: a note needs the operator role"
        screen.say(needs if viewer else "read-only: no note is written from here", "warn")
        return
    named = screen.about_here()
    room = max(12, screen.wide - 44)
    shown = named if len(named) <= room else "…" + named[1 - room :]
    await screen.ask_line(
        SIGN, f"note on {shown}" if named else "note to the log", partial(_typed, screen, named),
        history=session.unwritten,
    )  # fmt: skip


def _typed(screen: ConsoleScreen, named: str, text: str) -> str | None:
    text = text.strip()
    if not text:
        return "nothing was typed   esc leaves"
    if len(text) > LIMIT:
        return f"{len(text):,} characters; {LIMIT:,} at most"
    screen.run_worker(_write(screen, named, text), group="note")
    return None


async def _write(screen: ConsoleScreen, named: str, text: str) -> None:
    try:
        said = await screen.session.link.ask("log.note", Any, text=text, about=named)
    except FeedError as error:
        put_first(screen.session.unwritten, text)
        again = screen.session.bound.fill("{note} ↑ brings it again")
        screen.say(f"not written, {again}: {error}", "bad")
        return
    if text in screen.session.unwritten:
        screen.session.unwritten.remove(text)
    where = entry_number(said)
    screen.say(f"noted: entry {where} of the log" if where is not None else "noted in the log")


def entry_number(said: Any) -> int | None:
    """Return the entry's number from what the station answered, None where it names none."""
    if isinstance(said, dict):
        said = next((said[name] for name in ("entry", "index", "leaf") if name in said), None)
    return said if isinstance(said, int) and not isinstance(said, bool) else None
