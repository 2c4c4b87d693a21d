"""The feed over a real socket: handshake, questions, deliveries, and what a broken peer costs."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import struct
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from station_helpers import EPOCH, Played, TurnedClock, app, event, listed, running, until

from adapters.clock import ShiftedClock, SystemClock
from adapters.contract import Action, Answer, Batch, Refused
from adapters.records import App, Event
from console.feed.answers import ActionInfo
from console.feed.client import Feed, FeedClosed, FeedRefused
from console.feed.frames import LIMIT, FrameReader, pack
from console.feed.messages import (
    VERSION,
    Ask,
    Deliver,
    Drop,
    Farewell,
    FromStation,
    Hello,
    Interest,
    Parcel,
    Reply,
    Want,
    Welcome,
)
from console.roles import Role
from console.station import peers
from console.station.members import Members
from console.station.server import ServerError, listen, name_of
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
    adapter = Played("main")
    async with running(tmp_path, adapter, clock=SystemClock()) as (station, path):
        colony = Colony(station, path, adapter)
        yield colony
        for feed in colony.feeds:
            await feed.close()


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
        with pytest.raises(FeedRefused, match="you are viewer here: that needs"):
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


# Questions


async def test_an_answer_is_cleaned_and_an_error_is_one_line(colony: Colony) -> None:
    def answer(topic: str, arguments: Any) -> Answer:
        if topic == "logs":
            return Answer(f"{arguments['pod']} {arguments['previous']}\x1b[2J\n", title="logs")
        if topic == "broken":
            raise ValueError("two\nlines")
        raise Refused(f"no {topic}")

    colony.adapter.answer = answer
    feed = await colony.feed()
    told = await feed.ask("query", Answer, source="main", topic="logs", pod="p", previous=True)
    assert told.text == "p true␛[2J\n"
    with pytest.raises(FeedRefused, match=r"^no yaml$"):
        await feed.ask("query", Answer, source="main", topic="yaml")
    with pytest.raises(FeedRefused, match=r"^query failed in the station: two␊lines; its log"):
        await feed.ask("query", Answer, source="main", topic="broken")
    with pytest.raises(FeedRefused, match="query: Object missing required field source"):
        await feed.ask("query", Answer, topic="yaml")
    with pytest.raises(FeedRefused, match="no topic 'nope' here; there are: query, doctor"):
        await feed.ask("nope")
    assert await feed.ask("action.list", list[ActionInfo]) == []


async def test_a_log_can_be_followed_and_dropped(colony: Colony) -> None:
    asked: list[str] = []

    def answer(topic: str, arguments: Any) -> Answer:
        asked.append(topic)
        return Answer("".join(f"{n}\n" for n in range(len(asked))))

    colony.adapter.answer = answer
    feed = await colony.feed()
    async for text in feed.follow("query", source="main", topic="logs"):
        assert text == "0\n"
        break
    await until(lambda: not any(peer._asks for peer in colony.station.server._peers))
    with pytest.raises(FeedRefused, match="doctor cannot be followed"):
        async for _ in feed.follow("doctor"):
            pass


async def test_a_question_is_cancelled_with_who_asked_it(colony: Colony) -> None:
    cancelled: list[str] = []

    async def never(pod: str) -> Answer:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(pod)
            raise
        return Answer()

    colony.adapter.answer = lambda topic, arguments: never(arguments["pod"])
    feed = await colony.feed()
    asked = asyncio.ensure_future(feed.ask("query", source="main", topic="x", pod="dropped"))
    await until(lambda: any(peer._asks for peer in colony.station.server._peers))
    asked.cancel()
    await until(lambda: cancelled == ["dropped"])

    gone = await colony.raw()
    arguments = {"source": "main", "topic": "x", "pod": "hung up"}
    await gone.say(Hello(VERSION, attended=True), Ask(1, "query", arguments))
    await until(lambda: colony.station.server.connections == 2)
    await until(lambda: sum(bool(peer._asks) for peer in colony.station.server._peers))
    gone.writer.transport.abort()
    await until(lambda: cancelled == ["dropped", "hung up"])


async def test_questions_are_bounded(colony: Colony, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "ASKS", 2)

    async def never() -> Answer:
        await asyncio.Event().wait()
        return Answer()

    colony.adapter.answer = lambda topic, arguments: never()
    raw = await colony.raw()
    arguments = {"source": "main", "topic": "x"}
    await raw.say(Hello(VERSION, attended=True))
    await raw.say(Ask(1, "query", arguments), Ask(1, "query", arguments))
    assert (await raw.reply()).error == "question 1 is open already"
    await raw.say(Ask(2, "query", arguments), Ask(3, "query", arguments))
    reply = await raw.reply()
    assert (reply.id, reply.error) == (3, "more than 2 questions are open; wait")
    await raw.say(Drop(1), Drop(99))
    raw.writer.close()


async def test_doctor_and_status(colony: Colony) -> None:
    feed = await colony.feed(attended=True)
    (found,) = await feed.ask("doctor")
    assert (found["source"], found["check"], found["found"]) == (
        "station",
        "log of actions",
        "good",
    )
    about = await feed.ask("station.status")
    assert about["colony"] == "tycho"
    assert (about["connections"], about["consoles"], about["actions_in_flight"]) == (1, 1, 0)
    assert about["adapters"] == {"main": "starting"}
    assert about["ends_in"] is None


# Deliveries


def collector() -> tuple[list[Parcel], Callable[[Any], None]]:
    got: list[Parcel] = []
    return got, got.extend


async def test_ten_deliveries_a_second_hold_the_newest_and_every_event(tmp_path: Path) -> None:
    clock, adapter = TurnedClock(), Played("main")
    deliveries: list[Any] = []
    async with running(tmp_path, adapter, clock=clock) as (station, path):
        feed = await Feed.connect(path, deliveries.append)
        adapter.put(listed(app("a", ready=0)), listed(scope="events"))
        await until(lambda: len(station.hub.scopes("main")) == 2)
        await feed.want([Interest("App"), Interest("Event")])
        await until(lambda: deliveries)
        for number in range(1, 50):
            adapter.put(
                Batch("apps", (app("a", ready=number),)),
                Batch("events", (event("e", count=number),)),
            )
        await until(lambda: station.hub.of_kind("App")[0].ready == 49)  # type: ignore[attr-defined]
        await feed.ask("action.list")
        assert len(deliveries) == 1
        await clock.turn(peers.INTERVAL)
        await until(lambda: len(deliveries) == 2)
        records = [record for parcel in deliveries[1] for record in parcel.upserts]
        assert [record.ready for record in records if isinstance(record, App)] == [49]
        events = [record.count for record in records if isinstance(record, Event)]
        assert events == list(range(1, 50))
        await feed.close()


async def test_a_console_that_reads_nothing_holds_up_nobody(colony: Colony) -> None:
    slow = await colony.raw()
    await slow.say(Hello(VERSION, attended=True), Want((Interest("App"),)))
    got, deliver = collector()
    feed = await colony.feed(deliver)
    await feed.want([Interest("App")])
    wide = "x" * 500
    for number in range(40):
        colony.adapter.put(listed(*(app(f"a{n}", ready=number, reason=wide) for n in range(500))))
        await asyncio.sleep(0)
    await until(lambda: got and got[-1].upserts and got[-1].upserts[-1].ready == 39)  # type: ignore[union-attr]
    for subscription in colony.station.hub._subscriptions:
        held = subscription._pending.get(("main", "apps"))
        assert held is None or len(held.upserts) <= 500
    slow.writer.transport.abort()


def test_what_is_too_long_for_a_frame_is_sent_in_several() -> None:
    record = app("a", images=tuple("i" * 500 for _ in range(2_000)))
    parcel = Parcel("main", "apps", (record,) * 80, begin=True, end=True)
    sent = list(peers.frames((parcel,)))
    assert len(sent) > 1
    assert all(len(frame) <= LIMIT + 4 for frame in sent)
    parts = [
        part
        for frame in sent
        for part in msgspec.msgpack.decode(frame[4:], type=FromStation).parcels
    ]
    assert sum(len(part.upserts) for part in parts) == 80
    assert [part.begin for part in parts] == [True] + [False] * (len(parts) - 1)
    assert [part.end for part in parts] == [False] * (len(parts) - 1) + [True]


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


def test_an_action_cannot_be_forgotten_by_the_isolation() -> None:
    """Every method of an action that the station calls goes through the adapter's thread."""
    from console.station.isolated import _Action

    for name in Action.__abstractmethods__:
        assert name in vars(_Action)
