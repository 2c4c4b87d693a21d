"""A battery, a pool and a rollout look like what they are, and what is unknown like nothing."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from adapters.records import App, Battery, Health, Revision
from console.rows import batteries, gauge, marks, rollout
from console.terminal.ascii import to_ascii

NOW = 1_795_183_351.0


def app(**more: object) -> App:
    values: dict[str, object] = {
        "source": "tycho", "namespace": "life-support", "name": "oxygen-generator", "desired": 3,
        "ready": 2, "updated": 1, "health": Health.DEGRADED, "since": NOW - 360,
        "received": NOW,
    }  # fmt: skip
    return App(**(values | more))


def revision(number: int, replicas: int | None, ready: int | None, **more: object) -> Revision:
    return Revision(
        source="tycho", namespace="life-support", name=f"r{number}", app="oxygen-generator",
        number=number, replicas=replicas, ready=ready, received=NOW, **more,
    )  # fmt: skip


def said(bar: rollout.Bar) -> str:
    blocks, words = "".join(one.text for one in bar.blocks), " ".join(w.text for w in bar.words)
    return f"{bar.number} {blocks} {words}"


def test_a_pool_has_a_block_an_address_where_there_is_room() -> None:
    assert gauge.pool(3, 4, 16) == "▮▮▮▯"
    assert gauge.pool(15, 16, 16) == "▮" * 15 + "▯"
    assert gauge.pool(0, 4, 16) == "▯▯▯▯"
    assert gauge.pool(4, 4, 16) == "▮▮▮▮"


def test_a_large_pool_is_in_proportion_and_never_full_before_it_is() -> None:
    assert gauge.pool(999, 1000, 8) == "▮" * 7 + "▯"
    assert gauge.pool(1, 1000, 8) == "▮" + "▯" * 7


def test_what_is_not_known_is_no_empty_pool() -> None:
    assert gauge.pool(None, 16, 8) == "········"
    assert gauge.pool(3, None, 8) == "········"
    assert gauge.pods(None, 3, 8) == ""
    assert gauge.pods(0, 0, 8) == ""
    assert gauge.battery(None) == "·····╸"


def test_a_battery_has_a_pole_and_pods_are_ready_or_not() -> None:
    assert gauge.battery(81) == "▰▰▰▰▱╸"
    assert gauge.battery(3, 4) == "▰▱▱▱╸"
    assert gauge.pods(2, 3, 8) == "▮▮▯"
    assert gauge.pods(4, 3, 8) == "▮▮▮▮"
    assert gauge.pods(30, 60, 8) == "▮▮▮▮▯▯▯▯"


def test_a_stuck_rollout_shows_what_does_not_come_up_and_what_still_serves() -> None:
    found = rollout.bars(
        app(), [revision(11, 2, 2), revision(12, 1, 0, current=True), revision(10, 0, 0)], NOW
    )
    assert [said(one) for one in found] == [
        "12 ✖·· new  0 of 3 ready ✖ stuck 6 min",
        "11 ▮▮ old  2 of 2 ready still there",
    ]


def test_a_rollout_under_way_is_not_stuck() -> None:
    moving = app(health=Health.PROGRESSING, ready=3)
    found = rollout.bars(moving, [revision(12, 2, 1, current=True), revision(11, 2, 2)], NOW)
    assert said(found[0]) == "12 ▮▯· new  1 of 3 ready ● 1 coming up"
    found = rollout.bars(moving, [revision(12, 1, 1, current=True), revision(11, 2, 2)], NOW)
    assert said(found[0]) == "12 ▮·· new  1 of 3 ready 2 to come"


def test_what_is_rolled_out_is_no_rollout() -> None:
    whole = app(health=Health.HEALTHY, ready=3)
    assert rollout.bars(whole, [revision(12, 3, 3, current=True), revision(11, 0, 0)], NOW) == []
    assert rollout.bars(whole, [], NOW) == []
    assert rollout.bars(whole, [revision(12, 3, None, current=True)], NOW) == []


def test_many_pods_are_in_proportion() -> None:
    many = app(desired=400, ready=399)
    found = rollout.bars(many, [revision(12, 400, 399, current=True)], NOW)
    assert found[0].blocks[0].text == "▮" * 15
    assert found[0].blocks[1].text == "✖"


BATTERY = Battery(
    source="south", namespace="south", name="b", online=True, power=2150.0, charge=31.0,
    reserve=10.0, capacity=20_000.0, received=NOW,
)  # fmt: skip


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "1 h 50 min left"),
        ({"power": -2000.0}, "full in 6 h 50 min"),
        ({"power": -2000.0, "charge": 100.0}, "full"),
        ({"power": 0.0}, ""),
        ({"power": None}, ""),
        ({"charge": None}, ""),
        ({"capacity": None}, ""),
        ({"online": False}, ""),
        ({"charge": 8.0}, "under 10 min left"),
    ],
)
def test_how_long_a_battery_lasts_is_worked_out_to_its_reserve(
    more: dict[str, object], said: str
) -> None:
    assert batteries.lasts_text(replace(BATTERY, **more)) == said


def test_every_glyph_is_one_cell_and_has_a_stand_in_where_there_is_only_ascii() -> None:
    drawn = {*"▮▯▰▱╸┄▁▂▃▄▅▆▇█░▌▐▞⊘●┤├┼┬╷│─╭╮╰╯·→↑↓…"}
    drawn |= {gauge.USED, gauge.FREE, gauge.NUB, marks.GOOD, marks.WARN, marks.BAD, marks.BUSY,
              marks.IDLE, marks.WAITS, marks.STALE, marks.DARK, marks.SUN, marks.NOTHING,
              }  # fmt: skip
    drawn |= {chr(0x2800 + dots) for dots in range(1, 256)}
    for one in sorted(drawn):
        assert cell_len(one) == 1, one
        assert to_ascii(one) != "?", one
    assert to_ascii(gauge.pool(3, 5, 8)) == "###--"
    assert to_ascii(gauge.battery(81)) == "####-]"
    assert len({to_ascii(one) for one in (gauge.USED, gauge.FREE)}) == 2
