"""Approval by two, and notes: what is enough, what never is, and what the log has of it."""

from __future__ import annotations

import asyncio
import json
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from fake_colony import OXYGEN, PEOPLE, TWO, ManualClock, Station, World, copy_log
from two_people import ANA, BEN, leaves, requested, station

from adapters.contract import Refused
from adapters.records import ActionState
from console.roles import Role
from console.station.intent import REFUSED_LIMIT
from console.station.lifecycle import WINDOWS

__all__ = ["station"]


async def test_two_people_are_enough(station: Station) -> None:
    simulated = await requested(station)
    status = station.status(simulated.id)
    assert (status.needs, status.code, status.digest) == (2, simulated.code, simulated.digest)
    assert [(each.who, each.decision) for each in status.approvals] == [("ana", "approved")]
    assert "send" not in station.action.calls
    assert station.told[-1].state is ActionState.REQUESTED, "everybody sees it at once"
    await station.approve(simulated, who="ben")
    await station.drain()
    status = station.status(simulated.id)
    assert [stage.state.value for stage in status.stages][:4] == [
        "draft", "simulated", "requested", "approved",
    ]  # fmt: skip
    assert status.state is ActionState.VERIFIED
    assert [each.who for each in status.approvals] == ["ana", "ben"]
    said = [each for each in await leaves(station) if each.get("decision") == "approved"]
    assert [each["uid"] for each in said] == [ANA, BEN]
    assert {each["digest"] for each in said} == {simulated.digest}
    assert station.world.sends == 1


@pytest.mark.parametrize(
    ("who", "uid", "role", "said"),
    [
        ("ana", ANA, Role.COMMANDER, "who asked for it cannot be that"),
        ("ana again", ANA, Role.COMMANDER, "who asked for it cannot be that"),
        ("nobody", None, Role.COMMANDER, "who asked for it cannot be that"),
        ("ben", BEN, Role.OPERATOR, "needs a commander as its second person; you are an operator"),
        ("ben", BEN, Role.VIEWER, "you are a viewer here"),
    ],
)
async def test_who_is_no_second_person(
    station: Station, who: str, uid: int | None, role: Role, said: str
) -> None:
    simulated = await requested(station)
    work = station.commanding.approve(
        simulated.id, simulated.digest, "y", "", who, uid=uid, role=role
    )
    with pytest.raises(Refused, match=said):
        await station.wait(work)
    status = station.status(simulated.id)
    assert status.state is ActionState.REQUESTED
    assert (status.approvals[-1].decision, status.approvals[-1].who) == ("refused", who)
    assert (await leaves(station))[-1]["decision"] == "refused"
    assert not station.world.sends


async def test_another_digest_is_not_approved(station: Station) -> None:
    simulated = await requested(station)
    changed = msgspec.structs.replace(simulated, digest="0" * 64)
    with pytest.raises(Refused, match="what you saw is not what would be sent"):
        await station.approve(changed, who="ben")
    assert station.status(simulated.id).state is ActionState.REQUESTED


async def test_an_approval_counts_once(station: Station) -> None:
    simulated = await requested(station)
    await station.approve(simulated, who="ben")
    await station.drain()
    with pytest.raises(Refused, match="it is verified already"):
        await station.approve(simulated, who="ben")
    other = await station.simulate("water/recycler", uid=ANA)
    replayed = msgspec.structs.replace(simulated, id=other.id)
    with pytest.raises(Refused, match="what you saw is not what would be sent"):
        await station.approve(replayed, who="ben")
    with pytest.raises(Refused, match="was not asked for yet: ana confirms it first"):
        await station.approve(other, who="ben")
    assert station.world.sends == 1


async def test_an_entry_has_room_for_long_arguments_by_their_digests(station: Station) -> None:
    long = "\x01" * 60_000
    station.action.preview = {"binds": {"uid": "u1", "calldata": "0x" + "ab" * 60_000}}
    work = station.commanding.simulate("app.restart", {"app": OXYGEN, "to": long}, "", "ana")
    simulated = await station.wait(work)
    draft, preview = await leaves(station)
    assert draft["arguments"]["app"] == OXYGEN
    digest = sha256(long.encode()).hexdigest()
    assert draft["arguments"]["to"] == f"sha256:{digest}, 60000 bytes"
    assert preview["binds"]["uid"] == "u1"
    assert preview["binds"]["calldata"].startswith("sha256:")
    ((kept,),) = await station.log.read("SELECT arguments FROM intents")
    assert json.loads(kept)["to"] == long
    assert simulated.preview.binds["calldata"].startswith("0xabab")


async def test_of_two_at_the_same_moment_one_counts(station: Station) -> None:
    simulated = await requested(station)
    both = [
        station.commanding.approve(simulated.id, simulated.digest, "y", "", who, uid=PEOPLE[who])
        for who in ("ben", "root")
    ]
    found = await station.wait(asyncio.gather(*both, return_exceptions=True))
    assert sum(isinstance(each, Refused) for each in found) == 1
    await station.drain()
    assert station.world.sends == 1


async def test_one_users_own_station_cannot_tell_two_people_apart(tmp_path: Path) -> None:
    station = await Station(tmp_path / "log", policy=TWO._replace(shared=False)).start()
    simulated = await station.simulate(uid=ANA)
    assert "run a shared station" in simulated.preview.warnings[-1]
    with pytest.raises(Refused, match="cannot tell two people apart"):
        await station.approve(simulated)
    await station.stop()


async def test_a_request_outlives_the_station(tmp_path: Path) -> None:
    world, clock = World(), ManualClock()
    first = await Station(tmp_path / "log", world, clock, policy=TWO).start()
    simulated = await requested(first)
    path = copy_log(first.path, tmp_path / "1")
    second = await Station(path, world, clock, policy=TWO).start()
    status = second.status(simulated.id)
    assert (status.state, status.needs, status.stages) == (
        ActionState.REQUESTED, 2, first.status(simulated.id).stages,
    )  # fmt: skip
    with pytest.raises(Refused, match="who asked for it cannot be that"):
        await second.approve(simulated)
    await second.approve(simulated, who="ben")
    await second.drain()
    assert second.status(simulated.id).state is ActionState.VERIFIED
    assert world.sends == 1
    for each in (first, second):
        await each.stop()


async def test_what_is_refused_over_and_over_is_in_the_log_and_not_at_hand(
    station: Station,
) -> None:
    simulated = await requested(station)
    wrong = msgspec.structs.replace(simulated, digest="0" * 64)
    for _ in range(REFUSED_LIMIT + 5):
        with pytest.raises(Refused):
            await station.approve(wrong, who="ben")
    status = station.status(simulated.id)
    assert len(status.approvals) == REFUSED_LIMIT + 1
    assert status.approvals[0].decision == "approved"
    said = [each["decision"] for each in await leaves(station) if each["event"] == "approval"]
    assert said == ["refused"] * (REFUSED_LIMIT + 5)
    await station.approve(simulated, who="ben")
    await station.drain()
    assert station.status(simulated.id).state is ActionState.VERIFIED


async def test_a_note_is_an_entry(station: Station) -> None:
    index = await station.commanding.note("  the pump\x1b hums \n", "water/store", "ana", ANA)
    said = (await leaves(station))[index]
    assert (said["event"], said["actor"], said["about"]) == ("note", "ana", "water/store")
    assert "\x1b" not in said["text"]
    for text, why in (("", "needs a text"), ("x" * 4001, "4,000 characters at most")):
        with pytest.raises(Refused, match=why):
            await station.commanding.note(text, "", "ana", ANA)


async def test_every_stage_has_its_window(station: Station) -> None:
    simulated = await requested(station)
    await station.approve(simulated, who="ben")
    await station.drain()
    for stage in station.status(simulated.id).stages:
        if stage.state in WINDOWS:
            assert stage.until == stage.at + WINDOWS[stage.state]
        elif stage.state in (ActionState.INCLUDED, ActionState.FINAL):
            assert stage.until is not None
        else:
            assert stage.until is None
    told = [each for each in await leaves(station) if each.get("state") in ("draft", "final")]
    assert all("until" in each for each in told)
