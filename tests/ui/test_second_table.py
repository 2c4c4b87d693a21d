"""Where a panel has two tables, what is typed at the bottom is for that of the cursor."""

from __future__ import annotations

import pytest

from adapters.records import Key
from console.panels.tables import TablesPanel
from console.screens.main import MainScreen
from tests.ui.alarm_station import AlarmStation, alarm
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Console, Open


@pytest.fixture
def station() -> FakeStation:
    return AlarmStation()


def _panel(console: Console) -> TablesPanel:
    assert isinstance(console.app.screen, MainScreen)
    assert isinstance(console.app.screen.panel, TablesPanel)
    return console.app.screen.panel


@pytest.mark.parametrize("panel", ["3", "6", "9"])
async def test_the_cursor_stays_in_its_table(open_console: Open, panel: str) -> None:
    async with open_console((100, 34)) as console:
        await console.press(panel)
        first = _panel(console).here.named
        await console.press("tab")
        before = _panel(console).here.named
        assert before != first
        for keys in (("colon", "escape"), ("slash", "escape")):
            await console.press(*keys)
            assert _panel(console).here.named == before
        await console.press("colon")
        await console.type("line")
        await console.press("enter")
        assert _panel(console).here.named == before


async def test_a_command_acknowledges_what_the_cursor_stands_on(
    open_console: Open, station: AlarmStation
) -> None:
    async with open_console((100, 34)) as console:
        await console.press("3")
        address = _panel(console).selected()
        await console.press("tab")
        pool = _panel(console).selected()
        assert isinstance(address, Key)
        assert isinstance(pool, Key)
        one = alarm("pool-full:tycho:x", "pool", about=pool)
        station.put(one, alarm("address-pending:tycho:y", "address", about=address))
        await console.settle()
        await console.press("colon")
        await console.type("acknowledge")
        await console.press("enter")
        assert station.of("alarm.ack") == [{"names": [one.name]}]
