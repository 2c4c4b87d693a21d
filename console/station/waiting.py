"""A limit, by the injected clock, for one piece of work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from adapters.clock import Clock

ResultT = TypeVar("ResultT")

GRACE = 5.0
"""Seconds that work which was told to stop is given for that."""


class Late(Exception):
    """The time was over. `stopped` is whether the work has ended; if not, it may still go on."""

    def __init__(self, seconds: float, stopped: bool) -> None:
        super().__init__(f"no answer within {seconds:g} s")
        self.stopped = stopped


class Stopped(Exception):
    """The work was cancelled by itself or by a third, and not by who waited for it."""


async def within(
    clock: Clock, seconds: float, work: Awaitable[ResultT], grace: float = GRACE
) -> ResultT:
    """Return what *work* returns, or raise what it raises; `Late` after *seconds*.

    Work that answers while it is being stopped has answered: its result counts. If the caller
    is cancelled, so is the work.
    """
    task = asyncio.ensure_future(work)
    try:
        if not await _done(clock, seconds, task):
            task.cancel()
            stopped = await _done(clock, grace, task)
            if not stopped or task.cancelled():
                task.add_done_callback(_forget)
                raise Late(seconds, stopped)
    except asyncio.CancelledError:
        task.cancel()
        task.add_done_callback(_forget)
        await _done(clock, grace, task)
        raise
    if task.cancelled():
        raise Stopped("it was stopped")
    return task.result()


async def _done(clock: Clock, seconds: float, task: asyncio.Future[Any]) -> bool:
    timer = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        timer.cancel()
    return task.done()


def _forget(task: asyncio.Future[Any]) -> None:
    """Take note of how *task* ended, so that asyncio does not complain that nobody did."""
    if not task.cancelled():
        task.exception()
