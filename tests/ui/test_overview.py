"""The overview and the Solar panel with all five domains: to the cell, by key, and dark."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from adapters.records import InverterState, Light, ScopeState
from console.app import ColonyApp
from console.feed.messages import Parcel
from tests.ui import colony_data as colony
from tests.ui.chain_data import chain_parcels
from tests.ui.colony_data import NOW, colony_parcels
from tests.ui.fakes import FakeClock, FakeFeed, FakeStation
from tests.ui.hostile import ATTACKS
from tests.ui.pilot import Open
from tests.ui.solar_data import (
    BATTERIES,
    INVERTERS,
    NORTH,
    PLANTS,
    SOUTH,
    TRENDS,
    solar_parcels,
)
from tests.ui.test_snapshots import pressing

TWO = ((80, 24), (120, 40))
SIZES = ((80, 24), (100, 30), (120, 40), (200, 60))


def whole_colony() -> tuple[Parcel, ...]:
    return (*colony_parcels(), *chain_parcels(), *solar_parcels())


def dark() -> tuple[Parcel, ...]:
    """Return both plants at night: one dark, one on its battery."""
    hours = {"light": Light.NIGHT, "sunrise": NOW + 3.4 * 3600, "sunset": NOW + 15 * 3600}
    plants = (
        replace(PLANTS[0], power=None, answering=0, problems=(), state="night", **hours),
        replace(PLANTS[1], power=0.0, problems=(), state="battery discharging", hours_left=6.2,
                **hours),
    )  # fmt: skip
    asleep = tuple(
        replace(one, power=None, dc_power=None, temperature=None, strings=(), light=Light.NIGHT,
                online=False, state=InverterState.UNKNOWN, error="no answer to Modbus")
        for one in INVERTERS
    )  # fmt: skip
    records = (*plants, *asleep, *BATTERIES, *TRENDS)
    station, *_ = solar_parcels()
    return (
        station,
        *(
            Parcel(name, "devices", tuple(one for one in records if one.source == name),
                   begin=True, end=True)
            for name in (NORTH, SOUTH)
        ),
    )  # fmt: skip


def shown(parcels: Sequence[Parcel]) -> ColonyApp:
    station = FakeStation()
    station.parcels = parcels
    return ColonyApp(station.attach, clock=FakeClock(), fps=0.01, environment={})


@pytest.fixture
def station() -> FakeStation:
    station = FakeStation()
    station.parcels = whole_colony()
    return station


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_five_domains(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    app = shown(whole_colony())
    assert snap_compare(app, terminal_size=size, run_before=pressing())


def nothing_yet() -> tuple[Parcel, ...]:
    return (Parcel("station", "station", (), begin=True, end=True),)


def partly_known() -> tuple[Parcel, ...]:
    """Return a colony of which one watch is stale, one denied, and the rest brought nothing."""
    told = colony.scopes(deployments=ScopeState.STALE, pods=ScopeState.DENIED)
    return (
        Parcel("station", "station", (*told, *colony.ADAPTERS), begin=True, end=True),
        Parcel(colony.SOURCE, "deployments", colony.APPS, begin=True, end=True),
    )


def losing_the_station() -> Callable[[Pilot[Any]], Awaitable[None]]:
    async def before(pilot: Pilot[Any]) -> None:
        await pressing()(pilot)
        assert isinstance(pilot.app, ColonyApp)
        feed = pilot.app.session.link._feed
        assert isinstance(feed, FakeFeed)
        feed.lose()
        await pressing()(pilot)

    return before


@pytest.mark.parametrize("size", TWO, ids=str)
@pytest.mark.parametrize("state", ["nothing", "partly", "lost"])
def test_what_is_not_known(
    snap_compare: Callable[..., bool], state: str, size: tuple[int, int]
) -> None:
    parcels = {"nothing": nothing_yet, "partly": partly_known, "lost": whole_colony}[state]()
    before = losing_the_station() if state == "lost" else pressing()
    assert snap_compare(shown(parcels), terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", TWO, ids=str)
@pytest.mark.parametrize("page", ["solar", "plant", "inverter"])
def test_solar(snap_compare: Callable[..., bool], page: str, size: tuple[int, int]) -> None:
    keys = {"solar": (), "plant": ("enter",), "inverter": ("tab", "tab", "end", "enter")}[page]
    app = shown(whole_colony())
    assert snap_compare(app, terminal_size=size, run_before=pressing("6", *keys))


@pytest.mark.parametrize("size", TWO, ids=str)
def test_solar_at_night(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    app = shown((*colony_parcels(), *chain_parcels(), *dark()))
    assert snap_compare(app, terminal_size=size, run_before=pressing("6"))


@pytest.mark.parametrize("size", [(20, 3), (21, 5), (40, 10), (95, 24), (111, 31), (300, 90)])
async def test_any_size_is_filled_and_nothing_sticks_out(
    open_console: Open, size: tuple[int, int]
) -> None:
    async with open_console(size=size) as console:
        for key in ("1", "6"):
            await console.press(key)
            assert len(console.lines) == size[1]


async def test_what_is_wrong_leads_to_where_it_is(open_console: Open) -> None:
    async with open_console(size=(200, 60)) as console:
        opened = {
            "plant south-rim": "Solar › south-rim",
            "token #4": "#4",
            "▲ pool edge-udp": "edge-udp",
        }
        for thing, title in opened.items():
            page = console.app.screen.panel.focus_target()
            row = next(n for n, line in enumerate(console.lines) if thing in line)
            await console.press("home")
            for _ in range(row - 3):
                await console.press("down")
            assert page.value is not None
            await console.press("enter")
            assert title in console.lines[1], thing
            await console.press("escape")


async def test_the_chart_is_of_the_plant_under_the_cursor(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("6")
        assert "── SOUTH-RIM  3.41 kW" in console.text
        await console.press("down")
        assert "── NORTH-RIM  12.1 kW" in console.text
        await console.press("tab")
        assert "── SOUTH-RIM  3.41 kW" in console.text


async def test_devices_open_and_lead_back(open_console: Open, station: FakeStation) -> None:
    station.texts["yaml"] = "models:\n- ID: 103\n"
    async with open_console() as console:
        await console.press("6", "tab", "tab", "enter")
        assert "Solar › south-rim › HX-S002" in console.lines[1]
        assert "offline since 13:56:12Z: no answer to Modbus" in console.text
        await console.press("y")
        assert "- ID: 103" in console.text
        assert station.of("query")[-1] == {
            "source": "south-rim", "topic": "yaml", "namespace": "south-rim", "name": "HX-S002",
        }  # fmt: skip
        await console.press("escape", "o")
        assert console.app.screen.current.name == "solar"


async def test_filter_and_sort_as_elsewhere(open_console: Open) -> None:
    async with open_console() as console:
        await console.press("6", "slash")
        await console.type("south")
        await console.press("enter")
        assert "4 of 8" in console.lines[1]
        assert "HX-N001" not in console.text
        await console.press("escape", "s")
        assert "sorted by plant" in console.lines[-1]


async def test_noise_repaints_nothing_and_a_fault_everything(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console(size=(120, 40)) as console:
        before = console.app.screen.panel.focus_target().rows
        noisy = replace(PLANTS[0], power=12_103.0, received=NOW + 5)
        station.feed.deliver(Parcel(NORTH, "devices", (noisy,)))
        await console.settle()
        assert console.app.screen.panel.focus_target().rows == before
        lost = replace(PLANTS[0], power=None, answering=0)
        station.feed.deliver(Parcel(NORTH, "devices", (lost,)))
        await console.settle()
        assert "✖ plant north-rim" in console.text
        assert "✖ 1" in console.lines[0]


async def test_a_colony_without_a_plant_says_so(open_console: Open, station: FakeStation) -> None:
    station.parcels = colony_parcels()
    async with open_console() as console:
        assert "no plant is configured" in console.text
        await console.press("6")
        assert "No plant is configured" in console.text
        assert "no plant is known yet" in console.text


async def test_hostile_names_of_plants_reach_no_terminal(
    open_console: Open, station: FakeStation
) -> None:
    """The hub cleans records; what a screen is made of has to stand them all the same."""
    hostile = tuple(
        replace(PLANTS[1], name=f"{number}{attack[:200]}", state=attack[:200], problems=(attack,))
        for number, attack in enumerate(ATTACKS.values())
    )
    devices = tuple(
        replace(INVERTERS[0], namespace=attack[:200], name=attack[:200], events=(attack[:200],),
                manufacturer=attack[:200])
        for attack in ATTACKS.values()
    )  # fmt: skip
    station.parcels = (
        *colony_parcels(),
        Parcel(SOUTH, "devices", (*hostile, *devices), begin=True, end=True),
    )
    async with open_console(size=(120, 40)) as console:
        for key in ("1", "6", "enter", "escape", "tab", "tab", "enter"):
            await console.press(key)
            assert len(console.lines) == 40
