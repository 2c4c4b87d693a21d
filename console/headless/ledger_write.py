"""`colony ledger note` and `colony ledger rotate`: what a person writes into the log."""

from __future__ import annotations

import argparse
from typing import Any

from console.choice import Choice
from console.feed.answers import LogCheckpoint
from console.feed.client import Feed, FeedRefused
from console.headless.session import complain, connected, emit, show

USAGE, REFUSED = 64, 21
KINDS = 2
"""Keys that a log signs with at a time: Ed25519 and ML-DSA-44."""


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
        elif options.what == "note":
            show(f"entry {told['entry']}")
        else:
            show(f"the log has new keys from entry {told['size'] - 1} on; who verifies needs them:")
            show(*told["keys"][-KINDS:])
        return 0

    return connected(choice, work)


async def _note(feed: Feed, options: argparse.Namespace) -> dict[str, Any]:
    said = await feed.ask("log.note", Any, text=options.text, about=options.about)
    return {"entry": said["entry"]}


async def _rotate(feed: Feed) -> dict[str, Any]:
    said: LogCheckpoint = await feed.ask("log.rotate", LogCheckpoint)
    return {"size": said.size, "keys": list(said.keys)}
