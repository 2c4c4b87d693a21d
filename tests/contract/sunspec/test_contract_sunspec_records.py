"""What the adapter makes of plants, over the box's server and an independent one."""

from __future__ import annotations

import pytest

from adapters.contract import Found, Refused
from adapters.records import Battery, Inverter, InverterState, Light, ScopeState
from fixtures.sunspec import plants
from tests.contract.sunspec import images
from tests.contract.sunspec.backend import Backend, Can
from tests.contract.sunspec.conftest import OPENING, Begin, put
from tests.contract.sunspec.driving import TurnedClock

NIGHT = OPENING + 14 * 3600.0


async def test_scopes_are_announced_and_then_each_is_live(begin: Begin) -> None:
    drive = await begin()
    stream = drive.adapter.records()
    first = [await anext(stream) for _ in range(4)]
    await stream.aclose()  # type: ignore[attr-defined]
    assert [batch.scope for batch in first] == ["unit 1", "unit 2", "plant", "trend"]
    assert {batch.state for batch in first} == {ScopeState.NEVER}
    await drive.round()
    assert drive.scopes["unit 1"].interval == 5.0
    assert {drive.scopes[name].state for name in ("unit 1", "unit 2", "plant")} == {ScopeState.LIVE}


async def test_integers_with_scale_factors_and_strings(
    begin: Begin, backend: Backend, clock: TurnedClock
) -> None:
    drive = await begin(0)
    await drive.round()
    found, plant = drive.inverter(1), plants(1, "calm", OPENING)[0]
    truth = plant.inverters[0]
    assert (found.name, found.namespace, found.site) == ("NR-INV-0117", "rim", "rim")
    assert (found.manufacturer, found.model) == ("Meridian Works", "Helios 8i")
    assert (found.online, found.state, found.light) == (True, InverterState.MPPT, Light.DAY)
    assert found.power == pytest.approx(truth.power, abs=0.5)
    assert found.energy == pytest.approx(truth.energy, abs=0.5)
    assert found.temperature == pytest.approx(truth.temperature, abs=0.05)
    assert found.rated == 8000.0
    assert found.frequency == 50.0
    assert found.voltage == 230.1
    assert [string.name for string in found.strings] == ["East", "West"]
    assert sum(string.power or 0.0 for string in found.strings) == pytest.approx(
        found.dc_power, abs=1.0
    )
    assert found.at == clock.now()


async def test_floats_behind_a_common_block_of_65_registers(begin: Begin) -> None:
    drive = await begin(0)
    await drive.round()
    found = drive.inverter(2)
    truth = plants(1, "calm", OPENING)[0].inverters[1]
    assert found.name == "NR-INV-0242"
    assert found.power == pytest.approx(truth.power, rel=1e-6)
    assert found.energy == pytest.approx(truth.energy, abs=1.0)  # float32 at ten million
    assert found.strings == ()


async def test_a_newer_inverter_and_a_battery_behind_a_vendors_model(begin: Begin) -> None:
    drive = await begin(1)
    await drive.round()
    south = plants(1, "calm", OPENING)[1]
    assert south.battery is not None
    inverter, battery = drive.inverter(1), drive.battery(2)
    assert inverter.state is InverterState.MPPT
    assert inverter.power == pytest.approx(south.inverters[0].power, abs=0.5)
    assert inverter.rated == 8000.0
    assert battery.charge == pytest.approx(61.0, abs=0.1)
    assert battery.power == pytest.approx(south.battery.power, abs=0.5)
    assert battery.power is not None
    assert battery.power < 0
    assert (battery.state, battery.reserve, battery.capacity) == ("charging", 10.0, 96_000.0)
    assert (battery.health, battery.charge_limit) == (97.4, 12_000.0)
    assert drive.plant.charge == battery.charge
    assert drive.plant.power == inverter.power


async def test_one_unit_may_be_an_inverter_and_a_battery(begin: Begin, backend: Backend) -> None:
    await backend.serve({1: images.sample})
    drive = await begin(None, units=[1])
    await drive.round()
    inverter, battery = drive.inverter(1), drive.battery(1)
    assert (inverter.name, battery.name) == ("MARS-0001", "MARS-0001")
    assert (inverter.power, inverter.dc_power, inverter.temperature) == (4980.0, 5100.0, 41.2)
    assert (inverter.energy, inverter.frequency, inverter.voltage) == (1_234_567.0, 50.01, 230.0)
    assert [(one.name, one.power, one.current) for one in inverter.strings] == [
        ("West", 2554.0, 4.12),
        ("East", 2507.0, 4.05),
    ]
    assert (battery.charge, battery.health, battery.power) == (61.0, 98.5, -1560.0)
    assert battery.state == "charging"
    # Its model 802 has a rating without a scale factor: that is nothing. Model 713 knows.
    assert battery.capacity == 100_000.0
    assert inverter.rated is None


@pytest.mark.parametrize("base", [0, 50000])
async def test_the_marker_is_looked_for_where_it_may_stand(
    base: int, begin: Begin, backend: Backend
) -> None:
    await backend.serve({1: images.sample}, base)
    drive = await begin(None, units=[1])
    await drive.round()
    assert drive.inverter(1).power == 4980.0


async def test_a_sleeping_array_is_night_and_neither_offline_nor_wrong(
    begin: Begin, clock: TurnedClock
) -> None:
    drive = await begin(0)
    clock.turn(NIGHT - OPENING)
    await drive.round()
    first, second = drive.inverter(1), drive.inverter(2)
    assert (first.state, second.state) == (InverterState.SLEEPING, InverterState.SLEEPING)
    assert (first.online, second.online) == (True, True)
    assert (first.power, second.power) == (0.0, None)  # one says 0, the other a NaN
    assert first.light is Light.NIGHT
    assert (drive.plant.state, drive.plant.problems) == ("night", ())
    assert drive.plant.power == 0.0


async def test_the_day_is_counted_from_the_counter(begin: Begin, clock: TurnedClock) -> None:
    drive = await begin(0)
    await drive.round()
    before = drive.inverter(1)
    assert (before.energy_today, before.energy_since) == (0.0, OPENING)  # it begins only now
    clock.turn(3600.0)
    await drive.round()
    after = drive.inverter(1)
    assert before.energy is not None
    assert after.energy is not None
    assert after.energy > before.energy + 5000.0
    assert after.energy_today == after.energy - before.energy
    assert drive.plant.energy_today == sum(each.energy_today or 0 for each in drive.every(Inverter))


async def test_registers_that_follow_the_sun(
    begin: Begin, backend: Backend, clock: TurnedClock
) -> None:
    drive = await begin(0)
    await drive.round()
    before = drive.inverter(1)
    backend.refresh = lambda: None  # type: ignore[method-assign]
    clock.turn(1800.0)
    await drive.round()
    after = drive.inverter(1)
    assert after.at == clock.now()
    if Can.MOVES in backend.can:
        assert after.power != before.power
        return
    # A server that stands still is fresh and says what it said.
    assert (after.power, after.energy_today) == (before.power, 0.0)
    assert drive.scopes["unit 1"].state is ScopeState.LIVE


async def test_another_device_behind_the_same_connection(
    begin: Begin, backend: Backend, clock: TurnedClock
) -> None:
    drive = await begin(0)
    await drive.round()
    await put(backend, clock, plants(1, "calm", OPENING)[1])
    await drive.round()
    assert [each.name for each in drive.every(Inverter)] == ["SR-DER-0031"]
    assert [each.name for each in drive.every(Battery)] == ["SR-BAT-0009"]


async def test_a_brownout_says_what_is_wrong(begin: Begin, clock: TurnedClock) -> None:
    north = await begin(0, "brownout")
    await north.round()
    assert north.plant.state == "throttled"
    clock.turn(120.0)
    await north.round()
    assert north.plant.state == "fault: over temperature"
    assert north.plant.problems == ("NR-INV-0242: fault, over temperature",)
    assert north.inverter(2).events == ("over temperature",)


async def test_a_low_battery_says_how_long_it_lasts(begin: Begin) -> None:
    drive = await begin(1, "brownout")
    await drive.round()
    plant, battery = drive.plant, drive.battery(2)
    assert battery.state == "discharging"
    assert battery.power is not None
    assert battery.charge is not None
    usable = (battery.charge - 10.0) / 100.0 * 96_000.0
    assert plant.hours_left == pytest.approx(usable / battery.power, abs=0.005)
    assert plant.state == "battery low"
    assert any(problem.startswith("battery 20%") for problem in plant.problems)


async def test_every_point_of_a_device(begin: Begin) -> None:
    drive = await begin(0)
    await drive.round()
    answer = await drive.adapter.query("yaml", {"kind": "Inverter", "name": "NR-INV-0117"})
    assert answer.title == "rim unit 1"
    assert "- model: 160" in answer.text
    assert '    IDStr: "West"' in answer.text
    assert "  St: 4  # MPPT" in answer.text
    assert "  VAr: null" in answer.text
    with pytest.raises(Refused, match="no device called nobody"):
        await drive.adapter.query("yaml", {"name": "nobody"})


async def test_the_doctor_finds_maps_and_what_is_missing(begin: Begin, backend: Backend) -> None:
    drive = await begin(1, units=[1, 2, 9])
    found = {finding.check: finding for finding in await drive.adapter.diagnose()}
    assert found["configuration"].found is Found.GOOD
    assert found["unit 1"].detail.startswith("SunSpec at 40000, models 1, 701, 702")
    assert found["unit 2"].detail.startswith("SunSpec at 40000, models 1, 802, 64321")
    assert found["unit 2 values"].found is Found.GOOD
    assert found["unit 9"].found is Found.BAD
    assert "gateway target does not answer" in found["unit 9"].detail
    backend.kill()
    gone = (await drive.adapter.diagnose())[-1]
    assert (gone.check, gone.found) == ("reach", Found.BAD)
