"""`colony decline`: an action that somebody asked for does not happen, and why."""

from __future__ import annotations

import argparse
from typing import Any

from console.choice import Choice
from console.feed.answers import ActionPage
from console.feed.client import Feed, FeedRefused
from console.headless.acted import status_json
from console.headless.approve import refuse
from console.headless.session import connected, emit, show


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Decline it; exit 0 if it is declined, 21 if the station says no."""

    async def work(feed: Feed) -> int:
        try:
            await feed.ask("action.decline", Any, id=options.id, reason=options.reason)
            page: ActionPage = await feed.ask("action.show", ActionPage, id=options.id)
        except FeedRefused as error:
            return refuse(options, str(error))
        if options.json:
            emit(status_json(page.status))
        else:
            show(f"{page.status.name}  {page.status.state}: {page.status.outcome}")
        return 0

    return connected(choice, work)
