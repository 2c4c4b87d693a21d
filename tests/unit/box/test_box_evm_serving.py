"""The box's EVM node over time, with faults, and under a client that others wrote."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from evm_helpers import FOUNDED, Evm, Failed

from fixtures.evm.node import Node
from fixtures.evm.server import SOON, serving
from fixtures.evm.transactions import Wanted


class Hand:
    """A clock that a test turns."""

    def __init__(self, at: float) -> None:
        self.at = at

    def now(self) -> float:
        return self.at


async def until(probe: Callable[[], object]) -> None:
    """Wait for the server to see what time it is."""
    async with asyncio.timeout(30):
        while not probe():  # noqa: ASYNC110  (the node tells nobody that it sealed a block)
            await asyncio.sleep(0.01)


async def test_blocks_come_with_the_clock() -> None:
    node = Node(founded=FOUNDED)
    clock = Hand(FOUNDED + 3.9)
    async with serving(node, clock=clock):
        await asyncio.sleep(0)
        assert node.head.number == 0
        for number, at in ((1, 4.2), (2, 8.3), (3, 13.0)):
            clock.at = FOUNDED + at
            await until(lambda number=number: node.head.number == number)
            assert node.head.header.timestamp == FOUNDED + int(at)


async def test_a_transaction_is_seen_to_wait_and_then_to_be_in() -> None:
    node = Node(founded=FOUNDED)
    clock = Hand(FOUNDED + 4.0)
    async with serving(node, clock=clock) as served:
        await until(lambda: node.head.number == 1)
        clock.at = FOUNDED + 4.5
        await served.send("0x" + "ab" * 20, b"", value=1, gas=21_000)
        await asyncio.sleep(0.05)
        assert (node.head.number, len(node.pool)) == (1, 1)
        clock.at = FOUNDED + 4.5 + SOON
        await until(lambda: node.head.number == 2)
        assert len(node.head.block.transactions) == 1
        assert node.head.header.timestamp == FOUNDED + 6


async def test_one_that_waits_for_a_better_price_hurries_nobody() -> None:
    node = Node(founded=FOUNDED)
    clock = Hand(FOUNDED + 4.0)
    async with serving(node, clock=clock) as served:
        await until(lambda: node.head.number == 1)
        cheap = Wanted(sender=node.accounts[0], to=bytes(20), gas=21_000, max_fee=1, tip=1)
        await served.do(node.send, cheap)
        clock.at += SOON
        await until(lambda: node.head.number == 2)
        clock.at += SOON + 1
        await asyncio.sleep(0.6)  # longer than it naps
        assert (node.head.number, len(node.pool)) == (2, 1)


async def test_it_is_gone_and_back_with_all_that_it_knew(evm: Evm) -> None:
    await evm.served.mine(2)
    evm.served.faults.refuse()
    with pytest.raises(httpx.TransportError):
        await evm.ask("eth_blockNumber")
    await evm.served.mine()
    evm.served.faults.accept()
    await asyncio.sleep(0)
    assert await evm.ask("eth_blockNumber") == "0x3"


async def test_it_may_hang_until_it_is_cleared(evm: Evm) -> None:
    evm.served.faults.hang = True
    asking = asyncio.create_task(evm.ask("eth_blockNumber"))
    done, _ = await asyncio.wait({asking}, timeout=0.1)
    assert not done
    evm.served.faults.clear()
    assert await asking == "0x0"


async def test_one_method_fails_and_the_others_do_not(evm: Evm) -> None:
    faults = evm.served.faults
    faults.fail("eth_getLogs", "too many results", -32005, times=1)
    with pytest.raises(Failed, match="too many results"):
        await evm.ask("eth_getLogs", {})
    assert await evm.ask("eth_getLogs", {}) == []
    faults.fail("eth_call", data={"why": 1})
    for _ in range(2):
        found = await evm.refusal("eth_call", {})
        assert (found.code, found.data) == (-32000, {"why": 1})
    assert await evm.ask("eth_blockNumber") == "0x0"
    faults.clear()
    assert await evm.ask("eth_call", {}) == "0x"
    assert list(faults.requests)[-2:] == ["eth_blockNumber", "eth_call"]


async def test_an_answer_may_be_cut_or_rubbish(evm: Evm) -> None:
    evm.served.faults.cut = True
    with pytest.raises(httpx.RemoteProtocolError):
        await evm.ask("eth_blockNumber")
    evm.served.faults.clear()
    evm.served.faults.garbage = b"<html>"
    assert (await evm.post({})).content == b"<html>"
    evm.served.faults.clear()
    evm.served.faults.unavailable = True
    assert (await evm.post({})).status_code == 503


async def test_a_fault_of_its_own_is_told_and_ends_nothing(
    evm: Evm, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(evm.node, "state", lambda given: 1 / 0)
    found = await evm.refusal("eth_getBalance", evm.accounts[0])
    assert (found.code, found.message) == (-32603, "internal error: ZeroDivisionError")
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert await evm.ask("eth_blockNumber") == "0x0"


async def test_it_goes_on_listening_while_it_works(evm: Evm) -> None:
    """A call that runs until its gas is gone is under way, and the loop turns."""
    burn = {"to": "0x" + "aa" * 20, "gas": hex(3_000_000)}
    overrides = {burn["to"]: {"code": "0x5b600056"}}
    burning = asyncio.create_task(evm.refusal("eth_call", burn, "latest", overrides))
    turns = 0
    while not burning.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert (await burning).message == "out of gas"
    assert turns > 10


async def test_a_client_that_others_wrote_finds_it_in_order(evm: Evm) -> None:
    from web3 import AsyncHTTPProvider, AsyncWeb3
    from web3.exceptions import ContractCustomError

    evm.node.automine = True
    identity = await evm.served.deploy("Identity")
    web3 = AsyncWeb3(AsyncHTTPProvider(evm.served.url))
    try:
        assert await web3.is_connected(show_traceback=True)
        assert await web3.eth.chain_id == 31337
        accounts = await web3.eth.accounts
        contract: Any = web3.eth.contract(
            address=web3.to_checksum_address(identity.address), abi=identity.abi
        )
        mint = contract.functions.mint(accounts[1], 7, "a/b")
        sent = await mint.transact({"from": accounts[0]})
        receipt = await web3.eth.wait_for_transaction_receipt(sent)
        assert receipt["status"] == 1
        (event,) = contract.events.Named().process_receipt(receipt, errors=_discard())
        assert dict(event["args"]) == {"tokenId": 7, "app": "a/b"}
        assert await contract.functions.ownerOf(7).call() == accounts[1]
        found = await contract.events.Transfer().get_logs(from_block=0)
        assert [each["args"]["to"] for each in found] == [accounts[1]]
        with pytest.raises(ContractCustomError):
            await contract.functions.ownerOf(8).call()
        block = await web3.eth.get_block("finalized", full_transactions=True)
        assert block["number"] == 0
        history = await web3.eth.fee_history(2, "latest", [50])
        assert len(history["baseFeePerGas"]) == 3
    finally:
        await web3.provider.disconnect()


def _discard() -> Any:
    from web3.logs import DISCARD

    return DISCARD
