"""A station with alarms, of whom it can be asked, and a person who acknowledges them."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from adapters.records import Alarm, AlarmChange, AlarmSeverity, AlarmState, Key, Scope, ScopeState
from console.feed.messages import Parcel
from tests.ui.colony_data import NOW, SOURCE
from tests.ui.fakes import FakeStation
from tests.ui.pilot import Console

OXYGEN = Key(SOURCE, "App", "life-support", "oxygen-generator")


def alarm(name: str, thing: str, **more: Any) -> Alarm:
    """Return the alarm *name*, whose rule stands before its colon, on *thing*."""
    given: dict[str, Any] = {
        "rule": name.partition(":")[0], "thing": thing, "value": "95 %, 5 left",
        "limit": "≥ 90 %, clears < 85 %", "since": NOW - 300,
        "history": (AlarmChange(NOW - 300, "raised", "", "95 %"),),
    }  # fmt: skip
    return Alarm(source="station", name=name, **(given | more))


APP = alarm(
    "app-failed:tycho:life-support/oxygen-generator", "life-support/oxygen-generator", about=OXYGEN,
    severity=AlarmSeverity.CRITICAL, value="failed · 0 of 3 ready", limit="failed for 30 s",
)  # fmt: skip
POOL = alarm("pool-full:tycho:edge", "pool edge")
SEEN = alarm("chain-late:chain:eip155:1", "chain eip155:1", state=AlarmState.ACKNOWLEDGED,
             acked_by="ana@relay", acked_at=NOW - 60)  # fmt: skip
ALARMS = (APP, POOL, SEEN)


class AlarmStation(FakeStation):
    """A station with alarms, of whom it can be asked."""

    def __init__(self, alarms: tuple[Alarm, ...] = ALARMS, **more: Any) -> None:
        super().__init__(**more)
        scope = Scope(source="station", name="alarms", state=ScopeState.LIVE, heard=NOW)
        self.parcels = (
            *self.parcels,
            Parcel("station", "scopes", (scope,), begin=True, end=True),
            Parcel("station", "alarms", alarms, begin=True, end=True),
        )
        self.held = {one.name: one for one in alarms}
        self.answers["alarm.ack"] = self._ack
        self.answers["alarm.shelve"] = self._shelve
        self.answers["alarm.unshelve"] = self._unshelve

    def put(self, *alarms: Alarm) -> None:
        self.held |= {one.name: one for one in alarms}
        self.feed.deliver(Parcel("station", "alarms", alarms))

    def _ack(self, given: dict[str, Any]) -> Any:
        for name in given["names"]:
            self.put(replace(self.held[name], state=AlarmState.ACKNOWLEDGED, acked_by="ops-1",
                             acked_at=NOW))  # fmt: skip
        return {"acknowledged": given["names"], "refused": []}

    def _shelve(self, given: dict[str, Any]) -> Any:
        self.put(replace(self.held[given["name"]], state=AlarmState.SHELVED, shelved_by="ops-1",
                         shelved_until=NOW + given["minutes"] * 60,
                         shelved_reason=given["reason"]))  # fmt: skip
        return self.held[given["name"]]

    def _unshelve(self, given: dict[str, Any]) -> Any:
        self.put(replace(self.held[given["name"]], state=AlarmState.UNACKNOWLEDGED))
        return self.held[given["name"]]


@pytest.fixture
def station() -> FakeStation:
    return AlarmStation()


async def acknowledges(console: Console, station: AlarmStation, *alarms: Alarm) -> None:
    """Press `A`: *alarms* and no others have been acknowledged by now, one at a time."""
    await console.press("A")
    asked = station.of("alarm.ack")
    assert asked == [{"names": [one.name]} for one in alarms], asked
