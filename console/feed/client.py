"""The console's end of the feed: subscribe, ask, follow; deliveries go to one callback."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from console.feed.frames import BrokenFrame, FrameReader, pack
from console.feed.messages import (
    VERSION,
    Ask,
    Bye,
    Deliver,
    Drop,
    Farewell,
    FromStation,
    Hello,
    Interest,
    Message,
    Parcel,
    Part,
    Reply,
    Want,
    Welcome,
)

BUFFER = 1024 * 1024
"""Bytes that may wait in the reader: a snapshot comes in frames of this order."""
HANDSHAKE = 10.0
"""Seconds that a station has to answer Hello."""

AnswerT = TypeVar("AnswerT")


class FeedError(Exception):
    """A line for a person: the station refused, or is not there."""


class FeedRefused(FeedError):
    """The station answered, and the answer is no."""


class FeedClosed(FeedError):
    """The connection to the station is gone."""


class Feed:
    """One connection to a station. Make it with `connect`."""

    def __init__(
        self,
        reader: FrameReader[FromStation],
        writer: asyncio.StreamWriter,
        welcome: Welcome,
        on_deliver: Callable[[Sequence[Parcel]], None],
        on_close: Callable[[str], None],
    ) -> None:
        self.welcome = welcome
        self.started = False
        """Whether the station was started for this connection."""
        self._reader = reader
        self._writer = writer
        self._on_deliver = on_deliver
        self._on_close = on_close
        self._numbers = itertools.count(1)
        self._replies: dict[int, asyncio.Future[msgspec.Raw]] = {}
        self._parts: dict[int, asyncio.Queue[Part]] = {}
        self._reason = ""
        self._closed = False
        self._task = asyncio.create_task(self._read(), name="feed")

    @classmethod
    async def connect(
        cls,
        path: Path,
        on_deliver: Callable[[Sequence[Parcel]], None] = lambda parcels: None,
        on_close: Callable[[str], None] = lambda reason: None,
        *,
        attended: bool = False,
        read_only: bool = False,
        role: str = "",
        person: str = "",
    ) -> Feed:
        """Connect to the station at *path*; raises `FeedClosed` or `FeedRefused`.

        *role* and *person* are as in `Hello`.
        """
        try:
            stream, writer = await asyncio.open_unix_connection(str(path), limit=BUFFER)
        except OSError as error:
            raise FeedClosed(f"no station answers at {path}: {error.strerror or error}") from error
        reader: FrameReader[FromStation] = FrameReader(stream, FromStation)
        hello = Hello(
            version=VERSION, attended=attended, read_only=read_only, role=role, person=person
        )
        writer.write(pack(hello))
        try:
            first = await asyncio.wait_for(reader.read(), HANDSHAKE)
        except TimeoutError as error:
            writer.close()
            raise FeedRefused(
                f"the station at {path} does not answer: `colony station restart`"
            ) from error
        except BrokenFrame as error:
            writer.close()
            raise FeedRefused(f"what answers at {path} is not a station: {error}") from error
        if isinstance(first, Welcome):
            return cls(reader, writer, first, on_deliver, on_close)
        writer.close()
        if isinstance(first, Farewell):
            raise FeedRefused(first.reason)
        raise FeedClosed(f"the station at {path} closed the connection")

    @property
    def closed(self) -> bool:
        """Whether the station is gone."""
        return self._closed

    async def want(self, interests: Sequence[Interest]) -> None:
        """Replace what is delivered from now on."""
        await self._send(Want(tuple(interests)))

    async def ask(
        self, topic: str, answer: type[AnswerT] | Any = Any, /, **arguments: Any
    ) -> AnswerT | Any:
        """Ask *topic* and return the reply decoded as *answer*.

        Raises `FeedRefused` with the station's line, `FeedClosed` if it goes meanwhile. A caller
        that is cancelled tells the station so.
        """
        number = next(self._numbers)
        future: asyncio.Future[msgspec.Raw] = asyncio.get_running_loop().create_future()
        self._replies[number] = future
        try:
            await self._send(Ask(number, topic, arguments))
            body = await future
        except asyncio.CancelledError:
            if not self._closed:
                self._writer.write(pack(Drop(number)))
            raise
        finally:
            self._replies.pop(number, None)
        return msgspec.msgpack.decode(body, type=answer)

    async def follow(self, topic: str, /, **arguments: Any) -> AsyncIterator[str]:
        """Ask *topic* and yield the parts of its answer until it ends."""
        number = next(self._numbers)
        queue: asyncio.Queue[Part] = asyncio.Queue()
        future: asyncio.Future[msgspec.Raw] = asyncio.get_running_loop().create_future()
        self._parts[number] = queue
        self._replies[number] = future
        try:
            await self._send(Ask(number, topic, arguments, follow=True))
            while True:
                getter = asyncio.ensure_future(queue.get())
                waits: set[asyncio.Future[Any]] = {getter, future}
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                if not getter.done():
                    getter.cancel()
                    future.result()
                    return
                part = getter.result()
                if part.text:
                    yield part.text
                if part.end:
                    return
        finally:
            self._parts.pop(number, None)
            self._replies.pop(number, None)
            if not self._closed:
                self._writer.write(pack(Drop(number)))

    async def close(self, *, end: bool = False) -> None:
        """Say goodbye and close. *end* asks a station that nobody else uses to end."""
        if not self._closed:
            try:
                await self._send(Bye(end))
            except FeedClosed:
                pass
        self._shut("closed")
        self._task.cancel()
        try:
            await self._writer.wait_closed()
        except OSError:
            pass

    async def _send(self, message: Message) -> None:
        if self._closed:
            raise FeedClosed(self._reason or "the station is gone")
        try:
            self._writer.write(pack(message))
            await self._writer.drain()
        except (ConnectionError, RuntimeError) as error:
            raise FeedClosed("the station is gone") from error

    async def _read(self) -> None:
        reason = "the station closed the connection"
        try:
            while (message := await self._reader.read()) is not None:
                match message:
                    case Deliver(parcels=parcels):
                        self._on_deliver(parcels)
                    case Reply(id=number, body=body, error=error):
                        future = self._replies.get(number)
                        if future is not None and not future.done():
                            if error:
                                future.set_exception(FeedRefused(error))
                            else:
                                future.set_result(msgspec.Raw(bytes(body)))
                    case Part(id=number):
                        queue = self._parts.get(number)
                        if queue is not None:
                            queue.put_nowait(message)
                    case Farewell(reason=text):
                        reason = text
        except BrokenFrame as error:
            reason = f"the station sent {error}"
        finally:
            told = not self._closed
            self._shut(reason)
            if told:
                self._on_close(reason)

    def _shut(self, reason: str) -> None:
        if self._closed:
            return
        self._closed = True
        self._reason = reason
        for future in self._replies.values():
            if not future.done():
                future.set_exception(FeedClosed(reason))
                future.exception()  # whoever still waits is told; nobody else need be
        self._writer.close()
