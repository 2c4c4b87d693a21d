"""The ring of last blocks, and the walk from a new head down to what is known."""

from __future__ import annotations

import pytest
from chain_node import FakeNode
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chain.heads import DEPTH, Head, Moved, Ring, Step, head, linked
from adapters.chain.walking import walk
from adapters.contract import AdapterError


async def step(ring: Ring, node: FakeNode) -> Step:
    rpc = node.rpc()
    try:
        return await walk(rpc, ring, head(node.head))
    finally:
        await rpc.close()


def hashes(ring: Ring) -> list[str]:
    return [each.hash for each in ring]


def of(node: FakeNode, count: int) -> list[str]:
    return [block["hash"] for block in node.blocks[-count:]]


async def test_the_first_head_brings_the_blocks_below_it() -> None:
    ring, node = Ring(), FakeNode(100)
    found = await step(ring, node)
    assert (found.ancestor, found.dropped) == (None, ())
    assert hashes(ring) == of(node, len(ring))
    assert 1 < len(ring) <= 100
    assert ring.interval() == 12


async def test_a_chain_of_one_block() -> None:
    ring, node = Ring(), FakeNode(1)
    await step(ring, node)
    assert (len(ring), ring.interval()) == (1, None)
    node.cut(1)
    node.grow(1)
    found = await step(ring, node)
    assert (found.ancestor, len(found.dropped)) == (None, 1)


async def test_a_next_block_and_the_same_again_ask_for_nothing() -> None:
    ring, node = Ring(), FakeNode(5)
    await step(ring, node)
    node.grow()
    node.asked.clear()
    assert (await step(ring, node)).dropped == ()
    assert (await step(ring, node)).dropped == ()
    assert node.asked == []
    assert ring.tip == head(node.head)


async def test_a_gap_longer_than_the_ring_costs_one_ring_of_headers() -> None:
    ring, node = Ring(), FakeNode(50)
    await step(ring, node)
    node.grow(10_000)
    node.asked.clear()
    found = await step(ring, node)
    assert (found.ancestor, found.dropped) == (49, ())
    assert hashes(ring) == of(node, DEPTH)
    assert len(node.asked) <= DEPTH


async def test_a_fork_behind_a_long_gap_is_found() -> None:
    ring, node = Ring(), FakeNode(50)
    await step(ring, node)
    node.cut(3)
    node.grow(10_000)
    found = await step(ring, node)
    assert found.ancestor == 46
    assert [each.number for each in found.dropped] == [47, 48, 49]
    assert hashes(ring) == of(node, DEPTH)


async def test_a_fork_deeper_than_the_ring_has_no_ancestor() -> None:
    ring, node = Ring(depth=8), FakeNode(50)
    await step(ring, node)
    node.cut(20)
    node.grow(25)
    found = await step(ring, node)
    assert found.ancestor is None
    assert len(found.dropped) == 8
    assert hashes(ring) == of(node, len(ring))


async def test_a_chain_that_moves_while_it_is_read_changes_nothing() -> None:
    ring, node = Ring(), FakeNode(10)
    await step(ring, node)
    before = hashes(ring)
    node.grow(3)
    top = head(node.head)
    node.cut(2)
    node.grow(5)
    rpc = node.rpc()
    with pytest.raises(Moved):
        await walk(rpc, ring, top)
    await rpc.close()
    assert hashes(ring) == before


async def test_a_node_that_has_not_the_blocks_below_its_head_is_behind() -> None:
    ring, node = Ring(), FakeNode(10)
    await step(ring, node)
    node.grow(5)
    top = head(node.head)
    node.cut(4)
    rpc = node.rpc()
    with pytest.raises(Moved, match="behind"):
        await walk(rpc, ring, top)
    await rpc.close()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 20)), max_size=12))
async def test_whatever_happens_the_ring_is_the_end_of_the_chain(
    events: list[tuple[int, int]],
) -> None:
    ring, node = Ring(depth=16), FakeNode(20)
    await step(ring, node)
    for cut, grown in events:
        before = {each.number: each for each in ring}
        node.cut(min(cut, len(node.blocks) - 1))
        node.grow(grown)
        found = await step(ring, node)
        kept = {number: each for number, each in before.items()
                if node.blocks[number : number + 1]
                and node.blocks[number]["hash"] == each.hash}  # fmt: skip
        assert hashes(ring) == of(node, len(ring))
        assert ring.tip == head(node.head)
        assert found.ancestor == (max(kept) if kept else None)
        assert {each.number for each in found.dropped} == before.keys() - kept.keys()
        assert len(ring) <= 16


def test_headers_that_do_not_lead_to_each_other() -> None:
    one, two = Head(1, "0xa", "0x9", 0), Head(2, "0xb", "0xa", 0)
    linked([one], two)
    linked([], two)
    with pytest.raises(Moved):
        linked([one, two], Head(4, "0xd", "0xb", 0))
    with pytest.raises(Moved):
        linked([one], Head(2, "0xb", "0xf", 0))


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        {"hash": 1, "parentHash": "0x", "number": "0x1", "timestamp": "0x1"},
        {"hash": "0x" + "1" * 64, "parentHash": "0x" + "2" * 64, "number": 1, "timestamp": "0x1"},
        {"hash": "0x" + "1" * 64, "parentHash": "0x" + "2" * 64, "number": "0x1"},
    ],
)
def test_what_is_no_block(answer: object) -> None:
    with pytest.raises(AdapterError):
        head(answer)
