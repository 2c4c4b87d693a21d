"""What alarms look like, to the cell: every state, the page of one, the line that shelves."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from adapters.records import AlarmSeverity, AlarmState
from console.app import ColonyApp
from tests.ui.alarm_station import ALARMS, APP, POOL, AlarmStation
from tests.ui.alarm_station import alarm as one
from tests.ui.colony_data import NOW
from tests.ui.fakes import FakeClock
from tests.ui.test_log_snapshots import Compare, pressing

EVERY = (
    *ALARMS,
    one("chain-reorg:chain:eip155:1", "chain eip155:1", value="2 blocks in 30 min",
        limit="≥ 1 blocks in 30 min", state=AlarmState.CLEARED, returned=NOW - 30),
    one("scope-stale:tycho:pods", "tycho pods", value="stale · watch expired",
        limit="stale for 10 s",
        state=AlarmState.SHELVED, shelved_by="ben@relay", shelved_until=NOW + 1800,
        shelved_reason="the API server is being moved"),
    one("value-lost:pool-full:tycho:core", "pool core", severity=AlarmSeverity.ADVISORY,
        value="not known", limit="known, for pool-full"),
    replace(POOL, name="pool-full:more", about=None, thing="and 312 more of pool-full",
            value="312 more"),
)  # fmt: skip
PAGES = {"panel": ("0",), "page": ("0", "enter"), "shelving": ("0", "Z"), "overview": ("1",)}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
@pytest.mark.parametrize("page", PAGES)
def test_alarm_pages(snap_compare: Compare, page: str, size: tuple[int, int]) -> None:
    app = ColonyApp(AlarmStation((*EVERY, replace(APP, follows=3))).attach, clock=FakeClock(),
                    fps=0.01, environment={})  # fmt: skip
    assert snap_compare(app, terminal_size=size, run_before=pressing(*PAGES[page]))
