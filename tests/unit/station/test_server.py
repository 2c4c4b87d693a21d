"""The feed over a real socket: who is let in, what a broken peer costs, and how it ends."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import struct
from pathlib import Path

import msgspec
import pytest
from served_colony import Colony, colony
from station_helpers import EPOCH, running, until

from adapters.clock import ShiftedClock, SystemClock
from console.feed.client import Feed, FeedClosed, FeedRefused
from console.feed.frames import pack
from console.feed.messages import VERSION, Deliver, Farewell, FromStation, Hello, Welcome
from console.roles import Role
from console.station import peers
from console.station.members import Members
from console.station.server import ServerError, listen, name_of

__all__ = ["colony"]


# Who is let in


async def test_the_welcome_says_who_and_where(colony: Colony) -> None:
    welcome = (await colony.feed()).welcome
    assert (welcome.colony, welcome.mode, welcome.role) == ("tycho", "LIVE", "commander")
    assert welcome.who == name_of(os.geteuid())
    assert welcome.zero < 0
    looking = (await colony.feed(read_only=True)).welcome
    assert (looking.mode, looking.role) == ("READ-ONLY", "viewer")


async def test_a_demo_tells_its_clock(tmp_path: Path) -> None:
    clock = ShiftedClock(EPOCH, 12.5)
    async with running(tmp_path, clock=clock, demo=True) as (_, path):
        feed = await Feed.connect(path)
        assert (feed.welcome.mode, feed.welcome.epoch, feed.welcome.zero) == ("DEMO", EPOCH, 12.5)
        await feed.close()


async def test_who_is_no_operator_looks_on(tmp_path: Path) -> None:
    members = Members({Role.OPERATOR: {"ada"}})
    async with running(tmp_path, clock=SystemClock(), members=members) as (_, path):
        feed = await Feed.connect(path)
        assert feed.welcome.role == "viewer"
        assert await feed.ask("action.list") == []
        with pytest.raises(FeedRefused, match="you are a viewer here: that needs"):
            await feed.ask("action.form", action="x", arguments={})
        await feed.close()


async def test_another_version_is_told_what_to_do(colony: Colony) -> None:
    newer = await colony.raw()
    await newer.say(Hello(VERSION + 1, attended=True))
    assert await newer.hear() == Farewell(
        f"the console is newer than the station (feed {VERSION + 1} and {VERSION}): "
        "colony station restart"
    )
    older = await colony.raw()
    await older.say(Hello(VERSION - 1, attended=True))
    assert await older.hear() == Farewell(
        f"the station is newer than the console (feed {VERSION - 1} and {VERSION}): "
        "start the console again"
    )
    assert await older.hear() is None


async def test_another_user_is_refused(colony: Colony, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.station.server.peer_uid", lambda connection: 4_000_000)
    with pytest.raises(FeedRefused, match="another user's"):
        await Feed.connect(colony.path)


def test_the_socket_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.sock"
    listening = listen(path, shared=False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(ServerError, match="another station listens there"):
        listen(path, shared=False)
    listening.close()
    listen(path, shared=False).close()


def test_a_shared_socket_is_its_groups_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.sock"
    with pytest.raises(ServerError, match=r"group 'colony'.*groupadd"):
        listen(path, shared=True)
    monkeypatch.setattr("console.station.server._group", os.getegid)
    listen(path, shared=True).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o660


def test_what_is_no_socket_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "s.sock"
    path.write_text("precious")
    with pytest.raises(ServerError, match="is not a socket; remove it"):
        listen(path, shared=False)
    assert path.read_text() == "precious"


async def test_too_many_connections_are_told_so(
    colony: Colony, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.station.server.CONNECTIONS", 2)
    await colony.feed()
    await colony.feed()
    with pytest.raises(FeedRefused, match="has 2 connections already"):
        await Feed.connect(colony.path)


# What a broken peer costs


@pytest.mark.parametrize(
    "sent",
    [
        b"\xff\xff\xff\xff",
        struct.pack(">I", peers.INBOUND + 1),
        struct.pack(">I", 3) + b"\xc1\xc1\xc1",
        pack(Deliver(())),
        pack(Hello(VERSION, attended=False)),
        struct.pack(">I", 8) + msgspec.msgpack.encode(["Ask", "x"])[:8].ljust(8, b"\0"),
        b"\x00",
    ],
)
async def test_a_malformed_frame_costs_its_connection_alone(colony: Colony, sent: bytes) -> None:
    other = await colony.feed()
    bad = await colony.raw()
    await bad.say(Hello(VERSION, attended=True))
    assert isinstance(await bad.hear(), Welcome)
    bad.writer.write(sent)
    bad.writer.write_eof()
    last: FromStation | None = None
    while (message := await bad.hear()) is not None:
        last = message
    if sent != b"\x00":
        assert isinstance(last, Farewell)
    assert await other.ask("action.list") == []
    await until(lambda: colony.station.server.connections == 1)


async def test_who_says_nothing_is_not_waited_for(
    colony: Colony, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "HELLO", 0.02)
    silent = await colony.raw()
    assert await silent.hear() is None


# The end


async def test_stop_answers_and_says_goodbye(colony: Colony) -> None:
    told: list[str] = []
    feed = await colony.feed(lambda parcels: None, told.append)
    assert (await feed.ask("station.stop"))["stopping"] is True
    assert not colony.path.exists()
    await asyncio.wait_for(colony.station.ending.wait(), 5)
    await colony.station.close("the station has ended")
    await until(lambda: told)
    assert told == ["the station has ended"]
    with pytest.raises(FeedClosed):
        await feed.ask("station.status")


async def test_a_shared_station_is_stopped_by_who_runs_it_alone(
    colony: Colony, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = await colony.feed()
    monkeypatch.setattr("console.station.topics.os.geteuid", lambda: 4_000_000)
    monkeypatch.setattr(next(iter(colony.station.server._peers)), "uid", 4_000_001)
    with pytest.raises(FeedRefused, match="stopped by who runs it"):
        await feed.ask("station.stop", force=True)


async def test_one_that_stays_makes_no_room_for_another(colony: Colony) -> None:
    feed = await colony.feed()
    with pytest.raises(FeedRefused, match="started to stay"):
        await feed.ask("station.stop", replace=True)


async def test_a_successors_socket_is_left_alone(tmp_path: Path) -> None:
    async with running(tmp_path, clock=SystemClock()) as (_, path):
        path.unlink()
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(str(path))
    assert path.exists()
