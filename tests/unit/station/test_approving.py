"""Approval by two, declines, broken glasses and notes: what is enough, and what never is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fake_colony import OXYGEN, PEOPLE, TWO, ManualClock, Station, World, copy_log, run, settle

from adapters.contract import AdapterError, Draft, Preview, Refused, Significance
from adapters.records import ActionState, App, Token
from console.roles import Role
from console.station.intent import REFUSED_LIMIT
from console.station.lifecycle import WINDOWS
from console.station.policy import Policy, Rule

ANA, BEN = PEOPLE["ana"], PEOPLE["ben"]


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Station]:
    made = await Station(tmp_path / "log", policy=TWO).start()
    yield made
    await made.stop()


async def requested(station: Station) -> Any:
    simulated = await station.simulate(uid=ANA)
    status = await station.approve(simulated)
    assert status.state is ActionState.REQUESTED
    return simulated


async def leaves(station: Station) -> list[dict[str, Any]]:
    rows = await station.log.read("SELECT data FROM leaves ORDER BY idx")
    return [json.loads(data) for (data,) in rows]


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
        ("ben", BEN, Role.OPERATOR, "needs a commander as its second person; you are operator"),
        ("ben", BEN, Role.VIEWER, "you are viewer here"),
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


async def test_a_request_that_nobody_decides_on_ends_by_itself(station: Station) -> None:
    simulated = await requested(station)
    stage = station.status(simulated.id).stages[-1]
    assert stage.until == stage.at + WINDOWS[ActionState.REQUESTED]
    while station.clock.time < stage.until:
        assert station.clock.turn()
        await settle()
    status = station.status(simulated.id)
    assert status.state is ActionState.TIMED_OUT
    assert status.outcome == "no second person decided within 15 min; nothing was sent"
    with pytest.raises(Refused, match="it is timed out already"):
        await station.approve(simulated, who="ben")


async def test_a_late_approval_is_refused_even_before_the_clock_says_so(station: Station) -> None:
    simulated = await requested(station)
    station.clock.time += WINDOWS[ActionState.REQUESTED] + 1
    with pytest.raises(Refused, match=r"the request of .* is too old"):
        await station.approve(simulated, who="ben")


def made_again(station: Station) -> None:
    (oxygen, *rest) = station.apps
    station.apps = [msgspec.structs.replace(oxygen, uid="u1-again"), *rest]


def another_template(station: Station) -> None:
    station.action.preview = {"binds": {"uid": "u1", "template": "xyz"}}


def another_outcome(station: Station) -> None:
    station.action.preview = {"outcome": "xyz"}


def nothing_left(station: Station) -> None:
    station.action.preview = {"nothing": "it is so already"}


def refused(station: Station) -> None:
    def no() -> None:
        raise Refused("it is paused")

    station.action.on_simulate = no


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (made_again, "was deleted and made again"),
        (another_template, "another template"),
        (another_outcome, "another outcome"),
        (nothing_left, "it is so already"),
        (refused, "it is paused"),
    ],
)
async def test_a_target_that_changed_meanwhile_is_not_touched(
    station: Station, change: Any, said: str
) -> None:
    simulated = await requested(station)
    change(station)
    with pytest.raises(Refused, match=f"it changed since it was asked for: .*{said}"):
        await station.approve(simulated, who="ben")
    status = station.status(simulated.id)
    assert status.state is ActionState.REFUSED
    assert "simulate again" in status.outcome
    assert not station.world.sends


async def test_the_second_look_is_told_what_was_approved(station: Station) -> None:
    """What a simulation chooses by itself, as the price of a call, is no change of the target."""
    drafts: list[Draft] = []
    simulate = station.action.simulate

    async def looked(draft: Draft) -> Preview:
        drafts.append(draft)
        return await simulate(draft)

    station.action.simulate = looked  # type: ignore[method-assign]
    simulated = await requested(station)
    await station.approve(simulated, who="ben")
    await station.drain()
    first, second = drafts
    assert first.approved is None
    assert second.approved is not None
    assert second.approved.binds == simulated.preview.binds


async def test_what_a_policy_makes_of_it_is_approved_too(station: Station) -> None:
    simulated = await requested(station)
    rule = Rule(significance=Significance.CRITICAL)
    station.commanding._approving.policy = TWO._replace(rules=(rule,))
    raised = await station.simulate(uid=ANA)
    assert raised.preview.binds == simulated.preview.binds
    assert raised.digest != simulated.digest
    with pytest.raises(Refused, match="it changed since it was asked for: another significance"):
        await station.approve(simulated, who="ben")


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


async def test_a_real_system_that_does_not_answer_leaves_the_request(station: Station) -> None:
    simulated = await requested(station)

    def silent() -> None:
        raise AdapterError("no answer")

    station.action.on_simulate = silent
    with pytest.raises(AdapterError, match="no answer"):
        await station.approve(simulated, who="ben")
    assert station.status(simulated.id).state is ActionState.REQUESTED
    station.action.on_simulate = None
    await station.approve(simulated, who="ben")
    await station.drain()
    assert station.status(simulated.id).state is ActionState.VERIFIED


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


@pytest.mark.parametrize("first", ["end", "word"])
async def test_an_end_and_a_word_at_the_same_moment(tmp_path: Path, first: str) -> None:
    """Whichever comes first counts: what ends is not sent, and what is sent is not ended."""
    station = await Station(tmp_path / "log", policy=TWO).start()
    simulated = await station.simulate(uid=ANA)
    cancel = station.commanding.cancel(simulated.id, "ben", uid=BEN)
    word = station.commanding.approve(simulated.id, simulated.digest, "y", "", "ana", uid=ANA)
    both = (cancel, word) if first == "end" else (word, cancel)
    found = await station.wait(asyncio.gather(*both, return_exceptions=True))
    assert station.states(simulated.id)[-1] == "cancelled"
    assert not station.world.sends
    if first == "end":
        assert "cannot be approved: it is ending" in str(found[1])
        assert station.states(simulated.id) == ["draft", "simulated", "cancelled"]
    stages = [each["state"] for each in await leaves(station) if each["event"] == "stage"]
    assert stages == station.states(simulated.id), "the log has it as it was"
    await station.stop()


async def decline(station: Station, simulated: Any, reason: str, **options: Any) -> Any:
    given = {"uid": BEN, **options}
    return await station.wait(station.commanding.decline(simulated.id, reason, "ben", **given))


async def test_a_decline_has_a_reason(station: Station) -> None:
    simulated = await requested(station)
    with pytest.raises(Refused, match="declining needs a reason"):
        await decline(station, simulated, " ")
    status = await decline(
        station, simulated, "not in the\nmiddle of a landing", role=Role.OPERATOR
    )
    assert status.state is ActionState.REFUSED
    assert status.outcome == "declined by ben: not in the middle of a landing"
    assert status.approvals[-1].decision == "declined"
    with pytest.raises(Refused, match="cannot be declined: it is refused"):
        await decline(station, simulated, "twice")
    with pytest.raises(Refused, match="you are viewer here: you may not decline"):
        await decline(station, simulated, "no", role=Role.VIEWER)


async def test_only_a_commander_cancels_what_is_anothers(station: Station) -> None:
    simulated = await requested(station)
    cancel = station.commanding.cancel
    with pytest.raises(Refused, match="is ana's: a commander may cancel it"):
        await station.wait(cancel(simulated.id, "ben", uid=BEN, role=Role.OPERATOR))
    await station.wait(cancel(simulated.id, "ana", uid=ANA, role=Role.OPERATOR))
    assert station.status(simulated.id).state is ActionState.CANCELLED


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


# Significance


async def test_a_rule_raises_and_never_lowers(tmp_path: Path) -> None:
    rules = (
        Rule(action="app.*", target="life-support/*", significance=Significance.CRITICAL),
        Rule(action="app.restart", arguments={"to": "0"}, second_person=True),
        Rule(target="*", significance=Significance.CAUTION),
    )
    station = await Station(tmp_path / "log", policy=Policy(rules=rules, shared=True)).start()
    raised = await station.simulate()
    assert raised.preview.significance is Significance.CRITICAL
    assert raised.preview.because == "the colony's policy: app.* on life-support/*"
    plain = await station.simulate("water/recycler")
    assert (plain.preview.significance, plain.preview.because) == (Significance.CAUTION, "")
    assert [station.status(each.id).needs for each in (raised, plain)] == [1, 1]
    arguments = {"app": "water/recycler", "to": "0"}
    two = await station.wait(station.commanding.simulate("app.restart", arguments, "", "ana"))
    assert station.status(two.id).needs == 2
    await station.stop()


async def test_what_is_critical_needs_a_commander(tmp_path: Path) -> None:
    station = await Station(tmp_path / "log").start()
    station.action.significance_now = Significance.CRITICAL
    simulated = await station.simulate()
    with pytest.raises(Refused, match="is critical here, and you are operator"):
        await station.approve(simulated, "oxygen", role=Role.OPERATOR)
    with pytest.raises(Refused, match="confirm by typing oxygen"):
        await station.approve(simulated, "y")
    await station.approve(simulated, "oxygen")
    await station.drain()
    assert station.status(simulated.id).state is ActionState.VERIFIED
    await station.stop()


async def test_how_far_it_reaches_is_joined_from_what_is_known(station: Station) -> None:
    (oxygen, *rest) = station.apps
    assert isinstance(oxygen, App)
    asset = "eip155:1/erc721:0x" + "ab" * 20 + "/7"
    token = Token(source="chain", name="7", chain_id=1, contract="0x" + "ab" * 20, app=OXYGEN)
    station.apps = [msgspec.structs.replace(oxygen, token=asset, site="north"), token, *rest]
    simulated = await station.simulate()
    blast = simulated.preview.blast
    assert (blast.tokens, blast.sites, blast.apps) == ((asset,), ("north",), (OXYGEN,))
    assert blast.pods is None
    assert blast.addresses is None


# Broken glass, and notes


async def smash(station: Station, reason: str = "nobody answers", minutes: float = 10) -> Any:
    return await station.wait(station.commanding.glasses.smash("ana", ANA, reason, minutes))


async def test_a_broken_glass_stands_in_for_the_second_person_and_nothing_else(
    station: Station,
) -> None:
    station.action.significance_now = Significance.CRITICAL
    station.commanding._approving.policy = TWO._replace(
        second_person=frozenset({Significance.CRITICAL})
    )
    glass = await smash(station)
    assert glass.until == station.clock.time + 600
    simulated = await station.simulate(uid=ANA)
    with pytest.raises(Refused, match="confirm by typing oxygen"):
        await station.approve(simulated)
    with pytest.raises(Refused, match="what you saw"):
        await station.approve(msgspec.structs.replace(simulated, digest="0" * 64), "oxygen")
    await station.approve(simulated, "oxygen")
    await station.drain()
    status = station.status(simulated.id)
    assert status.state is ActionState.VERIFIED
    assert [(each.who, each.glass) for each in status.approvals if each.decision == "approved"] == [
        ("ana", True)
    ]
    assert "BREAK-GLASS: nobody answers" in status.stages[2].detail
    said = [each for each in await leaves(station) if "glass" in each]
    assert len(said) == 1
    assert (await leaves(station))[0]["event"] == "break-glass"


async def test_a_second_person_is_that_with_a_broken_glass_too(station: Station) -> None:
    await smash(station)
    simulated = await station.simulate(uid=BEN)
    await station.approve(simulated, who="ben")
    await station.approve(simulated, who="ana")
    await station.drain()
    status = station.status(simulated.id)
    assert [(each.who, each.glass) for each in status.approvals] == [("ben", False), ("ana", False)]
    assert not any("glass" in each for each in await leaves(station))


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


async def test_a_glass_is_its_owners_and_for_a_while(station: Station) -> None:
    await smash(station)
    simulated = await station.simulate(uid=BEN)
    assert (await station.approve(simulated, who="ben")).state is ActionState.REQUESTED
    own = await station.simulate("water/recycler", uid=ANA)
    station.clock.time += 601
    assert (await station.approve(own)).state is ActionState.REQUESTED
    assert station.commanding.glasses.all() == []


@pytest.mark.parametrize(
    ("reason", "minutes", "said"),
    [
        ("", 5, "needs a reason"), (" \n", 5, "needs a reason"), ("x", 31, "30 minutes at most"),
        ("x", 0, "30 minutes at most"), ("x", -1, "30 minutes at most"),
        ("x", float("nan"), "30 minutes at most"), ("x", float("inf"), "30 minutes at most"),
    ],
)  # fmt: skip
async def test_a_glass_that_stays_whole(
    station: Station, reason: str, minutes: float, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        await smash(station, reason, minutes)
    assert station.commanding.glasses.all() == []


async def test_a_policy_may_have_no_glass_or_a_thicker_one(tmp_path: Path) -> None:
    for policy, said in (
        (TWO._replace(break_glass=False), "no break-glass"),
        (TWO._replace(break_glass_minutes=5.0), "5 minutes at most, and not 10"),
    ):
        station = await Station(tmp_path / said / "log", policy=policy).start()
        with pytest.raises(Refused, match=said):
            await smash(station)
        await station.stop()


async def test_a_glass_outlives_the_station_and_can_be_mended(tmp_path: Path) -> None:
    clock = ManualClock()
    first = await Station(tmp_path / "log", None, clock, policy=TWO).start()
    glass = await smash(first)
    second = await Station(copy_log(first.path, tmp_path / "1"), None, clock, policy=TWO).start()
    assert second.commanding.glasses.all() == [glass]
    await run(clock, asyncio.ensure_future(second.commanding.glasses.mend("ana", ANA)))
    assert second.commanding.glasses.all() == []
    with pytest.raises(Refused, match="your glass is whole"):
        await second.commanding.glasses.mend("ana", ANA)
    third = await Station(copy_log(second.path, tmp_path / "2"), None, clock, policy=TWO).start()
    assert third.commanding.glasses.all() == []
    for each in (first, second, third):
        await each.stop()


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
