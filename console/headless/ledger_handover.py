"""`colony ledger handover`: what happened in a span of time, in order, as Markdown."""

from __future__ import annotations

import argparse

from adapters.records import ActionStatus, LogHead
from console.choice import Choice
from console.feed.answers import LogLeaf
from console.feed.client import Feed
from console.feed.messages import Interest
from console.handover import markdown
from console.headless.answers import Answers
from console.headless.ledger_files import NotWritten, write
from console.headless.ledger_pages import pages
from console.headless.moments import SHIFT, NoMoment, span
from console.headless.session import complain, connected, emit, show, tell
from console.store import clock_of

USAGE, CANNOT = 64, 73
ENTRIES = 20_000
"""Entries of one handover at most: more is an export's to hold."""


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Print the handover, or write it into a file."""
    answers = Answers()

    async def work(feed: Feed) -> int:
        now = clock_of(feed.welcome).now()
        try:
            since, until = span(options.since or SHIFT, options.until, now)
        except NoMoment as error:
            complain(str(error))
            return USAGE
        begins, ends = since or 0.0, now if until is None else until
        await feed.want([Interest("AdapterStatus"), Interest("ActionStatus")])
        leaves: list[LogLeaf] = []
        head: LogHead | None = None
        async for page in pages(feed, since=begins, until=ends):
            leaves += page.leaves
            head = page.head
            if len(leaves) > ENTRIES:
                complain(f"more than {ENTRIES} entries since then; ask for a shorter span")
                return USAGE
        await answers.first()
        actions = list(answers.store.every(ActionStatus))
        text = markdown(feed.welcome.colony, head, leaves, begins, ends, now, actions)
        if options.out is not None:
            try:
                write(options.out, text.encode())
            except NotWritten as error:
                complain(str(error))
                return CANNOT
            tell(f"written: {options.out}")
        elif options.json:
            emit({"markdown": text})
        else:
            show(text.rstrip("\n"))
        return 0

    return connected(choice, work, answers.deliver)
