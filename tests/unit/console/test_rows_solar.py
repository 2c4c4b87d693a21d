"""Plants, inverters and batteries as rows: night, offline and zero are three different things."""

from __future__ import annotations

from typing import Any

import beyond_records as sky
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.records import InverterState, Light, Quality, ScopeState, String
from console import freshness
from console.rows import batteries, device, inverters, marks, plants, solar, units
from console.rows.findings import worst
from console.rows.severity import Severity

NOW = sky.NOW


def cells(record: Any, module: Any, **more: Any) -> dict[str, Any]:
    context = sky.context(record, **more)
    keys = [column.key for column in module.COLUMNS]
    return dict(zip(keys, module.cells(record, context), strict=True))


# Units


@pytest.mark.parametrize(
    ("watts", "text"),
    [
        (None, "—"), (0.0, "0 W"), (4.4, "4 W"), (312.4, "312 W"), (999.6, "1.00 kW"),
        (1_234.0, "1.23 kW"), (12_340.0, "12.3 kW"), (123_400.0, "123 kW"), (2.5e6, "2.50 MW"),
        (-350.0, "-350 W"), (float("nan"), "—"), (float("inf"), "—"), (1e300, "—"),
    ],
)  # fmt: skip
def test_powers_have_three_digits_and_a_unit(watts: float | None, text: str) -> None:
    assert units.power(watts) == text


def test_a_few_watts_of_noise_change_nothing() -> None:
    assert len({units.power(12_100.0 + noise) for noise in range(-40, 40)}) == 1


def test_other_units() -> None:
    assert units.energy(41_200.0) == "41.2 kWh"
    assert [units.percent(one) for one in (None, 0.0, 0.3, 81.4)] == ["—", "0 %", "<1 %", "81 %"]
    assert units.decimal(41.24, "°C") == "41.2 °C"
    assert [units.hours(one) for one in (None, 0.1, 0.7, 2.88, 4.0, 14.9)] == [
        "—", "under 10 min", "40 min", "2 h 50 min", "4 h", "14 h",
    ]  # fmt: skip


@given(st.floats())
def test_any_number_has_a_text(value: float) -> None:
    for text in (units.power, units.energy, units.percent, units.hours):
        assert text(value)


# Night, offline, zero


def test_night_is_dark_dim_and_nothing_wrong() -> None:
    plant = sky.night()
    assert freshness.is_dark(plant)
    assert sky.context(plant).store.quality(plant) == (Quality.DARK, None)
    assert solar.of_plant(plant, NOW) == []
    row = cells(plant, plants)
    assert row["mark"] == (f"{marks.DARK} ", "dim")
    assert (row["why"].text, row["power"].text, row["light"].text) == ("night", "—", "☾ 3 h")
    inverter = sky.inverter(online=False, power=None, light=Light.NIGHT, error="no answer")
    row = cells(inverter, inverters)
    assert (row["mark"].text, row["why"].text) == ("☾ ", "night")
    assert {cell.tone for cell in row.values()} == {"dim"}


def test_offline_by_day_is_bad_and_says_since_when() -> None:
    inverter = sky.inverter(online=False, power=None, at=NOW - 379, error="no answer to Modbus")
    row = cells(inverter, inverters)
    assert row["mark"] == (f"{marks.BAD} ", "bad")
    assert row["why"] == ("offline since 13:56:12Z: no answer to Modbus", "bad")
    assert row["power"].text == "—"
    plant = sky.plant(answering=0, power=None, problems=("INV-1 is offline: no answer",))
    assert solar.of_plant(plant, NOW) == [(Severity.CRITICAL, "offline")]
    stale = cells(plant, plants, state=ScopeState.STALE)
    assert stale["why"].text == "offline since 14:02:01Z"
    assert stale["mark"].text == "✖◔"


def test_zero_while_the_sun_is_up_is_a_warning_and_is_zero() -> None:
    row = cells(sky.inverter(power=0.0), inverters)
    assert row["mark"] == (f"{marks.WARN} ", "warn")
    assert row["why"] == ("0 W, sun is up", "warn")
    assert row["power"].text == "0 W"
    standby = sky.inverter(power=0.0, state=InverterState.STANDBY)
    assert inverters.state_text(standby, NOW) == "0 W, sun is up, standby"
    # Before the sun is high enough, sleeping is not wrong yet.
    early = sky.inverter(power=0.0, state=InverterState.SLEEPING)
    assert worst(solar.of_inverter(early, NOW)) is Severity.MOVING


def test_the_three_look_and_read_differently() -> None:
    rows = [
        cells(one, inverters)
        for one in (
            sky.inverter(online=False, power=None, light=Light.NIGHT),
            sky.inverter(online=False, power=None),
            sky.inverter(power=0.0),
        )
    ]
    for key in ("mark", "why"):
        assert len({row[key].text for row in rows}) == 3
        assert len({row[key].tone for row in rows}) == 3


def test_silence_of_which_nobody_knows_whether_it_is_night_is_unknown() -> None:
    silent = sky.inverter(online=False, power=None, light=Light.UNKNOWN)
    assert worst(solar.of_inverter(silent, NOW)) is Severity.UNKNOWN
    plant = sky.plant(answering=0, power=None, light=Light.UNKNOWN)
    assert solar.of_plant(plant, NOW) == [(Severity.UNKNOWN, "offline, day or night not known")]
    assert plants.light_text(plant, NOW) == "—"


@pytest.mark.parametrize(
    "record",
    [
        sky.inverter(light=Light.NIGHT, power=12.0),
        sky.inverter(light=Light.NIGHT, power=0.0, state=InverterState.FAULT),
        sky.inverter(power=None),
        sky.plant(light=Light.NIGHT, power=100.0),
        sky.battery(),
    ],
)
def test_what_is_not_dark(record: Any) -> None:
    assert not freshness.is_dark(record)


def test_a_scope_that_is_stale_is_stale_at_night_too() -> None:
    plant = sky.night()
    stale = sky.context(plant, state=ScopeState.STALE)
    assert stale.store.quality(plant)[0] is Quality.STALE
    # But that a sleeping device says nothing new is no reason to doubt it.
    late = sky.context(plant, interval=5.0, now=NOW + 900)
    assert late.store.quality(plant)[0] is Quality.DARK


# Other troubles


def test_faults_alarms_and_throttling_are_said_in_words() -> None:
    fault = sky.inverter(state=InverterState.FAULT, power=0.0, events=("over temperature",))
    assert solar.of_inverter(fault, NOW) == [(Severity.CRITICAL, "fault: over temperature")]
    alarm = sky.inverter(events=("ground fault", "fan failed"))
    assert solar.of_inverter(alarm, NOW) == [(Severity.DEGRADED, "ground fault, fan failed")]
    hot = sky.inverter(state=InverterState.THROTTLED)
    assert inverters.state_text(hot, NOW) == "throttled"
    assert inverters.state_text(sky.inverter(), NOW) == "producing"
    unknown = sky.inverter(state=InverterState.UNKNOWN)
    assert inverters.state_text(unknown, NOW) == "state not known"


def test_a_plants_problems_are_its_adapters_and_a_battery_changes_in_steps() -> None:
    told = sky.plant(
        answering=2, charge=31.0, battery_power=2_150.0, hours_left=2.88,
        problems=("INV-2 is offline: no answer", "battery 31% · 2 h 52 min at this load"),
    )  # fmt: skip
    assert [one.text for one in solar.of_plant(told, NOW)] == [
        "INV-2 is offline: no answer", "battery 31 %, 2 h 50 min at this load",
    ]  # fmt: skip
    assert [one.text for one in solar.of_plant(sky.plant(answering=2), NOW)] == ["2 of 3 answer"]


@pytest.mark.parametrize(
    ("more", "grade"),
    [
        ({"charge": 81.0, "battery_power": 900.0, "hours_left": 16.0}, Severity.NONE),
        ({"charge": 9.0, "battery_power": 900.0, "hours_left": 2.0}, Severity.CRITICAL),
        ({"charge": 9.0, "battery_power": -900.0}, Severity.NONE),
        ({"charge": 40.0, "battery_power": 9000.0, "hours_left": 0.4}, Severity.CRITICAL),
        ({"light": Light.NIGHT, "power": 0.0, "charge": 60.0, "battery_power": 900.0,
          "hours_left": 6.0}, Severity.DEGRADED),
        ({"light": Light.NIGHT, "power": 0.0, "charge": 60.0, "battery_power": 900.0,
          "hours_left": 16.0}, Severity.NONE),
    ],
)  # fmt: skip
def test_batteries_of_a_plant(more: dict[str, Any], grade: Severity) -> None:
    assert worst(solar.of_plant(sky.plant(**more), NOW)) is grade


def test_a_battery_by_itself() -> None:
    row = cells(sky.battery(), batteries)
    assert row["gauge"].text == "▰▰▰▰▰▰▱▱▱▱╸"
    assert (row["charge"].text, row["power"].text) == ("61 %", "↓2.15 kW")
    assert cells(sky.battery(power=-800.0), batteries)["power"].text == "↑800 W"
    assert cells(sky.battery(power=0.0), batteries)["power"].text == "0 W"
    gone = cells(sky.battery(online=False, charge=None, power=None), batteries)
    assert gone["gauge"].text == "·" * 10 + "╸"
    assert gone["mark"].tone == "bad"
    low = sky.battery(charge=10.0, reserve=12.0, power=-5.0)
    assert batteries.state_text(low, NOW) == "down to its reserve · discharging"
    empty = sky.battery(charge=4.0)
    assert worst(solar.of_battery(empty, NOW)) is Severity.CRITICAL


def test_what_is_not_known_is_a_dash_and_never_zero() -> None:
    bare = sky.plant(
        power=None, rated=None, energy_today=None, devices=0, answering=0, light=Light.UNKNOWN,
        state="",
    )  # fmt: skip
    row = cells(bare, plants)
    for key in ("power", "share", "today", "battery", "light"):
        assert row[key].text == marks.NOTHING, key
    assert row["why"].text == "no device has answered yet"
    row = cells(sky.inverter(power=None, rated=None), inverters)
    for key in ("power", "dc", "temperature", "today", "energy", "strings", "model"):
        assert row[key].text == marks.NOTHING, key


def test_a_battery_at_night_is_not_dimmed_with_its_array() -> None:
    row = cells(sky.night(answering=1, charge=81.0, battery_power=2_100.0), plants)
    assert row["battery"] == ("▰▰▰▰▱╸ 81 % ↓2.10 kW", "good")
    assert row["power"].tone == "dim"
    busy = sky.night(power=0.0, state="battery discharging", answering=1)
    assert plants.state_text(busy, NOW) == "night, battery discharging"


# Sorting, filters, the page of a device


def test_the_worst_sorts_to_the_top_and_the_most_power() -> None:
    well, low, out = sky.plant("a"), sky.plant("b", power=1.0), sky.plant("c", answering=0)
    by_mark = sorted([well, low, out], key=plants.sort_key("mark"))
    assert [one.name for one in by_mark] == ["c", "a", "b"]
    unknown = sky.plant("d", power=None)
    by_power = sorted([unknown, low, well], key=plants.sort_key("power"))
    assert [one.name for one in by_power] == ["a", "b", "d"]


@pytest.mark.parametrize(
    ("module", "record"),
    [(plants, sky.plant()), (inverters, sky.inverter()), (batteries, sky.battery())],
)
def test_every_column_sorts_and_every_field_is_there(module: Any, record: Any) -> None:
    for column in module.COLUMNS:
        assert sorted([record, record], key=module.sort_key(column.key))
    assert set(module.haystack(record)) == set(module.FIELDS)
    assert len(module.cells(record, sky.context(record))) == len(module.COLUMNS)


def test_a_devices_page_has_every_value_once() -> None:
    one = sky.inverter(
        dc_power=5_100.0, voltage=230.1, frequency=50.01, temperature=41.2, energy=1.2e6,
        strings=(String("PV1", 2_600.0, 612.0, 4.2), String("PV2")), manufacturer="ColonyPower",
    )  # fmt: skip
    facts = {fact.label: fact.text for group in device.groups(one, NOW) for fact in group.facts}
    assert facts["power"] == "4.98 kW"
    assert facts["frequency"] == "50.01 Hz"
    assert facts["alarms"] == "none"
    assert facts["read at"] == "14:02:29Z"
    assert [[cell.text for cell in row] for row in device.strings(one)] == [
        ["PV1", "2.60 kW", "612.0 V", "4.2 A"], ["PV2", "—", "—", "—"],
    ]  # fmt: skip
    gone = sky.inverter(online=False)
    said = {fact.label: fact.text for group in device.groups(gone, NOW) for fact in group.facts}
    assert said["alarms"] == ""
    for other in (sky.plant(), sky.night(), sky.battery()):
        assert device.groups(other, NOW)
        assert device.state_text(other, NOW)


def test_the_light_in_words() -> None:
    assert plants.light_words(sky.plant(), NOW) == "day, sunset in 5 h 10 min, 19:20:31Z"
    assert plants.light_words(sky.night(), NOW) == "night, sunrise in 3 h 20 min, 17:26:31Z"
    assert plants.light_text(sky.plant(sunset=None), NOW) == "☼ day"
    assert plants.light_words(sky.plant(light=Light.UNKNOWN), NOW) == "not known"
