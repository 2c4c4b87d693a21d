"""The handover: asks since when and where to, reads the log, and writes a file that was not there.

The file is on the host where the console runs, and its name always ends in .md. Whoever is let in
for this console alone writes none there.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from adapters.records import ActionStatus, LogHead
from console.feed.answers import LogLeaf
from console.feed.client import FeedError
from console.headless.ledger_pages import pages
from console.headless.moments import SHIFT, NoMoment, moment, span
from console.plainfile import named, wrong_name

if TYPE_CHECKING:
    from console.feed.client import Feed
    from console.screens.base import ConsoleScreen
    from console.session import Session

SINCE, WHERE = "⇥", "▤"
"""The signs of the lines that take since when, and the file's name."""
ENTRIES = 20_000
"""Entries of one handover at most."""
INSTEAD = "ssh HOST colony ledger handover > handover.md"
"""What brings one to where a person is."""


def begins(session: Session) -> float:
    """Return since when it goes where nobody says: a shift, or the oldest that is still open."""
    now = session.now()
    actions = session.store.every(ActionStatus)
    opened = [one.stages[0].at for one in actions if one.stages and not one.state.ended]
    return min([moment(SHIFT, now), *opened])


def file_name(session: Session) -> str:
    """Return "handover-tycho-20261120T140231Z.md"."""
    from console.rows.times import iso

    colony = "".join(one if one.isalnum() or one in "-_" else "-" for one in session.colony)
    at = (iso(session.now()) or "now").replace("-", "").replace(":", "")
    return f"./handover-{colony or 'colony'}-{at}.md"


async def ask_handover(screen: ConsoleScreen) -> None:
    """Ask since when, then where to."""
    if screen.confined(INSTEAD):
        return
    session = screen.session

    def since(text: str) -> str | None:
        try:
            found, _ = span(text.strip() or None, None, session.now())
        except NoMoment as error:
            return str(error)
        at = begins(session) if found is None else found
        screen.ask_next(WHERE, "the file   esc leaves", lambda name: where(at, name),
                        file_name(session))  # fmt: skip
        return None

    def where(at: float, name: str) -> str | None:
        if wrong := wrong_name(name, path_of):
            return wrong
        screen.do("reading the log", _write(screen, at, name.strip()), "handover")
        return None

    from console.rows.times import iso

    told = iso(begins(session))
    default = f"{told[:16]}Z" if told else SHIFT
    await screen.ask_line(SINCE, "handover since: a time, or 2h   esc leaves", since, default,
                          usual=True)  # fmt: skip


def path_of(name: str) -> Path:
    """Return where *name* leads: in the directory of the start, or at home after a tilde."""
    return named(name if name.endswith(".md") else f"{name}.md")


async def _write(screen: ConsoleScreen, at: float, name: str) -> None:
    path = path_of(name)
    try:
        text, count = await _made(screen.session, at)
        await asyncio.to_thread(write_new, path, text)
    except FeedError as error:
        screen.say(f"no handover: {error}", "bad")
    except FileExistsError:
        screen.say(f"not written: {path} is there already; choose another name", "warn")
    except OSError as error:
        screen.say(f"not written: {path}: {error.strerror or error}", "bad")
    else:
        screen.say(f"written: {path}, {count:,} {'entry' if count == 1 else 'entries'}", "good")


async def _made(session: Session, at: float) -> tuple[str, int]:
    from console.feed.client import FeedRefused
    from console.handover import markdown

    now = session.now()
    leaves: list[LogLeaf] = []
    head: LogHead | None = None
    # The link asks as a feed does, and outlasts one.
    async for page in pages(cast("Feed", session.link), since=at, until=now):
        leaves += page.leaves
        head = page.head
        if len(leaves) > ENTRIES:
            raise FeedRefused(f"more than {ENTRIES:,} entries since then; take a shorter span")
    actions = session.store.every(ActionStatus)
    text = await asyncio.to_thread(
        markdown, session.colony, head, leaves, at, now, now, list(actions)
    )
    return text, len(leaves)


def write_new(path: Path, text: str) -> None:
    """Write *text* to *path*, for this user alone; raises `FileExistsError` where it is there."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
