"""The power of an app's site: what of a plant is a failure of it, and what is only night."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.contract import Standing
from adapters.links import Link, first_broken
from adapters.records import App, Battery, Inverter, Light, Plant
from adapters.sunspec.links import links
from tests.known_world import KnownWorld

NOW = 1_900_000_000.0
GOOD, DEGRADED = Standing.GOOD, Standing.DEGRADED
BROKEN, UNKNOWN = Standing.BROKEN, Standing.UNKNOWN


def plant(**more: Any) -> Plant:
    values: dict[str, Any] = {
        "source": "north", "name": "north-rim", "site": "north-rim", "light": Light.DAY,
        "power": 12_300.0, "devices": 3, "answering": 3,
    }  # fmt: skip
    return Plant(**(values | more))


def app(site: str = "north-rim") -> App:
    return App(source="tycho", namespace="life-support", name="o2", site=site)


CASES: dict[str, tuple[dict[str, Any], Standing, str]] = {
    "it yields": ({}, GOOD, "12.3 kW"),
    "it charges": (
        {"charge": 61.0, "battery_power": -4_200.0}, GOOD, "12.3 kW, battery 61%, taking 4.2 kW",
    ),
    "night with a battery": (
        {"light": Light.NIGHT, "power": 0.0, "charge": 81.0, "battery_power": 900.0,
         "hours_left": 9.0},
        GOOD, "expected dark, battery 81%, giving 900 W for 9.0 h more",
    ),
    "night, and nothing answers": (
        {"light": Light.NIGHT, "power": None, "answering": 0}, UNKNOWN, "expected dark",
    ),
    "nothing answers by day": ({"power": None, "answering": 0}, BROKEN, "dark: none of 3"),
    "nothing answers, and nobody knows the hour": (
        {"light": Light.UNKNOWN, "power": None, "answering": 0}, UNKNOWN, "not known",
    ),
    "nothing answered ever": ({"devices": 0, "answering": 0}, UNKNOWN, "no device"),
    "the battery is empty": (
        {"charge": 8.0, "battery_power": 300.0, "light": Light.NIGHT, "power": 0.0}, BROKEN, "8%",
    ),
    "it is empty and charges": ({"charge": 8.0, "battery_power": -300.0}, GOOD, "taking 300 W"),
    "it is empty within half an hour": (
        {"charge": 30.0, "battery_power": 9_000.0, "hours_left": 0.4}, BROKEN, "0.4 h",
    ),
    "what the plant itself calls a problem": (
        {"problems": ("battery low",), "charge": 20.0, "battery_power": 100.0},
        DEGRADED, "battery low, 12.3 kW",
    ),
    "one device is silent": ({"answering": 2}, DEGRADED, "1 of 3 devices silent"),
    "one is silent at night": (
        {"answering": 2, "light": Light.NIGHT, "power": 0.0, "charge": 70.0}, GOOD, "expected dark",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_how_power_stands(case: str) -> None:
    more, standing, words = CASES[case]
    (link,) = links("north", app(), KnownWorld(plant(**more), now=NOW))
    assert (link.name, link.thing, link.standing) == ("power", "north-rim", standing)
    assert words in link.words


def test_only_the_plant_of_the_apps_site_is_told() -> None:
    world = KnownWorld(plant(), plant(source="south", name="south-rim", site="south-rim"))
    assert [one.thing for one in links("north", app(), world)] == ["north-rim"]
    assert links("south", app(), world) == []
    assert links("north", app(""), world) == ()


def test_a_plant_that_went_dark_is_why_all_above_it_fails_and_since_when() -> None:
    silent = (
        Inverter(source="north", namespace="north-rim", name="i1", online=False, at=NOW - 130,
                 error="no answer"),
        Battery(source="north", namespace="north-rim", name="b1", online=False, at=NOW - 120),
        Inverter(source="north", namespace="elsewhere", name="i9", online=False, at=NOW),
    )  # fmt: skip
    world = KnownWorld(plant(power=None, answering=0), *silent, now=NOW)
    (power,) = links("north", app(), world)
    assert power.silent
    assert (power.since, power.known) == (NOW - 120, "the last answer of its devices")
    assert [one.words for one in power.changes] == ["inverter i1: no answer", "battery b1"]
    above = [
        Link("pods", 200, "pods", BROKEN),
        Link("node", 300, "relay-1", BROKEN),
        power,
    ]
    assert first_broken(above) == 2


def test_silence_at_night_is_no_news() -> None:
    dark = Inverter(source="north", namespace="north-rim", name="i1", online=False, at=NOW - 10)
    world = KnownWorld(plant(light=Light.NIGHT, power=0.0, answering=2), dark)
    assert links("north", app(), world)[0].changes == ()
