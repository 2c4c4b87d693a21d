"""What is acted on is what stood under the cursor, whatever came before it was painted."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from adapters.records import Alarm, AlarmSeverity
from console.feed.messages import Parcel
from tests.ui.alarm_station import (
    ALARMS,
    APP,
    POOL,
    SEEN,
    AlarmStation,
    acknowledges,
    alarm,
    station,
)
from tests.ui.pilot import Open

__all__ = ["station"]

NEWS = alarm("app-failed:tycho:a/a", "a/a", severity=AlarmSeverity.CRITICAL, since=ALARMS[0].since)


def _came(station: AlarmStation, *alarms: Alarm, gone: tuple[Alarm, ...] = ()) -> None:
    station.held |= {one.name: one for one in alarms}
    keys = tuple(one.key for one in gone)
    station.feed.deliver(Parcel("station", "alarms", alarms, gone=keys))


async def test_what_sorts_above_it_meanwhile_is_not_hit(
    open_console: Open, station: AlarmStation
) -> None:
    """Neither before it is painted nor after: the cursor stays with its row."""
    async with open_console((100, 30)) as console:
        await console.press("0", "j")
        _came(station, *(replace(NEWS, name=f"{NEWS.name}{n}") for n in range(5)))
        await acknowledges(console, station, POOL)


async def test_where_its_row_went_nothing_is_hit(
    open_console: Open, station: AlarmStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_console((100, 30)) as console:
        await console.press("0")
        monkeypatch.setattr(console.app, "paint", lambda: None)
        _came(station, NEWS, gone=(APP,))
        await acknowledges(console, station)
        assert "no alarm is on what is selected" in console.lines[-1]


async def test_frozen_it_goes_on_and_hits_nothing(
    open_console: Open, station: AlarmStation
) -> None:
    async with open_console((100, 30)) as console:
        await console.press("0", "f")
        _came(station, NEWS, gone=(APP, SEEN))
        await acknowledges(console, station)
        assert "going on first" in console.lines[-1]
