"""What a unit says becomes an inverter, a battery or both."""

from __future__ import annotations

from typing import Any

import pytest
import sunspec2.device as library

from adapters.records import InverterState
from adapters.sunspec import batteries, inverters
from adapters.sunspec.points import decode
from adapters.sunspec.reading import Reading
from tests.unit.sunspec import sunspec_images as images


def _reading(*models: bytes) -> Reading:
    whole = (images.common("SN-7"), *models)
    return Reading(10.0, tuple(decode(int.from_bytes(each[:2], "big"), each) for each in whole))


def _model(number: int, **values: Any) -> bytes:
    registers: bytes = library.Model(number, data=values).get_mb()
    return registers


def test_an_inverter_of_integers() -> None:
    reading = _reading(images.inverter(498, scale=1, events=1 << 7))
    found = inverters.inverter(reading)
    assert (found.power, found.energy, found.dc_power) == (4980.0, 1_234_567.0, 5100.0)
    assert (found.state, found.online, found.at) == (InverterState.MPPT, True, 10.0)
    assert found.events == ("over temperature",)
    assert found.rated is None
    assert inverters.is_inverter(reading)
    assert not batteries.is_battery(reading)


@pytest.mark.parametrize(
    ("code", "state"),
    [(1, "off"), (2, "sleeping"), (5, "throttled"), (7, "fault"), (8, "standby"), (9, "unknown"),
     (0xFFFF, "unknown")],
)  # fmt: skip
def test_states(code: int, state: str) -> None:
    assert inverters.inverter(_reading(images.inverter(state=code))).state == state


def test_the_newer_model_counts_its_states_from_zero() -> None:
    values = {"InvSt": 4, "W": 498, "W_SF": 1, "TotWhInj": 2**33, "TotWh_SF": 0}
    found = inverters.inverter(_reading(_model(701, **values)))
    assert (found.state, found.power, found.energy) == (InverterState.THROTTLED, 4980.0, 2.0**33)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (120, {"WRtg": 600, "WRtg_SF": 1}),
        (702, {"WMaxRtg": 600, "W_SF": 1}),
        (121, {"WMax": 6000, "WMax_SF": 0}),
    ],
)
def test_rated_power_from_the_model_that_has_it(model: int, values: dict[str, int]) -> None:
    assert inverters.inverter(_reading(images.inverter(), _model(model, **values))).rated == 6000.0


def test_where_the_counter_wraps() -> None:
    assert inverters.wrap(_reading(images.inverter())) == 2.0**32
    assert inverters.wrap(_reading(images.floats())) is None


def test_storage_behind_model_701_alone_is_a_battery() -> None:
    der = _model(701, InvSt=3, W=-150, W_SF=1)
    storage = _model(713, WHRtg=100, WH_SF=3, SoC=610, Pct_SF=-1, Sta=1)
    reading = _reading(der, storage)
    assert not inverters.is_inverter(reading)
    found = batteries.battery(reading, reserve=15.0)
    assert (found.power, found.state, found.charge) == (-1500.0, "charging", 61.0)
    assert (found.capacity, found.reserve) == (100_000.0, 15.0)
    assert found.events == ("storage warning",)


def test_ports_tell_panels_from_storage() -> None:
    ports = [{"PrtTyp": 0, "IDStr": "East", "DCW": 300}, {"PrtTyp": 1, "DCW": -120}]
    direct = _model(714, NPrt=2, DCW_SF=1, Prt=ports)
    storage = _model(713, SoC=50, Pct_SF=0)
    reading = _reading(_model(701, W=170, W_SF=1), storage, direct)
    assert inverters.is_inverter(reading)
    inverter, battery = inverters.inverter(reading), batteries.battery(reading)
    assert [(one.name, one.power) for one in inverter.strings] == [("East", 3000.0)]
    assert inverter.dc_power == 3000.0
    assert battery.power == -1200.0


@pytest.mark.parametrize(
    ("way", "said", "power", "state"),
    [(3, 900, 900.0, "discharging"), (3, -900, 900.0, "discharging"), (4, 900, -900.0, "charging"),
     (4, -900, -900.0, "charging"), (6, 0, 0.0, "holding"), (0xFFFF, -900, -900.0, "charging")],
)  # fmt: skip
def test_which_way_power_flows(way: int, said: int, power: float, state: str) -> None:
    found = batteries.battery(_reading(_model(802, W=said, W_SF=0, ChaSt=way)))
    assert (found.power, found.state) == (power, state)


def test_a_lost_device_keeps_its_counter_and_nothing_that_flows() -> None:
    lost = inverters.unanswered(inverters.inverter(_reading(images.inverter())), "no answer")
    assert (lost.power, lost.temperature, lost.state) == (None, None, InverterState.UNKNOWN)
    assert (lost.energy, lost.online, lost.error) == (1_234_567.0, False, "no answer")
    bank = batteries.battery(_reading(_model(802, SoC=610, SoC_SF=-1, W=10, W_SF=0)))
    gone = batteries.unanswered(bank, "no answer")
    assert (gone.charge, gone.power, gone.online) == (None, None, False)
