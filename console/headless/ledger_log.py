"""`colony ledger log`: the log's entries, the oldest first, a line or a JSON object each."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from typing import Any

from console.choice import Choice
from console.feed.answers import LogLeaf
from console.feed.client import Feed
from console.feed.messages import Interest, Parcel
from console.headless.ledger_pages import pages
from console.headless.moments import NoMoment, span
from console.headless.session import UNAVAILABLE, complain, connected, emit, show
from console.leaves import line, read
from console.rows import times
from console.rows.marks import NOTHING
from console.store import clock_of

USAGE = 64


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Print the entries; with `--follow` go on until interrupted."""
    grown = asyncio.Event()

    def deliver(parcels: Sequence[Parcel]) -> None:
        if any(record.kind == "LogHead" for parcel in parcels for record in parcel.upserts):
            grown.set()

    async def work(feed: Feed) -> int:
        try:
            since, until = span(options.since, options.until, clock_of(feed.welcome).now())
        except NoMoment as error:
            complain(str(error))
            return USAGE
        wanted = {
            "since": since, "until": until, "intent": options.action, "actor": options.actor,
            "event": options.event,
        }  # fmt: skip
        if options.follow:
            await feed.want([Interest("LogHead")])
        first = 0
        while True:
            grown.clear()
            async for page in pages(feed, first, **wanted):
                _print(page.leaves, options)
                first = max(first, page.head.size if not page.more else page.leaves[-1].index + 1)
            if not options.follow:
                return 0
            while not grown.is_set():
                if feed.closed:
                    complain("the station is gone")
                    return UNAVAILABLE
                try:
                    await asyncio.wait_for(grown.wait(), 1)
                except TimeoutError:
                    continue

    return connected(choice, work, deliver)


def _print(leaves: Sequence[LogLeaf], options: argparse.Namespace) -> None:
    for leaf in leaves:
        if options.json:
            emit(as_json(leaf))
        else:
            show(as_line(leaf))


def as_line(leaf: LogLeaf) -> str:
    """Return an entry as a line for a person."""
    said = read(leaf)
    when = (times.iso(leaf.at) or NOTHING).replace("T", " ")
    who = said.actor or NOTHING
    of = f"{said.intent}  " if said.intent else ""
    return f"{leaf.index:>7}  {when}  {who}  {of}{line(said)}"


def as_json(leaf: LogLeaf) -> dict[str, Any]:
    """Return an entry as `--json` prints it; `entry` is null where its content was retired."""
    said = read(leaf)
    entry: Any = None
    if leaf.data is not None:
        try:
            entry = json.loads(leaf.data)
        except (ValueError, RecursionError):
            entry = leaf.data
    return {
        "index": leaf.index,
        "hash": leaf.hash,
        "at": times.iso(leaf.at, milliseconds=True),
        "event": said.event,
        "action": said.intent,
        "actor": said.actor,
        "state": said.state,
        "entry": entry,
    }
