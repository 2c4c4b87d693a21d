"""Asks an adapter's action something, within the time that there is for an answer."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from adapters.clock import Clock
from adapters.contract import AdapterError
from adapters.records import ActionState
from adapters.text import clean
from console.station import lifecycle
from console.station.waiting import Late, within

SIMULATE = lifecycle.WINDOWS[ActionState.DRAFT]
"""Seconds for a form or a simulation."""

ResultT = TypeVar("ResultT")


class TookTooLong(AdapterError):
    """The adapter did not answer in the time there was."""


async def asked(clock: Clock, what: str, work: Awaitable[ResultT]) -> ResultT:
    """Return what *work* answers; raises `AdapterError`, which says *what* was asked."""
    try:
        return await within(clock, SIMULATE, work)
    except AdapterError:
        raise
    except Late as error:
        raise TookTooLong(f"{what}: {error}") from error
    except Exception as error:
        raise AdapterError(f"{what}: {type(error).__name__}: {clean(str(error))}") from error
