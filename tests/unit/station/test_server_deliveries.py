"""Deliveries over a real socket: the newest and every event, and who is slow holds up nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from served_colony import Colony, colony
from station_helpers import Played, TurnedClock, app, event, listed, running, until

from adapters.contract import Batch
from adapters.records import App, Event
from console.feed.client import Feed
from console.feed.frames import LIMIT
from console.feed.messages import VERSION, FromStation, Hello, Interest, Parcel, Want
from console.station import peers

__all__ = ["colony"]


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
