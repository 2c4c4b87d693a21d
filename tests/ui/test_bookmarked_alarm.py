"""A bookmark of an alarm is called after the thing that it is about."""

from __future__ import annotations

import pytest

from adapters.records import Key
from console.bookmarks import of_record
from tests.ui.alarm_station import AlarmStation
from tests.ui.pilot import Open


@pytest.fixture
def station() -> AlarmStation:
    return AlarmStation()


async def test_it_is_called_as_the_panel_calls_it(open_console: Open) -> None:
    async with open_console(size=(120, 40)) as console:
        await console.press("0", "b")
        assert "kept: life-support/oxygen-generator · app-failed" in console.lines[-1]
        await console.press("down", "b", "apostrophe")
        assert "life-support/oxygen-generator · app-failed" in console.text
        assert "pool edge · pool-full" in console.text
        assert "tycho:" not in console.text


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("app-failed:tycho:life-support/oxygen", "life-support/oxygen · app-failed"),
        ("chain-late:chain:eip155:1", "eip155:1 · chain-late"),
        ("app-failed:more", "more · app-failed"),
        ("app-failed", "app-failed"),
    ],
)
def test_what_is_gone_is_told_by_its_name(name: str, title: str) -> None:
    assert of_record(Key("station", "Alarm", "", name)).title == title
