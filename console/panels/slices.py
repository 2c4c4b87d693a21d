"""Work on many rows in slices of time: between two of them keys and paints have their turn."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import Protocol

from console.panels.arranging import Arranging, Narrowing

SLICE = 0.005
"""Seconds of work between two looks at what else there is to do."""
SLOW = 0.3
"""Seconds after which, and then how often, a person is told how far it is."""


class Told(Protocol):
    """Takes in how far it is."""

    def __call__(self, done: int, *, slow: bool) -> None:
        """Take in how many were looked at; *slow* says that it is time to tell of it."""


async def in_slices(run: Arranging | Narrowing, monotonic: Callable[[], float], tell: Told) -> None:
    """Do all of *run*, and *tell* after each slice how far it is. It can be cancelled.

    A run makes many small things and no rings of them. Looked through for rubbish they would stop
    the screen for 0.4 s (50,000 rows): not while it goes on, and not afterwards. What is rubbish
    already goes first, for what is frozen is never looked at again: all of it, which is quick as
    what was there before is frozen itself.
    """
    gc.collect()
    gc.disable()
    steps = run.steps()
    said = monotonic()
    until = said + SLICE
    try:
        for done in steps:
            now = monotonic()
            if now < until:
                continue
            slow = now - said >= SLOW
            said = now if slow else said
            tell(done, slow=slow)
            await asyncio.sleep(0)
            until = monotonic() + SLICE
        gc.freeze()
    except asyncio.CancelledError:
        # The trace of its end holds on to it, in a ring: not to all that was made so far.
        steps.close()
        run.give_up()
        raise
    finally:
        gc.enable()
