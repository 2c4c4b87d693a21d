"""`colony ledger verify`: an export, a proof, or the running station's log.

A log that fits together by itself may still have been made anew by whoever has its keys. So there
are two good ends: compared with something from elsewhere (0), and consistent, not compared (30).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from console.choice import Choice
from console.feed.client import Feed, FeedRefused
from console.feed.messages import Interest
from console.headless.answers import Answers
from console.headless.ledger_directory import concluded, unreadable, verify_directory
from console.headless.ledger_proof import verify_proof
from console.headless.ledger_running import Failed, verify
from console.headless.session import complain, connected
from console.ledger import keys
from console.ledger.note import NoteError
from console.ledger.verifying import Verdict

USAGE = 64


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Verify what is named, and say by exit status how that went."""
    try:
        for text in (*options.key, *options.witness):
            keys.parse(text)
    except NoteError as error:
        complain(str(error))
        return USAGE
    if options.path is None:
        return running(choice, options)
    if options.path.is_dir():
        return verify_directory(choice, options)
    return ended(options, lambda: verify_proof(options))


def running(choice: Choice, options: argparse.Namespace) -> int:
    """Verify the log of the running station, over the feed."""
    answers = Answers()

    async def work(feed: Feed) -> int:
        await feed.want([Interest("AdapterStatus"), Interest("LogHead")])
        if options.anchor or options.witness:
            await answers.first()
        try:
            return concluded(options, await verify(feed, answers, options))
        except (Failed, NoteError, OSError, FeedRefused) as error:
            return said(options, error)

    return connected(choice, work, answers.deliver)


def ended(options: argparse.Namespace, check: Callable[[], Verdict]) -> int:
    """Run *check* and conclude from what it returns or raises."""
    try:
        return concluded(options, check())
    except (Failed, NoteError, OSError) as error:
        return said(options, error)


def said(options: argparse.Namespace, error: Exception) -> int:
    """Say why it failed or could not be read, and return the exit status."""
    why = str(error)
    if isinstance(error, OSError):
        why = f"{error.filename or options.path}: {error.strerror or error}"
    if isinstance(error, Failed):
        return concluded(options, Verdict(None, (why,)))
    return unreadable(options, why)
