"""What the colony's chain remembers at the opening, and how it lives on."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from eth_abi.abi import decode

from fixtures import colony
from fixtures.colony.chain import chain
from fixtures.colony.data import App, seconds, tycho
from fixtures.colony.errands import FIRST, NEXT, Errands
from fixtures.colony.history import ANCHOR, DEPLOYMENTS, IDENTITY, Colony, make
from fixtures.evm.rpc import respond
from fixtures.kubernetes.controllers.deployments import REVISION
from fixtures.kubernetes.kinds import DEPLOYMENT, POD

EPOCH = 1_931_234_400.0
ENTRY = "(uint8,address,uint64,uint64,string,string,bytes32,string)"


@cache
def opened(scenario: str = "bad-rollout") -> Colony:
    """A chain at its opening, to look at only."""
    return make(3, scenario, EPOCH)


def ask(found: Colony, method: str, *params: Any) -> Any:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
    told = json.loads(respond(found.node, body.encode()) or b"")
    assert "error" not in told, told
    return told["result"]


def read(found: Colony, contract: str, answer: str, function: str, *arguments: Any) -> Any:
    target = found.contracts[contract]
    call = {"to": target.address, "data": "0x" + target.encode(function, *arguments).hex()}
    return decode([answer], bytes.fromhex(ask(found, "eth_call", call, "latest")[2:]))[0]


def name(app: App) -> str:
    return f"{app.namespace}/{app.name}"


def entries(found: Colony) -> list[Any]:
    count = read(found, DEPLOYMENTS, "uint256", "count")
    return [read(found, DEPLOYMENTS, ENTRY, "entry", number) for number in range(count)]


def test_one_seed_is_one_chain() -> None:
    same, other = make(3, "bad-rollout", EPOCH), make(4, "bad-rollout", EPOCH)
    first = [each.hash for each in opened().node.engine.blocks]
    assert [each.hash for each in same.node.engine.blocks] == first
    assert [each.hash for each in other.node.engine.blocks][1:] != first[1:]


def test_the_contracts_are_where_everybody_expects_them() -> None:
    found = opened()
    assert found.contracts[IDENTITY].address == tycho().contract.lower()
    assert found.contracts[DEPLOYMENTS].address == "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"
    assert found.contracts[ANCHOR].address == "0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0"
    assert list(found.accounts) == ["founder", "ops", "agri", "power", "comms"]
    assert ask(found, "eth_accounts") == ["0x" + each.hex() for each in found.accounts.values()]


def test_the_past_is_in_order_and_ends_at_the_opening() -> None:
    times = [each.header.timestamp for each in opened().node.engine.blocks]
    assert times[0] == EPOCH - seconds(chain().founded)
    assert all(before < after for before, after in pairwise(times))
    # The last blocks are as far apart as those to come.
    assert times[-8:] == [EPOCH - 4 * back for back in range(7, -1, -1)]
    assert len(opened().node.pool) == 0


def test_each_app_s_token_names_it_but_for_the_slip() -> None:
    found = opened()
    renamed = {each.token: each.app for each in chain().rename}
    numbers = {app.token for app in tycho().app if app.token}
    for app in tycho().app:
        if app.token:
            named = read(found, IDENTITY, "string", "appOf", app.token)
            assert named == renamed.get(app.token, name(app))
    assert read(found, IDENTITY, "uint256", "totalSupply") == len(numbers) + len(chain().token)
    assert numbers.isdisjoint(each.number for each in chain().token)


def test_there_is_one_of_each_kind_of_trouble() -> None:
    found = opened()
    apps = {name(app): app for app in tycho().app}
    named = {
        number: read(found, IDENTITY, "string", "appOf", number)
        for number in [*(app.token for app in tycho().app if app.token), 11, 16]
    }
    claimed = {app.token: name(app) for app in tycho().app if app.token}
    mismatched = [n for n in claimed if named[n] != claimed[n]]
    unclaimed = [n for n in named if n not in claimed and not named[n]]
    orphans = [n for n in named if n not in claimed and named[n] and named[n] not in apps]
    assert (mismatched, unclaimed, orphans) == ([13], [11], [16])
    # The other app is there, and no other token names either of the two.
    assert named[13] in apps
    assert not apps[named[13]].token


def test_in_the_calm_every_identity_holds() -> None:
    found = opened("calm")
    for app in tycho().app:
        if app.token:
            assert read(found, IDENTITY, "string", "appOf", app.token) == name(app)
    count = len([app for app in tycho().app if app.token])
    assert read(found, IDENTITY, "uint256", "totalSupply") == count + 1
    assert read(found, IDENTITY, "string", "appOf", 11) == ""


def test_owners_are_those_that_the_transfers_lead_to() -> None:
    found = opened()
    last: dict[int, str] = {}
    for each in sorted(chain().transfer, key=lambda each: -seconds(each.age)):
        last[each.token] = each.to
    for app in tycho().app:
        if not app.token:
            continue
        owner = read(found, IDENTITY, "address", "ownerOf", app.token)
        steward = last.get(app.token, chain().stewards[app.namespace])
        assert owner == "0x" + found.accounts[steward].hex()
    lost = read(found, IDENTITY, "address", "ownerOf", 11)
    assert bytes.fromhex(lost[2:]) not in found.accounts.values()


@pytest.mark.parametrize("scenario", colony.SCENARIOS)
def test_what_was_deployed_is_what_the_cluster_says(scenario: str) -> None:
    found = opened(scenario)
    cluster = colony.make(3, scenario, EPOCH)
    recorded = entries(found)
    assert [each[2] for each in recorded] == sorted(each[2] for each in recorded)
    images = {
        container["image"]: container["imageID"]
        for item in cluster.store.items(POD)
        for container in item.object["status"].get("containerStatuses", [])
    }
    for app in tycho().app:
        deployed = [each for each in recorded if each[0] == 0 and each[4] == name(app)]
        assert [each[3] for each in deployed] == list(range(app.first, app.first + len(deployed)))
        wanted = [*app.revisions]
        if scenario == "bad-rollout" and app.bad is not None:
            wanted.append(app.bad)
        for entry, revision in zip(deployed, wanted, strict=True):
            began = EPOCH - seconds(revision.age)
            assert began < entry[2] < began + 61
            assert (entry[5], entry[7]) == (f"{app.image}:{revision.tag}", revision.cause)
            if images.get(entry[5]):
                assert images[entry[5]].endswith(f"@sha256:{entry[6].hex()}")
        if app.workload == "Deployment":
            item = cluster.api.find(DEPLOYMENT, app.namespace, app.name)
            notes = item.object["metadata"]["annotations"]
            assert notes[REVISION] == str(deployed[-1][3])
        assert read(found, DEPLOYMENTS, ENTRY, "latest", name(app)) == deployed[-1]


def test_configurations_are_recorded_where_they_changed() -> None:
    changed = {
        (name(app), app.first + number)
        for app in tycho().app
        for number, revision in enumerate(app.revisions)
        if revision.env
    }
    recorded = [each for each in entries(opened("calm")) if each[0] == 1]
    assert {(each[4], each[3]) for each in recorded} == changed
    assert len(recorded) == len(changed)


def test_what_life_does_goes_through() -> None:
    found = make(3, "calm", EPOCH)
    errands = Errands(found, 3)
    assert FIRST[0] <= errands.pause() <= FIRST[1]
    assert NEXT[0] <= errands.pause() <= NEXT[1]
    done = [errands.run() for _ in range(12) if found.node.seal()]
    found.node.seal()
    deeds = [each for each in done if each is not None]
    assert {each.function for each in deeds} == {"transferFrom", "recordConfiguration"}
    assert len(deeds) == 12
    for block in found.node.engine.blocks[-12:]:
        assert [each["status"] for each in found.node.receipts(block)] == ["0x1"]


def test_life_follows_the_seed_and_sees_what_operators_did() -> None:
    def told(seed: int) -> list[Any]:
        found = make(seed, "calm", EPOCH)
        errands = Errands(found, seed)
        deeds = []
        for _ in range(3):
            deeds.append(errands.run())
            found.node.seal()
        return deeds

    first = told(1)
    assert first == told(1)
    assert first != told(2)
    # A token that went to a stranger is left alone.
    found = make(3, "calm", EPOCH)
    errands = Errands(found, 3)
    errands._stewards = {}
    for number in (12, 15):
        owner = read(found, IDENTITY, "address", "ownerOf", number)
        given = found.contracts[IDENTITY].encode("transferFrom", owner, "0x" + "ab" * 20, number)
        sent = {"from": owner, "to": found.contracts[IDENTITY].address, "data": "0x" + given.hex()}
        ask(found, "eth_sendTransaction", sent)
    found.node.seal()
    assert errands._hand_over(12, 0.5) is None
