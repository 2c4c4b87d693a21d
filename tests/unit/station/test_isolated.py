"""An adapter in its own thread: same answers, same errors, and no neighbour disturbed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping

import pytest
from station_helpers import NoSettings, app, listed, until

from adapters.clock import SystemClock
from adapters.contract import (
    Action,
    Adapter,
    AdapterError,
    Answer,
    Argument,
    Batch,
    ConfigurationError,
    Context,
    Draft,
    Envelope,
    Fate,
    Form,
    Preview,
    Progress,
    Reached,
    Receipt,
    Reconciled,
    Refused,
    Significance,
)
from console.station.hub import Hub
from console.station.isolated import Isolated
from console.station.supervisor import Supervisor
from console.station.threads import AHEAD


class Press(Action):
    """Presses a button."""

    name = "button.press"
    title = "Press"
    significance = Significance.CRITICAL
    arguments = (Argument("app", "which"),)
    applies_to = "App"

    def __init__(self) -> None:
        self.sent = threading.Event()
        self.stopped = threading.Event()

    async def form(self, draft: Draft) -> Form:
        return Form(threading.current_thread().name)

    async def simulate(self, draft: Draft) -> Preview:
        raise Refused("no")

    async def prepare(self, draft: Draft, approved: Preview) -> Envelope:
        return Envelope("x", b"y")

    async def send(self, envelope: Envelope) -> Receipt:
        self.sent.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            self.stopped.set()
        return Receipt("accepted after all")

    async def reconcile(self, envelope: Envelope) -> Reconciled:
        return Reconciled(Fate.SENT, "found")

    async def verify(self, envelope: Envelope, receipt: Receipt) -> AsyncIterator[Progress]:
        yield Progress(Reached.WAITING)
        yield Progress(Reached.VERIFIED)


class Thread(Adapter):
    """Says which thread it runs in."""

    Settings = NoSettings

    def __init__(self) -> None:
        super().__init__("main", NoSettings(), Context())
        self.press = Press()
        self.blocking = threading.Event()
        self.unblock = threading.Event()
        self.yielded = 0
        self.ended = threading.Event()

    async def records(self) -> AsyncIterator[Batch]:
        try:
            for number in range(100):
                self.yielded += 1
                yield listed(app(f"app-{number}"), app(threading.current_thread().name))
        finally:
            self.ended.set()
        raise AdapterError("the cable is cut")

    async def query(self, topic: str, arguments: Mapping[str, str]) -> Answer:
        if topic == "block":
            self.blocking.set()
            self.unblock.wait(30)
        return Answer(text=threading.current_thread().name)

    def actions(self) -> list[Action]:
        return [self.press]


async def test_everything_runs_in_its_own_thread() -> None:
    inner = Thread()
    adapter = Isolated("main", lambda: inner)
    assert (await adapter.query("x", {})).text == "adapter main"
    (action,) = adapter.actions()
    assert (action.name, action.significance, action.applies_to) == (
        "button.press",
        Significance.CRITICAL,
        "App",
    )
    assert (await action.form(Draft("1", "x", {}))).title == "adapter main"
    with pytest.raises(Refused, match="no"):
        await action.simulate(Draft("1", "x", {}))
    envelope = await action.prepare(Draft("1", "x", {}), None)  # type: ignore[arg-type]
    assert (await action.reconcile(envelope)).fate is Fate.SENT
    reached = [p.reached async for p in action.verify(envelope, Receipt(""))]
    assert reached == [Reached.WAITING, Reached.VERIFIED]
    await adapter.close()
    with pytest.raises(RuntimeError, match="closed"):
        await adapter.query("x", {})


async def test_a_stream_comes_in_order_and_ends_with_its_error() -> None:
    adapter = Isolated("main", Thread)
    got = []

    async def read() -> None:
        async for batch in adapter.records():
            got.append(batch.upserts[0].name)
            assert batch.upserts[1].name == "adapter main"

    with pytest.raises(AdapterError, match="the cable is cut"):
        await read()
    assert got == [f"app-{number}" for number in range(100)]
    await adapter.close()


async def test_a_slow_reader_holds_the_writer_up_and_leaving_ends_it() -> None:
    inner = Thread()
    adapter = Isolated("main", lambda: inner)
    stream = adapter.records()
    await anext(stream)
    await until(lambda: inner.yielded >= AHEAD)
    await asyncio.sleep(0.02)
    assert inner.yielded <= AHEAD + 2
    await stream.aclose()  # type: ignore[attr-defined]
    assert inner.ended.is_set()
    await adapter.close()


async def test_who_cancels_a_sending_learns_that_it_answered() -> None:
    inner = Thread()
    adapter = Isolated("main", lambda: inner)
    (action,) = adapter.actions()
    sending = asyncio.ensure_future(action.send(Envelope("x", b"y")))
    await until(inner.press.sent.is_set)
    sending.cancel()
    assert (await sending).detail == "accepted after all"
    assert inner.press.stopped.is_set()
    await adapter.close()


async def test_a_constructor_that_fails_says_so() -> None:
    def make() -> Adapter:
        raise ConfigurationError("port", "is missing")

    with pytest.raises(ConfigurationError, match="port: is missing"):
        Isolated("main", make)


async def test_one_that_blocks_disturbs_no_neighbour() -> None:
    inner = Thread()
    blocked, other = Isolated("blocked", lambda: inner), Isolated("other", Thread)
    clock = SystemClock()
    supervisor = Supervisor({"a": ("t", blocked), "b": ("t", other)}, Hub(clock), clock)
    stuck = asyncio.ensure_future(supervisor.query("a", "block", {}))
    try:
        assert (await supervisor.query("b", "x", {})).text == "adapter other"
        await until(inner.blocking.is_set)
        blocked.blocked()
        assert blocked.blocked() > 0.0
        assert other.blocked() == 0.0
    finally:
        inner.unblock.set()
    assert (await stuck).text == "adapter blocked"
    assert (await supervisor.query("a", "x", {})).text == "adapter blocked"
    assert blocked.blocked() == 0.0
    await supervisor.close()


def test_an_action_cannot_be_forgotten_by_the_isolation() -> None:
    """Every method of an action that the station calls goes through the adapter's thread."""
    from console.station.isolated import _Action

    for name in Action.__abstractmethods__:
        assert name in vars(_Action)
