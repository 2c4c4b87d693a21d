"""The alarms of a running station: asked over the feed, written into the log, kept."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from alarm_helpers import POOL, pool
from station_helpers import Played, TurnedClock, listed, running, until

from adapters.records import Alarm, AlarmState
from console.feed.client import Feed, FeedRefused
from console.feed.messages import Interest
from console.leaves import line, read
from console.roles import Role
from console.rows import alarms
from console.station.alarms import keeping
from console.station.members import Members
from console.station.server import name_of
from console.station.station import ALARMS, Station


@pytest.fixture
def folder() -> Iterator[Path]:
    """A directory whose path leaves room for a socket's."""
    with tempfile.TemporaryDirectory(prefix="c-") as path:
        yield Path(path)


@pytest.fixture
async def full(folder: Path) -> AsyncIterator[tuple[Station, Path, TurnedClock]]:
    clock, main = TurnedClock(), Played("main")
    async with running(folder, main, clock=clock) as (station, path):
        main.put(listed(pool(95), scope="pools"))
        await clock.turn(2)
        yield station, path, clock


async def entries(station: Station) -> list[Any]:
    rows = await station.log.read("SELECT idx, hash, data, at FROM leaves ORDER BY idx")
    return [json.loads(row[2]) for row in rows]


async def test_a_console_is_told_and_acknowledges(full: tuple[Station, Path, TurnedClock]) -> None:
    station, path, _ = full
    seen: list[Any] = []
    feed = await Feed.connect(path, on_deliver=seen.extend, person="ana")
    await feed.want([Interest("Alarm")])
    await until(lambda: any(parcel.upserts for parcel in seen))
    found = [one for parcel in seen for one in parcel.upserts]
    assert [(one.name, one.state) for one in found] == [(POOL, AlarmState.UNACKNOWLEDGED)]
    said = await feed.ask("alarm.ack", names=[POOL])
    assert said == {"acknowledged": [POOL], "refused": []}
    assert station.alarms.book.alarms[POOL].state is AlarmState.ACKNOWLEDGED
    last = (await entries(station))[-1]
    assert last["event"] == "alarm-ack"
    assert last["actor"] == feed.welcome.who
    assert {key: last[key] for key in ("alarm", "thing", "value", "limit", "state")} == {
        "alarm": POOL, "thing": "pool edge", "value": "95 %, 5 left",
        "limit": "≥ 90 %, clears < 85 %", "state": "unacknowledged",
    }  # fmt: skip
    await feed.close()


async def test_two_at_once_are_one(full: tuple[Station, Path, TurnedClock]) -> None:
    station, path, _ = full
    first = await Feed.connect(path, person="ana")
    second = await Feed.connect(path, person="ben")
    await first.ask("alarm.ack", names=[POOL])
    with pytest.raises(FeedRefused, match=r"ana \(.*\) acknowledged it at .* already"):
        await second.ask("alarm.ack", names=[POOL])
    assert sum(one["event"] == "alarm-ack" for one in await entries(station)) == 1
    for feed in (first, second):
        await feed.close()


@pytest.mark.parametrize("person", ["ben@tycho", "ben (ben", "ben (ben@tycho)", "ben\n(ben)"])
async def test_nobody_passes_for_another_user(
    full: tuple[Station, Path, TurnedClock], person: str
) -> None:
    """What a console calls its person stands beside the user that the socket knows."""
    feed = await Feed.connect(full[1], person=person)
    who = feed.welcome.who
    assert who.endswith(f" ({name_of(os.geteuid())})")
    assert (who.count("("), who.count(")")) == (1, 1)
    assert alarms.who(f"{who[:-1]}@host)") == who
    await feed.close()


async def test_some_of_several_are_refused(full: tuple[Station, Path, TurnedClock]) -> None:
    feed = await Feed.connect(full[1])
    said = await feed.ask("alarm.ack", names=[POOL, "pool-full:x", POOL])
    assert said["acknowledged"] == [POOL]
    assert "no alarm is called 'pool-full:x' now" in said["refused"][0]
    with pytest.raises(FeedRefused, match="which alarm"):
        await feed.ask("alarm.ack", names=[])
    with pytest.raises(FeedRefused, match="200 alarms at once"):
        await feed.ask("alarm.ack", names=[str(n) for n in range(201)])
    await feed.close()


async def test_shelved_for_a_reason_and_a_while(full: tuple[Station, Path, TurnedClock]) -> None:
    station, path, clock = full
    feed = await Feed.connect(path, person="ana")
    given: dict[str, Any] = {"name": POOL, "minutes": 30}
    with pytest.raises(FeedRefused, match="needs a reason"):
        await feed.ask("alarm.shelve", **given, reason=" \n ")
    with pytest.raises(FeedRefused, match="24 hours at most"):
        await feed.ask("alarm.shelve", name=POOL, minutes=1441, reason="x")
    with pytest.raises(FeedRefused, match="24 hours at most"):
        await feed.ask("alarm.shelve", name=POOL, minutes=float("nan"), reason="x")
    alarm = await feed.ask("alarm.shelve", Alarm, **given, reason="being\x1b[31m grown")
    assert alarm.state is AlarmState.SHELVED
    assert alarm.shelved_reason == "being␛[31m grown"
    back = await feed.ask("alarm.unshelve", Alarm, name=POOL)
    assert back.state is AlarmState.UNACKNOWLEDGED
    await feed.ask("alarm.shelve", Alarm, **given, reason="again")
    await clock.turn(30 * 60 + 1)
    assert station.alarms.book.alarms[POOL].state is AlarmState.UNACKNOWLEDGED
    made = [one for one in await entries(station) if one["event"].startswith("alarm-")]
    assert [one["event"] for one in made] == [
        "alarm-shelve", "alarm-unshelve", "alarm-shelve", "alarm-unshelve",
    ]  # fmt: skip
    assert (made[-1]["actor"], made[-1]["reason"]) == ("station", "its time is over")
    assert made[0]["until"].startswith("2030-")
    await feed.close()


async def test_who_only_looks_on_may_not(folder: Path) -> None:
    clock, main = TurnedClock(), Played("main")
    members = Members({Role.COMMANDER: frozenset({"nobody-here"})})
    async with running(folder, main, clock=clock, members=members) as (station, path):
        main.put(listed(pool(95), scope="pools"))
        await clock.turn(2)
        feed = await Feed.connect(path)
        with pytest.raises(FeedRefused, match="you are a viewer here"):
            await feed.ask("alarm.ack", names=[POOL])
        assert station.alarms.book.alarms[POOL].state.calls
        await feed.close()


async def test_a_log_that_cannot_be_written_acknowledges_nothing(
    full: tuple[Station, Path, TurnedClock], monkeypatch: pytest.MonkeyPatch
) -> None:
    from console.station.log import LogError

    station, path, _ = full

    async def broken(*leaves: object) -> int:
        raise LogError("the log x cannot be written: disk full")

    monkeypatch.setattr(station.log, "append", broken)
    feed = await Feed.connect(path)
    with pytest.raises(FeedRefused, match=f"disk full; {POOL} stays as it is"):
        await feed.ask("alarm.ack", names=[POOL])
    with pytest.raises(FeedRefused, match="stays as it is"):
        await feed.ask("alarm.shelve", name=POOL, minutes=5, reason="x")
    assert station.alarms.book.alarms[POOL].state.calls
    await feed.close()


async def test_the_entry_is_read_by_a_person(full: tuple[Station, Path, TurnedClock]) -> None:
    from console.station.ledger_reading import leaf

    station, path, _ = full
    feed = await Feed.connect(path)
    await feed.ask("alarm.shelve", name=POOL, minutes=5, reason="being grown")
    (row,) = await station.log.read(
        "SELECT idx, hash, data, at FROM leaves ORDER BY idx DESC LIMIT 1"
    )
    text = line(read(leaf(*row)))
    assert text.startswith(f"alarm shelved: pool edge  95 %, 5 left  {POOL}  until 2030")
    assert text.endswith("“being grown”")
    await feed.close()


async def test_they_survive_a_restart(folder: Path) -> None:
    clock = TurnedClock()
    for used, state in ((95, None), (95, AlarmState.ACKNOWLEDGED), (10, None), (10, None)):
        main = Played("main")
        async with running(folder, main, clock=clock) as (station, path):
            book = station.alarms.book
            if state is not None:
                assert book.alarms[POOL].state is state
                assert book.alarms[POOL].times == 1
            main.put(listed(pool(used), scope="pools"))
            await clock.turn(3)
            if state is None and used == 95:
                feed = await Feed.connect(path)
                await feed.ask("alarm.ack", names=[POOL])
                await feed.close()
            elif used == 95:
                assert book.alarms[POOL].state is AlarmState.ACKNOWLEDGED
            else:
                assert POOL not in book.alarms
    assert (folder / ALARMS).stat().st_mode & 0o777 == 0o600


async def test_latched_and_shelved_survive_a_restart_too(folder: Path) -> None:
    clock, main = TurnedClock(), Played("main")
    async with running(folder, main, clock=clock) as (station, path):
        main.put(listed(pool(95), pool(95, "other"), scope="pools"))
        await clock.turn(2)
        feed = await Feed.connect(path)
        await feed.ask("alarm.shelve", name=f"{POOL[:-4]}other", minutes=600, reason="x")
        await feed.close()
        main.put(listed(pool(10), pool(95, "other"), scope="pools"))
        await clock.turn(2)
    async with running(folder, Played("main"), clock=clock) as (station, _):
        await clock.turn(2)
        found = {name: one.state for name, one in station.alarms.book.alarms.items()}
        assert found == {
            POOL: AlarmState.CLEARED, f"{POOL[:-4]}other": AlarmState.SHELVED,
        }  # fmt: skip


async def test_what_is_not_there_after_a_restart_goes(folder: Path) -> None:
    clock, main = TurnedClock(), Played("main")
    async with running(folder, main, clock=clock):
        main.put(listed(pool(95), scope="pools"))
        await clock.turn(2)
    again = Played("main")
    async with running(folder, again, clock=clock) as (station, _):
        await clock.turn(2)
        assert station.alarms.book.alarms[POOL].state is AlarmState.UNACKNOWLEDGED
        again.put(listed(scope="pools"))
        await clock.turn(70)
        assert station.alarms.book.alarms[POOL].state is AlarmState.CLEARED


async def test_a_damaged_file_is_put_aside(folder: Path) -> None:
    (folder / ALARMS).write_bytes(b'{"version":1,"alarms":[["Ala')
    async with running(folder, Played("main"), clock=TurnedClock()) as (station, _):
        assert station.alarms.book.alarms == {}
    assert (folder / f"{ALARMS}.bad").exists()
    assert keeping.load(folder / "none.json") == (keeping.Kept(), "")


async def test_what_cannot_be_written_down_is_said(
    full: tuple[Station, Path, TurnedClock], monkeypatch: pytest.MonkeyPatch
) -> None:
    station, _, _ = full

    def broken(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(keeping, "save", broken)
        await station.alarms.save()
    assert any("No space left" in one.detail for one in station.findings())
    await station.alarms.save()
    assert not any(one.check == "alarms" for one in station.findings())


async def test_one_bad_look_does_not_end_the_others(
    full: tuple[Station, Path, TurnedClock], monkeypatch: pytest.MonkeyPatch
) -> None:
    station, _, clock = full

    def broken() -> bool:
        raise RuntimeError("odd")

    with monkeypatch.context() as patched:
        patched.setattr(station.alarms.engine, "look", broken)
        await clock.turn(3)
        assert "could not be looked at: odd" in station.findings()[-1].detail
    async with asyncio.timeout(10):
        while station.alarms.failed:  # it may be writing where the alarms stand
            await clock.turn(1)
