"""The lifecycle as an operator meets it: what goes through, what is refused, what is told."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from fake_colony import OXYGEN, Restart, Station, run, settle

from adapters.contract import (
    AdapterError,
    Fate,
    Progress,
    Reached,
    Reconciled,
    Refused,
    Significance,
)
from adapters.records import ActionState, Quality
from console.station import flight, lifecycle
from console.station.digest import authorisation


@pytest.fixture
async def station(tmp_path: Path) -> Any:
    made = await Station(tmp_path / "log.sqlite").start()
    yield made
    await made.stop()


async def test_it_ends_verified_with_each_stage_told_and_logged(station: Station) -> None:
    status = await station.act()
    expected = ["draft", "simulated", "approved", "submitted", "included", "final", "verified"]
    assert station.states(status.name) == expected
    assert status.state is ActionState.VERIFIED
    assert status.outcome == "3 of 3 ready"
    assert status.undo == (("app", OXYGEN), ("to", "12"))
    assert (status.actor, status.reason, status.target) == ("ana", "why", OXYGEN)
    assert status.significance == "caution"
    assert status.code == status.digest[:6].upper()[:2] + "-" + "-".join(
        (status.digest[2:4].upper(), status.digest[4:6].upper())
    )
    told = [each.state.value for each in station.told if each.name == status.name]
    assert list(dict.fromkeys(told)) == expected
    assert "1 of 3 (33%)" in [each.progress for each in station.told]
    assert station.log.head.size == len(expected)
    assert (await station.log.verify()).size == len(expected)
    assert station.world.effects == {status.name: 1}


async def test_progress_is_told_and_not_logged(station: Station) -> None:
    looks = [Progress(Reached.WAITING, f"{each} of 9") for each in range(9)]
    station.action.looks = (*looks, Progress(Reached.VERIFIED, "done"))
    await station.act()
    assert station.log.head.size == 6
    assert "8 of 9" in [each.progress for each in station.told]


async def test_the_digest_is_over_what_the_preview_binds(station: Station) -> None:
    simulated = await station.simulate()
    binds = {"uid": "u1", "template": "abc"}
    assert simulated.digest == authorisation("app.restart", "tycho", "tycho", binds, "caution")
    again = await station.simulate()
    assert again.id != simulated.id
    assert again.digest == simulated.digest
    station.action.preview = {"binds": {**binds, "template": "other"}}
    assert (await station.simulate()).digest != simulated.digest


async def test_an_adapter_cannot_bind_what_is_the_stations_to_say(station: Station) -> None:
    station.action.preview = {"binds": {"colony": "elsewhere"}}
    with pytest.raises(AdapterError, match=r"binds colony"):
        await station.simulate()


@pytest.mark.parametrize(
    ("significance", "said", "goes"),
    [
        (Significance.ROUTINE, "", True),
        (Significance.CAUTION, "", False),
        (Significance.CAUTION, False, False),
        (Significance.CAUTION, "n", False),
        (Significance.CAUTION, "y", True),
        (Significance.CAUTION, " Yes ", True),
        (Significance.CAUTION, True, True),
        (Significance.CAUTION, "oxygen", True),
        (Significance.CRITICAL, "y", False),
        (Significance.CRITICAL, True, False),
        (Significance.CRITICAL, "", False),
        (Significance.CRITICAL, "Oxygen", False),
        (Significance.CRITICAL, "oxygen", True),
    ],
)
async def test_confirmation_grows_with_significance(
    station: Station, significance: Significance, said: str | bool, goes: bool
) -> None:
    station.action.significance_now = significance
    simulated = await station.simulate()
    if goes:
        assert (await station.approve(simulated, said)).state is ActionState.APPROVED
        await station.drain()
    else:
        with pytest.raises(Refused, match=r"confirm"):
            await station.approve(simulated, said)
        assert station.status(simulated.id).state is ActionState.SIMULATED
        assert station.world.sends == 0
        decision = await station.log.read("SELECT decision, actor FROM approvals")
        assert decision == [("refused", "ana")]


async def test_a_critical_action_without_a_name_asks_for_its_target(station: Station) -> None:
    station.action.significance_now = Significance.CRITICAL
    station.action.preview = {"confirm": ""}
    simulated = await station.simulate()
    with pytest.raises(Refused, match=OXYGEN):
        await station.approve(simulated, "")
    await station.approve(simulated, OXYGEN)
    await station.drain()


async def test_another_digest_is_refused(station: Station) -> None:
    simulated = await station.simulate()
    for wrong in ("", "0" * 64, simulated.digest.upper(), simulated.digest[:-1], "ü"):
        with pytest.raises(Refused, match="what you saw is not what would be sent"):
            await station.commanding.approve(simulated.id, wrong, "y", "", "ana")
    assert station.world.sends == 0


async def test_it_is_approved_once(station: Station) -> None:
    simulated = await station.simulate()
    both = [
        asyncio.ensure_future(
            station.commanding.approve(simulated.id, simulated.digest, "y", "", who)
        )
        for who in ("ana", "ben")
    ]
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(each, Refused) for each in results) == 1
    await station.drain()
    with pytest.raises(Refused, match="it is verified already"):
        await station.approve(simulated)
    assert station.world.effects == {simulated.id: 1}


async def test_an_old_simulation_is_not_approved(station: Station) -> None:
    simulated = await station.simulate()
    station.clock.time += lifecycle.WINDOWS[ActionState.SIMULATED] + 1
    with pytest.raises(Refused, match="too old"):
        await station.approve(simulated)
    station.clock.turn()
    await settle()
    status = station.status(simulated.id)
    assert (status.state, status.outcome) == (
        ActionState.CANCELLED,
        "nobody approved it in time",
    )


async def test_one_action_a_target_at_a_time(station: Station) -> None:
    first, second = await station.simulate(), await station.simulate()
    station.action.looks = (AdapterError("no look"),)
    await station.approve(first)
    with pytest.raises(Refused, match=f"{first.id} .*under way on {OXYGEN}"):
        await station.approve(second)
    with pytest.raises(Refused, match=first.id):
        await station.simulate()
    other = await station.simulate("water/recycler")
    await station.approve(other)
    assert station.commanding.in_flight() == 2
    await station.drain()
    station.action.looks = (Progress(Reached.VERIFIED, "done"),)
    await station.approve(second)
    await station.drain()


async def test_two_approvals_at_once_on_one_target(station: Station) -> None:
    both = [await station.simulate(), await station.simulate()]
    asked = [
        asyncio.ensure_future(station.commanding.approve(one.id, one.digest, "y", "", "ana"))
        for one in both
    ]
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each).__name__ for each in results] == ["ActionStatus", "Refused"]
    await station.drain()
    assert station.world.sends == 1


@pytest.mark.parametrize(
    ("method", "state", "outcome"),
    [
        ("prepare", "failed", "AttributeError: 'NoneType' object .*; nothing was sent"),
        ("send", "unknown", "AttributeError: 'NoneType' object .*"),
        ("verify", "timed out", "accepted, but its effect was not seen within 60 s; .*TypeError.*"),
    ],
)
async def test_an_adapter_that_answers_nonsense(
    station: Station, method: str, state: str, outcome: str
) -> None:
    async def nonsense(*arguments: object) -> None:
        return None

    setattr(station.action, method, (lambda *_: 7) if method == "verify" else nonsense)
    status = await station.act()
    assert status.state.value == state
    assert re.fullmatch(outcome, status.outcome)
    assert station.commanding.in_flight() == 0


async def test_nothing_to_do_is_refused_and_shown(station: Station) -> None:
    station.action.preview = {"nothing": "it runs revision 11 already"}
    simulated = await station.simulate()
    assert simulated.preview.nothing == "it runs revision 11 already"
    status = station.status(simulated.id)
    assert (status.state, status.outcome) == (
        ActionState.REFUSED,
        "nothing to do: it runs revision 11 already",
    )
    with pytest.raises(Refused, match="refused already"):
        await station.approve(simulated)


@pytest.mark.parametrize(
    ("error", "state", "raised"),
    [
        (Refused("it is paused"), "refused", Refused),
        (AdapterError("no answer"), "failed", AdapterError),
        (ValueError("odd\x1b[2J"), "failed", AdapterError),
    ],
)
async def test_a_simulation_that_fails(
    station: Station, error: Exception, state: str, raised: type[Exception]
) -> None:
    def fail() -> None:
        raise error

    station.action.on_simulate = fail
    with pytest.raises(raised) as caught:
        await station.simulate()
    assert "\x1b" not in str(caught.value)
    (status,) = station.commanding.statuses()
    assert status.state.value == state
    assert (await station.log.read("SELECT state FROM stages"))[-1] == (state,)


@pytest.mark.parametrize(
    ("stage", "state", "outcome"),
    [
        ("simulate", "timed out", "simulating app.restart: no answer within 15 s"),
        ("prepare", "timed out", "the last check: no answer within 15 s; nothing was sent"),
    ],
)
async def test_a_stage_that_hangs_times_out(
    station: Station, stage: str, state: str, outcome: str
) -> None:
    setattr(station.action, f"on_{stage}", asyncio.Event().wait)
    begun = station.clock.time
    if stage == "simulate":
        with pytest.raises(AdapterError, match="no answer within 15 s"):
            await station.simulate()
    else:
        await station.act()
    (status,) = station.commanding.statuses()
    assert (status.state.value, status.outcome) == (state, outcome)
    assert station.clock.time - begun == 15
    assert station.world.sends == 0


async def test_a_form_that_hangs_times_out(station: Station) -> None:
    async def hang(draft: object) -> Any:
        await asyncio.Event().wait()

    station.action.form = hang  # type: ignore[method-assign,assignment]
    with pytest.raises(AdapterError, match=r"the form of app.restart: no answer within 15 s"):
        await station.wait(station.commanding.form("app.restart", {"app": OXYGEN}))


async def test_a_form_is_harmless_and_needs_no_target_yet(station: Station) -> None:
    form = await station.wait(station.commanding.form("app.restart", {}))
    assert form.fields[0].options[0].label == "the ␛good"
    assert station.log.head.size == 0


@pytest.mark.parametrize("error", [Refused("the outcome is another"), AdapterError("403")])
async def test_the_last_check_can_stop_it(station: Station, error: Exception) -> None:
    def fail() -> None:
        raise error

    station.action.on_prepare = fail
    status = await station.act()
    assert status.state.value == ("refused" if isinstance(error, Refused) else "failed")
    assert status.outcome == f"{error}; nothing was sent"
    assert station.world.sends == 0
    assert status.undo == ()


async def test_the_real_system_refuses(station: Station) -> None:
    def refuse(intent: str) -> None:
        raise Refused("409: it was changed meanwhile")

    station.action.on_send = refuse
    status = await station.act()
    assert status.state is ActionState.REFUSED
    assert status.outcome == "409: it was changed meanwhile; nothing changed"
    assert "reconcile" not in station.action.calls


@pytest.mark.parametrize("effect", [True, False])
async def test_a_broken_send_is_asked_for_and_not_repeated(station: Station, effect: bool) -> None:
    def breaks(intent: str) -> None:
        if effect:
            station.world.take(intent)
        raise ConnectionResetError("reset")

    station.action.on_send = breaks
    station.world.unreachable = 2
    status = await station.act()
    simulated = status.name
    assert station.world.sends == 1
    assert "unknown" in station.states(simulated)
    # Unknown is said once, and is not counted as in flight while nobody answers.
    while station.status(simulated).state is ActionState.UNKNOWN:
        await settle()
        station.clock.turn()
    await settle()
    await station.drain()
    status = station.status(simulated)
    if effect:
        assert status.state is ActionState.VERIFIED
    else:
        assert status.state is ActionState.FAILED
        assert "no trace of it; nothing was sent" in status.outcome
    assert station.world.effects.get(simulated, 0) == int(effect)
    assert any("asking again in" in each.progress for each in station.told)


async def test_a_send_that_hangs_is_asked_for(station: Station) -> None:
    async def hang(intent: str) -> None:
        station.world.take(intent)
        await asyncio.Event().wait()

    station.action.on_send = hang
    status = await station.act()
    assert status.state is ActionState.VERIFIED
    assert station.world.effects == {status.name: 1}
    assert station.status(status.name).stages[4].detail == "found"


async def test_a_send_that_cannot_be_stopped_is_never_called_unsent(station: Station) -> None:
    release = asyncio.Event()

    async def stubborn(intent: str) -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    station.action.on_send = stubborn
    simulated = await station.simulate()
    await station.approve(simulated)
    await station.drain()
    for _ in range(12):
        station.clock.turn()
        await settle()
    status = station.status(simulated.id)
    assert status.state is ActionState.UNKNOWN
    assert status.progress == f"no trace of it; look at {OXYGEN} yourself"
    assert station.action.calls.count("reconcile") == flight.LOOKS
    release.set()
    await settle()


async def test_not_sent_is_believed_when_said_twice(station: Station) -> None:
    """What was on its way when it was asked for the first time can still arrive."""
    intent = ""

    def breaks(name: str) -> None:
        nonlocal intent
        intent = name
        raise ConnectionResetError

    def late() -> Reconciled | None:
        if station.action.calls.count("reconcile") == 1:
            answer = Reconciled(Fate.NOT_SENT, "no trace of it")
            station.world.take(intent)
            return answer
        return None

    station.action.on_send, station.action.on_reconcile = breaks, late
    assert (await station.act()).state is ActionState.VERIFIED


async def test_an_effect_that_does_not_come(station: Station) -> None:
    station.action.looks = (Progress(Reached.NOT_VERIFIED, "the rollout is stuck: pull fails"),)
    status = await station.act()
    assert status.state is ActionState.NOT_VERIFIED
    assert status.outcome == "the rollout is stuck: pull fails"
    assert status.undo


async def test_a_watch_that_ends_without_a_verdict_is_not_a_success(station: Station) -> None:
    station.action.looks = (Progress(Reached.WAITING, "1 of 3"),)
    status = await station.act()
    assert status.state is ActionState.NOT_VERIFIED


async def test_a_watch_that_breaks_is_begun_again_within_the_window(station: Station) -> None:
    station.action.looks = (Progress(Reached.WAITING, "1 of 3"), AdapterError("no answer"))
    begun = station.clock.time
    status = await station.act()
    assert status.state is ActionState.TIMED_OUT
    assert "not seen within 60 s; last seen: its effect cannot be seen: no answer" in status.outcome
    assert station.clock.time - begun == 60
    assert station.action.calls.count("verify") > 3
    assert status.undo


async def test_an_adapter_that_goes_away_meanwhile(station: Station) -> None:
    simulated = await station.simulate()
    station.offers.clear()
    await station.approve(simulated)
    await station.drain()
    status = station.status(simulated.id)
    assert status.state is ActionState.FAILED
    assert "tycho does not offer app.restart any more; nothing was sent" in status.outcome


async def test_cancel_before_it_is_approved(station: Station) -> None:
    simulated = await station.simulate()
    status = await station.wait(station.commanding.cancel(simulated.id, "ben"))
    assert (status.state, status.outcome) == (ActionState.CANCELLED, "by ben")
    with pytest.raises(Refused, match="it is cancelled already"):
        await station.commanding.cancel(simulated.id, "ben")
    with pytest.raises(Refused, match="it is cancelled already"):
        await station.approve(simulated)


async def test_cancel_before_it_is_sent(station: Station) -> None:
    station.action.on_prepare = asyncio.Event().wait
    simulated = await station.simulate()
    await station.approve(simulated)
    await settle()
    begun = station.clock.time
    status = await station.wait(station.commanding.cancel(simulated.id, "ben"))
    assert (status.state, status.outcome) == (ActionState.CANCELLED, "by ben; nothing was sent")
    assert station.clock.time == begun
    assert station.world.sends == 0


async def test_cancel_while_it_is_simulated(station: Station) -> None:
    gate_open = asyncio.Event()
    station.action.on_simulate = gate_open.wait
    asked = asyncio.ensure_future(
        station.commanding.simulate("app.restart", {"app": OXYGEN}, "", "ana")
    )
    await settle()
    (status,) = station.commanding.statuses()
    cancelled = asyncio.ensure_future(station.commanding.cancel(status.name, "ben"))
    await settle()
    gate_open.set()
    with pytest.raises(Refused, match="was cancelled by ben"):
        await run(station.clock, asked)
    assert (await run(station.clock, cancelled)).state is ActionState.CANCELLED


async def test_cancel_after_it_was_sent_says_why_not(station: Station) -> None:
    holds = asyncio.Event()

    async def hold(intent: str) -> None:
        await holds.wait()

    station.action.on_send = hold
    simulated = await station.simulate()
    await station.approve(simulated)
    await settle()
    with pytest.raises(Refused, match="cannot be cancelled: it is submitted already"):
        await station.commanding.cancel(simulated.id, "ana")
    holds.set()
    await station.drain()
    with pytest.raises(Refused, match="it was sent; undo it instead"):
        await station.commanding.cancel(simulated.id, "ana")
    with pytest.raises(Refused, match="no action is called 'nope'"):
        await station.commanding.cancel("nope", "ana")


async def test_who_asks_and_goes_away_leaves_nothing_to_approve(station: Station) -> None:
    station.action.on_simulate = (holds := asyncio.Event()).wait
    asked = asyncio.ensure_future(
        station.commanding.simulate("app.restart", {"app": OXYGEN}, "", "ana")
    )
    await settle()
    asked.cancel()
    await settle()
    holds.set()
    await settle()
    (status,) = station.commanding.statuses()
    assert (status.state, status.outcome) == (ActionState.CANCELLED, "who asked for it went away")


async def test_who_approves_and_goes_away_has_approved(station: Station) -> None:
    simulated = await station.simulate()
    asked = asyncio.ensure_future(
        station.commanding.approve(simulated.id, simulated.digest, "y", "", "ana")
    )
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asked.cancel()
    await settle()
    await station.drain()
    assert station.status(simulated.id).state is ActionState.VERIFIED


async def test_undo_goes_the_same_way_and_says_what_it_undoes(station: Station) -> None:
    done = await station.act()
    undo = await station.wait(
        station.commanding.simulate("app.restart", dict(done.undo), "undo", "ana", done.name)
    )
    await station.approve(undo)
    await station.drain()
    assert station.status(undo.id).undoes == done.name
    with pytest.raises(Refused, match="no action is called 'nope'"):
        await station.simulate(undoes="nope")
    never = await station.simulate()
    with pytest.raises(Refused, match="cannot be undone"):
        await station.simulate(undoes=never.id)


@pytest.mark.parametrize(
    ("quality", "goes"),
    [
        (Quality.FRESH, True),
        (Quality.STALE, True),
        (Quality.NEVER, False),
        (Quality.INVALID, False),
    ],
)
async def test_the_quality_of_the_target_is_consulted(
    station: Station, quality: Quality, goes: bool
) -> None:
    station.quality = quality
    if goes:
        warnings = (await station.simulate()).preview.warnings
        assert warnings == ((f"what is known of {OXYGEN} is stale",) if quality == "stale" else ())
    else:
        with pytest.raises(Refused, match=f"cannot be relied on: {quality}"):
            await station.simulate()
        assert station.log.head.size == 0


async def test_read_only_binds_no_action(tmp_path: Path) -> None:
    station = await Station(tmp_path / "log", read_only=True).start()
    command = station.commanding
    assert await command.list() == []
    for work in (
        command.form("app.restart", {}),
        command.simulate("app.restart", {"app": OXYGEN}, "", "ana"),
        command.approve("x", "", "y", "", "ana"),
        command.cancel("x", "ana"),
    ):
        with pytest.raises(Refused, match="read-only"):
            await work
    assert "read-only" in command.trouble
    await station.stop()


async def test_a_read_only_connection_binds_no_action(station: Station) -> None:
    command = station.commanding
    simulated = await station.simulate()
    for work in (
        command.form("app.restart", {}, read_only=True),
        command.simulate("app.restart", {"app": OXYGEN}, "", "ana", read_only=True),
        command.approve(simulated.id, simulated.digest, "y", "", "ana", read_only=True),
        command.cancel(simulated.id, "ana", read_only=True),
    ):
        with pytest.raises(Refused, match="read-only"):
            await work
    assert station.status(simulated.id).state is ActionState.SIMULATED


async def test_show_has_all(station: Station) -> None:
    station.action.preview = {"title": "evil\x1b[2J", "warnings": ("line\u202e",)}
    status = await station.act()
    page = await station.commanding.show(status.name)
    assert page.status.state is ActionState.VERIFIED
    assert page.preview is not None
    assert page.preview.title == "evil␛[2J"
    assert page.preview.warnings == ("line\ufffd",)
    assert page.envelope is not None
    assert page.envelope.body == b'{"x":1}'
    with pytest.raises(Refused, match="no action is called"):
        await station.commanding.show("nope")


async def test_the_list_names_each_adapters_own(station: Station) -> None:
    station.offers.append(("luna", Restart(station.world)))
    listed = await station.commanding.list()
    assert [(info.name, info.source) for info in listed] == [
        ("app.restart", "luna"),
        ("app.restart", "tycho"),
    ]
    assert [argument.name for argument in listed[0].arguments] == ["app", "to"]


async def test_no_secret_of_an_envelope_is_in_a_leaf(station: Station) -> None:
    station.action.preview = {"command": "kubectl --token=hunter2"}
    await station.act()
    leaves = b"".join(data for (data,) in await station.log.read("SELECT data FROM leaves"))
    assert b"hunter2" not in leaves
    assert b'{"x":1}' not in leaves
    assert b"send_digest" in leaves


async def test_what_people_type_is_made_harmless(station: Station) -> None:
    work = station.commanding.simulate(
        "app.restart", {"app": OXYGEN, "to": "\ud800\x1b"}, "a\x1b[2Jb\udcff", "an\na"
    )
    simulated = await station.wait(work)
    status = station.status(simulated.id)
    assert status.reason == "a␛[2Jb\ufffd"
    assert status.actor == "an␊a"
