"""`colony ledger note` and `colony ledger rotate`: what a person writes into the log."""

from __future__ import annotations

import argparse
from typing import Any

from adapters.records import LogHead
from console.feed.client import Feed, FeedRefused
from console.headless.session import complain, connected, emit, show
from console.launch import Choice

USAGE, REFUSED = 64, 21


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Write the note, or rotate the keys."""
    if options.what == "rotate" and not options.yes:
        complain("new keys cannot be taken back, and who verifies must learn them: needs --yes")
        return USAGE

    async def work(feed: Feed) -> int:
        try:
            told = await (_note(feed, options) if options.what == "note" else _rotate(feed))
        except FeedRefused as error:
            complain(str(error))
            return REFUSED
        if options.json:
            emit(told)
        else:
            show(*(f"{name}  {value}" for name, value in told.items()))
        return 0

    return connected(choice, work)


async def _note(feed: Feed, options: argparse.Namespace) -> dict[str, Any]:
    said = await feed.ask("log.note", Any, text=options.text, about=options.about)
    return {"entry": said} if isinstance(said, int) else dict(said or {})


async def _rotate(feed: Feed) -> dict[str, Any]:
    said = await feed.ask("log.rotate", Any)
    if isinstance(said, LogHead):
        return {"keys": list(said.keys)}
    return {"keys": said} if isinstance(said, list) else dict(said or {})
