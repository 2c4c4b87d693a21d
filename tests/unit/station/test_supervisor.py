"""Supervision: started again after a jittered wait, and no neighbour's worry."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from station_helpers import EPOCH, Played, TurnedClock, app, listed, settle

from adapters.contract import AdapterError, Answer, Batch, Finding, Found, Refused
from adapters.records import AdapterState, AdapterStatus, Key, Scope, ScopeState
from console.station.backoff import CAP, Backoff
from console.station.hub import Hub
from console.station.supervised import SLICE, SLOW_START
from console.station.supervisor import QUERY, Supervisor


class Colony:
    """Two adapters under supervision."""

    def __init__(self, clock: TurnedClock, *adapters: Played) -> None:
        self.clock = clock
        self.hub = Hub(clock)
        self.supervisor = Supervisor(
            {one.name: ("played", one) for one in adapters}, self.hub, clock, seed=1
        )

    def status(self, name: str = "main") -> AdapterStatus:
        record = self.hub.get(Key("station", "AdapterStatus", "", name))
        assert isinstance(record, AdapterStatus)
        return record

    def scope(self, name: str = "apps") -> Scope:
        record = self.hub.get(Key("main", "Scope", "", name))
        assert isinstance(record, Scope)
        return record


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
async def colony(clock: TurnedClock) -> AsyncIterator[Colony]:
    colony = Colony(clock, Played("main", clock), Played("other", clock))
    colony.supervisor.start()
    await settle()
    yield colony
    closing = asyncio.ensure_future(colony.supervisor.close())
    await settle()
    await clock.turn(10)
    await closing


def adapter(colony: Colony, name: str = "main") -> Played:
    found = colony.supervisor.of(name)
    assert isinstance(found, Played)
    return found


async def test_it_is_starting_then_live(colony: Colony) -> None:
    assert colony.status().state is AdapterState.STARTING
    adapter(colony).put(listed(app("a")))
    await settle()
    status = colony.status()
    assert (status.state, status.since, status.last_record_at) == (
        AdapterState.LIVE,
        EPOCH,
        EPOCH,
    )
    assert status.records == 1


async def test_one_that_fails_is_down_and_comes_back(colony: Colony) -> None:
    adapter(colony).put(listed(app("a")), AdapterError("the API server at x refuses: \x1b[31m"))
    await settle()
    status = colony.status()
    assert status.state is AdapterState.DOWN
    assert status.detail == "the API server at x refuses: ␛[31m"
    assert status.retry_at is not None
    assert 0.25 <= status.retry_at - EPOCH <= 0.5
    assert colony.scope().state is ScopeState.STALE
    assert colony.hub.get(Key("main", "App", "life-support", "a")) is not None
    assert colony.status("other").state is AdapterState.STARTING

    await colony.clock.turn(0.5)
    status = colony.status()
    assert (status.state, status.restarts, status.retry_at) == (AdapterState.DOWN, 1, None)
    assert status.detail.startswith("the API server")
    adapter(colony).put(listed(app("a")))
    await settle()
    assert (colony.status().state, colony.status().detail) == (AdapterState.LIVE, "")
    assert colony.scope().state is ScopeState.LIVE


async def test_an_outage_lasts_from_its_beginning_however_often_it_is_tried(
    colony: Colony,
) -> None:
    states = []
    colony.hub.listen(
        lambda change: states.extend(
            one.state
            for one in change.upserts.values()
            if isinstance(one, AdapterStatus) and one.name == "main"
        )
    )
    adapter(colony).put(listed(app("a")), listed(app("p"), scope="pods"), AdapterError("refused"))
    await settle()
    began = colony.clock.now()
    for _ in range(4):
        await colony.clock.turn(CAP)
        adapter(colony).put(AdapterError("refused"))
        await settle()
        status = colony.status()
        assert (status.state, status.since) == (AdapterState.DOWN, began)
        assert status.retry_at is not None
    states.clear()
    await colony.clock.turn(status.retry_at - colony.clock.now() + 0.001)
    adapter(colony).put(listed(app("a")))
    await settle()
    assert colony.status().state is AdapterState.DOWN, "it may still bring the rest"
    adapter(colony).put(listed(app("p"), scope="pods"))
    await settle()
    assert set(states) == {AdapterState.DOWN, AdapterState.LIVE}
    assert colony.status().since == colony.clock.now()


async def test_what_comes_up_in_part_only_is_told_after_a_while(colony: Colony) -> None:
    adapter(colony).put(listed(app("a")), listed(app("p"), scope="pods"), AdapterError("refused"))
    await settle()
    await colony.clock.turn(CAP)
    adapter(colony).put(listed(app("a")))
    await colony.clock.turn(SLOW_START + 1)
    status = colony.status()
    assert (status.state, status.detail) == (AdapterState.DEGRADED, "pods: refused")


@pytest.mark.parametrize(
    ("end", "detail"),
    [
        (None, "ended by itself, which an adapter should not"),
        (ValueError("bad\nvalue"), "ValueError: bad␊value"),
        (KeyError("x"), "KeyError: 'x'"),
        (TimeoutError(), "timed out"),
    ],
)
async def test_every_end_is_said(colony: Colony, end: BaseException | None, detail: str) -> None:
    adapter(colony).put(end)
    await settle()
    assert (colony.status().state, colony.status().detail) == (AdapterState.DOWN, detail)


async def test_the_waits_double_up_to_the_cap_and_begin_again_after_a_good_run(
    colony: Colony,
) -> None:
    waits = []
    for _ in range(9):
        adapter(colony).put(AdapterError("no"))
        await settle()
        retry = colony.status().retry_at
        assert retry is not None
        waits.append(retry - colony.clock.now())
        await colony.clock.turn(waits[-1] + 0.001)
    assert all(wait <= CAP for wait in waits)
    assert waits[-1] >= CAP / 2
    assert waits[:3] == sorted(waits[:3])
    assert colony.status().restarts == 9
    adapter(colony).put(listed(app("a")))
    await colony.clock.turn(CAP + 1)
    adapter(colony).put(AdapterError("no"))
    await settle()
    retry = colony.status().retry_at
    assert retry is not None
    assert retry - colony.clock.now() <= 0.5


def test_the_jitter_is_seeded_and_differs_by_name() -> None:
    def waits(seed: str) -> list[float]:
        backoff = Backoff(seed)
        return [backoff.next() for _ in range(12)]

    assert waits("1/a") == waits("1/a") != waits("1/b")
    assert max(waits("1/a")) <= CAP


async def test_silence_at_the_start_is_said_and_ended(colony: Colony) -> None:
    await colony.clock.turn(15)
    status = colony.status()
    assert status.state is AdapterState.STARTING
    assert status.detail == "nothing heard since its start 10 s ago"
    await colony.clock.turn(45.1)
    assert colony.status().detail == "nothing heard for 60 s since its start"
    await colony.clock.turn(1)
    assert adapter(colony).runs == 2


async def test_some_scopes_make_it_degraded(colony: Colony) -> None:
    adapter(colony).put(
        listed(app("a")),
        Batch("pods", state=ScopeState.DENIED, detail="may not list pods"),
        Batch("bgp", state=ScopeState.ABSENT),
    )
    await settle()
    status = colony.status()
    assert (status.state, status.detail) == (
        AdapterState.DEGRADED,
        "pods: may not list pods",
    )
    adapter(colony).put(Batch("pods"))
    await colony.clock.turn(1)
    assert (colony.status().state, colony.status().detail) == (AdapterState.LIVE, "")


async def test_what_nobody_said_is_no_last_record(colony: Colony) -> None:
    silent = {"state": ScopeState.STALE, "detail": "no answer", "unheard": True}
    adapter(colony).put(Batch("unit 1", (app("made"),), **silent), AdapterError("no answer"))
    await settle()
    status = colony.status()
    assert (status.state, status.last_record_at, status.rate) == (AdapterState.DOWN, None, 0.0)
    assert colony.scope("unit 1").heard is None


async def test_what_all_watches_say_is_said_once(colony: Colony) -> None:
    lost = {"state": ScopeState.STALE, "detail": "no answer in time"}
    for name in ("apps", "pods", "pools"):
        adapter(colony).put(Batch(name))
    for name in ("apps", "pods"):
        adapter(colony).put(Batch(name, **lost))
    await colony.clock.turn(1)
    assert colony.status().detail == "apps, pods: no answer in time"
    adapter(colony).put(Batch("pools", **lost))
    await colony.clock.turn(1)
    assert colony.status().detail == "no answer in time"


async def test_a_silent_watch_degrades_it(colony: Colony) -> None:
    adapter(colony).put(listed(app("a")))
    await settle()
    await colony.clock.turn(182)
    assert colony.status().state is AdapterState.DEGRADED
    assert "nothing heard for 18" in colony.status().detail


async def test_one_that_always_has_a_batch_lets_the_others_run(clock: TurnedClock) -> None:
    class Flood(Played):
        async def records(self) -> AsyncIterator[Batch]:
            number = 0
            while True:
                number += 1
                yield Batch("apps", (app("a", ready=number),))

    colony = Colony(clock, Flood("main", clock), Played("other", clock))
    colony.supervisor.start()
    adapter(colony, "other").put(listed(app("b")))
    await settle()
    assert colony.status("other").state is AdapterState.LIVE
    await colony.supervisor.close()


async def test_a_long_batch_is_taken_in_slices_and_stays_one_snapshot(colony: Colony) -> None:
    adapter(colony).put(listed(app("old")))
    adapter(colony).put(listed(*(app(f"a{n}") for n in range(3 * SLICE + 5))))
    await settle()
    names = {record.name for record in colony.hub.of_kind("App")}
    assert len(names) == 3 * SLICE + 5
    assert "old" not in names


async def test_what_was_left_out_is_said(colony: Colony) -> None:
    adapter(colony).put(listed(app("a"), app("bad", desired="three")))
    await colony.clock.turn(1)
    assert colony.status().detail.startswith("left out: App bad: Expected `int | null`")


async def test_the_status_is_told_on_change_and_at_most_once_a_second(colony: Colony) -> None:
    view = colony.hub.subscribe()
    told = 0
    adapter(colony).put(listed(app("a")))
    await colony.clock.turn(30)
    from console.feed.messages import Interest

    view.want([Interest("AdapterStatus")])
    view.collect()
    for number in range(100):
        adapter(colony).put(Batch("apps", (app("a", ready=number),)))
        await colony.clock.turn(0.05)
        told += sum(len(parcel.upserts) for parcel in view.collect())
    assert 4 <= told <= 6
    assert colony.status().rate > 5


async def test_a_query_has_its_time(colony: Colony) -> None:
    async def never() -> Answer:
        await asyncio.Event().wait()
        return Answer()

    adapter(colony).answer = lambda topic, arguments: never()
    adapter(colony, "other").answer = lambda topic, arguments: Answer("x\x1b\ny", "t\n")
    asked = asyncio.ensure_future(colony.supervisor.query("main", "logs", {}))
    answer = await colony.supervisor.query("other", "logs", {})
    assert (answer.text, answer.title) == ("x␛\ny", "t␊")
    await colony.clock.turn(QUERY + 0.1)
    with pytest.raises(TimeoutError, match="main gave no answer within 20 s"):
        await asked
    with pytest.raises(Refused, match="no adapter is called 'mian'; there are: main, other"):
        await colony.supervisor.query("mian", "logs", {})


async def test_a_log_is_followed_by_asking_again(colony: Colony) -> None:
    texts = iter(["a\nb\n", "a\nb\n", "b\nc\n"])
    adapter(colony).answer = lambda topic, arguments: Answer(next(texts))
    stream = colony.supervisor.follow("main", "logs", {})
    assert await anext(stream) == "a\nb\n"
    more = asyncio.ensure_future(anext(stream))
    await colony.clock.turn(4)
    assert await more == "c\n"
    await stream.aclose()


async def test_a_diagnosis_that_fails_is_a_finding(colony: Colony) -> None:
    adapter(colony).findings = (Finding("reach", Found.GOOD, "v1.34\x1b"),)

    async def broken() -> list[Finding]:
        raise ValueError("oh")

    adapter(colony, "other").diagnose = broken  # type: ignore[method-assign]
    found = await colony.supervisor.diagnose()
    assert [(s, f.found, f.detail) for s, f in found] == [
        ("main", Found.GOOD, "v1.34␛"),
        ("other", Found.BAD, "oh"),
    ]


async def test_trouble_below_is_shown_with_the_adapters_that_stand_on_it(colony: Colony) -> None:
    adapter(colony).put(AdapterError("connection refused"))
    await settle()
    colony.supervisor.trouble("the colony in a box has ended (status 1)", ["main"])
    assert colony.status().detail == (
        "the colony in a box has ended (status 1); connection refused"
    )
    assert colony.status("other").detail == ""


async def test_closing_stops_and_closes_every_adapter(clock: TurnedClock) -> None:
    colony = Colony(clock, Played("main", clock))
    colony.supervisor.start()
    adapter(colony).put(listed(app("a")))
    await settle()
    await colony.supervisor.close()
    assert colony.status().state is AdapterState.STOPPED
    assert adapter(colony).closed
    assert colony.scope().state is ScopeState.STALE
