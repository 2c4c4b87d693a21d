"""Frames: a four-byte big-endian length, then that many bytes of msgpack."""

from __future__ import annotations

import asyncio
import struct
from typing import Any, Generic, TypeVar

import msgspec

LIMIT = 32 * 1024 * 1024
"""Bytes of the largest frame that is read; more is a broken or hostile peer."""

MessageT = TypeVar("MessageT")
_LENGTH = struct.Struct(">I")
_encoder = msgspec.msgpack.Encoder()


class BrokenFrame(Exception):
    """The peer sent what is not a frame of this feed."""


def pack(message: msgspec.Struct) -> bytes:
    """Return *message* as one frame."""
    body = _encoder.encode(message)
    return _LENGTH.pack(len(body)) + body


class FrameReader(Generic[MessageT]):
    """Reads frames of one union of messages off a stream."""

    def __init__(self, stream: asyncio.StreamReader, messages: Any, limit: int = LIMIT) -> None:
        self._stream = stream
        self._limit = limit
        self._decoder: msgspec.msgpack.Decoder[MessageT] = msgspec.msgpack.Decoder(messages)

    async def read(self) -> MessageT | None:
        """Return the next message, None at the end; raises `BrokenFrame`."""
        try:
            (length,) = _LENGTH.unpack(await self._stream.readexactly(_LENGTH.size))
            if length > self._limit:
                raise BrokenFrame(
                    f"a frame of {length} bytes, more than the limit of {self._limit}"
                )
            body = await self._stream.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        try:
            return self._decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BrokenFrame(f"a frame that cannot be read: {error}") from error
