"""What is asked for: the action, the adapter instance and the target, understood or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fake_colony import OXYGEN, Restart, Station
from msgspec.structs import replace

from adapters.contract import Refused
from adapters.records import AdapterState, AdapterStatus
from console.station import book
from console.station.request import TEXT_LIMIT


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("app.none", {}, "no action is called 'app.none'; there are: app.restart"),
        ("app.restart", {}, "app.restart needs app=…"),
        ("app.restart", {"app": ""}, "app.restart needs app=…"),
        ("app.restart", {"app": OXYGEN, "x": ""}, "no argument 'x'; it has: app, to"),
        ("app.restart", {"app": OXYGEN, "to": "x" * (TEXT_LIMIT + 1)}, "to is longer than"),
        ("app.restart", {"app": OXYGEN, "to": 11}, "to must be text"),
        ("app.restart", {"app": "water/store"}, "water/store is 2 apps"),
        ("app.restart", {"app": "water/recylcer"}, "did you mean water/recycler?"),
        (
            "app.restart",
            {"app": "life-support/airlock"},
            "life-support/airlock is of luna, which does not offer app.restart",
        ),
        ("luna:app.restart", {"app": OXYGEN}, "no action is called 'luna:app.restart'"),
    ],
)
async def test_refused(station: Station, name: str, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused) as caught:
        await station.commanding.simulate(name, arguments, "", "ana")
    assert said in str(caught.value)
    assert station.log.head.size == 0
    assert station.action.calls == []


async def test_where_nothing_came_yet_it_is_said_what_is_wrong_with_who_would_bring_it(
    station: Station,
) -> None:
    down = AdapterStatus(name="tycho", state=AdapterState.DOWN, detail="refused the key")
    station.apps[:] = [down]
    with pytest.raises(Refused, match="no app is known; tycho is down: refused the key"):
        await station.simulate()
    station.apps[:] = [replace(down, name="luna")]
    with pytest.raises(Refused, match=f"no app is called '{OXYGEN}'; no app is known yet"):
        await station.simulate()


async def test_the_target_decides_the_adapter(station: Station) -> None:
    luna = Restart(station.world)
    station.offers.insert(0, ("luna", luna))
    await station.simulate()
    assert (luna.calls, station.action.calls) == ([], ["simulate"])
    await station.simulate("life-support/airlock")
    assert luna.calls == ["simulate"]
    with pytest.raises(Refused, match=r"is of tycho, which does not offer luna:app\.restart"):
        await station.commanding.simulate("luna:app.restart", {"app": OXYGEN}, "", "ana")


async def test_an_action_without_a_target_needs_its_adapter_named(station: Station) -> None:
    class Plain(Restart):
        name = "chain.note"
        applies_to = ""

    both = Plain(station.world), Plain(station.world)
    station.offers[:] = [("alpha", both[0]), ("beta", both[1])]
    with pytest.raises(Refused, match=r"several: alpha:chain\.note, beta:chain\.note; say which"):
        await station.commanding.simulate("chain.note", {"app": "free text"}, "", "ana")
    work = station.commanding.simulate("beta:chain.note", {"app": "free text"}, "", "ana")
    simulated = await station.wait(work)
    assert (both[0].calls, both[1].calls) == ([], ["simulate"])
    status = station.status(simulated.id)
    assert (status.action, status.target) == ("chain.note", "")


async def test_history_at_hand_is_bounded_and_the_log_has_all(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "HISTORY", 3)
    first = await station.act()
    for _ in range(5):
        await station.act()
    assert len(station.commanding.statuses()) == 3
    page = await station.commanding.show(first.name)
    assert page.status.stages == first.stages
    assert page.status.undo == first.undo
    assert page.status.arguments == first.arguments
    assert page.preview is not None
    assert page.envelope is not None


async def test_a_restart_shows_what_was(tmp_path: Path) -> None:
    first = await Station(tmp_path / "log").start()
    done = await first.act()
    await first.stop()
    second = await Station(tmp_path / "log", clock=first.clock).start()
    assert second.status(done.name) == done
    assert second.told == [done]
    assert second.commanding.in_flight() == 0
    await second.stop()


async def test_a_log_in_use_refuses_actions_and_shows(tmp_path: Path) -> None:
    first = await Station(tmp_path / "log").start()
    pending = await first.simulate()
    done = await first.act("water/recycler")
    second = await Station(tmp_path / "log", clock=first.clock).start()
    assert "in use by another station" in second.commanding.trouble
    with pytest.raises(Refused, match="in use by another station"):
        await second.simulate()
    assert second.status(done.name) == done
    assert "left unfinished" in second.status(pending.id).progress
    await first.stop()
    # As soon as the log is free, what was left is taken up before anything else.
    await second.simulate()
    assert second.commanding.trouble == ""
    assert second.status(pending.id).outcome == "the station restarted"
    await second.stop()


async def test_a_log_that_cannot_be_opened_refuses_actions_and_lists(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    station = await Station(tmp_path / "file" / "log").start()
    assert len(await station.commanding.list()) == 1
    assert station.commanding.statuses() == ()
    with pytest.raises(Refused, match=r"cannot be opened: File exists .*/file"):
        await station.simulate()
    assert station.action.calls == []
    await station.stop()
