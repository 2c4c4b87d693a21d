"""Why an app is down: w, from wherever one is; the page, and what can be done from it."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from adapters.links import Link, Standing
from adapters.records import AdapterState, App, Health, Pod
from console.app import ColonyApp
from console.feed.answers import Why
from console.feed.client import FeedRefused
from console.screens.detail import DetailScreen
from console.screens.form import FormScreen
from console.screens.logs import LogScreen
from console.screens.why import WhyScreen
from console.screens.why_page import OfFit
from console.screens.why_which import WhichScreen
from console.screens.whying import concerned
from console.store import Store
from tests.ui.colony_data import ADAPTERS, APPS, NOW, PODS
from tests.ui.fakes import FakeClock
from tests.ui.opened import opened
from tests.ui.pilot import Console
from tests.ui.solar_data import solar_parcels
from tests.ui.test_snapshots import Compare, pressing
from tests.ui.why_data import RECORDS, ROUTE, WhyStation

O2 = "tycho:life-support/Deployment/oxygen-generator"


def page(console: Console) -> WhyScreen:
    """Return the page on top."""
    screen = console.app.screen
    assert isinstance(screen, WhyScreen)
    return screen


async def test_one_page_at_80_by_24_answers() -> None:
    station = WhyStation()
    async with opened(station) as console:
        await console.press("2", "w")
        lines = console.lines
        assert station.of("why") == [{"app": O2}]
        assert "Apps › life-support/oxygen-generator › why" in lines[1]
        assert lines[1].rstrip().endswith("live")
        assert lines[2].startswith(" ▲ pods 2 of 3 ready: 1 in ImagePullBackOff")
        assert "broke 13:56:12Z, 6 min ago, by the pods' condition Ready" in console.text
        chain = [line for line in lines if line[1:2] in "╭├╰"]
        assert [line[3:14].split()[1] for line in chain] == [
            "rollout", "pods", "node", "address", "announcer", "token", "owner", "power",
        ]  # fmt: skip
        assert "✖ rollout" in chain[0]
        assert chain[0].endswith("with it")
        assert chain[1].startswith(" ├▶✖ pods")
        assert chain[1].endswith("◀ broke first")
        assert all("─✔" in line for line in chain[2:])
        assert "r roll back to revision 11 (o2-gen:2.3.9, 2 of it ready)" in console.text
        assert "revision 12: o2-gen:2.3.9 → 2.4.1 · repor" in console.text
        assert any("12 s before  rollout" in line for line in lines)
        assert lines[-1].strip().startswith("esc back  enter open  r roll back")


async def test_the_line_of_the_first_broken_link_opens_its_logs() -> None:
    station = WhyStation()
    async with opened(station) as console:
        await console.press("2", "w", "enter")
        screen = console.app.screen
        assert isinstance(screen, LogScreen)
        assert station.of("query")[-1]["pod"] == "oxygen-generator-7d9f-x2x8z"


async def test_r_begins_the_rollback_that_fits() -> None:
    station = WhyStation()
    async with opened(station) as console:
        await console.press("2", "w", "r")
        assert isinstance(console.app.screen, FormScreen)
        asked = station.of("action.form")[-1]
        assert (asked["action"], asked["arguments"]) == ("app.rollback", {"app": O2, "to": "11"})


async def test_enter_on_what_fits_opens_its_form_filled_in() -> None:
    station = WhyStation()
    station.fabric = (ROUTE,)
    async with opened(station) as console:
        await console.press("2", "w", "tab")
        value = page(console).page.value
        assert isinstance(value, OfFit)
        await console.press("enter")
        assert station.of("action.form")[-1]["arguments"] == {"app": O2, "to": "11"}


async def test_enter_on_a_link_and_on_a_change_opens_what_it_is_about() -> None:
    async with opened(WhyStation()) as console:
        await console.press("2", "w", "up", "enter")
        assert isinstance(console.app.screen, DetailScreen)
        await console.press("escape")
        assert isinstance(console.app.screen, WhyScreen)
        await console.press("tab", "tab", "enter")
        assert console.app.screen is not page
        assert not isinstance(console.app.screen, WhyScreen)


async def test_a_link_of_somebody_elses_adapter_joins_without_a_change_here() -> None:
    station = WhyStation()
    well = msgspec.structs.replace(
        APPS[0], health=Health.HEALTHY, ready=3, updated=3, available=3, reason=""
    )
    pods = [one for one in RECORDS if isinstance(one, Pod) and one.state != "Running"]
    revisions = [one for one in RECORDS if one.name.endswith("5b8c")]
    kept = [one for one in RECORDS if one not in (APPS[0], *pods, *revisions)]
    station.records = (well, *kept)
    station.fabric = (ROUTE,)
    async with opened(station) as console:
        await console.press("2", "w")
        chain = [line for line in console.lines if line[1:2] in "╭├╰"]
        names = [line[3:14].split()[1] for line in chain]
        assert names.index("announcer") + 1 == names.index("evpn") == names.index("token") - 1
        assert " ├▶✖ evpn       leaf-2" in console.text
        assert "oxygen-generator is healthy, but evpn leaf-2: withdrew 10.40.1.7/32" in console.text
        assert "broke 14:01:01Z, 1 min ago, by the leaf's own log" in console.text
        assert "5 s before  peer lost" in console.text
        assert "reset the session of leaf-2" in console.text
        await console.press("tab", "enter")
        assert station.of("action.form")[-1] == {"action": "route.reset", "arguments": {}}


@pytest.mark.parametrize(
    ("keys", "of"),
    [
        (("w",), "oxygen-generator"),  # what is wrong now
        (("2", "enter", "w"), "oxygen-generator"),  # the app's page
        (("2", "l", "w"), "oxygen-generator"),  # its logs
        (("2", "y", "w"), "oxygen-generator"),  # its YAML
        (("3", "w"), "beacon"),  # a pool: who waits for an address of it
        (("3", "tab", "w"), "beacon"),  # an address: the one that waits stands first
    ],
)
async def test_w_from_elsewhere(keys: tuple[str, ...], of: str) -> None:
    async with opened(WhyStation()) as console:
        await console.press(*keys)
        assert page(console).subject.name == of


def _stands(store: Store, kind: str, name: str) -> list[str]:
    (key,) = (one for one in store.records(kind) if one.name == name)
    return [one.name for one in concerned(key, store)]


async def test_who_stands_on_what() -> None:
    station = WhyStation()
    station.parcels = (*station.parcels, *solar_parcels())
    async with opened(station) as console:
        await console.press("6")
        store = console.app.session.store
        assert _stands(store, "Plant", "north-rim") == ["oxygen-generator"]
        assert _stands(store, "Pool", "edge-udp") == ["beacon"]
        assert _stands(store, "Pool", "core-tcp") == ["airlock-control"]  # the one not well
        assert _stands(store, "Token", "3") == ["oxygen-generator"]
        assert _stands(store, "Address", "comms-relay") == ["comms-relay"]
        assert _stands(store, "Inverter", "HX-N001") == ["oxygen-generator"]
        assert concerned(None, store) == concerned("overview", store) == []


async def test_of_several_one_is_chosen() -> None:
    station = WhyStation()
    async with opened(station) as console:
        await console.press("4")
        store = console.app.session.store
        found = [one for one in store.every(App) if one.namespace == "comms"]
        console.app.push_screen(WhichScreen(found), lambda key: chosen.append(key))
        chosen: list[Any] = []
        await console.settle()
        assert "2 APPS STAND ON IT" in console.text
        assert "✔ comms/beacon" in console.text
        await console.press("down", "enter")
        assert [one.name for one in chosen] == ["comms-relay"]


async def test_w_where_there_is_no_app_says_so() -> None:
    async with opened(WhyStation()) as console:
        await console.press("8", "w")
        assert "why is asked of an app" in console.text


async def test_it_is_asked_again_when_something_changed_and_not_more_often() -> None:
    station = WhyStation()
    async with opened(station) as console:
        await console.press("2", "w")
        assert len(station.of("why")) == 1
        station.feed.upsert("pods", msgspec.structs.replace(PODS[2], restarts=3))
        await console.settle()
        assert len(station.of("why")) == 1  # within the same second
        station.at = NOW + 1.0
        await console.tick(1.0)
        assert len(station.of("why")) == 2
        await console.tick(5.0)
        assert len(station.of("why")) == 2  # nothing changed
        station.feed.upsert("pods", msgspec.structs.replace(PODS[2], name="x", app="beacon"))
        await console.tick(1.0)
        assert len(station.of("why")) == 2  # that is of another
        busy = msgspec.structs.replace(ADAPTERS[0], rate=9.0, last_record_at=NOW + 9)
        station.feed.upsert("station", busy)
        await console.tick(1.0)
        assert len(station.of("why")) == 2  # nor is that an adapter brings something
        down = msgspec.structs.replace(busy, state=AdapterState.DOWN)
        station.feed.upsert("station", down)
        await console.tick(1.0)
        assert len(station.of("why")) == 3
        await console.tick(10.0)
        assert len(station.of("why")) == 4  # nodes are not watched


async def test_it_says_how_old_it_is_and_why_there_is_no_newer() -> None:
    station = WhyStation()
    async with opened(station) as console:
        await console.press("2", "w")

        station.refuses("why", "tycho gave no answer")
        await console.tick(30.0)
        assert "tycho gave no answer · asked 30 s ago" in console.lines[1]
        assert "✖ pods" in console.text


async def test_before_the_first_answer_and_without_any() -> None:
    station = WhyStation()
    held = asyncio.Event()

    async def slow() -> Why:
        await held.wait()
        raise FeedRefused("no app is called so")

    station.answers["why"] = lambda arguments: slow()
    async with opened(station) as console:
        await console.press("2", "w")
        assert "asking every adapter what life-support/oxygen-generator stands on" in console.text
        await console.tick(3.0)
        assert "for 3 s" in console.text
        held.set()
        await console.settle()
        assert "why life-support/oxygen-generator is down is not known" in console.text
        assert "no app is called so" in console.text


async def test_who_may_only_look_on_is_offered_nothing() -> None:
    station = WhyStation(mode="READ-ONLY")
    async with opened(station) as console:
        await console.press("2", "w")
        assert "you may only look on here" in console.text
        await console.press("tab", "r")
        assert isinstance(console.app.screen, WhyScreen)
        assert not station.of("action.form")


async def test_what_it_is_about_may_be_gone() -> None:
    station = WhyStation()
    async with opened(station) as console:
        await console.press("2", "w")
        gone = Link("volume", 250, "pv-1", Standing.BROKEN, "detached", source="fabric")
        station.fabric = (gone,)
        await console.tick(11.0)
        page(console).page.stand_on(("volume", "fabric", "pv-1"))
        await console.press("enter")
        assert "there is nothing to open for it here" in console.text


def _station(case: str) -> WhyStation:
    station = WhyStation()
    if case == "fabric":
        station.fabric = (ROUTE,)
    return station


KEYS = {"stuck": ("2", "w"), "fabric": ("2", "w"), "pending": ("3", "w")}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
@pytest.mark.parametrize("case", KEYS)
def test_why_page(snap_compare: Compare, case: str, size: tuple[int, int]) -> None:
    app = ColonyApp(_station(case).attach, clock=FakeClock(), fps=0.01, environment={})
    assert snap_compare(app, terminal_size=size, run_before=pressing(*KEYS[case]))
