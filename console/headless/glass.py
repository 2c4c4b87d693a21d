"""`colony glass`: break the glass, mend it, or see who broke it."""

from __future__ import annotations

import argparse
from typing import Any

from console.choice import Choice
from console.feed.client import Feed, FeedRefused
from console.feed.glass import Glass
from console.headless.session import complain, connected, emit, show
from console.rows import times

USAGE, REFUSED = 64, 21


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Break, mend or list; exit 21 if the station says no."""
    if options.what == "break" and not options.reason.strip():
        complain("breaking the glass needs --reason: it stays in the log")
        return USAGE

    async def work(feed: Feed) -> int:
        try:
            if options.what == "break":
                given = {} if options.minutes is None else {"minutes": options.minutes}
                await feed.ask("glass.break", Glass, reason=options.reason, **given)
            elif options.what == "mend":
                await feed.ask("glass.mend")
            broken: list[Glass] = await feed.ask("glass.list", list[Glass])
        except FeedRefused as error:
            complain(str(error))
            return REFUSED
        if options.json:
            emit({"broken": [as_json(glass) for glass in broken]})
        else:
            show(*([as_line(glass) for glass in broken] or ["no glass is broken"]))
        return 0

    return connected(choice, work)


def as_line(glass: Glass) -> str:
    """Return a broken glass as a line for a person."""
    return (
        f"{glass.who} acts alone until {times.utc(glass.until)}, since {times.utc(glass.at)}: "
        f"{glass.reason}"
    )


def as_json(glass: Glass) -> dict[str, Any]:
    """Return a broken glass as `--json` prints it."""
    return {
        "who": glass.who, "uid": glass.uid, "reason": glass.reason,
        "at": times.iso(glass.at), "until": times.iso(glass.until),
    }  # fmt: skip
