"""A station that comes back: what it does not have any more goes, and closed pages stay nowhere."""

from __future__ import annotations

import gc
import weakref

from msgspec.structs import replace

from console.feed.messages import Parcel
from tests.ui.colony_data import APPS, SOURCE
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Open

MANY = 6_000


async def test_what_came_from_an_adapter_that_it_has_no_more_goes(
    open_console: Open, station: FakeStation
) -> None:
    ghost = replace(APPS[0], source="far", name="ghost")
    before = station.parcels
    station.parcels = (*before, Parcel("far", "apps", (ghost,), begin=True, end=True))
    async with open_console((100, 30)) as console:
        await console.press("2")
        assert "ghost" in console.text
        station.parcels = before
        station.feed.lose()
        await console.settle()
        assert "ghost" in console.text
        await console.tick(2)
        await console.tick()
        assert "ghost" not in console.text
        assert APPS[0].name in console.text


async def test_pages_that_were_closed_go_however_many_records_there_are(
    open_console: Open, station: FakeStation
) -> None:
    apps = tuple(replace(APPS[0], name=f"app-{n:05}") for n in range(MANY))
    station.parcels = (*station.parcels, Parcel(SOURCE, "more", apps, begin=True, end=True))
    async with open_console((100, 30)) as console:
        await console.press("2")
        pages = []
        for _ in range(8):
            await console.press("enter")
            pages.append(weakref.ref(console.app.screen))
            await console.press("escape")
        gc.collect()
        assert sum(page() is not None for page in pages) <= 3
