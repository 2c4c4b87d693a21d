"""The console's tie to its station: attach, notice the loss, come back. No screen in here.

Imports nothing of the feed at the top: the first paint does not wait for it.
"""

from __future__ import annotations

import asyncio
import enum
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from adapters.clock import Clock

if TYPE_CHECKING:
    from console.feed.messages import Interest, Parcel, Welcome

FIRST_WAIT = 0.5
"""Seconds before the first try to come back; doubled each time."""
LONGEST_WAIT = 30.0
"""Seconds: the cap of the backoff."""


class FeedLike(Protocol):
    """What the console uses of `console.feed.client.Feed`."""

    welcome: Welcome

    async def want(self, interests: Sequence[Interest]) -> None:
        """Replace what is delivered."""
        ...

    async def ask(self, topic: str, answer: Any = ..., /, **arguments: Any) -> Any:
        """Ask and return the decoded reply."""
        ...

    def follow(self, topic: str, /, **arguments: Any) -> AsyncIterator[str]:
        """Ask and yield parts."""
        ...

    async def close(self, *, end: bool = False) -> None:
        """Say goodbye."""
        ...


OnDeliver: TypeAlias = "Callable[[Sequence[Parcel]], None]"
OnClose: TypeAlias = Callable[[str], None]
OnProgress: TypeAlias = Callable[[str], None]
Attach: TypeAlias = "Callable[[OnDeliver, OnClose, OnProgress], Awaitable[FeedLike]]"
"""Finds or starts the station and returns a feed to it; says on the way what it is doing."""


class LinkState(enum.StrEnum):
    """How the console stands to its station."""

    ATTACHING = "attaching"
    ATTACHED = "attached"
    LOST = "lost"
    FAILED = "failed"


class Link:
    """Keeps one feed to the station.

    A first attach that fails is not repeated by itself: what is wrong then is a configuration or
    a permission, and only a person mends those (`retry`). A station that was there and went is
    tried again, after 0.5 s and then with a doubling, jittered wait of at most 30 s.
    `since` and `retry_at` are monotonic seconds.
    """

    def __init__(
        self,
        attach: Attach,
        clock: Clock,
        on_deliver: OnDeliver,
        on_change: Callable[[], None],
        seed: int | None = None,
    ) -> None:
        self._attach = attach
        self._clock = clock
        self._on_deliver = on_deliver
        self._on_change = on_change
        self._random = random.Random(seed)  # noqa: S311 - jitter, not a secret
        self._wake = asyncio.Event()
        self._gone = asyncio.Event()
        self._wanted: tuple[Interest, ...] = ()
        self._feed: FeedLike | None = None
        self._attaching: asyncio.Future[FeedLike] | None = None
        self.state = LinkState.ATTACHING
        self.since = clock.monotonic()
        self.retry_at: float | None = None
        self.progress = ""
        self.reason = ""
        self.welcome: Welcome | None = None

    @property
    def attached(self) -> bool:
        """Whether questions can be asked now."""
        return self._feed is not None

    def monotonic(self) -> float:
        """Seconds that never run backwards: what `since` and `retry_at` are in."""
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Return when *seconds* have gone by."""
        await self._clock.sleep(seconds)

    async def run(self) -> None:
        """Attach, and attach again, until cancelled."""
        wait = FIRST_WAIT
        while True:
            if await self._try():
                wait = FIRST_WAIT
                await self._gone.wait()
                self._feed = None
                self._become(LinkState.LOST, self.reason)
            if self.welcome is None:
                await self._pause(None)
            else:
                await self._pause(wait * self._random.uniform(0.8, 1.2))
                wait = min(LONGEST_WAIT, wait * 2)

    def give_up(self) -> bool:
        """Give up the first attach, where one is under way; `retry` begins anew."""
        if self._attaching is None or self.welcome is not None:
            return False
        self._attaching.cancel()
        return True

    def retry(self) -> None:
        """Try now rather than when the wait is over."""
        self._wake.set()

    async def want(self, interests: Sequence[Interest]) -> None:
        """Ask for *interests* from now on, also after the station was lost and came back."""
        wanted = tuple(dict.fromkeys(interests))
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if self._feed is not None:
            await self._tell(self._feed)

    async def ask(self, topic: str, answer: Any = Any, /, **arguments: Any) -> Any:
        """Ask the station; raises `FeedError` with a line for a person."""
        return await self._there().ask(topic, answer, **arguments)

    def follow(self, topic: str, /, **arguments: Any) -> AsyncIterator[str]:
        """Follow an answer of the station; raises `FeedError`."""
        return self._there().follow(topic, **arguments)

    async def close(self, *, end: bool) -> None:
        """Say goodbye; *end* asks a station of our own to end."""
        feed, self._feed = self._feed, None
        if feed is not None:
            await feed.close(end=end)

    def _there(self) -> FeedLike:
        from console.feed.client import FeedClosed

        if self._feed is None:
            raise FeedClosed("no station is attached: wait until the header says so, then again")
        return self._feed

    async def _try(self) -> bool:
        self._gone.clear()
        self._wake.clear()
        if self.welcome is None:
            self._become(LinkState.ATTACHING, "")
        try:
            attach = self._attach(self._on_deliver, self._closed, self._progressed)
            self._attaching = asyncio.ensure_future(attach)
            feed = await self._given()
        except Exception as error:
            # Whatever it is, the console stays: the line stands where the panels would.
            line = str(error) or f"attaching failed: {type(error).__name__}"
            self._become(LinkState.FAILED if self.welcome is None else LinkState.LOST, line)
            return False
        self._feed = feed
        self.welcome = feed.welcome
        self._become(LinkState.ATTACHED, "")
        await self._tell(feed)
        return True

    async def _given(self) -> FeedLike:
        """Return what attaching comes to; raises `FeedClosed` where a person gave it up."""
        from console.feed.client import FeedClosed

        task = self._attaching
        assert task is not None  # noqa: S101
        try:
            # Waited for, not awaited: who cancels us is told apart from who gave up.
            await asyncio.wait([task])
            if task.cancelled():
                raise FeedClosed("given up; what was started of the station may still come up")
            return task.result()
        finally:
            task.cancel()
            self._attaching = None

    async def _tell(self, feed: FeedLike) -> None:
        from console.feed.client import FeedClosed

        try:
            await feed.want(self._wanted)
        except FeedClosed:
            return  # on_close was told why, and run() goes on from there

    def _closed(self, reason: str) -> None:
        self.reason = reason
        self._gone.set()

    def _progressed(self, line: str) -> None:
        self.progress = line
        self._on_change()

    def _become(self, state: LinkState, reason: str) -> None:
        if state is not self.state:
            self.state = state
            self.since = self._clock.monotonic()
        self.reason = reason
        self.retry_at = None
        self._on_change()

    async def _pause(self, seconds: float | None) -> None:
        """Wait *seconds*, or for a person; None waits for a person alone."""
        waits: list[asyncio.Task[Any]] = [asyncio.create_task(self._wake.wait())]
        if seconds is not None:
            self.retry_at = self._clock.monotonic() + seconds
            waits.append(asyncio.create_task(self._clock.sleep(seconds)))
        self._on_change()
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()
        self.retry_at = None
