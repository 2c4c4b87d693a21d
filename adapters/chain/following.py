"""Looks at a chain again and again: at each head, or every few seconds, and after what failed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from adapters.chain.heads import Moved
from adapters.contract import AdapterError, Batch, ConfigurationError

if TYPE_CHECKING:
    from adapters.chain.adapter import ChainAdapter
    from adapters.chain.follower import Follower
    from adapters.chain.publisher import Publisher
    from adapters.chain.websocket import Heads
    from adapters.clock import Clock

BACKOFF = 0.2
BACKOFF_LIMIT = 5.0
"""Seconds between attempts: doubled from the first to the second, with jitter downwards."""
IDLE = 15.0
"""Seconds without a head after which the node is looked at all the same."""
UNSTEADY = 8
"""Looks in a row at a node in the middle of a change, until nothing of it is trusted."""


async def follow(
    follower: Follower,
    out: Publisher,
    heads: Heads | None,
    adapter: ChainAdapter,
    news: asyncio.Event,
    chance: random.Random,
) -> AsyncIterator[Batch]:
    """Yield what each look at the chain brings, until cancelled. *news* says to look now.

    Raises `ConfigurationError` (another chain), and `AdapterError` where nothing was ever reached.
    """
    clock, poll = adapter.context.clock, adapter.settings.poll
    verified = False
    failures = unsteady = 0
    while True:
        news.clear()
        out.interval = _how(follower, heads, poll)
        try:
            if not verified:
                await adapter.chain_id()  # before anything else is asked
                verified = True
            async for batch in follower.round(out):
                yield batch
        except ConfigurationError:
            raise
        except Moved as error:
            unsteady += 1
            if unsteady >= UNSTEADY:
                for batch in out.lost(str(error)):
                    yield batch
            await clock.sleep(_longest(unsteady - 1))
        except AdapterError as error:
            if not out.reached:
                raise
            verified = False
            follower.anew()
            for batch in out.lost(str(error)):
                yield batch
            longest = _longest(failures)
            failures += 1
            await clock.sleep(chance.uniform(longest / 2, longest))
        else:
            failures = unsteady = 0
            wait, due = out.interval or IDLE, follower.waits()
            await until(news, clock, wait if due is None else min(wait, due))


def _how(follower: Follower, heads: Heads | None, poll: float) -> float:
    """Note how heads come to be known; return the seconds between two looks, 0 where it is told."""
    if heads is not None and heads.live:
        follower.how, follower.detail = "subscription", ""
        if heads.number is not None:
            follower.told, heads.number = heads.number, None
        return 0.0
    follower.how = "polling"
    follower.detail = "" if heads is None else f"polling: {heads.detail or 'connecting'}"
    return poll


def _longest(failures: int) -> float:
    return min(BACKOFF_LIMIT, BACKOFF * (1 << min(failures, 16)))


async def until(event: asyncio.Event, clock: Clock, seconds: float) -> None:
    """Wait until *event* is set or *seconds* are over."""
    tasks = {asyncio.ensure_future(event.wait()), asyncio.ensure_future(clock.sleep(seconds))}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
