"""The topic why: links of several adapters put together, whatever one of them does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from itertools import count, repeat
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from station_helpers import EPOCH, Played, TurnedClock, app, event, listed, running, settle, until

from adapters.clock import SystemClock
from adapters.contract import AdapterError, Batch, Changed, Fit, Link, Standing, World
from adapters.links import PLACES
from adapters.records import (
    ActionState,
    ActionStatus,
    App,
    Event,
    Health,
    Key,
    Quality,
    Record,
    ScopeState,
    StageTime,
)
from console.feed.answers import Why
from console.feed.client import Feed, FeedRefused
from console.station import why
from console.station.isolated import Isolated
from console.station.supervisor import LINKS
from tests.known_world import KnownWorld

GOOD, BROKEN, UNKNOWN = Standing.GOOD, Standing.BROKEN, Standing.UNKNOWN


class Telling(Played):
    """An adapter that says what an app stands on, as a test has it."""

    def __init__(self, name: str, told: Callable[[App, World], Any], **more: Any) -> None:
        super().__init__(name, **more)
        self.told = told

    async def links(self, app: App, world: World) -> Sequence[Link]:
        found: Any = self.told(app, world)
        return cast("Sequence[Link]", await found if asyncio.iscoroutine(found) else found)


def link(name: str, standing: Standing = GOOD, **more: Any) -> Link:
    place = more.pop("place", PLACES.get(name, 0))
    return Link(name, place, f"the {name}", standing, **more)


def fresh(record: Record) -> tuple[Quality, float | None]:
    return Quality.FRESH, None


O2 = App(source="main", namespace="life-support", name="o2", health=Health.DEGRADED, ready=1,
         desired=2)  # fmt: skip


def answered(*links: Link, records: Sequence[Record] = (), offered: Sequence[str] = ()) -> Why:
    world = KnownWorld(O2, *records, now=EPOCH)
    return why.answer(O2, [("main", links)], world, fresh, offered)


async def test_an_adapter_of_somebody_elses_adds_a_link_between_two_others(tmp_path: Path) -> None:
    """Nothing here, and nothing in the console, knows of a route or of a certificate."""
    cluster = Telling("main", lambda app, world: [link("announcer"), link("rollout", BROKEN)])
    chain = Telling("chain", lambda app, world: [link("token")])
    fabric = Telling(
        "fabric",
        lambda app, world: [
            Link("evpn", 520, f"leaf of {app.name}", BROKEN, "withdrawn", since=EPOCH - 60),
            Link("mtls", 710, "cert", Standing.DEGRADED, "ends in 2 d"),
        ],
    )
    async with running(tmp_path, cluster, chain, fabric, clock=SystemClock()) as (_, path):
        cluster.put(listed(app("o2", health=Health.FAILED)))
        feed = await Feed.connect(path)
        found: Why = await _until_known(feed)
        await feed.close()
    assert [(one.name, one.source) for one in found.links] == [
        ("rollout", "main"), ("announcer", "main"), ("evpn", "fabric"), ("token", "chain"),
        ("mtls", "fabric"),
    ]  # fmt: skip
    assert found.broken == 0
    assert found.app.name == "o2"


async def _until_known(feed: Feed) -> Why:
    for _ in range(500):
        try:
            return await feed.ask("why", Why, app="life-support/o2")
        except FeedRefused:
            await asyncio.sleep(0.002)
    raise AssertionError("the app was not known in time")


async def test_one_that_fails_or_is_late_is_a_link_of_which_nothing_is_known(
    tmp_path: Path,
) -> None:
    def fails(app: App, world: World) -> Any:
        raise ValueError("a\x1b[31mb")

    def refuses(app: App, world: World) -> Any:
        raise AdapterError("main: the server is gone")

    async def never(app: App, world: World) -> Any:
        await asyncio.Event().wait()

    clock = TurnedClock()
    good = Telling("good", lambda app, world: [link("pods")], clock=clock)
    others = [Telling("bad", fails), Telling("gone", refuses), Telling("late", never)]
    async with running(tmp_path, good, *others, clock=clock) as (station, _):
        good.put(listed(app("o2")))
        await until(lambda: station.hub.of_kind("App"))
        asked = asyncio.ensure_future(station.why("life-support/o2"))
        await settle()
        await clock.turn(LINKS)
        found = await asked
    assert [(one.name, one.standing, one.words) for one in found.links] == [
        ("pods", GOOD, ""),
        ("bad", UNKNOWN, "a␛[31mb"),
        ("gone", UNKNOWN, "main: the server is gone"),
        ("late", UNKNOWN, "late gave no answer within 4 s"),
    ]
    assert found.broken is None


async def test_what_is_about_a_stale_record_is_not_known(tmp_path: Path) -> None:
    key = Key("main", "App", "life-support", "o2")
    fits = (Fit("app.rollback", "back"),)
    stuck = link("rollout", BROKEN, words="stuck", key=key, actions=fits)
    told = Telling("main", lambda app, world: [stuck])
    clock = TurnedClock()
    async with running(tmp_path, told, clock=clock) as (station, _):
        told.put(listed(app("o2")))
        await until(lambda: station.hub.of_kind("App"))
        assert (await station.why("life-support/o2")).broken == 0
        told.put(Batch("apps", state=ScopeState.STALE, detail="connection refused"))
        await until(lambda: station.hub.scopes("main")[0].state is ScopeState.STALE)
        found = await station.why("life-support/o2")
    (only,) = found.links
    assert (only.standing, only.actions) == (UNKNOWN, ())
    assert only.words == "stale; last known: broken, stuck"
    assert only.since == EPOCH
    assert found.broken is None


async def test_it_goes_through_the_thread_of_an_adapter(tmp_path: Path) -> None:
    seen: list[list[str]] = []

    def told(app: App, world: World) -> Any:
        seen.append([one.name for one in world.of_kind(Event)])
        assert world.get(app.key) == app
        return [link("pods", words=str(len(world.of_kind(App, "main"))))]

    made: list[Telling] = []

    def make() -> Telling:
        made.append(Telling("main", told))
        return made[0]

    isolated = Isolated("main", make)
    async with running(tmp_path, isolated, clock=SystemClock()) as (station, _):
        isolated._elsewhere.soon(
            lambda: made[0].put(listed(app("o2"), app("co2")), listed(event("e1"), scope="events"))
        )
        await until(lambda: station.hub.of_kind("App") and station.hub.latest("Event"))
        found = await station.why("life-support/o2")
    assert found.links[0].words == "2"
    assert seen == [["e1"]]


async def test_an_app_that_is_not_known_is_refused_with_what_it_may_be(tmp_path: Path) -> None:
    told = Telling("main", lambda app, world: [])
    async with running(tmp_path, told, clock=SystemClock()) as (station, path):
        told.put(listed(app("o2-generator")))
        await until(lambda: station.hub.of_kind("App"))
        feed = await Feed.connect(path)
        with pytest.raises(FeedRefused, match="did you mean life-support/o2-generator"):
            await feed.ask("why", Why, app="life-support/o2-generatr")
        await feed.close()


# What it comes to


def test_that_nothing_is_heard_of_a_thing_is_no_doubt_of_it() -> None:
    def stale(record: Record) -> tuple[Quality, float | None]:
        return Quality.STALE, EPOCH - 30

    dark = link("power", BROKEN, words="dark", key=O2.key, silent=True)
    well = link("pods", key=O2.key)
    found = why.answer(O2, [("main", (well, dark))], KnownWorld(O2, now=EPOCH), stale, ())
    assert [one.standing for one in found.links] == [UNKNOWN, BROKEN]
    assert found.broken == 1


def test_when_it_broke_is_what_the_first_broken_link_says() -> None:
    node = link("node", BROKEN, since=EPOCH - 90, known="its condition Ready")
    found = answered(link("pods", BROKEN, since=EPOCH - 60), node)
    assert (found.links[found.broken or 0].name, found.since, found.known) == (
        "node", EPOCH - 90, "its condition Ready",
    )  # fmt: skip
    assert found.explains == (0,)
    unknown = answered(link("pods", BROKEN, known="nobody knows"))
    assert (unknown.since, unknown.known) == (None, "")


def test_what_changed_before_it_broke_is_told_and_what_came_after_is_not() -> None:
    changes = (
        Changed(EPOCH - 300, "rollout", "revision 12"),
        Changed(EPOCH - 61, "Scheduled", "at the moment", seen=True),
        Changed(EPOCH - 60, "Named", "at the moment"),
        Changed(EPOCH - 30, "Failed", "after"),
        Changed(EPOCH - 900, "Transfer", "long before"),
    )
    found = answered(link("pods", BROKEN, since=EPOCH - 60, changes=changes))
    assert [one.what for one in found.changes] == ["Named", "Scheduled", "rollout", "Transfer"]
    anytime = answered(link("pods", BROKEN, changes=changes))
    assert anytime.changes[0].what == "Failed"


def _action(state: ActionState, **more: Any) -> ActionStatus:
    values: dict[str, Any] = {
        "source": "station", "name": "a81", "action": "app.scale", "title": "Scale o2 to 2",
        "target": "life-support/o2", "state": state, "actor": "ana", "outcome": "2 of 2 ready",
        "stages": (StageTime(ActionState.DRAFT, EPOCH - 200),
                   StageTime(ActionState.SUBMITTED, EPOCH - 150)),
    }  # fmt: skip
    return ActionStatus(**(values | more))


def test_what_operators_did_to_it_is_among_what_changed() -> None:
    other = _action(ActionState.VERIFIED, name="a82", target="life-support/co2")
    not_sent = _action(ActionState.CANCELLED, name="a83")
    records = (_action(ActionState.VERIFIED), other, not_sent)
    (one,) = answered(link("pods"), records=records).changes
    assert (one.what, one.who, one.at) == ("action", "ana", EPOCH - 150)
    assert one.words == "Scale o2 to 2 · verified: 2 of 2 ready"


def test_only_actions_that_are_offered_fit_the_likeliest_first() -> None:
    back, call = Fit("app.rollback", "back"), Fit("contract.call", "rename")
    links = (
        link("rollout", BROKEN, actions=(back, Fit("app.explode", "no"))),
        link("pods", BROKEN, actions=(back,), begins=True),
        link("token", Standing.DEGRADED, actions=(call,)),
        link("owner", actions=(Fit("contract.call", "of a good link"),)),
    )
    found = answered(*links, offered=("app.rollback", "contract.call"))
    assert found.actions == (back, call)
    assert answered(*links).actions == ()


def test_what_an_adapter_says_is_cleaned_and_bounded() -> None:
    evil = "\x1b]0;x\x07\u202e" + "y" * 5_000
    changes = tuple(Changed(float(n), evil, evil, evil) for n in range(500))
    fits = tuple(Fit(evil, evil, (("a", evil),)) for _ in range(50))
    hostile = Link(
        evil, 5, evil, BROKEN, evil, (evil,) * 50, None, evil, Key(*[evil] * 4),
        because=(evil,) * 500, changes=changes, actions=(*fits, Fit("x", "y")),
    )  # fmt: skip
    found = answered(*[hostile] * 200)
    assert len(found.links) == why.LINKS + 1
    assert found.links[-1].thing == "adapter main"
    assert "more than 24 links" in found.links[-1].words
    one = found.links[0]
    assert len(one.words) == why.LONGEST
    assert len(one.details) == why.DETAILS
    assert len(one.changes) == why.CHANGES
    assert [fit.action for fit in one.actions] == ["x"]  # a cut argument is another argument
    for text in (one.name, one.thing, one.words, one.known, *(one.key or ()), one.changes[0].who):
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_what_is_no_link_is_one_of_which_nothing_is_known() -> None:
    wrong: list[Any] = [
        None,
        Link("pods", 200, None, BROKEN),  # type: ignore[arg-type]
        Link("pods", float("nan"), "pods", BROKEN),  # type: ignore[arg-type]
        Link("pods", 200, "pods", "on fire"),  # type: ignore[arg-type]
    ]
    for one in wrong:
        found = answered(link("node"), one)
        assert [each.standing for each in found.links] == [GOOD, UNKNOWN]
        assert "no link" in found.links[1].words
        assert found.broken is None


def test_what_has_no_end_or_fits_no_message_ends_and_fits() -> None:
    endless = Link(
        "pods", 10**30, "pods", BROKEN, because=("pods", *["x"] * 100),
        details=count(),  # type: ignore[arg-type]
        changes=repeat(Changed(EPOCH - 5, "x", seen="yes")),  # type: ignore[arg-type]
        actions=repeat(Fit("x", "y", (("a", "b"),) * 1_000)),  # type: ignore[arg-type]
    )  # fmt: skip
    wrong = answered(link("node"), endless)
    assert [one.standing for one in wrong.links] == [GOOD, UNKNOWN]
    texts = msgspec.structs.replace(endless, details=repeat("line"))
    found = answered(link("node"), texts)
    assert found.links[1].standing is BROKEN
    assert found.actions == ()
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Why) == found


def test_links_that_explain_each_other_come_to_an_end() -> None:
    ring = [
        link(f"l{number}", BROKEN, place=number, because=(f"l{(number + 1) % 20}",))
        for number in range(20)
    ]
    assert answered(*ring).broken is not None


class Raises:
    """What raises whatever it is asked."""

    def __getattr__(self, name: str) -> Any:
        raise RecursionError(name)


async def test_an_adapter_that_says_more_than_anybody_reads_is_named(tmp_path: Path) -> None:
    def made(app: App, world: World) -> Any:
        return map(link, repeat("node"))

    nothing = Telling("wrong", lambda app, world: 7)
    odd = Telling("odd", lambda app, world: [Raises()])
    endless = Isolated("endless", lambda: Telling("endless", made))
    good = Telling("good", lambda app, world: [link("pods", BROKEN)])
    others = (endless, nothing, odd, Telling("many", made))
    async with running(tmp_path, good, *others, clock=SystemClock()) as (station, _):
        good.put(listed(app("o2")))
        await until(lambda: station.hub.of_kind("App"))
        found = await station.why("life-support/o2")
    assert found.broken == 0
    assert len(found.links) == 1 + 2 * (why.LINKS + 1) + 2
    named = {one.thing for one in found.links if one.standing is UNKNOWN}
    assert named == {f"adapter {name}" for name in ("endless", "wrong", "odd", "many")}


def test_a_moment_that_no_clock_has_is_none() -> None:
    nan, never = float("nan"), float("inf")
    changes = (Changed(nan, "a"), Changed(-never, "b"), Changed(EPOCH - 5, "c"))
    found = answered(link("pods", BROKEN, since=nan, changes=changes))
    assert found.since is None
    assert [one.what for one in found.changes] == ["c"]


def test_without_any_link_nothing_is_made_up() -> None:
    found = answered()
    assert (found.links, found.broken, found.changes, found.actions) == ((), None, (), ())
