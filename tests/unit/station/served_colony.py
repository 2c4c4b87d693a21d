"""A station that serves its feed at a socket, and who connects to it, with manners and without."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from station_helpers import Played, running

from adapters.clock import SystemClock
from console.feed.client import Feed
from console.feed.frames import FrameReader, pack
from console.feed.messages import FromStation, Reply
from console.station.station import Station


class Colony:
    """A station in this process with one adapter that is played."""

    def __init__(self, station: Station, path: Path, adapter: Played) -> None:
        self.station = station
        self.path = path
        self.adapter = adapter
        self.feeds: list[Feed] = []

    async def feed(self, *args: Any, **options: Any) -> Feed:
        feed = await Feed.connect(self.path, *args, **options)
        self.feeds.append(feed)
        return feed

    async def raw(self) -> Raw:
        reader, writer = await asyncio.open_unix_connection(str(self.path))
        return Raw(reader, writer)


class Raw:
    """A connection without manners."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader: FrameReader[FromStation] = FrameReader(reader, FromStation)
        self.writer = writer

    async def say(self, *messages: msgspec.Struct) -> None:
        for message in messages:
            self.writer.write(pack(message))
        await self.writer.drain()

    async def hear(self) -> FromStation | None:
        return await asyncio.wait_for(self.reader.read(), 10)

    async def reply(self) -> Reply:
        while not isinstance(message := await self.hear(), Reply):
            assert message is not None
        return message


@pytest.fixture
async def colony(tmp_path: Path) -> AsyncIterator[Colony]:
    """A station that serves; what was connected by `feed` is closed with it."""
    adapter = Played("main")
    async with running(tmp_path, adapter, clock=SystemClock()) as (station, path):
        colony = Colony(station, path, adapter)
        yield colony
        for feed in colony.feeds:
            await feed.close()
