"""A verified deployment is written down by an action of its own, once, and it says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ended_stations import MOMENTS, KillAt, rest
from fake_colony import OXYGEN, RECORD, ManualClock, Station, World, copy_log, settle

from adapters.contract import AdapterError, Significance
from adapters.records import ActionState
from console.station import standing
from console.station.faults import Killed


@pytest.fixture
async def station(tmp_path: Path) -> Any:
    made = await Station(tmp_path / "log.sqlite", record=True).start()
    yield made
    await made.stop()


async def test_a_verified_action_is_followed_by_its_record(station: Station) -> None:
    done = await station.act()
    record = station.record(done.name)
    assert (done.state, record.state) == (ActionState.VERIFIED, ActionState.VERIFIED)
    assert (record.action, record.actor, record.undoes) == ("ledger.note", "ana", "")
    assert record.reason == f"the record of {done.name}: why"
    facts = {**RECORD, "actor": "ana", "action": "app.restart", "intent": done.name}
    assert dict(record.arguments)["facts"] == ", ".join(map("=".join, facts.items()))
    approved = next(each for each in record.stages if each.state is ActionState.APPROVED)
    assert approved.detail == "by the colony's configuration (record = true), for ana"
    assert station.world.effects == {done.name: 1, record.name: 1}


async def test_it_is_told_as_due_until_it_is_begun(station: Station) -> None:
    done = await station.act()
    told = [each for each in station.told if each.name == done.name]
    assert [each.record_due for each in told if each.state is ActionState.VERIFIED] == [True, False]
    first = next(n for n, each in enumerate(station.told) if each.records == done.name)
    last = max(n for n, each in enumerate(station.told) if each.record_due)
    begun = next(n for n, each in enumerate(station.told) if n > last and each.name == done.name)
    assert first < begun


async def test_the_log_links_both(station: Station) -> None:
    done = await station.act()
    record = station.record(done.name)
    rows = await station.log.read("SELECT intent, recorder, detail FROM records ORDER BY seq")
    assert rows == [(done.name, None, ""), (done.name, record.name, "")]
    logged = await station.commanding._journal.load(record.name)
    assert logged is not None
    assert logged.records == done.name
    leaves = await station.log.read("SELECT data FROM leaves")
    assert sum(f'"records":"{done.name}"'.encode() in data for (data,) in leaves) == 1


async def test_without_the_setting_nothing_is_recorded(tmp_path: Path) -> None:
    station = await Station(tmp_path / "log").start()
    station.offers.append(("tycho", station.note))
    station.action.preview["record"] = RECORD
    done = await station.act()
    assert [each.name for each in station.commanding.statuses()] == [done.name]
    assert station.note.calls == []
    await station.stop()


async def test_what_has_nothing_to_be_recorded_is_not(station: Station) -> None:
    station.action.preview["record"] = {}
    await station.act()
    assert len(station.commanding.statuses()) == 1


async def test_a_record_is_not_recorded(station: Station) -> None:
    station.note.preview["record"] = RECORD
    await station.act()
    assert len(station.commanding.statuses()) == 2


async def test_what_is_not_verified_is_not_recorded(station: Station) -> None:
    station.action.looks = ()
    done = await station.act()
    assert done.state is ActionState.NOT_VERIFIED
    assert len(station.commanding.statuses()) == 1


@pytest.mark.parametrize(
    ("preview", "state", "said"),
    [
        ({"locked": "ops"}, ActionState.REFUSED, "the key ops is locked"),
        ({"nothing": "it is there already"}, ActionState.REFUSED, "nothing to do: it is there"),
        (
            {"significance": Significance.CRITICAL, "confirm": "the ledger"},
            ActionState.REFUSED,
            "ledger.note is critical: confirm by typing the ledger",
        ),
    ],
)
async def test_a_record_that_cannot_be_made_says_why_and_changes_nothing_else(
    station: Station, preview: dict[str, Any], state: ActionState, said: str
) -> None:
    station.note.preview |= preview
    done = await station.act()
    record = station.record(done.name)
    assert done.state is ActionState.VERIFIED
    assert (record.state, record.outcome[: len(said)]) == (state, said)
    assert station.world.effects == {done.name: 1}


async def test_a_simulation_of_the_record_that_fails_is_the_records_end(station: Station) -> None:
    def fails() -> None:
        raise AdapterError("the node does not answer")

    station.note.on_simulate = fails
    done = await station.act()
    record = station.record(done.name)
    assert (record.state, record.outcome) == (ActionState.FAILED, "the node does not answer")
    assert station.status(done.name).state is ActionState.VERIFIED


async def test_nobody_who_records_is_told_and_logged(station: Station) -> None:
    station.offers.pop()
    done = await station.act()
    assert done.state is ActionState.VERIFIED
    assert done.progress.startswith("not recorded: no adapter here keeps a record")
    assert not done.record_due
    ((detail,),) = await station.log.read("SELECT detail FROM records WHERE seq = 1")
    assert detail == done.progress
    logged = await station.commanding._journal.load(done.name)
    assert logged is not None
    assert logged.progress == done.progress


async def test_an_adapter_that_breaks_when_asked_is_told(station: Station) -> None:
    station.note.recording = lambda facts: 1 // 0  # type: ignore[method-assign, return-value]
    done = await station.act()
    assert done.progress.startswith("not recorded: tycho: ledger.note: integer division")


async def test_what_is_not_known_yet_is_waited_for(station: Station) -> None:
    known, station.apps[:] = list(station.apps), station.apps[:1]
    simulated = await station.simulate()
    await station.approve(simulated)
    while not station.status(simulated.id).record_due:
        station.clock.turn()
        await settle()
    for _ in range(5):
        station.clock.turn()
        await settle()
    assert len(station.commanding.statuses()) == 1
    assert station.commanding.in_flight() == 1
    station.apps[:] = known
    await station.drain()
    assert station.record(simulated.id).state is ActionState.VERIFIED


async def test_but_not_for_ever(station: Station) -> None:
    station.apps[:] = station.apps[:1]
    begun = station.clock.time
    done = await station.act()
    assert "not recorded: no app is called 'water/recycler'" in done.progress
    assert station.clock.time - begun >= standing.PATIENCE


async def test_the_target_takes_another_action_while_the_record_is_made(station: Station) -> None:
    station.apps[:] = station.apps[:1]
    simulated = await station.simulate()
    await station.approve(simulated)
    while not station.status(simulated.id).record_due:
        station.clock.turn()
        await settle()
    await station.simulate(OXYGEN)


async def test_of_two_instances_the_record_is_of_the_one_that_records(station: Station) -> None:
    """A name that is of both, which a person would have to say more of."""
    from adapters.records import App

    station.apps.append(App(source="luna", namespace="water", name="recycler", uid="u6"))
    done = await station.act()
    assert station.record(done.name).state is ActionState.VERIFIED


async def lived(
    path: Path, world: World, clock: ManualClock, moment: tuple[str, int], first: bool
) -> Station:
    hooks = KillAt(*moment)
    station = Station(path, world, clock, hooks, record=True)
    try:
        await station.start()
        if first:
            await station.approve(await station.simulate())
        await rest(station)
    except Killed:
        pass
    return station


TWICE = [
    *MOMENTS,
    *((point, 2) for point, number in MOMENTS if number == 1 and "commit" not in point),
    *((point, number) for point in ("before-commit", "after-commit") for number in range(8, 15)),
]


SEALED = (("after-envelope", 2), ("after-commit", 11))
"""After the record's bytes were written down, and before they were sent."""


@pytest.mark.parametrize("moment", TWICE, ids=lambda moment: "-".join(map(str, moment)))
async def test_wherever_the_station_ends_it_is_recorded_once(
    tmp_path: Path, moment: tuple[str, int]
) -> None:
    world, clock = World(), ManualClock()
    path = tmp_path / "0" / "log.sqlite"
    stations = []
    for number, one in enumerate([moment, ("", 0), ("", 0)]):
        stations.append(await lived(path, world, clock, one, number == 0))
        path = copy_log(path, tmp_path / str(number + 1))
    last = stations[-1]
    assert all(count == 1 for count in world.effects.values())
    await last.log.verify()
    statuses = [await last.commanding.show(each.name) for each in last.commanding.statuses()]
    done = [each.status for each in statuses if not each.status.records]
    records = [each.status for each in statuses if each.status.records]
    verified = [each for each in done if each.state is ActionState.VERIFIED]
    assert all(each.state.ended for each in (*done, *records))
    made = [each.records for each in records if each.state is ActionState.VERIFIED]
    if moment in SEALED:
        # It was never sent, for certain: it says so, and is a person's to make again.
        assert [each.outcome[-16:] for each in records] == ["nothing was sent"]
    else:
        assert made == [each.name for each in verified]
    assert world.effects.keys() == {each.name for each in verified} | {
        each.name for each in records if each.state is ActionState.VERIFIED
    }
    assert not any(each.record_due for each in done)
    for station in stations:
        await station.stop()


async def test_a_station_that_may_not_act_leaves_it_due(tmp_path: Path) -> None:
    world, clock = World(), ManualClock()
    first = await lived(tmp_path / "0" / "log", world, clock, ("after-outcome", 1), True)
    second = Station(
        copy_log(first.path, tmp_path / "1"), world, clock, record=True, read_only=True
    )
    await second.start()
    await settle()
    (status,) = second.commanding.statuses()
    assert status.record_due
    assert second.note.calls == []
    third = await lived(copy_log(first.path, tmp_path / "2"), world, clock, ("", 0), False)
    assert third.record(status.name).state is ActionState.VERIFIED
    for station in (first, second, third):
        await station.stop()


async def test_it_ends_with_the_station_and_the_next_one_makes_it(tmp_path: Path) -> None:
    first = await Station(tmp_path / "log", record=True).start()
    known, first.apps[:] = list(first.apps), first.apps[:1]
    simulated = await first.simulate()
    await first.approve(simulated)
    while not first.status(simulated.id).record_due:
        first.clock.turn()
        await settle()
    await first.stop()
    second = await Station(tmp_path / "log", first.world, first.clock, record=True).start()
    assert second.apps == known
    await second.drain()
    assert second.record(simulated.id).state is ActionState.VERIFIED
    await second.stop()
