"""Calls through nodes that can less, lose an answer, or say what no node should."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from adapters.contract import AdapterError, Fate, Reached, Refused
from tests.contract.chain.backend import AGRI, OPS, Backend
from tests.contract.chain.calling import calling, changes
from tests.contract.chain.relaying import Bent

APP = "life-support/oxygen-generator"
MISSING = {"code": -32601, "message": "the method does not exist"}
Json = dict[str, Any]


@pytest.fixture
async def minted(deployed: Backend) -> Backend:
    """Token 7 of agri, naming an app, in a block that is final."""
    await deployed.mint(7, APP, AGRI)
    await deployed.mine(3)
    return deployed


def _error(answer: Json, code: int, message: str) -> Json:
    return {"jsonrpc": "2.0", "id": answer["id"], "error": {"code": code, "message": message}}


def without_simulation(asked: Json, answer: Json) -> Json:
    """A node without eth_simulateV1."""
    if asked["method"] == "eth_simulateV1":
        return _error(answer, MISSING["code"], MISSING["message"])
    return answer


def without_finality(asked: Json, answer: Json) -> Json:
    """A node that knows no block called finalized."""
    if asked["method"] == "eth_getBlockByNumber" and asked["params"][0] == "finalized":
        return _error(answer, -39001, "unknown block")
    return answer


async def test_without_a_simulation_the_events_are_not_available(minted: Backend) -> None:
    bent = Bent()
    bent.bend = without_simulation
    async with calling(minted, transport=bent) as caller:
        preview, looks = await caller.through(caller.draft("transferFrom", "agri", "ops", 7))
    facts = dict(preview.facts)
    assert facts["events"] == "not available: the node has no eth_simulateV1"
    assert preview.simulated_by.startswith("eth_call at block ")
    assert changes(preview) == {"ownerOf(7)": ("agri", "ops")}
    assert looks[-1].reached is Reached.VERIFIED


@pytest.mark.parametrize(
    "result",
    [None, [], {}, [{}], [{"calls": []}], [{"calls": [{"status": "0x0"}]}], "0x",
     [{"calls": [{"status": "0x1", "logs": [{"address": 1, "topics": [2], "data": "x"}]}] * 3}],
     [{"calls": [{"status": "0x1", "logs": 7}] * 3}]],
)  # fmt: skip
async def test_a_simulation_that_is_none_is_not_believed(minted: Backend, result: Any) -> None:
    def nonsense(asked: Json, answer: Json) -> Json:
        if asked["method"] == "eth_simulateV1":
            return {**answer, "result": result}
        return answer

    bent = Bent()
    bent.bend = nonsense
    async with calling(minted, transport=bent) as caller:
        preview = await caller.simulated(caller.draft("transferFrom", "agri", "ops", 7))
    assert dict(preview.facts)["events"].startswith("not available: eth_simulateV1 ")
    assert changes(preview) == {"ownerOf(7)": ("agri", "ops")}


async def test_where_finality_is_not_known_the_effect_says_so(minted: Backend) -> None:
    bent = Bent()
    bent.bend = without_finality
    async with calling(minted, transport=bent) as caller:
        _, looks = await caller.through(caller.draft("transferFrom", "agri", "ops", 7))
    assert [look.reached for look in looks] == [Reached.VERIFIED]
    assert looks[0].detail.endswith("(finality is not known on this chain)")


async def test_confirmations_are_counted_where_the_node_has_no_final_block(
    minted: Backend,
) -> None:
    bent = Bent()
    bent.bend = without_finality
    async with calling(minted, transport=bent, confirmations=2) as caller:
        _, looks = await caller.through(caller.draft("transferFrom", "agri", "ops", 7))
    lines = [look.detail for look in looks]
    assert lines[0].endswith(", 0 of 2 confirmations")
    assert lines[1].endswith(", 1 of 2 confirmations")
    assert lines[2].endswith(" is final")
    assert looks[-1].reached is Reached.VERIFIED


async def test_an_answer_that_was_lost_is_found_out(minted: Backend) -> None:
    def lost(asked: Json, answer: Json) -> Json:
        if asked["method"] == "eth_sendTransaction":
            raise httpx.ReadError("the line went dead")
        return answer

    bent = Bent()
    async with calling(minted, transport=bent) as caller:
        _, envelope = await caller.prepared(caller.draft("transferFrom", "agri", "ops", 7))
        bent.bend = lost
        with pytest.raises(AdapterError):
            await caller.action.send(envelope)
        found = await caller.settled(envelope)
        assert found.fate is Fate.SENT
        assert found.receipt is not None
        looks = await caller.verified(envelope, found.receipt)
        assert looks[-1].reached is Reached.VERIFIED
        assert bent.asked.count("eth_sendTransaction") == 1


async def test_a_block_that_came_in_between_two_questions_is_searched_too(
    minted: Backend,
) -> None:
    before = await minted.block()

    def behind(asked: Json, answer: Json) -> Json:
        if asked["method"] == "eth_sendTransaction":
            raise httpx.ReadError("the line went dead")
        if asked["method"] == "eth_getBlockByNumber" and asked["params"][0] == "latest":
            return {**answer, "result": before}
        return answer

    async def included() -> bool:
        return await minted.head() > int(before["number"], 16)

    bent = Bent()
    async with calling(minted, transport=bent) as caller:
        _, envelope = await caller.prepared(caller.draft("transferFrom", "agri", "ops", 7))
        bent.bend = behind
        with pytest.raises(AdapterError):
            await caller.action.send(envelope)
        await minted.settle(included, "the call's block")
        assert (await caller.action.reconcile(envelope)).fate is Fate.SENT


@pytest.mark.parametrize(
    ("code", "message", "taken"),
    [
        (-32000, "already known", True),
        (-32003, "transaction already imported", True),
        (-32000, "insufficient funds for gas * price + value", False),
        (-32000, "replacement transaction underpriced", False),
        (-32601, "the method does not exist", False),
        (-32000, "nonce too low", None),
        (-32603, "internal error", None),
        (3, "execution reverted", None),
        (-32005, "rate limited", None),
    ],
)
async def test_what_a_node_says_to_a_transaction(
    minted: Backend, code: int, message: str, taken: bool | None
) -> None:
    """Where it was *taken* all the same, it is; where that is in doubt, nothing is claimed."""

    def says(asked: Json, answer: Json) -> Json:
        if asked["method"] == "eth_sendTransaction":
            return _error(answer, code, message)
        return answer

    bent = Bent()
    async with calling(minted, transport=bent) as caller:
        _, envelope = await caller.prepared(caller.draft("transferFrom", "agri", "ops", 7))
        bent.bend = says  # the node really takes it; what it says of it is bent
        if taken is False:
            with pytest.raises(Refused, match="the node refused it: "):
                await caller.action.send(envelope)
            return
        if taken or message == "nonce too low":
            assert not (await caller.action.send(envelope)).included
        else:
            with pytest.raises(AdapterError) as caught:
                await caller.action.send(envelope)
            assert not isinstance(caught.value, Refused)
        assert (await caller.settled(envelope)).fate is Fate.SENT


async def test_a_form_asks_once_at_most(minted: Backend) -> None:
    bent = Bent()
    async with calling(minted, transport=bent) as caller:
        await caller.form("transferFrom", "agri", "ops", "7")
        bent.asked.clear()
        for token in ("", "7", "7x"):
            await caller.form("transferFrom", "agri", "ops", token)
        await caller.form("ownerOf", "")
        assert bent.asked == []
        await caller.form("ownerOf", "7")
        assert bent.asked == ["eth_chainId", "eth_blockNumber", "eth_call"]


async def test_a_form_without_a_node_says_so_and_checks_all_the_same(minted: Backend) -> None:
    async with calling(minted) as caller:
        await caller.form("transferFrom")
        minted.kill()
        form = await caller.form("ownerOf", "7")
        assert form.answer is None
        assert form.error
        form = await caller.form("transferFrom", "agri", "opps", "7")
        errors = [field.error for field in form.fields if field.error]
        assert len(errors) == 1
        assert errors[0].startswith("to: 'opps' is neither an address")
        await minted.revive()
        assert (await caller.form("ownerOf", "7")).answer == "agri"


async def test_a_node_on_another_chain_cannot_say_what_became_of_it(minted: Backend) -> None:
    def elsewhere(asked: Json, answer: Json) -> Json:
        return {**answer, "result": "0x5"} if asked["method"] == "eth_chainId" else answer

    bent = Bent()
    async with calling(minted, transport=bent, chain_id=None) as caller:
        draft = caller.draft("transferFrom", "agri", "ops", 7)
        preview, envelope = await caller.prepared(draft)
        bent.bend = elsewhere
        with pytest.raises(Refused, match="another chain since it was approved"):
            await caller.action.prepare(draft, preview)
        with pytest.raises(AdapterError, match="is on chain 5, not on 31337: it cannot say"):
            await caller.action.reconcile(envelope)
    assert await minted.read("Identity", "ownerOf", 7) != minted.accounts[OPS].lower()
