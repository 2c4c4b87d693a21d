"""Faults: a node gone and back, a cut socket, another chain, a lag, and hostile metadata."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from eth_abi.abi import encode

from adapters.chain.adapter import WrongChain
from adapters.chain.ledger import APP_LIMIT
from adapters.chain.rpc import Unreachable
from adapters.records import Chain, ScopeState, Token
from tests.contract.chain import abi
from tests.contract.chain.backend import AGRI, FOUNDER, OPS, POWER, Backend, Can
from tests.contract.chain.relaying import Bent, Json, relaying
from tests.contract.chain.watching import (
    adapter,
    entries,
    observing,
    owned,
    settings,
    token,
    told,
)
from tests.contract.kubernetes.mirror import Mirror

SCOPES = ("heads", "tokens", "contracts", "ledger", "accounts")


def stand(state: ScopeState) -> Any:
    """Return a look for every scope being in *state*."""
    return lambda mirror: all(mirror.state(scope) is state for scope in SCOPES)


def how(mirror: Mirror) -> str:
    found = mirror.one(Chain, "", "eip155:31337")
    return found.how if found else ""


async def test_a_node_that_goes_and_comes_back_leaves_no_gap_and_no_double(
    deployed: Backend,
) -> None:
    await deployed.mint(1, "a/one", to=OPS)
    async with observing(deployed) as seen:
        await seen.until(owned(1, "ops"), "token 1")
        await seen.until(stand(ScopeState.LIVE), "all live")
        deployed.kill()
        await seen.until(stand(ScopeState.STALE), "all stale")
        assert deployed.url.split("//")[1] in seen.mirror.details["tokens"]
        assert token(seen.mirror, 1).owner_name == "ops"
        await deployed.revive()
        await deployed.mint(2, "a/two", to=OPS)
        await deployed.transfer(1, OPS, AGRI)
        await seen.until(owned(2, "ops"), "token 2")
        await seen.until(owned(1, "agri"), "token 1 with agri")
        await seen.until(stand(ScopeState.LIVE), "all live again")
        await seen.until(told("#1 ops → agri"), "the transfer")
        names = [each.name for each in seen.mirror.events]
        assert len(names) == len(set(names))


async def test_a_node_that_was_never_there_is_an_error_with_a_reason(backend: Backend) -> None:
    backend.kill()
    with pytest.raises(Unreachable, match=backend.url.split("//")[1]):
        async with observing(backend) as seen:
            await seen.until(lambda mirror: mirror.records, "records of a node that is not there")
    await backend.revive()


async def test_a_cut_socket_is_subscribed_again_and_what_came_meanwhile_is_read(
    deployed: Backend,
) -> None:
    if Can.SUBSCRIPTIONS not in deployed.can:
        # A node without them: it is polled, and that is said.
        async with observing(deployed, ws=deployed.url.replace("http", "ws")) as seen:
            await seen.until(lambda mirror: how(mirror) == "polling", "polling")
            await deployed.mint(1, "a/one")
            await seen.until(owned(1, "ops"), "token 1")
            await seen.until(
                lambda mirror: mirror.details["heads"].startswith("polling: "), "the reason"
            )
        return
    async with relaying(deployed.ws) as relay, observing(deployed, ws=relay.url) as seen:
        await seen.until(lambda mirror: how(mirror) == "subscription", "a subscription")
        relay.refusing = True
        relay.cut()
        await seen.until(lambda mirror: how(mirror) == "polling", "polling meanwhile")
        assert seen.mirror.state("heads") is ScopeState.LIVE
        await deployed.mint(1, "a/one")
        await seen.until(owned(1, "ops"), "token 1, by polling")
        relay.refusing = False
        await seen.until(lambda mirror: how(mirror) == "subscription", "a subscription again")
        assert relay.opened == 2
        await deployed.mint(2, "a/two")
        await seen.until(owned(2, "ops"), "token 2, told")
        names = [each.name for each in seen.mirror.events]
        assert len(names) == len(set(names))


async def test_another_chain_is_an_error_and_nothing_of_it_is_read(deployed: Backend) -> None:
    await deployed.mint(1, "a/one")
    wire = Bent()
    with pytest.raises(WrongChain, match="is on chain 31337, not on 1"):
        async with observing(deployed, wire, chain_id=1) as seen:
            await seen.until(lambda mirror: mirror.records, "records of a wrong chain")
    assert set(wire.asked) == {"eth_chainId"}
    assert set(seen.mirror.states) == set(SCOPES)
    assert not seen.mirror.records


async def test_a_node_that_becomes_another_chain_is_not_read_any_more(deployed: Backend) -> None:
    await deployed.mint(1, "a/one")
    wire = Bent()

    def other(question: Json, answer: Json) -> Json:
        return {**answer, "result": "0x1"} if question["method"] == "eth_chainId" else answer

    mirror = None

    async def watch() -> None:
        nonlocal mirror
        async with observing(deployed, wire) as seen:
            mirror = seen.mirror
            await seen.until(owned(1, "ops"), "token 1")
            wire.bend = other
            await deployed.mint(2, "a/two")
            await seen.until(owned(2, "ops"), "a token of a wrong chain")

    with pytest.raises(WrongChain):
        await watch()
    assert token(mirror, 2) is None


async def test_a_node_that_lags_takes_nothing_away(deployed: Backend) -> None:
    """It shows an old head and, of blocks that it has not, no logs and no error."""
    await deployed.mint(1, "a/one")
    old = await deployed.block()
    wire = Bent()
    lagging = asyncio.Event()

    def behind(question: Json, answer: Json) -> Json:
        lagging.set()
        method, params = question["method"], question["params"]
        if method == "eth_getBlockByNumber" and params[0] == "latest":
            return {**answer, "result": old}
        if method == "eth_getBlockByNumber" and params[0].startswith("0x"):
            late = int(params[0], 16) > int(old["number"], 16)
            return {**answer, "result": None} if late else answer
        if method == "eth_getLogs":
            return {**answer, "result": []}
        return answer

    async with observing(deployed, wire, ws="") as seen:
        await deployed.mint(2, "a/two")
        await seen.until(owned(2, "ops"), "token 2")
        said = len(seen.mirror.events)
        wire.bend = behind
        await lagging.wait()
        await deployed.transfer(2, OPS, AGRI)
        wire.bend = None
        await seen.until(owned(2, "agri"), "token 2 with agri")
        await seen.until(told("#2 ops → agri"), "the transfer")
        assert not any(each.removed for each in entries(seen.mirror))
        assert len(seen.mirror.events) == said + 1


async def test_logs_are_not_taken_from_a_node_that_is_behind_its_head(deployed: Backend) -> None:
    """The head comes from one node behind a balancer and the logs from one that is behind it."""
    wire = Bent()
    asked = 0

    def behind(question: Json, answer: Json) -> Json:
        nonlocal asked
        if question["method"] == "eth_getLogs":
            asked += 1
            return {**answer, "result": []} if asked <= 3 else answer
        by_number = question["method"] == "eth_getBlockByNumber"
        if by_number and question["params"][0].startswith("0x") and 0 < asked <= 3:
            return {**answer, "result": None}
        return answer

    async with observing(deployed, wire, ws="") as seen:
        await seen.until(stand(ScopeState.LIVE), "all live")
        wire.bend = behind
        await deployed.mint(2, "a/two")
        await seen.until(owned(2, "ops"), "token 2")
        await seen.until(told("#2 minted for ops"), "the mint")
        assert asked > 3


HOSTILE = {
    11: b"a/\x1b]0;owned\x07\x1b[2J",
    12: b"a/\xff\xfe\xc3(",
    13: "a/\u202egnp.exe".encode(),
    14: b"a/" + b"x" * 200,
}


async def test_hostile_names_of_apps_come_through_harmless(deployed: Backend) -> None:
    for number, name in HOSTILE.items():
        await _mint(deployed, number, name)
    await deployed.mint(20, "power/relay", to=POWER)
    async with observing(deployed) as seen:
        await seen.until(owned(20, "power"), "the token after them")
        for number in HOSTILE:
            found: Token = await seen.until(owned(number, "ops"), f"token {number}")
            assert found.app.startswith("a/")
            assert found.app.isprintable()
            assert len(found.app) <= APP_LIMIT
        for each in entries(seen.mirror):
            assert each.summary.isprintable()
            assert len(each.summary) <= 240
            assert all(value.text.isprintable() for value in each.values)
        answer = await seen.adapter.query("token", {"contract": "Identity", "token": "11"})
        assert "\x1b" not in answer.text


async def _mint(backend: Backend, number: int, name: bytes) -> None:
    """Mint with a name of any bytes: the ABI's own encoder takes text alone."""
    whole = abi.calldata("Identity", "mint", backend.accounts[OPS], number, "")
    body = encode(["address", "uint256", "bytes"], [backend.accounts[OPS], number, name])
    await backend.transact(FOUNDER, to=backend.identity, data=f"{whole[:10]}{body.hex()}")


async def test_lying_offsets_and_a_megabyte_of_a_name_bloat_nothing(deployed: Backend) -> None:
    await deployed.mint(1, "a/one")
    await deployed.mint(2, "a/two")
    wire = Bent()
    large = encode(["string"], ["a/" + "\x1b" * 1_000_000])
    lies = {1: large.hex(), 2: "ff" * 64}

    def bend(question: Json, answer: Json) -> Json:
        if question["method"] == "eth_getLogs" and isinstance(answer.get("result"), list):
            for log in answer["result"]:
                topics = log["topics"]
                if len(topics) == 2 and int(topics[1], 16) in lies:
                    log["data"] = f"0x{lies[int(topics[1], 16)]}"
        return answer

    wire.bend = bend
    async with observing(deployed, wire) as seen:
        one: Token = await seen.until(owned(1, "ops"), "token 1")
        two: Token = await seen.until(owned(2, "ops"), "token 2")
        assert len(one.app) <= APP_LIMIT
        assert two.app == "a/two"  # the log says nothing, and the contract was asked
        said = [each for each in entries(seen.mirror) if each.namespace == "Identity"]
        assert any("does not know" in each.summary for each in said)
        assert max(len(repr(each)) for each in said) < 8_192


async def test_an_unlock_of_a_key_that_is_not_there_is_refused(backend: Backend) -> None:
    made = adapter(settings(backend))
    with pytest.raises(Exception, match="no key is called 'ops'"):
        await made.unlock("ops", "secret")
