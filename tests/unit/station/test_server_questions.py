"""Questions over a real socket: answered, followed, dropped, cancelled and bounded."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from served_colony import Colony, colony
from station_helpers import until

from adapters.contract import Answer, Refused
from console.feed.answers import ActionInfo
from console.feed.client import FeedRefused
from console.feed.messages import VERSION, Ask, Drop, Hello
from console.station import peers

__all__ = ["colony"]


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
