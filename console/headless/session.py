"""What every headless command shares: attach, run, and turn an error into a line and a status."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from adapters.text import clean, clean_text
from console.choice import Choice
from console.feed.client import Feed, FeedClosed, FeedError
from console.feed.messages import Parcel
from console.launch import LaunchError, attach

UNAVAILABLE = 69
"""Exit status where the station is gone or refuses (sysexits.h, EX_UNAVAILABLE)."""

Deliver = Callable[[Sequence[Parcel]], None]


def complain(text: str) -> None:
    """Print *text* as one harmless line on standard error."""
    print(f"colony: {clean(text, 2_000)}", file=sys.stderr)


def tell(*lines: str) -> None:
    """Print *lines* on standard error: what goes beside an answer."""
    print(clean_text("\n".join(lines), sys.maxsize), file=sys.stderr, flush=True)


def show(*lines: str) -> None:
    """Print *lines* on standard output, harmless whatever they hold, at once."""
    print(clean_text("\n".join(lines), sys.maxsize), flush=True)


def emit(value: Any) -> None:
    """Print *value* as one line of JSON, at once. JSON itself escapes no C1 and no bidi mark."""
    show(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def connected(
    choice: Choice, work: Callable[[Feed], Awaitable[int]], on_deliver: Deliver = lambda _: None
) -> int:
    """Attach to the colony's station, run *work* with the feed, and return its exit status."""

    async def whole() -> int:
        feed = await attach(choice, on_deliver=on_deliver)
        try:
            return await work(feed)
        finally:
            await feed.close()

    try:
        return asyncio.run(whole())
    except LaunchError as error:
        complain(str(error))
        return error.status
    except FeedClosed as error:
        complain(f"{error}; `colony station status` says whether it runs")
        return UNAVAILABLE
    except FeedError as error:
        complain(str(error))
        return UNAVAILABLE
