"""The states of an alarm by ISA-18.2, and what people do about it."""

from __future__ import annotations

import pytest
from alarm_helpers import POOL, Watched, app, battery, pool

from adapters.contract import Refused
from adapters.records import AlarmState, Health
from console.station.alarms.book import HISTORY, MOST, OF_RULE

CALLS, SEEN = AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED
CLEARED, SHELVED = AlarmState.CLEARED, AlarmState.SHELVED


def full() -> Watched:
    here = Watched()
    here.put(pool(95))
    here.look()
    return here


def test_seen_and_then_over_is_normal() -> None:
    here = full()
    here.book.acknowledge(POOL, "ana@relay")
    assert here.look() == {POOL: SEEN}
    assert (here.told[POOL].acked_by, here.told[POOL].acked_at) == ("ana@relay", here.clock.now())
    here.put(pool(10))
    assert here.look() == {}
    here.put(pool(95))
    assert here.look() == {POOL: CALLS}, "a new one calls anew"
    assert here.told[POOL].times == 2
    assert [one.what for one in here.told[POOL].history] == [
        "raised", "acknowledged", "returned", "raised",
    ]  # fmt: skip


def test_over_and_then_seen_is_normal() -> None:
    here = full()
    here.put(pool(10))
    assert here.look(100) == {POOL: CLEARED}, "latched until somebody sees it"
    here.book.acknowledge(POOL, "ana")
    assert here.look() == {}
    with pytest.raises(Refused, match=f"{POOL} is gone: ana acknowledged it at 2030"):
        here.book.may_acknowledge(POOL)


def test_the_second_person_is_told_who_did() -> None:
    here = full()
    here.book.acknowledge(POOL, "ana@relay")
    with pytest.raises(Refused, match=f"{POOL}: ana@relay acknowledged it at .* already"):
        here.book.may_acknowledge(POOL)


def test_what_never_was_is_refused() -> None:
    here = full()
    with pytest.raises(Refused, match="no alarm is called 'pool-full:x' now"):
        here.book.may_acknowledge("pool-full:x")
    with pytest.raises(Refused, match="is not shelved: it is unacknowledged"):
        here.book.may_unshelve(POOL)


def test_the_shelf_ends_by_itself() -> None:
    here = full()
    here.book.shelve(POOL, "ana", here.clock.now() + 600, "being grown")
    assert here.look(599) == {POOL: SHELVED}
    with pytest.raises(Refused, match="shelved by ana: unshelve it first"):
        here.book.may_acknowledge(POOL)
    with pytest.raises(Refused, match="ana shelved it already, until 2030"):
        here.book.may_shelve(POOL)
    assert here.look(1) == {POOL: CALLS}, "its cause is there still"


def test_what_went_on_the_shelf_is_normal_after_it() -> None:
    here = full()
    here.book.shelve(POOL, "ana", here.clock.now() + 600, "being grown")
    here.put(pool(10))
    here.look(10)
    here.put(pool(95))
    here.look(10)
    here.put(pool(10))
    assert here.look(10) == {POOL: SHELVED}, "it comes and goes without a word"
    assert here.told[POOL].times == 2
    assert here.look(600) == {}


def test_what_another_one_explains_keeps_that_it_was_seen() -> None:
    here = Watched()
    here.put(battery(33))
    here.look()
    low = "battery-low:main:north/b1"
    here.book.acknowledge(low, "ana")
    here.put(battery(15))
    assert low not in here.look()
    here.put(battery(30))
    assert here.look()[low] is SEEN


def test_a_flood_is_said_and_capped() -> None:
    here = Watched()
    here.put(*(pool(95, f"p{n}") for n in range(OF_RULE + 312)))
    found = here.look()
    assert len(found) == OF_RULE + 1
    more = here.told["pool-full:more"]
    assert more.thing == "and 312 more of pool-full"
    here.book.acknowledge("pool-full:more", "ana")
    assert here.look()["pool-full:more"] is SEEN
    here.put(pool(95, "another"))
    assert here.look()["pool-full:more"] is CALLS, "that there are more is news"
    here.put(*(pool(10, f"p{n}") for n in range(OF_RULE + 312)), pool(10, "another"))
    here.look(1)
    for name in list(here.told):
        here.book.acknowledge(name, "ana")
    here.look(2)
    assert len(here.told) == 0


def test_those_behind_a_flood_come_forward() -> None:
    here = Watched()
    here.put(*(pool(95, f"p{n}") for n in range(OF_RULE + 2)))
    here.look()
    name = next(name for name in here.told if name != "pool-full:more")
    here.book.acknowledge(name, "ana")
    here.put(pool(10, name.rpartition("/")[2]))
    here.look()
    assert here.told["pool-full:more"].thing == "and 1 more of pool-full"
    assert sum(one.state is CALLS for one in here.told.values()) == OF_RULE + 1


def test_there_are_never_more_than_so_many_in_all() -> None:
    here = Watched()
    for kind in ("app-failed", "app-degraded"):
        here.put(*(app(Health.FAILED if kind == "app-failed" else Health.DEGRADED, f"{kind}{n}")
                   for n in range(700)), scope=kind)  # fmt: skip
    here.look(31)
    assert len(here.told) == 2 * OF_RULE + 2 <= MOST


def test_the_history_is_bounded() -> None:
    here = full()
    for _ in range(HISTORY):
        here.put(pool(10))
        here.look()
        here.put(pool(95))
        here.look()
    assert len(here.told[POOL].history) == HISTORY
    assert here.told[POOL].times == HISTORY + 1
