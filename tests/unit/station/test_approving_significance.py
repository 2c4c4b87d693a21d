"""How significant an action is here: what the policy makes of it, and how far it reaches."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from fake_colony import OXYGEN, Station
from two_people import station

from adapters.contract import Refused, Significance
from adapters.records import ActionState, App, Token
from console.roles import Role
from console.station.policy import Policy, Rule

__all__ = ["station"]


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
    with pytest.raises(Refused, match="is critical here, and you are an operator"):
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
