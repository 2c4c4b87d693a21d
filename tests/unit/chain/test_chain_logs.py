"""Logs by block range: paged, halved where the node refuses, and never from behind."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from chain_node import CONTRACT, FakeNode, transfer

from adapters.chain.heads import Moved, head
from adapters.chain.logs import Log, Reader, parse
from adapters.chain.rpc import RpcError
from adapters.contract import AdapterError


def filled(blocks: int = 40) -> FakeNode:
    node = FakeNode(1)
    for number in range(blocks):
        node.grow(1, transfer(number, 0, 1))
    return node


async def read(node: FakeNode, first: int, page: int) -> tuple[list[Log], list[int]]:
    rpc = node.rpc()
    found: list[Log] = []
    pages = []
    async for last, logs in Reader(rpc, [CONTRACT], page).read(first, head(node.head)):
        pages.append(last)
        found += logs
    await rpc.close()
    return found, pages


@pytest.mark.parametrize("page", [1, 7, 40, 2000])
async def test_any_page_brings_the_same(page: int) -> None:
    found, pages = await read(filled(), 5, page)
    assert [log.block for log in found] == list(range(5, 41))
    assert pages[-1] == 40
    assert len(pages) == -(-36 // page)


async def test_a_page_that_is_refused_is_halved_and_grows_again() -> None:
    node = filled()
    node.most = 10
    found, pages = await read(node, 0, 2000)
    assert [log.block for log in found] == list(range(1, 41))
    assert max(b - a for a, b in pairwise(pages)) <= 10


async def test_one_block_that_is_refused_is_an_error() -> None:
    node = filled()
    node.most = 0
    with pytest.raises(RpcError, match="exceeds the range"):
        await read(node, 0, 2000)


async def test_a_head_that_the_node_has_not_is_a_lag_not_an_empty_answer() -> None:
    node = filled()
    top = head(node.head)
    node.cut(1)
    rpc = node.rpc()
    with pytest.raises(Moved, match="behind block 40"):
        [each async for each in Reader(rpc, [CONTRACT], 100).read(0, top)]
    node.grow(1)
    with pytest.raises(Moved, match="moved on"):
        [each async for each in Reader(rpc, [CONTRACT], 100).read(0, top)]
    await rpc.close()


async def test_no_contract_is_no_question() -> None:
    node = filled()
    rpc = node.rpc()
    assert [each async for each in Reader(rpc, [], 100).read(0, head(node.head))] == []
    assert node.asked == []


GOOD = {
    "address": CONTRACT.upper().replace("0X", "0x"),
    "topics": ["0x" + "AB" * 32],
    "data": "0x01",
    "blockNumber": "0x5",
    "blockHash": "0x" + "1" * 64,
    "transactionHash": "0x" + "2" * 64,
    "logIndex": "0x3",
}


def test_a_log_as_a_node_writes_it() -> None:
    other = {**GOOD, "logIndex": "0x1", "blockTimestamp": "0x64"}
    first, second = parse([GOOD, other])
    assert (first.index, first.time) == (1, 100)
    assert (second.address, second.topics) == (CONTRACT, ("0x" + "ab" * 32,))
    assert second.data == b"\x01"
    assert second.time is None
    assert parse([{**GOOD, "removed": True}]) == []


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        [1],
        [{}],
        [{**GOOD, "topics": None}],
        [{**GOOD, "data": "0xz"}],
        [{**GOOD, "blockNumber": "five"}],
        [{**GOOD, "logIndex": None}],
    ],
)
def test_what_are_no_logs(answer: Any) -> None:
    with pytest.raises(AdapterError, match="something else than logs"):
        parse(answer)
