"""One connection: its handshake, its deliveries, its questions. What it breaks is its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from adapters.clock import Clock
from adapters.contract import AdapterError
from adapters.text import clean
from console.feed.frames import LIMIT, BrokenFrame, FrameReader, pack
from console.feed.messages import (
    VERSION,
    Ask,
    Bye,
    Deliver,
    Drop,
    Farewell,
    FromConsole,
    Hello,
    Message,
    Parcel,
    Part,
    Reply,
    Want,
    Welcome,
)
from console.roles import Role
from console.station.subscription import Subscription
from console.station.topics import DEADLINE, Topics

INTERVAL = 0.1
"""Seconds, at least, between two deliveries."""
HELLO = 10.0
"""Seconds that a console has for its Hello."""
ASKS = 64
"""Questions of one console that may be open."""
INBOUND = 1024 * 1024
"""Bytes of the largest frame that a console may send."""
INTERESTS = 1_000
"""Interests that one console may have."""
TOGETHER = 2_000
"""Records in one delivery."""

_log = logging.getLogger("colony.station")


class Peer:
    """One console or command. `run` returns when it is gone.

    `attended` is whether a person sits there, `end` whether it said that the station is not
    needed any more.
    """

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        who: str,
        uid: int,
        topics: Topics,
        clock: Clock,
    ) -> None:
        self.who = who
        self.uid = uid
        self.attended = False
        self.end = False
        self.role = Role.VIEWER
        """What this connection may do; a viewer until the station has said more."""
        self.opened_read_only = False
        """Whether it asked for no more than that itself."""
        self._reader: FrameReader[FromConsole] = FrameReader(reader, FromConsole, INBOUND)
        self._writer = writer
        self._topics = topics
        self._clock = clock
        self._asks: dict[int, asyncio.Task[None]] = {}
        self._wanted = asyncio.Event()
        """Set when something else is wanted than what was delivered last."""

    @property
    def read_only(self) -> bool:
        """Whether it only looks on."""
        return self.role is Role.VIEWER

    async def hello(self) -> Hello | None:
        """Return the console's Hello, None where it said none that we understand."""
        limit = asyncio.ensure_future(self._clock.sleep(HELLO))
        first = asyncio.ensure_future(self._reader.read())
        try:
            await asyncio.wait({limit, first}, return_when=asyncio.FIRST_COMPLETED)
            message = first.result() if first.done() else None
        except BrokenFrame as error:
            await self.farewell(f"that is not a console: {clean(str(error))}")
            return None
        finally:
            limit.cancel()
            first.cancel()
        if not isinstance(message, Hello):
            return None
        if message.version != VERSION:
            newer = "console" if message.version > VERSION else "station"
            older = "station" if message.version > VERSION else "console"
            advice = "colony station restart" if older == "station" else "start the console again"
            await self.farewell(
                f"the {newer} is newer than the {older} (feed {message.version} and {VERSION}): "
                f"{advice}"
            )
            return None
        return message

    async def run(self, welcome: Welcome, subscription: Subscription) -> None:
        """Serve the connection until it ends; raises nothing."""
        pump = asyncio.create_task(self._pump(subscription), name=f"deliver to {self.who}")
        try:
            await self._send(welcome)
            await self._read(subscription)
        except ConnectionError:
            pass
        except BrokenFrame as error:
            _log.warning("a connection of %s is closed: %s", self.who, error)
            await self.farewell(f"the station could not read what was sent: {clean(str(error))}")
        finally:
            tasks = [pump, *self._asks.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.close()

    async def farewell(self, reason: str) -> None:
        """Say why this connection ends, and end it."""
        with contextlib.suppress(ConnectionError, TimeoutError, RuntimeError):
            self._writer.write(pack(Farewell(reason)))
            await asyncio.wait_for(self._writer.drain(), 1.0)
        self.close()

    def close(self) -> None:
        """Close the connection; `run` returns."""
        self._writer.close()

    async def _read(self, subscription: Subscription) -> None:
        while (message := await self._reader.read()) is not None:
            match message:
                case Ask():
                    await self._ask(message)
                case Want(interests=interests):
                    subscription.want(interests[:INTERESTS])
                    self._wanted.set()
                case Drop(id=number):
                    task = self._asks.get(number)
                    if task is not None:
                        task.cancel()
                case Bye(end=end):
                    self.end = end
                    return
                case Hello():
                    raise BrokenFrame("a second Hello")

    async def _ask(self, ask: Ask) -> None:
        if len(self._asks) >= ASKS:
            await self._send(Reply(ask.id, error=f"more than {ASKS} questions are open; wait"))
            return
        if ask.id in self._asks:
            await self._send(Reply(ask.id, error=f"question {ask.id} is open already"))
            return
        work = self._follow(ask) if ask.follow else self._answer(ask)
        task = asyncio.create_task(work, name=f"{ask.topic} for {self.who}")
        self._asks[ask.id] = task
        task.add_done_callback(lambda _: self._asks.pop(ask.id, None))

    async def _answer(self, ask: Ask) -> None:
        limit = asyncio.ensure_future(self._clock.sleep(DEADLINE))
        asked = asyncio.ensure_future(self._topics.answer(self, ask))
        try:
            await asyncio.wait({limit, asked}, return_when=asyncio.FIRST_COMPLETED)
            if not asked.done():
                raise TimeoutError(f"{clean(ask.topic)}: no answer within {DEADLINE:.0f} s")
            reply = Reply(ask.id, msgspec.Raw(msgspec.msgpack.encode(asked.result())))
        except Exception as error:
            reply = Reply(ask.id, error=_line(ask, error))
        finally:
            limit.cancel()
            asked.cancel()
        with contextlib.suppress(ConnectionError):
            await self._send(reply)

    async def _follow(self, ask: Ask) -> None:
        try:
            try:
                stream = self._topics.follow(ask)
                async with contextlib.aclosing(stream):
                    async for text in stream:
                        await self._send(Part(ask.id, text))
                await self._send(Part(ask.id, "", end=True))
            except ConnectionError:
                return
            except Exception as error:
                await self._send(Reply(ask.id, error=_line(ask, error)))
        except ConnectionError:
            return

    async def _pump(self, subscription: Subscription) -> None:
        """Deliver what waits, at most ten times a second, as fast as the console reads.

        What is wanted anew comes at once: a person who opened a panel looks at nothing till then.
        """
        with contextlib.suppress(ConnectionError):
            while True:
                await subscription.ready.wait()
                self._wanted.clear()
                for parcels in together(subscription.collect()):
                    for frame in frames(parcels):
                        self._writer.write(frame)
                        await self._writer.drain()
                    await self._rest()

    async def _rest(self) -> None:
        """Return when the next delivery is due, or something else is wanted."""
        waits = [
            asyncio.ensure_future(self._clock.sleep(INTERVAL)),
            asyncio.ensure_future(self._wanted.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()

    async def _send(self, message: Message) -> None:
        self._writer.write(pack(message))
        await self._writer.drain()


def together(parcels: Sequence[Parcel]) -> Iterator[tuple[Parcel, ...]]:
    """Group *parcels* into deliveries of about `TOGETHER` records."""
    group: list[Parcel] = []
    count = 0
    for parcel in parcels:
        size = len(parcel.upserts) + len(parcel.gone)
        if group and count + size > TOGETHER:
            yield tuple(group)
            group, count = [], 0
        group.append(parcel)
        count += size
    if group:
        yield tuple(group)


def frames(parcels: Sequence[Parcel]) -> Iterator[bytes]:
    """Yield one delivery of *parcels* as a frame, or as several where it is too long for one."""
    frame = pack(Deliver(tuple(parcels)))
    if len(frame) <= LIMIT:
        yield frame
        return
    if len(parcels) > 1:
        for parcel in parcels:
            yield from frames((parcel,))
        return
    whole = parcels[0]
    half = len(whole.upserts) // 2
    if half:
        change = msgspec.structs.replace
        yield from frames((change(whole, upserts=whole.upserts[:half], end=False),))
        yield from frames(
            (change(whole, upserts=whole.upserts[half:], gone=(), begin=False, lost=0),)
        )


def _line(ask: Ask, error: Exception) -> str:
    """Return *error* as a line for a person; what nobody foresaw is logged whole."""
    if isinstance(error, (AdapterError, TimeoutError)) and str(error):
        return clean(str(error), 2_000)
    _log.error("%s failed", ask.topic, exc_info=error)
    said: Any = str(error) or type(error).__name__
    return clean(f"{ask.topic} failed in the station: {said}; its log has more", 2_000)
