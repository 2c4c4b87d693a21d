"""Limits by the injected clock."""

from __future__ import annotations

import asyncio

import pytest
from fake_colony import ManualClock, run, settle

from console.station.waiting import GRACE, Late, Stopped, within


async def late_answer(stubborn: bool = False) -> str:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        if stubborn:
            return "just in time"
        raise
    return ""


async def value() -> int:
    return 7


async def broken() -> int:
    raise TimeoutError("its own")


async def test_in_time() -> None:
    clock = ManualClock()
    assert await within(clock, 5, value()) == 7
    with pytest.raises(TimeoutError, match="its own"):
        await within(clock, 5, broken())


async def test_late_work_is_stopped() -> None:
    clock = ManualClock()
    with pytest.raises(Late, match="no answer within 5 s") as caught:
        await run(clock, asyncio.ensure_future(within(clock, 5, late_answer())))
    assert caught.value.stopped


async def test_an_answer_while_being_stopped_counts() -> None:
    clock = ManualClock()
    task = asyncio.ensure_future(within(clock, 5, late_answer(stubborn=True)))
    assert await run(clock, task) == "just in time"


async def test_work_that_does_not_stop_is_said_to_go_on() -> None:
    clock, release = ManualClock(), asyncio.Event()

    async def stubborn() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    begun = clock.time
    with pytest.raises(Late) as caught:
        await run(clock, asyncio.ensure_future(within(clock, 5, stubborn())))
    assert not caught.value.stopped
    assert clock.time - begun == 5 + GRACE
    release.set()
    await settle()


async def test_who_waits_is_cancelled_and_so_is_the_work() -> None:
    work = asyncio.ensure_future(late_answer())
    waiter = asyncio.ensure_future(within(ManualClock(), 5, work))
    await settle()
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    assert work.cancelled()


async def test_work_that_a_third_cancels() -> None:
    work = asyncio.ensure_future(late_answer())
    waiter = asyncio.ensure_future(within(ManualClock(), 5, work))
    await settle()
    work.cancel()
    with pytest.raises(Stopped):
        await waiter
