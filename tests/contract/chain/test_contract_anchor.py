"""Anchor: what it lets whom say, what it remembers, and what the adapter reads of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from eth_utils.crypto import keccak

from adapters.chain.anchors import MOST
from adapters.chain.calls import recording
from adapters.contract import Draft, Reached, Refused
from adapters.records import LedgerEntry
from tests.contract.chain import abi
from tests.contract.chain.backend import FOUNDER, OPS, Backend, Can
from tests.contract.chain.calling import calling, changes
from tests.contract.chain.watching import adapter, observing, settings, told

LOG, OTHER = b"\x1a" * 32, b"\x2b" * 32
ROOTS = [bytes([number]) * 32 for number in range(1, 9)]


@pytest.fixture
async def anchoring(deployed: Backend) -> Backend:
    """The same with Anchor on it, and nothing in it."""
    await deployed.deploy_anchor()
    return deployed


async def anchor(backend: Backend, size: int, root: bytes, log: bytes = LOG) -> dict[str, Any]:
    return await backend.send("Anchor", "anchor", log, size, root)


async def anchors(backend: Backend, **given: str) -> dict[str, Any]:
    asked = adapter(settings(backend))
    try:
        answer = await asked.query("anchors", {"log": LOG.hex(), **given})
    finally:
        await asked.close()
    assert answer.syntax == "json"
    said: dict[str, Any] = json.loads(answer.text)
    return {**said, "more": answer.more}


# -- the contract


async def test_a_root_is_anchored(anchoring: Backend) -> None:
    await anchoring.at(1_931_300_000)
    receipt = await anchor(anchoring, 7, ROOTS[0])
    founder = anchoring.accounts[FOUNDER].lower()
    assert [abi.event("Anchor", log) for log in receipt["logs"]] == [
        ("Anchored", (LOG, founder, 7, ROOTS[0]))
    ]
    block = int(receipt["blockNumber"], 16)
    latest = (7, ROOTS[0], block, 1_931_300_000)
    assert await anchoring.read("Anchor", "latest", LOG) == latest
    assert await anchoring.read("Anchor", "rootAt", LOG, 7) == ROOTS[0]
    assert await anchoring.read("Anchor", "rootAt", LOG, 6) == bytes(32)
    assert await anchoring.read("Anchor", "count", LOG) == 1


async def test_a_log_only_grows_and_each_by_itself(anchoring: Backend) -> None:
    await anchor(anchoring, 7, ROOTS[0])
    for size in (7, 6, 0):
        said = await anchoring.refusal("Anchor", "anchor", LOG, size, ROOTS[1])
        assert said == ("NotGrown", (LOG, size, 7))
    await anchor(anchoring, 1, ROOTS[1], OTHER)
    await anchor(anchoring, 2**64 - 1, ROOTS[2])
    assert await anchoring.read("Anchor", "rootAt", LOG, 7) == ROOTS[0]
    assert (await anchoring.read("Anchor", "latest", LOG))[:2] == (2**64 - 1, ROOTS[2])
    assert (await anchoring.read("Anchor", "latest", OTHER))[:2] == (1, ROOTS[1])
    assert await anchoring.read("Anchor", "count", LOG) == 2


async def test_what_is_no_anchor(anchoring: Backend) -> None:
    assert await anchoring.refusal("Anchor", "latest", LOG) == ("NothingAnchored", (LOG,))
    assert await anchoring.read("Anchor", "count", LOG) == 0
    said = await anchoring.refusal("Anchor", "anchor", LOG, 0, ROOTS[0])
    assert said == ("NotGrown", (LOG, 0, 0))
    said = await anchoring.refusal("Anchor", "anchor", LOG, 3, bytes(32))
    assert said == ("NoRoot", (LOG, 3))


async def test_only_recorders_anchor(anchoring: Backend) -> None:
    role = await anchoring.read("Anchor", "RECORDER_ROLE")
    assert role == keccak(text="RECORDER_ROLE")
    ops = anchoring.accounts[OPS]
    said = await anchoring.refusal("Anchor", "anchor", LOG, 1, ROOTS[0], sender=OPS)
    assert said == ("AccessControlUnauthorizedAccount", (ops.lower(), role))
    await anchoring.send("Anchor", "grantRole", role, ops)
    await anchoring.send("Anchor", "anchor", LOG, 1, ROOTS[0], sender=OPS)


# -- the adapter


async def test_the_chain_says_what_is_anchored(anchoring: Backend) -> None:
    assert (await anchors(anchoring))["anchors"] == []
    receipts = [await anchor(anchoring, size, ROOTS[size]) for size in (2, 5, 6)]
    await anchor(anchoring, 9, ROOTS[7], OTHER)
    said = await anchors(anchoring)
    assert (said["chain"], said["contract"]) == ("eip155:31337", anchoring.anchor)
    assert (said["log"], said["more"]) == (LOG.hex(), False)
    assert [each["size"] for each in said["anchors"]] == [2, 5, 6]
    for each, receipt in zip(said["anchors"], receipts, strict=True):
        block = await anchoring.block(int(receipt["blockNumber"], 16))
        assert each == {
            "size": each["size"],
            "root": "0x" + ROOTS[each["size"]].hex(),
            "block": int(receipt["blockNumber"], 16),
            "block_hash": receipt["blockHash"],
            "time": int(block["timestamp"], 16),
            "transaction": receipt["transactionHash"],
            "by": anchoring.accounts[FOUNDER],
            "final": said["final"] >= int(receipt["blockNumber"], 16),
        }
    assert [each["size"] for each in (await anchors(anchoring, last="true"))["anchors"]] == [6]
    assert [each["size"] for each in (await anchors(anchoring, upto="5"))["anchors"]] == [2, 5]
    await anchoring.mine(100)
    assert all(each["final"] for each in (await anchors(anchoring))["anchors"])


async def test_questions_that_are_none(anchoring: Backend) -> None:
    for given, said in (
        ({"log": "1a"}, "log says which"),
        ({"upto": "x"}, "upto is a size"),
        ({"contract": "Identity"}, "Identity has no anchor"),
    ):
        with pytest.raises(Refused, match=said):
            await anchors(anchoring, **given)
    anchoring.anchor = ""
    with pytest.raises(Refused, match="configure the contract Anchor"):
        await anchors(anchoring)


async def test_only_the_newest_are_answered(box: Backend) -> None:
    await box.deploy_anchor()
    for size in range(1, MOST + 3):
        await anchor(box, size, ROOTS[0])
    said = await anchors(box)
    assert said["more"]
    assert [each["size"] for each in said["anchors"]] == list(range(3, MOST + 3))
    assert [each["size"] for each in (await anchors(box, upto="2"))["anchors"]] == [1, 2]


async def test_a_checkpoint_from_its_facts_to_verified(anchoring: Backend) -> None:
    facts = {"event": "checkpoint", "log": LOG.hex(), "size": "7", "root": ROOTS[0].hex()}
    async with calling(anchoring) as caller:
        asked = caller.action.recording(facts)
        assert asked is not None
        preview, looks = await caller.through(Draft("intent-1", "contract.call", asked))
        assert preview.title.startswith("Anchor.anchor(")
        assert changes(preview)[f"rootAt(0x{LOG.hex()}, 7)"][1] == f"0x{ROOTS[0].hex()}"
        assert [look.reached for look in looks[-2:]] == [Reached.FINAL, Reached.VERIFIED]
        with pytest.raises(Refused, match=r"NotGrown\(.*size: 7, latest: 7"):
            await caller.simulated(Draft("intent-2", "contract.call", asked))
    (there,) = (await anchors(anchoring))["anchors"]
    assert (there["size"], there["root"]) == (7, "0x" + ROOTS[0].hex())


async def test_the_receipt_names_the_block_by_its_hash(anchoring: Backend) -> None:
    facts = {"event": "checkpoint", "log": LOG.hex(), "size": "7", "root": ROOTS[0].hex()}
    async with calling(anchoring) as caller:
        asked = caller.action.recording(facts)
        assert asked is not None
        assert asked["function"] == recording.ANCHOR
        _, envelope, _ = await caller.sent(Draft("intent-1", "contract.call", asked))
        found = await caller.settled(envelope)
        assert found.receipt is not None
        notes = found.receipt.notes
        block = await anchoring.block(int(notes["block"]))
        assert (notes["block_hash"], notes["hash"]) == (block["hash"], block["transactions"][0])


async def test_a_reorganisation_takes_an_anchor_away(anchoring: Backend) -> None:
    if Can.REORGS not in anchoring.can:
        pytest.fail("both chains can")
    await anchor(anchoring, 2, ROOTS[2])
    await anchor(anchoring, 5, ROOTS[5])
    await anchoring.reorganise(1)
    assert [each["size"] for each in (await anchors(anchoring))["anchors"]] == [2]


async def test_the_ledger_says_it_in_plain_words(anchoring: Backend) -> None:
    async with observing(anchoring) as seen:
        await anchor(anchoring, 48211, ROOTS[0])
        line = "Anchored log 1a1a1a1a… at 48,211 entries, root 01010101…, by founder"
        entry: LedgerEntry = await seen.until(told(line), "the anchor")
        assert (entry.namespace, entry.event) == ("Anchor", "Anchored")
