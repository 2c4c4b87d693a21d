"""A support bundle from inside: where to, then asked for and written, in the background."""

from __future__ import annotations

import asyncio
import os
from importlib.metadata import version
from pathlib import Path

from console.feed.client import FeedError
from console.plainfile import named, wrong_name
from console.screens.base import ConsoleScreen

SIGN = "▤"
INSTEAD = "ssh HOST colony bundle > support.zip"
"""What brings one to where a person is."""


async def ask_bundle(screen: ConsoleScreen) -> None:
    """Ask for the file's name, then write the bundle there."""
    from console.rows.times import iso
    from console.support.archive import name_of

    if screen.confined(INSTEAD):
        return
    session = screen.session
    if not session.link.attached:
        screen.say("no station is attached: `colony bundle` says what is known without one", "warn")
        return
    name = name_of(session.colony, iso(session.now()) or "")

    def where(text: str) -> str | None:
        if wrong := wrong_name(text, path_of):
            return wrong
        screen.do("writing the bundle", write_bundle(screen, text.strip()), "bundle")
        return None

    await screen.ask_line(SIGN, "support bundle, no secrets   esc leaves", where, f"./{name}")


def path_of(name: str) -> Path:
    """Return where *name* leads: in the directory of the start, or at home after a tilde."""
    return named(name if name.endswith(".zip") else f"{name}.zip")


async def write_bundle(screen: ConsoleScreen, name: str) -> None:
    """Ask the station for what goes in, and write the file; say how it went."""
    from console.rows.times import iso
    from console.support.archive import write
    from console.support.gather import gather
    from console.support.here import here

    session = screen.session
    path = path_of(name)
    problems = list(getattr(screen.app, "problems", ()))
    try:
        files = await gather(
            session.link.ask,
            here(session.preferences, problems, size=f"{screen.size.width}×{screen.size.height}"),
            colony=session.colony,
            when=iso(session.now()) or "",
            version=version("colony-console"),
            environ=os.environ,
            told=lambda what: screen.say(f"asking: {what}"),
        )
        size = await asyncio.to_thread(write, path, files)
    except FeedError as error:
        screen.say(f"no bundle: {error}", "bad")
    except FileExistsError:
        screen.say(f"not written: {path} is there already; choose another name", "warn")
    except OSError as error:
        screen.say(f"not written: {path}: {error.strerror or error}", "bad")
    else:
        screen.say(f"written: {path}, {size:,} bytes; read README.txt in it before you pass it on",
                   "good")  # fmt: skip
