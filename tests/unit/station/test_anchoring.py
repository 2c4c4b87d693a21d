"""The log's root goes onto the chain by an action of its own, once, and is held against the log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ended_stations import MOMENTS, KillAt
from fake_chain import CHAIN, EVERY, ORIGIN, AnchoredStation, Chain
from fake_colony import ManualClock, World, copy_log, settle

from adapters.contract import AdapterError, Found, Significance
from adapters.records import ActionState
from console.station import anchors
from console.station.faults import Killed

ROOT = "9f" * 32


@pytest.fixture
async def station(tmp_path: Path) -> Any:
    made = await AnchoredStation(tmp_path / "log.sqlite", Chain()).start()
    yield made
    await made.stop()


async def test_what_was_done_is_anchored_by_the_configurations_word(
    station: AnchoredStation,
) -> None:
    await station.act()
    before = station.log.head
    await station.later(2 * EVERY)
    assert station.made() == ["verified"]
    (status,) = [one for one in station.commanding.statuses() if one.actor == "station"]
    assert status.reason == f"the log's root at {before.size:,} entries"
    assert dict(status.arguments) == {
        "log": anchors.log_hash(ORIGIN),
        "size": str(before.size),
        "root": before.root.hex(),
    }
    approved = next(each for each in status.stages if each.state is ActionState.APPROVED)
    assert approved.detail == "by the colony's configuration (log.anchor = true), for station"
    (leaf,) = await station.logged()
    assert leaf["intent"] == status.name
    assert (leaf["chain"], leaf["size"], leaf["root"]) == (CHAIN, before.size, before.root.hex())
    assert leaf["block_hash"] == f"0x{1:064x}"
    (row,) = await anchors.read(station.log)
    assert (row.chain, row.size, row.block) == (CHAIN, before.size, 1)
    assert (row.transaction, row.block_hash) == (leaf["transaction"], leaf["block_hash"])
    kept = await station.log.read("SELECT size, root FROM checkpoints WHERE size = :s",
                                  s=before.size)  # fmt: skip
    assert kept == [(before.size, before.root)]
    (finding,) = station.anchoring.findings()
    assert (finding.found, finding.detail) == (
        Found.GOOD,
        f"the root of {before.size:,} entries is in block 1 of {CHAIN}",
    )


async def test_its_own_leaves_are_no_reason_for_the_next(station: AnchoredStation) -> None:
    await station.act()
    await station.later(20 * EVERY)
    assert station.made() == ["verified"]
    assert len(station.chain.anchors) == 1
    size = station.log.head.size
    await station.later(20 * EVERY)
    assert station.log.head.size == size
    await station.act()
    await station.later(20 * EVERY)
    assert station.made() == ["verified", "verified"]
    assert [each["size"] for each in await station.logged()] == [
        each["size"] for each in station.chain.anchors
    ]


async def test_at_most_once_in_the_time_that_is_set(station: AnchoredStation) -> None:
    for _ in range(40):
        await station.act()
        await station.later(5)
    spent = station.clock.monotonic()
    assert 2 <= len(station.chain.anchors) <= spent / EVERY


async def test_nothing_is_anchored_while_something_is_in_flight(
    station: AnchoredStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    flying = [1]
    monkeypatch.setattr(station.anchoring, "_in_flight", lambda: sum(flying))
    await station.act()
    await station.later(5 * EVERY)
    assert station.made() == []
    flying.clear()
    await station.later(2 * EVERY)
    assert station.made() == ["verified"]


async def test_a_log_with_nothing_in_it_is_left_alone(station: AnchoredStation) -> None:
    await station.later(10 * EVERY)
    assert station.made() == []


async def test_an_anchor_that_fails_is_tried_ever_more_rarely(station: AnchoredStation) -> None:
    await station.act()

    def refuse() -> None:
        raise AdapterError("the node does not answer")

    station.anchor.on_simulate = refuse
    await station.later(60 * EVERY)
    tried = len(station.made())
    assert set(station.made()) == {"failed"}
    assert 3 <= tried <= 6
    (finding,) = station.anchoring.findings()
    assert (finding.found, finding.detail) == (Found.WARNING, "the node does not answer")
    station.anchor.on_simulate = None
    await station.later(3600)
    assert station.made()[-1] == "verified"
    assert station.anchoring.trouble == ""


@pytest.mark.parametrize(
    ("preview", "said"),
    [
        ({"locked": "ops"}, "the key ops is locked, and nobody is there to unlock it; give"),
        ({"significance": Significance.CRITICAL, "confirm": "x"}, "contract.call is critical"),
    ],
)
async def test_where_a_person_is_needed_it_ends(
    station: AnchoredStation, preview: dict[str, Any], said: str
) -> None:
    station.anchor.preview |= preview
    await station.act()
    await station.later(2 * EVERY)
    assert station.made() == ["refused"]
    assert said in station.anchoring.trouble
    assert station.chain.anchors == []


async def test_without_a_contract_it_says_so(station: AnchoredStation) -> None:
    station.offers.pop()
    await station.act()
    await station.later(2 * EVERY)
    assert "no adapter here anchors a log" in station.anchoring.trouble
    assert len(station.commanding.statuses()) == 1


async def test_a_chain_that_cannot_be_asked_is_asked_again(station: AnchoredStation) -> None:
    station.chain.down = "chain: no answer"
    await station.act()
    await station.later(2 * EVERY)
    assert (station.anchoring.trouble, station.made()) == ("chain: no answer", [])
    station.chain.down = ""
    await station.later(2 * EVERY)
    assert (station.anchoring.trouble, station.made()) == ("", ["verified"])


# -- what the chain has, and the log has not


async def test_more_than_the_log_has_is_told_loudly(station: AnchoredStation) -> None:
    await station.act()
    station.chain.add(1000, ROOT)
    await station.later(3 * EVERY)
    size = station.log.head.size
    assert station.anchoring.mismatch == (
        f"the root of 1,000 entries is in block 1 of {CHAIN}, and the log has {size}: "
        "entries were lost"
    )
    assert station.made() == []
    (finding,) = station.anchoring.findings()
    assert (finding.check, finding.found) == ("anchor", Found.BAD)


async def test_another_root_is_told_loudly(station: AnchoredStation) -> None:
    await station.act()
    station.chain.add(3, ROOT)
    await station.later(3 * EVERY)
    assert station.anchoring.mismatch.endswith("another root there: entries were changed")
    assert station.made() == []
    assert await station.logged() == []


async def test_an_anchor_that_is_gone_is_told_and_made_again(station: AnchoredStation) -> None:
    await station.act()
    await station.later(2 * EVERY)
    gone = station.chain.anchors.pop()
    await station.act()
    told = station.told_of
    while not station.anchoring.mismatch:
        await station.later(5)
    assert station.anchoring.mismatch == (
        f"{gone['size']} entries were anchored in block 1, and {CHAIN} has none now: "
        "that block was taken away"
    )
    assert station.told_of > told
    await station.later(2 * EVERY)
    assert station.anchoring.mismatch == ""
    assert len(station.chain.anchors) == 1


async def test_what_is_not_final_is_not_written_down(station: AnchoredStation) -> None:
    await station.act()
    head = station.log.head
    station.chain.add(head.size, head.root.hex(), final=False)
    await station.later(3 * EVERY)
    assert (await station.logged(), station.made()) == ([], [])
    station.chain.anchors[0]["final"] = True
    await station.later(10)
    (leaf,) = await station.logged()
    assert (leaf["size"], leaf["intent"]) == (head.size, "")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"chain": "c", "contract": "0x", "anchors": [{"size": "x"}]}',
     json.dumps({"chain": "c", "contract": "0x", "anchors": [
         {"size": 3, "root": "0x12", "block": 1, "block_hash": "0x" + ROOT}]}),
     json.dumps({"chain": "c", "contract": "0x", "anchors": [
         {"size": -3, "root": "0x" + ROOT, "block": 1, "block_hash": "0x" + ROOT}]})],
)  # fmt: skip
def test_an_answer_that_is_none(text: str) -> None:
    with pytest.raises(AdapterError, match="what is anchored"):
        anchors.understood(text)


# -- stations that end in between


@pytest.mark.parametrize(
    "moment", [*MOMENTS, *(("after-commit", n) for n in range(8, 20))],
    ids=lambda moment: "-".join(map(str, moment)),
)  # fmt: skip
async def test_wherever_a_station_ends_nothing_is_anchored_twice(
    tmp_path: Path, moment: tuple[str, int]
) -> None:
    world, clock, chain = World(), ManualClock(), Chain()
    path = tmp_path / "0" / "log.sqlite"
    path.parent.mkdir()
    stations = []
    for number, one in enumerate([("", 0), moment, ("", 0)]):
        station = AnchoredStation(path, chain, world, clock, KillAt(*one))
        stations.append(station)
        try:
            await station.start()
            if number == 0:
                await station.act()
            else:
                await station.later(70 * EVERY)
        except Killed:
            pass
        path = copy_log(path, tmp_path / str(number + 1))
    last = stations[-1]
    sizes = [each["size"] for each in chain.anchors]
    assert len(sizes) == len(set(sizes)) >= 1
    assert all(count == 1 for count in world.effects.values())
    assert (await last.logged())[-1]["size"] == sizes[-1]
    assert last.anchoring.mismatch == ""
    assert all(each.state.ended for each in last.commanding.statuses())
    await last.log.verify()
    for station in stations:
        await station.stop()


async def test_what_an_earlier_station_put_there_is_found(tmp_path: Path) -> None:
    """It was sent and came into a block, and the station ended before it could say so."""
    world, clock, chain = World(), ManualClock(), Chain()
    first = await AnchoredStation(tmp_path / "0" / "log", chain, world, clock).start()
    await first.act()
    head = first.log.head
    chain.add(head.size, head.root.hex())
    second = await AnchoredStation(
        copy_log(first.path, tmp_path / "1"), chain, world, clock
    ).start()
    await second.later(5 * EVERY)
    assert second.made() == []
    assert [each["size"] for each in await second.logged()] == [head.size]
    await first.stop()
    await second.stop()


async def test_a_station_that_may_not_act_compares_all_the_same(tmp_path: Path) -> None:
    world, clock, chain = World(), ManualClock(), Chain()
    first = await AnchoredStation(tmp_path / "0" / "log", chain, world, clock).start()
    await first.act()
    chain.add(3, ROOT)
    second = await AnchoredStation(
        copy_log(first.path, tmp_path / "1"), chain, world, clock, read_only=True
    ).start()
    await second.later(3 * EVERY)
    assert "another root" in second.anchoring.mismatch
    assert await second.logged() == []
    for station in (first, second):
        await station.stop()
    await settle()
