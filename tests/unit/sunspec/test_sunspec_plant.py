"""What devices add up to, and how a plant does, in words."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.records import Battery, Inverter, InverterState, Light, Plant
from adapters.sunspec import plant
from adapters.sunspec.plant import Devices, Limits
from adapters.sunspec.sun import Sky

DAY = Sky(Light.DAY, 30.0, 2.0, 1.0)
DAWN = Sky(Light.DAY, 1.0, 2.0, 1.0)
NIGHT = Sky(Light.NIGHT, -30.0, 1.0, 2.0)
NOWHERE = Sky()
NOW = 86_400.0 * 100 + 40_000.0


def _inverter(power: float | None = 1000.0, **more: Any) -> Inverter:
    told: dict[str, Any] = {"name": "I1", "online": True, "state": InverterState.MPPT}
    return Inverter(power=power, **(told | more))


def _battery(power: float | None = -500.0, **more: Any) -> Battery:
    told: dict[str, Any] = {"name": "B1", "online": True, "charge": 60.0, "capacity": 10_000.0}
    return Battery(power=power, **(told | more))


def _plant(
    *found: Inverter | Battery, sky: Sky = DAY, silent: int = 0, limits: Limits | None = None
) -> Plant:
    devices = Devices(
        len(found),
        silent,
        tuple(each for each in found if isinstance(each, Inverter)),
        tuple(each for each in found if isinstance(each, Battery)),
    )
    return plant.plant(NOW, devices, sky, limits or Limits())


LOST = _inverter(None, name="I2", online=False, state=InverterState.UNKNOWN, error="no answer")


@pytest.mark.parametrize(
    ("devices", "sky", "silent", "state"),
    [
        ((_inverter(),), DAY, 0, "producing"),
        ((_inverter(state=InverterState.THROTTLED),), DAY, 0, "throttled"),
        ((_inverter(0.0, state=InverterState.SLEEPING),), NIGHT, 0, "night"),
        ((_inverter(None, state=InverterState.SLEEPING),), NIGHT, 0, "night"),
        ((_inverter(0.0, state=InverterState.SLEEPING),), NOWHERE, 0, "night"),
        ((_inverter(), LOST), DAY, 1, "1 of 2 not answering"),
        ((LOST,), NOWHERE, 1, "1 of 1 not answering"),
        ((LOST,), NIGHT, 1, "night"),
        ((_inverter(0.0, state=InverterState.FAULT, events=("over temperature",)),), DAY, 0,
         "fault: over temperature"),
        ((_inverter(0.0, state=InverterState.FAULT),), DAY, 0, "fault: no reason given"),
        ((_inverter(0.0),), DAY, 0, "sun is up and it gives 0 W"),
        ((_inverter(0.0, state=InverterState.STARTING),), DAWN, 0, "starting"),
        ((_inverter(0.0),), DAWN, 0, "gives 0 W"),
        ((_inverter(None),), DAY, 0, "power not known"),
        ((_inverter(0.0, state=InverterState.SLEEPING), _battery(400.0)), NIGHT, 0,
         "battery discharging"),
        ((_inverter(), _battery(400.0, charge=20.0)), DAY, 0, "battery low"),
        ((_battery(),), DAY, 0, "battery charging"),
        ((_battery(0.0),), DAY, 0, "battery holding"),
        ((_battery(None),), DAY, 0, "power not known"),
    ],
)  # fmt: skip
def test_a_state_in_words(
    devices: tuple[Inverter | Battery, ...], sky: Sky, silent: int, state: str
) -> None:
    assert _plant(*devices, sky=sky, silent=silent).state == state


def test_power_is_of_those_that_answer() -> None:
    found = _plant(_inverter(1000.0), LOST, silent=1)
    assert (found.power, found.answering, found.devices) == (1000.0, 1, 2)
    assert _plant(LOST, silent=1).power is None
    assert _plant(_inverter(0.0, state=InverterState.SLEEPING), sky=NIGHT).power == 0.0


def test_energy_of_today_and_since_when() -> None:
    early = _inverter(energy_today=100.0)
    late = _inverter(name="I2", energy_today=50.0, energy_since=NOW - 60)
    found = _plant(early, late)
    assert (found.energy_today, found.energy_since) == (150.0, NOW - 60)
    assert _plant(early).energy_since is None
    assert _plant(_inverter()).energy_today is None


def test_hours_left_down_to_the_reserve() -> None:
    battery = _battery(1000.0, charge=60.0, reserve=10.0)
    assert _plant(battery).hours_left == 5.0
    assert _plant(_battery(-500.0)).hours_left is None
    assert _plant(_battery(1000.0, capacity=None)).hours_left is None
    lost = _battery(None, name="B2", online=False, charge=None)
    assert _plant(battery, lost, silent=1).hours_left == 5.0
    assert _plant(_battery(1000.0, charge=5.0, reserve=10.0)).hours_left == 0.0


def test_charge_is_weighed_by_capacity() -> None:
    small, large = _battery(charge=100.0, capacity=1.0), _battery(charge=0.0, capacity=3.0)
    assert _plant(small, large).charge == 25.0
    assert _plant(small, _battery(charge=0.0, capacity=None)).charge == 50.0
    assert _plant(_battery(charge=None)).charge is None


def test_problems_name_what_and_why() -> None:
    fault = _inverter(0.0, name="I3", state=InverterState.FAULT, events=("ground fault",))
    low = _battery(1000.0, charge=20.0, reserve=10.0)
    found = _plant(_inverter(), LOST, fault, low, silent=1)
    assert found.problems == (
        "I3: fault, ground fault",
        "I2 is offline: no answer",
        "battery 20% · 1 h 0 min at this load",
    )


def test_a_battery_that_is_low_and_charges_is_no_problem() -> None:
    assert _plant(_battery(-1000.0, charge=5.0)).problems == ()
    assert _plant(_battery(100.0, charge=90.0)).problems == ()
    assert _plant(_battery(100.0, charge=90.0), limits=Limits(95.0)).problems != ()


def test_a_silent_array_at_night_is_no_problem_and_a_silent_battery_is() -> None:
    assert _plant(LOST, silent=1, sky=NIGHT).problems == ()
    lost = _battery(None, name="B2", online=False, charge=None, error="no answer")
    assert _plant(lost, silent=1, sky=NIGHT).problems == ("B2 is offline: no answer",)


def test_light_without_a_place_is_what_the_inverters_do() -> None:
    assert _plant(_inverter(5.0), sky=NOWHERE).light is Light.DAY
    asleep = _inverter(0.0, state=InverterState.SLEEPING)
    assert _plant(asleep, sky=NOWHERE).light is Light.NIGHT
    assert _plant(_inverter(0.0), sky=NOWHERE).light is Light.UNKNOWN
    assert _plant(LOST, silent=1, sky=NOWHERE).light is Light.UNKNOWN  # an outage is not night


@pytest.mark.parametrize(
    ("hours", "said"), [(3.2, "3 h 12 min"), (0.5, "30 min"), (72.0, "3 d"), (0.0, "0 min")]
)
def test_spans(hours: float, said: str) -> None:
    assert plant.span(hours) == said
