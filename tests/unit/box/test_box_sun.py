"""The box's sun and its plants: real days, moved; truthful counters; one seed, one weather."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.sunspec.recorder import sound
from adapters.sunspec.sun import crossing
from fixtures.sunspec import plants, sun
from fixtures.sunspec.devices import devices
from fixtures.sunspec.modbus import Partly, Server
from fixtures.sunspec.plants import FAULT, MPPT, SLEEPING, THROTTLED

OPENING = 1931234400.0
"""2031-03-14T06:00:00Z."""
MIDNIGHT = OPENING - 6 * 3600.0


def test_the_day_of_the_data_is_the_sun_of_its_place() -> None:
    rise = crossing(MIDNIGHT, sun.LATITUDE, sun.LONGITUDE, rising=True)
    fall = crossing(OPENING, sun.LATITUDE, sun.LONGITUDE, rising=False)
    assert rise == pytest.approx(MIDNIGHT + 2 * 3600, abs=300)
    assert fall == pytest.approx(MIDNIGHT + 15 * 3600, abs=300)
    for name in (sun.CLEAR, sun.CLOUDS):
        assert sun.share(name, rise - 900.0) == 0.0
        assert sun.share(name, rise + 3600.0) > 0.0
        assert sun.share(name, fall - 3600.0) > 0.0
        assert sun.share(name, fall + 3600.0) == 0.0


def test_at_the_opening_the_sun_has_risen_for_hours() -> None:
    north, south = plants(0, "calm", OPENING)
    assert [each.state for each in north.inverters] == [MPPT, MPPT]
    assert sum(each.power for each in north.inverters) > 10_000.0
    assert south.battery is not None
    assert south.battery.charge == pytest.approx(61.0, abs=0.05)
    assert south.battery.power < 0.0


def test_one_seed_one_weather() -> None:
    one, same, other = (plants(seed, "calm", OPENING)[0] for seed in (3, 3, 4))
    assert one.kept == same.kept
    assert one.kept != other.kept


def test_counters_add_up_what_flowed() -> None:
    plant = plants(0, "calm", OPENING)[0]
    inverter = plant.inverters[0]
    start, flowed = inverter.energy, 0.0
    for second in range(10, 3610, 10):
        before = inverter.power
        plant.run_until(OPENING + second)
        flowed += (before + inverter.power) / 2 * 10 / 3600
    assert inverter.energy - start == pytest.approx(flowed, rel=1e-9)


def test_how_often_it_is_looked_at_hardly_changes_what_happened() -> None:
    often, seldom = plants(0, "calm", OPENING)[1], plants(0, "calm", OPENING)[1]
    for second in range(7, 7200, 7):
        often.run_until(OPENING + second)
    for plant in (often, seldom):
        plant.run_until(OPENING + 7200)
    assert often.inverters[0].energy == pytest.approx(seldom.inverters[0].energy, abs=20.0)
    assert often.battery is not None
    assert seldom.battery is not None
    assert often.battery.charge == pytest.approx(seldom.battery.charge, abs=0.05)


def test_night_comes() -> None:
    plant = plants(0, "calm", OPENING)[0]
    plant.run_until(OPENING + 11 * 3600)
    assert {each.state for each in plant.inverters} == {SLEEPING}
    assert {each.power for each in plant.inverters} == {0.0}


def test_a_brownout() -> None:
    calm, storm = plants(0, "calm", OPENING), plants(0, "brownout", OPENING)
    north, south = storm
    assert sum(each.power for each in north.inverters) < 0.15 * sum(
        each.power for each in calm[0].inverters
    )
    assert north.inverters[1].state == THROTTLED
    north.run_until(OPENING + 120)
    assert (north.inverters[1].state, north.inverters[1].power) == (FAULT, 0.0)
    assert south.battery is not None
    assert south.battery.charge == pytest.approx(20.4, abs=0.05)
    hours = (south.battery.charge - south.battery.reserve) / 100 * 96_000 / south.battery.power
    assert 2.0 < hours < 5.0


def test_what_was_before_is_what_a_recorder_would_have() -> None:
    for plant in plants(0, "brownout", OPENING):
        lines = [json.dumps(sample).encode() for sample in plant.kept]
        found = sound(lines, OPENING)
        assert len(found) == len(plant.kept) == 720
        assert found[-1].at == OPENING
        assert found[-1].power == pytest.approx(sum(each.power for each in plant.inverters), abs=1)


def test_registers_begin_where_each_common_block_ends() -> None:
    north, south = plants(0, "calm", OPENING)
    for plant, unit, second in ((north, 1, 40070), (north, 2, 40069), (south, 2, 40070)):
        image = devices(plant)[unit].image()
        assert image[:4] == b"SunS"
        assert struct.unpack_from(">H", image, (second - 40000) * 2)[0] in (103, 113, 802)
        assert image[-4:] == b"\xff\xff\x00\x00"


def test_model_103_word_by_word() -> None:
    north = plants(0, "calm", OPENING)[0]
    image = devices(north)[1].image()
    model = image[(40070 - 40000) * 2 :]
    words = struct.unpack(">52h", model[:104])
    truth = north.inverters[0]
    assert words[:2] == (103, 50)
    assert words[14] == round(truth.power)
    assert words[15] == 0
    assert struct.unpack_from(">I", model, 48)[0] == round(truth.energy)
    assert words[33] == round(truth.temperature * 10)
    assert words[38] == MPPT
    assert words[18] == -32768  # VA is not implemented


def test_the_server_answers_as_modbus_does() -> None:
    server = Server({1: lambda: bytes(range(200))}, 40000)

    def ask(unit: int, address: int, count: int, function: int = 3) -> bytes | None:
        return server.answer(unit, struct.pack(">BHH", function, address, count))

    assert ask(1, 40000, 2) == b"\x03\x04\x00\x01\x02\x03"
    assert ask(1, 40000, 126) == b"\x83\x03"
    assert ask(1, 39999, 1) == b"\x83\x02"
    assert ask(1, 40099, 2) == b"\x83\x02"
    assert ask(1, 40000, 1, 6) == b"\x86\x01"
    assert ask(9, 40000, 1) == b"\x83\x0b"
    server.faults.partial[1] = Partly.SHORT
    assert ask(1, 40000, 4) == b"\x03\x04\x00\x01\x02\x03"
    server.faults.silent.add(1)
    assert ask(1, 40000, 4) is None


def test_the_process_tells_of_both_plants_and_leaves_nothing_behind() -> None:
    command = [sys.executable, "-m", "fixtures.box", "--scenario", "brownout"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as box:
        assert box.stdout is not None
        assert box.stdin is not None
        told = json.loads(box.stdout.readline())["adapters"]
        kept = [Path(told[name]["recorder"]) for name in ("north-rim", "south-rim")]
        assert [told[name]["adapter"] for name in ("north-rim", "south-rim")] == ["sunspec"] * 2
        assert all(path.is_file() for path in kept)
        box.stdin.close()
        assert box.wait(60) == 0
    assert not any(path.parent.exists() for path in kept)
