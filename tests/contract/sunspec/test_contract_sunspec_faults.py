"""What goes wrong on the way to a plant: exceptions, partial answers, silence, gone and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.contract import AdapterError
from adapters.records import Inverter, InverterState, Light, ScopeState
from fixtures.sunspec import plants
from fixtures.sunspec.modbus import Partly
from tests.contract.sunspec import images
from tests.contract.sunspec.backend import Backend
from tests.contract.sunspec.conftest import OPENING, Begin
from tests.contract.sunspec.driving import Drive, TurnedClock

NIGHT = 14 * 3600.0
SHORT = 0.6
"""Seconds that silence is waited for; what does answer has to be quicker."""


def _one_failed(drive: Drive, why: str) -> None:
    """Unit 2 failed for the reason *why*, and unit 1 is as fresh as ever."""
    good, bad = drive.inverter(1), drive.inverter(2)
    assert (good.online, good.error) == (True, "")
    assert (bad.online, bad.state, bad.power) == (False, InverterState.UNKNOWN, None)
    assert why in bad.error
    assert bad.name == "NR-INV-0242"  # it is still known who it is
    assert bad.energy is not None  # and what its counter last said
    assert drive.scopes["unit 1"].state is ScopeState.LIVE
    assert drive.scopes["unit 2"].state is ScopeState.STALE
    assert [drive.scopes[f"unit {number}"].unheard for number in (1, 2)] == [False, True]
    assert why in drive.scopes["unit 2"].detail
    assert drive.scopes["plant"].state is ScopeState.LIVE
    plant = drive.plant
    assert (plant.answering, plant.devices, plant.power) == (1, 2, good.power)
    assert plant.state == "1 of 2 not answering"
    assert plant.problems == (f"NR-INV-0242 is offline: {bad.error}",)


async def _back(drive: Drive, backend: Backend) -> None:
    backend.fail()
    await drive.until(lambda: drive.scopes["unit 2"].state is ScopeState.LIVE)
    assert drive.inverter(2).online is True
    assert drive.inverter(2).error == ""
    assert drive.plant.state == "producing"


@pytest.mark.parametrize(
    ("code", "why"),
    [(4, "Modbus exception 4 (device failure)"), (6, "6 (busy)"), (11, "target does not answer")],
)
async def test_a_modbus_exception(code: int, why: str, begin: Begin, backend: Backend) -> None:
    drive = await begin(0)
    await drive.round()
    backend.fail(exceptions={2: code})
    await drive.round()
    _one_failed(drive, why)
    await _back(drive, backend)


@pytest.mark.parametrize("how", list(Partly))
async def test_a_partial_answer(how: Partly, begin: Begin, backend: Backend) -> None:
    drive = await begin(0, timeout=SHORT)
    await drive.round()
    backend.fail(partial={2: how})
    await drive.round()
    _one_failed(drive, "a partial answer: ")
    await drive.round()
    _one_failed(drive, "a partial answer: ")
    await _back(drive, backend)


async def test_silence(begin: Begin, backend: Backend) -> None:
    drive = await begin(0, timeout=SHORT)
    await drive.round()
    backend.fail(silent={2})
    await drive.round()
    _one_failed(drive, "no answer in 0.6 s")
    await _back(drive, backend)


async def test_silence_all_around(begin: Begin, backend: Backend) -> None:
    drive = await begin(0, timeout=SHORT)
    await drive.round()
    backend.fail(silent={1, 2})
    await drive.round()
    assert {drive.scopes[name].state for name in ("unit 1", "unit 2", "plant")} == {
        ScopeState.STALE
    }
    assert drive.plant.power is None  # and not 0 W
    assert drive.plant.state == "2 of 2 not answering"
    assert drive.scopes["plant"].detail == "no answer in 0.6 s"
    assert all(drive.scopes[name].unheard for name in ("unit 1", "unit 2", "plant"))
    await _back(drive, backend)


async def test_a_plant_gone_and_back(begin: Begin, backend: Backend, clock: TurnedClock) -> None:
    drive = await begin(0)
    await drive.round()
    before = drive.inverter(1)
    backend.kill()
    clock.passed = lambda _: None
    await drive.until(lambda: drive.scopes["unit 1"].state is ScopeState.STALE)
    lost = drive.inverter(1)
    assert (lost.online, lost.power, lost.energy, lost.at) == (
        False, None, before.energy, before.at,
    )  # fmt: skip
    await drive.round()
    assert "connection refused" in drive.inverter(1).error
    assert drive.plant.power is None
    await backend.revive()
    await drive.until(lambda: drive.scopes["unit 2"].state is ScopeState.LIVE)
    assert drive.inverter(1).online is True
    assert drive.plant.state == "producing"


async def test_what_was_never_reached_is_an_error_that_says_why(
    begin: Begin, backend: Backend
) -> None:
    drive = await begin(0)
    backend.kill()
    with pytest.raises(AdapterError, match=r"127\.0\.0\.1:\d+: connection refused"):
        await drive.until(lambda: False, 2)


async def test_a_unit_that_never_answered_is_known_by_its_number(
    begin: Begin, backend: Backend
) -> None:
    drive = await begin(0, timeout=SHORT)
    backend.fail(silent={2})
    await drive.round()
    assert [each.name for each in drive.every(Inverter)] == ["NR-INV-0117", "unit 2"]
    assert drive.inverter(2).online is False
    await _back(drive, backend)
    assert [each.name for each in drive.every(Inverter)] == ["NR-INV-0117", "NR-INV-0242"]


async def test_silence_at_night_is_expected(
    begin: Begin, backend: Backend, clock: TurnedClock
) -> None:
    drive = await begin(0, timeout=SHORT)
    await drive.round()
    clock.turn(NIGHT)
    backend.fail(silent={1, 2})
    await drive.round()
    found = drive.inverter(1)
    assert (found.online, found.light, found.power) == (False, Light.NIGHT, None)
    assert found.error == "no answer in 0.6 s"
    assert drive.scopes["unit 1"].state is ScopeState.LIVE
    assert drive.scopes["unit 1"].detail == "dark: no answer in 0.6 s"
    assert (drive.plant.state, drive.plant.problems) == ("night", ())


async def test_a_silent_battery_is_never_expected(
    begin: Begin, backend: Backend, clock: TurnedClock
) -> None:
    drive = await begin(1, timeout=SHORT)
    await drive.round()
    clock.turn(NIGHT)
    backend.fail(silent={2})
    await drive.round()
    battery = drive.battery(2)
    assert (battery.online, battery.charge, battery.power) == (False, None, None)
    assert drive.plant.state == "1 of 2 not answering"
    assert drive.plant.hours_left is None
    assert drive.scopes["unit 2"].state is ScopeState.STALE


async def test_a_device_without_sunspec(begin: Begin, backend: Backend) -> None:
    await backend.serve({1: images.sample, 2: lambda: b"SMA!" + bytes(400)})
    drive = await begin(None)
    await drive.round()
    assert drive.inverter(1).power == 4980.0
    assert "no SunSpec marker at 40000, 0 or 50000" in drive.inverter(2).error


async def test_a_hostile_count_costs_itself_only(begin: Begin, backend: Backend) -> None:
    whole = bytearray(images.sample())
    at = whole.index((160).to_bytes(2, "big") + (48).to_bytes(2, "big"))
    whole[at + 16 : at + 18] = b"\xff\xfe"  # 65,534 strings in room for two
    ranks = (803).to_bytes(2, "big") + (26).to_bytes(2, "big") + b"\xff\xf0" + bytes(50)
    await backend.serve({1: lambda: bytes(whole[:-4]) + ranks + images.END})
    drive = await begin(None, units=[1])
    await drive.round()
    found = drive.inverter(1)
    assert found.power == 4980.0
    assert len(found.strings) <= 2
    assert "model 803 counts groups for" in found.error
    assert drive.plant.problems == (f"MARS-0001: {found.error}",)


async def test_the_opening_is_full_by_the_recorder(
    begin: Begin, backend: Backend, clock: TurnedClock, tmp_path: Path
) -> None:
    kept = plants(1, "calm", OPENING)[0].kept
    path = tmp_path / "rim.jsonl"
    path.write_text("".join(json.dumps(sample) + "\n" for sample in kept))
    drive = await begin(0, recorder=str(path))
    await drive.until(lambda: "trend" in drive.scopes and bool(drive.scopes["trend"].upserts), 3)
    trend = drive.trend
    assert len([value for value in trend.values if value is not None]) == 144
    assert trend.values[-1] == pytest.approx(drive.plant.power, rel=0.02)
    found = drive.inverter(1)
    assert found.energy_since is None  # since midnight, though it was only started now
    assert found.energy_today is not None
    assert found.energy_today > 10_000.0
