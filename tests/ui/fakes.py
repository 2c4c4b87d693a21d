"""A station that is not there: a feed that a test fills and questions that it answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from adapters.contract import Answer, Change, Field, Form, Option, Preview
from adapters.records import ActionState, ActionStatus, StageTime
from console.feed.answers import ActionPage, Simulated
from console.feed.client import FeedClosed, FeedRefused
from console.feed.messages import Interest, Parcel, Welcome
from console.link import OnClose, OnDeliver, OnProgress
from tests.ui.colony_data import NOW, colony_parcels


class FakeClock:
    """A clock that a test turns. Sleeping is a matter of turning it far enough."""

    def __init__(self, now: float = NOW) -> None:
        self._now = now
        self._monotonic = 1000.0
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def now(self) -> float:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        over = asyncio.Event()
        self._sleepers.append((self._monotonic + seconds, over))
        await over.wait()

    def turn(self, seconds: float) -> None:
        """Let *seconds* pass."""
        self._now += seconds
        self._monotonic += seconds
        for until, over in self._sleepers:
            if until <= self._monotonic:
                over.set()


def preview(**more: Any) -> Preview:
    """Return what a rollback of oxygen-generator to revision 11 would do."""
    values: dict[str, Any] = {
        "title": "Roll life-support/oxygen-generator back to revision 11",
        "simulated_by": "server dry run",
        "binds": {"uid": "uid-oxygen-generator", "to": "11"},
        "outcome": "0" * 64,
        "changes": (
            Change("image", "colony/o2-gen:2.4.1", "colony/o2-gen:2.3.9"),
            Change("env PRESSURE_UNIT", "kPa", None),
        ),
        "unchanged": ("command", "resources", "probes"),
        "touches": ("3 pods on 2 nodes", "address 10.40.1.7 UDP 5004, TCP 8443"),
        "warnings": ("Argo CD owns this Deployment and will undo the rollback",),
        "command": "kubectl -n life-support rollout undo deployment/oxygen-generator"
        " --to-revision=11",
        "confirm": "oxygen-generator",
        "undo": {"app": "tycho:life-support/Deployment/oxygen-generator", "to": "12"},
    }
    return Preview(**(values | more))


FORM = Form(
    title="Roll life-support/oxygen-generator back",
    fields=(
        Field(
            name="to",
            label="Revision",
            help="the revision whose template is put back",
            default="11",
            options=(
                Option("12", "12  colony/o2-gen:2.4.1", "6 min, report pressure in kPa", True),
                Option("11", "11  colony/o2-gen:2.3.9", "3 d, membrane fix"),
                Option("10", "10  colony/o2-gen:2.3.7", "20 d"),
            ),
        ),
    ),
    notes=(),
)


class FakeStation:
    """Attaches as often as it is asked to, and answers. `asked` is what it was asked."""

    def __init__(self, *, mode: str = "DEMO", production: bool = False) -> None:
        self.welcome = Welcome(
            version=1, colony="tycho", mode=mode, who="ops-1@relay-2", role="operator",
            epoch=0.0, zero=-1.0, pid=1, started_at=NOW - 7200, digest="d", production=production,
        )  # fmt: skip
        self.parcels: Sequence[Parcel] = colony_parcels()
        self.feeds: list[FakeFeed] = []
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.refuse: Exception | None = None
        self.hold: asyncio.Event | None = None
        self.preview = preview()
        self.form = FORM
        self.answers: dict[str, Callable[[dict[str, Any]], Any]] = {}
        self.texts: dict[str, str] = {
            "logs": "14:00:01Z o2-gen starting\n14:00:02Z pressure 101.3 kPa\n14:00:03Z ready\n",
            "yaml": "kind: Deployment\nmetadata:\n  name: oxygen-generator\n",
        }

    def refuses(self, topic: str, why: str) -> None:
        """Answer *topic* with no from now on, and say *why*."""

        def refuse(arguments: dict[str, Any]) -> None:
            raise FeedRefused(why)

        self.answers[topic] = refuse

    async def attach(
        self, on_deliver: OnDeliver, on_close: OnClose, on_progress: OnProgress
    ) -> FakeFeed:
        on_progress("starting the station")
        if self.hold is not None:
            await self.hold.wait()
        if self.refuse is not None:
            raise self.refuse
        feed = FakeFeed(self, on_deliver, on_close)
        self.feeds.append(feed)
        return feed

    @property
    def feed(self) -> FakeFeed:
        """The feed of the console that is attached now."""
        return self.feeds[-1]

    def of(self, topic: str) -> list[dict[str, Any]]:
        """Return the arguments of every question on *topic*."""
        return [arguments for asked, arguments in self.asked if asked == topic]

    def status(self, state: ActionState, **more: Any) -> ActionStatus:
        """Return the status of the action a81 in *state*."""
        order = list(ActionState)[:7]
        until = order.index(state) + 1 if state in order else 3
        stages = [StageTime(one, NOW + n) for n, one in enumerate(order[:until])]
        if state not in order:
            stages.append(StageTime(state, NOW + until))
        values: dict[str, Any] = {
            "source": "station", "name": "a81", "action": "app.rollback",
            "title": "oxygen-generator → rev 11", "target": "life-support/oxygen-generator",
            "arguments": (("app", "tycho:life-support/Deployment/oxygen-generator"), ("to", "11")),
            "state": state, "stages": tuple(stages), "significance": str(self.preview.significance),
            "actor": "ops-1", "digest": "7fc29d" + "0" * 58, "code": "7F-C2-9D", "received": NOW,
        }  # fmt: skip
        return ActionStatus(**(values | more))

    def become(self, state: ActionState, **more: Any) -> ActionStatus:
        """Let the action a81 be in *state*, and tell the console."""
        status = self.status(state, **more)
        self.feed.upsert("station", status)
        return status

    def reply(self, topic: str, arguments: dict[str, Any]) -> Any:
        """Return the answer to a question, or raise it."""
        if topic in self.answers:
            return self.answers[topic](arguments)
        match topic:
            case "action.form":
                return self.form
            case "action.simulate":
                self.feed.upsert("station", self.status(ActionState.SIMULATED))
                return Simulated("a81", self.preview, "7fc29d" + "0" * 58, "7F-C2-9D")
            case "action.approve":
                return self.become(ActionState.APPROVED)
            case "action.cancel":
                return self.become(ActionState.CANCELLED, outcome="cancelled by ops-1")
            case "action.show":
                record = next(
                    one
                    for parcel in self.parcels
                    for one in parcel.upserts
                    if isinstance(one, ActionStatus) and one.name == arguments["id"]
                )
                return ActionPage(record, self.preview)
            case "query":
                return Answer(self.texts[arguments["topic"]], title="text")
        raise FeedRefused(f"{topic}: no such topic")


class FakeFeed:
    """One connection to a `FakeStation`."""

    def __init__(self, station: FakeStation, on_deliver: OnDeliver, on_close: OnClose) -> None:
        self.station = station
        self.welcome = station.welcome
        self.started = True
        self.wanted: tuple[Interest, ...] = ()
        self.closed_with: bool | None = None
        self._on_deliver = on_deliver
        self._on_close = on_close
        self.followed: list[asyncio.Queue[str | None]] = []

    async def want(self, interests: Sequence[Interest]) -> None:
        """Send whole each scope in which *interests* has something new, as a station does."""
        kinds = {one.kind for one in interests if one not in self.wanted}
        self.wanted = tuple(interests)
        wanted = {one.kind for one in interests}
        self.deliver(
            *(
                Parcel(
                    parcel.source,
                    parcel.scope,
                    tuple(one for one in parcel.upserts if one.kind in wanted),
                    begin=True,
                    end=True,
                )
                for parcel in self.station.parcels
                if kinds & {one.kind for one in parcel.upserts}
            )
        )

    async def ask(self, topic: str, answer: Any = Any, /, **arguments: Any) -> Any:
        self.station.asked.append((topic, arguments))
        await asyncio.sleep(0)
        found = self.station.reply(topic, arguments)
        if asyncio.isfuture(found) or asyncio.iscoroutine(found):
            return await found
        return found

    async def follow(self, topic: str, /, **arguments: Any) -> AsyncIterator[str]:
        self.station.asked.append((topic, arguments))
        yield self.station.texts[arguments["topic"]]
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self.followed.append(queue)
        while (text := await queue.get()) is not None:
            yield text

    async def close(self, *, end: bool = False) -> None:
        self.closed_with = end

    def deliver(self, *parcels: Parcel) -> None:
        """Send *parcels* to the console."""
        self._on_deliver(parcels)

    def upsert(self, scope: str, *records: Any) -> None:
        """Send *records* of *scope*."""
        source = "station" if scope == "station" else "tycho"
        self.deliver(Parcel(source, scope, records))

    def lose(self, reason: str = "the station closed the connection") -> None:
        """Break the connection."""
        self._on_close(reason)


__all__ = ["FORM", "FakeClock", "FakeFeed", "FakeStation", "FeedClosed", "preview"]
