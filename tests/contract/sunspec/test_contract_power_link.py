"""The power of a site as a link, over the box's server and an independent one."""

from __future__ import annotations

import msgspec

from adapters.contract import Link, Standing
from adapters.records import App
from tests.contract.sunspec.backend import Backend
from tests.contract.sunspec.conftest import OPENING, Begin
from tests.contract.sunspec.driving import Drive, TurnedClock
from tests.known_world import KnownWorld

NIGHT = OPENING + 14 * 3600.0
APP = App(source="tycho", namespace="life-support", name="o2", site="rim")


async def _power(drive: Drive, clock: TurnedClock) -> Link:
    # The station fills in the source; a record of an adapter comes without.
    records = [
        msgspec.structs.replace(one, source="rim")
        for held in drive.held.values()
        for one in held.values()
    ]
    (link,) = await drive.adapter.links(APP, KnownWorld(*records, now=clock.now()))
    return link


async def test_a_plant_that_yields_and_then_goes_dark(
    begin: Begin, backend: Backend, clock: TurnedClock
) -> None:
    drive = await begin(1)
    await drive.round()
    link = await _power(drive, clock)
    assert (link.name, link.thing, link.standing) == ("power", "rim", Standing.GOOD)
    assert "battery 61%, taking" in link.words
    heard = clock.now()
    backend.kill()
    clock.passed = lambda _: None
    await drive.until(lambda: drive.plant.answering == 0)
    link = await _power(drive, clock)
    assert (link.standing, link.silent) == (Standing.BROKEN, True)
    assert link.words == "dark: none of 2 devices answers, and the sun is up"
    assert (link.since, link.known) == (heard, "the last answer of its devices")
    assert {one.what for one in link.changes} == {"went silent"}
    await backend.revive()
    await drive.until(lambda: drive.plant.answering == 2)
    assert (await _power(drive, clock)).standing is Standing.GOOD


async def test_a_plant_without_a_battery_at_night_is_expected_to_be_dark(
    begin: Begin, backend: Backend, clock: TurnedClock
) -> None:
    drive = await begin(0)
    await drive.round()
    backend.kill()
    clock.passed = lambda _: None
    clock.turn(NIGHT - OPENING)
    await drive.until(lambda: drive.plant.answering == 0)
    link = await _power(drive, clock)
    assert link.standing is Standing.UNKNOWN
    assert link.words.startswith("expected dark")
    assert link.changes == ()
