"""Reads the log over the feed, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from console.feed.answers import LogPage
from console.feed.client import Feed

COUNT = 1_000
"""Entries of a page."""


async def pages(feed: Feed, first: int = 0, **wanted: Any) -> AsyncIterator[LogPage]:
    """Yield the pages of the log from entry *first* on, at least one; *wanted* is as `log.page`.

    What is None in *wanted* is not asked for.
    """
    given = {name: value for name, value in wanted.items() if value is not None}
    while True:
        page: LogPage = await feed.ask("log.page", LogPage, first=first, count=COUNT, **given)
        yield page
        if not (page.more and page.leaves):
            return
        first = page.leaves[-1].index + 1
