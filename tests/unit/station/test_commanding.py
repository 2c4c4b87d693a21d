"""The lifecycle as an operator meets it: what goes through, what is refused, what is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_colony import OXYGEN, Restart, Station

from adapters.contract import AdapterError, Progress, Reached, Refused
from adapters.records import ActionState, Quality
from console.station.digest import authorisation


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


async def test_a_form_is_harmless_and_needs_no_target_yet(station: Station) -> None:
    form = await station.wait(station.commanding.form("app.restart", {}))
    assert form.fields[0].options[0].label == "the ␛good"
    assert station.log.head.size == 0


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
