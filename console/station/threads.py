"""Work in a thread with an event loop of its own, called and cancelled from the station's loop."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

ResultT = TypeVar("ResultT")

AHEAD = 64
"""Items that a stream may be ahead of who reads it."""
GATHER = 0.01
"""Seconds, at least, between two wakes of who reads a stream. Each costs a system call and a fight
for the interpreter's lock: at 1,000 small batches a second that was a third of a processor."""
JOIN = 1.0
"""Seconds that the thread has to end; it is left behind after that."""


class Elsewhere:
    """One thread and its loop. What blocks there blocks nothing here."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def soon(self, call: Callable[[], Any]) -> bool:
        """Have *call* called there; False if the loop is closed."""
        return _soon(self._loop, call)

    def now(self, call: Callable[[], ResultT], seconds: float) -> ResultT:
        """Return what *call* returns there; raises `TimeoutError`. Blocks: for the start only."""

        async def there() -> ResultT:
            return call()

        return asyncio.run_coroutine_threadsafe(there(), self._loop).result(seconds)

    async def call(self, make: Callable[[], Coroutine[Any, Any, ResultT]]) -> ResultT:
        """Await there what *make* makes there, and return or raise what it does.

        Who cancels the call cancels the work, and is kept waiting until the work has ended: one
        that answers meanwhile has answered. Anything else would call a request stopped whose
        bytes are still leaving.
        """
        here = asyncio.get_running_loop()
        done: asyncio.Future[ResultT] = here.create_future()
        tasks: list[asyncio.Task[ResultT]] = []

        def start() -> None:
            task = self._loop.create_task(make())
            tasks.append(task)
            task.add_done_callback(lambda task: _soon(here, lambda: _settle(done, task)))

        if not self.soon(start):
            raise RuntimeError("the adapter is closed")
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            if done.done():
                raise
            self.soon(lambda: tasks[0].cancel())
            return await done

    async def stream(self, make: Callable[[], AsyncIterator[ResultT]]) -> AsyncIterator[ResultT]:
        """Yield what the iterator that *make* makes there yields.

        At most `AHEAD` items wait here: who reads slowly holds the writer up.
        """
        here = asyncio.get_running_loop()
        items: deque[ResultT] = deque()
        ready = asyncio.Event()
        room = asyncio.Event()

        async def pour() -> None:
            source: Any = make()
            try:
                async for item in source:
                    items.append(item)
                    # One call across threads for all that wait, not one an item.
                    if len(items) == 1:
                        _soon(here, ready.set)
                    while len(items) >= AHEAD:
                        room.clear()
                        if len(items) >= AHEAD:
                            await room.wait()
            finally:
                close = getattr(source, "aclose", None)
                if close is not None:
                    await close()

        woken = 0.0
        work = asyncio.ensure_future(self.call(pour))
        work.add_done_callback(lambda _: ready.set())
        try:
            while True:
                while items:
                    item = items.popleft()
                    if len(items) == AHEAD // 2:
                        self.soon(room.set)
                    yield item
                if work.done():
                    break
                await ready.wait()
                if here.time() - woken < GATHER:
                    await asyncio.sleep(GATHER)
                woken = here.time()
                ready.clear()
            await work
        finally:
            if not work.done():
                work.cancel()
                await asyncio.wait({work})
            if not work.cancelled():
                work.exception()

    def stop(self) -> None:
        """Let the thread end; nothing runs in it any more."""
        self.soon(self._loop.stop)

    async def close(self) -> None:
        """Stop the loop; a thread that is blocked is left behind."""

        async def rest() -> None:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            if others:
                await asyncio.wait(others, timeout=JOIN)
            await self._loop.shutdown_asyncgens()

        try:
            await asyncio.wait_for(self.call(rest), 2 * JOIN)
        except (TimeoutError, RuntimeError):
            pass
        self.stop()
        await asyncio.to_thread(self._thread.join, JOIN)
        if not self._thread.is_alive():
            self._loop.close()


def _settle(done: asyncio.Future[ResultT], task: asyncio.Task[ResultT]) -> None:
    if done.cancelled():
        if not task.cancelled():
            task.exception()
        return
    if task.cancelled():
        done.cancel()
        return
    error = task.exception()
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(task.result())


def _soon(loop: asyncio.AbstractEventLoop, call: Callable[[], Any]) -> bool:
    try:
        loop.call_soon_threadsafe(call)
    except RuntimeError:
        return False
    return True
