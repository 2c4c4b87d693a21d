"""Work in slices: it gives the loop back by the clock, says how far it is, and can be given up."""

from __future__ import annotations

import asyncio
import gc

import pytest

from console.panels.arranging import Arranging
from console.panels.slices import SLICE, SLOW, in_slices

ROWS = [*range(5000, 0, -1)]


class Ticking:
    """A clock that goes on by *step* seconds at each look."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def arranging() -> Arranging:
    return Arranging(ROWS, lambda one: one, lambda one: one, lambda one: True)


async def test_all_is_done_and_slow_work_is_told_of() -> None:
    run, told, turns = arranging(), [], 0
    going = True

    async def beside() -> None:
        nonlocal turns
        while going:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(beside())
    await in_slices(run, Ticking(SLOW / 2), lambda done, *, slow: told.append((done, slow)))
    going = False
    await other
    assert run.keys == sorted(ROWS)
    assert turns >= len(told) > 5
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert any(slow for _, slow in told)
    assert not all(slow for _, slow in told)
    assert gc.isenabled()


async def test_what_takes_no_time_is_one_slice() -> None:
    run, told = arranging(), []
    await in_slices(run, Ticking(SLICE / 1e6), lambda done, *, slow: told.append(done))
    assert run.keys == sorted(ROWS)
    assert told == []


async def test_given_up_it_lets_go() -> None:
    run = arranging()
    work = asyncio.create_task(in_slices(run, Ticking(SLICE), lambda done, *, slow: None))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not run.order
    assert not run.keys
    assert gc.isenabled()
