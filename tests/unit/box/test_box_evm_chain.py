"""The box's EVM node as a chain: blocks, tags, receipts, logs, fees, reorganisations."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from eth_utils.crypto import keccak
from evm_helpers import FOUNDED, MISSING, Evm

TRANSFER = "0x" + keccak(text="Transfer(address,address,uint256)").hex()
NAMED = "0x" + keccak(text="Named(uint256,string)").hex()


def word(address: str) -> str:
    return "0x" + address[2:].rjust(64, "0")


async def test_blocks_are_chained_and_timed(evm: Evm) -> None:
    await evm.served.mine(3)
    blocks = [await evm.ask("eth_getBlockByNumber", hex(number), False) for number in range(4)]
    for parent, block in pairwise(blocks):
        assert block["parentHash"] == parent["hash"]
        assert int(block["timestamp"], 16) == int(parent["timestamp"], 16) + 4
    assert int(blocks[0]["timestamp"], 16) == FOUNDED
    for block in blocks:
        assert await evm.ask("eth_getBlockByHash", block["hash"], False) == block


async def test_a_block_s_hash_is_the_hash_of_what_is_told_of_it(evm: Evm) -> None:
    import rlp  # type: ignore[import-untyped]

    await evm.identity((1, 7, "life-support/water"))
    names = (
        "parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot",
        "logsBloom", "difficulty", "number", "gasLimit", "gasUsed", "timestamp", "extraData",
        "mixHash", "nonce", "baseFeePerGas", "withdrawalsRoot", "blobGasUsed", "excessBlobGas",
        "parentBeaconBlockRoot", "requestsHash",
    )  # fmt: skip
    numbers = {
        "difficulty", "number", "gasLimit", "gasUsed", "timestamp", "baseFeePerGas",
        "blobGasUsed", "excessBlobGas",
    }  # fmt: skip
    block = await evm.ask("eth_getBlockByNumber", "latest", False)
    fields = [
        int(block[name], 16) if name in numbers else bytes.fromhex(block[name][2:])
        for name in names
    ]
    assert "0x" + keccak(rlp.encode(fields)).hex() == block["hash"]


async def test_tags_follow_the_head(evm: Evm) -> None:
    await evm.served.mine(5)
    found = {
        tag: int((await evm.ask("eth_getBlockByNumber", tag, False))["number"], 16)
        for tag in ("earliest", "finalized", "safe", "latest", "pending")
    }
    assert found == {"earliest": 0, "finalized": 3, "safe": 4, "latest": 5, "pending": 6}


async def test_nothing_is_final_before_the_genesis(evm: Evm) -> None:
    assert (await evm.ask("eth_getBlockByNumber", "finalized", False))["number"] == "0x0"


async def test_the_pending_block_holds_what_waits(evm: Evm) -> None:
    sent = await evm.served.send(evm.accounts[1], b"", value=5, gas=21_000)
    block = await evm.ask("eth_getBlockByNumber", "pending", False)
    assert (block["hash"], block["number"], block["transactions"]) == (None, "0x1", [sent])
    (full,) = (await evm.ask("eth_getBlockByNumber", "pending", True))["transactions"]
    assert (full["hash"], full["blockHash"], full["transactionIndex"]) == (sent, None, None)


async def test_a_transaction_s_way_from_waiting_to_its_receipt(evm: Evm) -> None:
    sent = await evm.served.send(evm.accounts[1], b"", value=5, gas=21_000)
    waiting = await evm.ask("eth_getTransactionByHash", sent)
    assert (waiting["blockNumber"], waiting["blockHash"]) == (None, None)
    assert await evm.ask("eth_getTransactionReceipt", sent) is None
    await evm.served.mine()
    found = await evm.ask("eth_getTransactionByHash", sent)
    receipt = await evm.ask("eth_getTransactionReceipt", sent)
    block = await evm.ask("eth_getBlockByNumber", "latest", True)
    assert block["transactions"] == [found]
    assert await evm.ask("eth_getBlockReceipts", "latest") == [receipt]
    assert await evm.ask("eth_getBlockReceipts", block["hash"]) == [receipt]
    assert receipt["blockHash"] == block["hash"] == found["blockHash"]
    assert (receipt["status"], receipt["gasUsed"], receipt["to"]) == ("0x1", "0x5208", found["to"])
    assert receipt["effectiveGasPrice"] == found["gasPrice"]
    assert receipt["contractAddress"] is None
    balance = int(await evm.ask("eth_getBalance", evm.accounts[0]), 16)
    spent = 5 + 21_000 * int(receipt["effectiveGasPrice"], 16)
    assert balance == 10_000 * 10**18 - spent


async def test_state_is_told_at_any_block(evm: Evm) -> None:
    await evm.served.mine()
    await evm.served.send(evm.accounts[1], b"", value=5, gas=21_000)
    await evm.served.mine()
    head = await evm.ask("eth_getBlockByNumber", "latest", False)
    rich = 10_000 * 10**18
    for at, balance in (
        ("0x1", rich),
        ("0x2", rich + 5),
        ({"blockNumber": "0x1"}, rich),
        ({"blockHash": head["hash"]}, rich + 5),
    ):
        assert int(await evm.ask("eth_getBalance", evm.accounts[1], at), 16) == balance
    assert await evm.ask("eth_getTransactionCount", evm.accounts[0], "0x1") == "0x0"
    assert await evm.ask("eth_getTransactionCount", evm.accounts[0]) == "0x1"


async def test_code_and_storage(evm: Evm) -> None:
    identity = await evm.identity((1, 7, "a/b"))
    assert len(await evm.ask("eth_getCode", identity.address)) > 1000
    assert await evm.ask("eth_getCode", evm.accounts[1]) == "0x"
    slots = [await evm.ask("eth_getStorageAt", identity.address, hex(n)) for n in range(8)]
    assert "0x" + "1".rjust(64, "0") in slots  # totalSupply
    whole = "0x" + "0".rjust(64, "0")
    assert await evm.ask("eth_getStorageAt", identity.address, whole) == slots[0]


@pytest.fixture
async def minted(evm: Evm) -> tuple[Evm, str]:
    """Three tokens, each in a block of its own from the second on; the first two are agri's."""
    identity = await evm.identity()
    for account, number in ((2, 1), (2, 2), (3, 3)):
        data = identity.encode("mint", evm.accounts[account], number, f"x/{number}")
        await evm.served.send(identity.address, data)
        await evm.served.mine()
    return evm, identity.address


async def test_logs_are_found_by_block_address_and_topic(minted: tuple[Evm, str]) -> None:
    evm, address = minted

    async def count(**wanted: Any) -> int:
        return len(await evm.ask("eth_getLogs", {"fromBlock": "earliest", **wanted}))

    agri, power = word(evm.accounts[2]), word(evm.accounts[3])
    assert await count() == 7  # the owner of the contract, then two for each token
    assert await count(fromBlock="0x2", toBlock="0x3") == 4
    assert await count(fromBlock="latest") == 2
    assert await count(toBlock="0x99") == 7
    assert await count(fromBlock="0x50", toBlock="0x60") == 0
    assert await count(address=address) == 7
    assert await count(address=[evm.accounts[5], address.upper().replace("0X", "0x")]) == 7
    assert await count(address=evm.accounts[5]) == 0
    assert await count(topics=[]) == 7
    assert await count(topics=[TRANSFER]) == 3
    assert await count(topics=[[TRANSFER, NAMED]]) == 6
    assert await count(topics=[TRANSFER, None, agri]) == 2
    assert await count(topics=[None, None, [agri, power]]) == 3
    assert await count(topics=[None, None, None, word("0x3")]) == 1
    assert await count(topics=[NAMED, word("0x3"), None]) == 0  # it has two topics, not three


async def test_a_log_says_where_it_came_to_be(minted: tuple[Evm, str]) -> None:
    evm, address = minted
    block = await evm.ask("eth_getBlockByNumber", "latest", False)
    logs = await evm.ask("eth_getLogs", {"blockHash": block["hash"]})
    assert [log["logIndex"] for log in logs] == ["0x0", "0x1"]
    for log in logs:
        assert (log["address"], log["removed"]) == (address, False)
        assert (log["blockNumber"], log["blockHash"]) == (block["number"], block["hash"])
        assert log["blockTimestamp"] == block["timestamp"]
        assert (log["transactionHash"],) == tuple(block["transactions"])
    receipt = await evm.ask("eth_getTransactionReceipt", block["transactions"][0])
    assert receipt["logs"] == logs


async def test_logs_have_limits(minted: tuple[Evm, str]) -> None:
    evm, _ = minted
    evm.node.limits.range = 3
    assert len(await evm.ask("eth_getLogs", {"fromBlock": "0x2", "toBlock": "0x4"})) == 6
    error = await evm.refusal("eth_getLogs", {"fromBlock": "0x1", "toBlock": "0x4"})
    assert (error.code, error.message) == (-32602, "exceed maximum block range: 3")
    evm.node.limits.range = 100
    evm.node.limits.logs = 6
    error = await evm.refusal("eth_getLogs", {"fromBlock": "0x0"})
    assert (error.code, error.message) == (-32005, "query returned more than 6 results")
    error = await evm.refusal("eth_getLogs", {"fromBlock": "0x3", "toBlock": "0x2"})
    assert error.message == "invalid block range params"
    error = await evm.refusal("eth_getLogs", {"blockHash": MISSING, "fromBlock": "0x1"})
    assert error.message.startswith("cannot specify both BlockHash and FromBlock")
    error = await evm.refusal("eth_getLogs", {"blockHash": MISSING})
    assert (error.code, error.message) == (-32000, "unknown block")
    error = await evm.refusal("eth_getLogs", {"topics": [None] * 5})
    assert error.message == "exceed max topics"


async def test_fees_are_those_of_the_blocks(evm: Evm) -> None:
    await evm.identity((1, 7, "a/b"))
    await evm.served.mine(2)
    told = await evm.ask("eth_feeHistory", "0x3", "latest", [0, 50, 100])
    assert told["oldestBlock"] == "0x2"
    bases = []
    for number in (2, 3, 4):
        block = await evm.ask("eth_getBlockByNumber", hex(number), False)
        bases.append(block["baseFeePerGas"])
    following = (await evm.ask("eth_getBlockByNumber", "pending", False))["baseFeePerGas"]
    assert told["baseFeePerGas"] == [*bases, following]
    assert len(told["gasUsedRatio"]) == 3
    assert told["reward"] == [[hex(10**9)] * 3, ["0x0"] * 3, ["0x0"] * 3]
    price = int(await evm.ask("eth_gasPrice"), 16)
    assert price == int(following, 16) + int(await evm.ask("eth_maxPriorityFeePerGas"), 16)
    assert len((await evm.ask("eth_feeHistory", 1, "0x2"))["baseFeePerGas"]) == 2


async def test_a_reorganisation_takes_blocks_away(evm: Evm) -> None:
    await evm.served.mine(2)
    sent = await evm.served.send(evm.accounts[1], b"", value=5, gas=21_000)
    await evm.served.mine(2)
    before = [await evm.ask("eth_getBlockByNumber", hex(n), False) for n in range(5)]
    await evm.served.rewind(2)
    assert await evm.ask("eth_blockNumber") == "0x2"
    assert await evm.ask("eth_getBlockByHash", before[3]["hash"], False) is None
    assert await evm.ask("eth_getTransactionReceipt", sent) is None
    assert (await evm.ask("eth_getTransactionByHash", sent))["blockHash"] is None
    await evm.served.mine(3)
    after = [await evm.ask("eth_getBlockByNumber", hex(n), False) for n in range(6)]
    assert before[:3] == after[:3]
    assert after[3]["hash"] != before[3]["hash"]
    assert after[3]["parentHash"] == before[2]["hash"]
    # The transaction is in the other branch now.
    assert (await evm.ask("eth_getTransactionReceipt", sent))["blockHash"] == after[3]["hash"]


async def test_a_reorganisation_may_forget_its_transactions(evm: Evm) -> None:
    sent = await evm.served.send(evm.accounts[1], b"", value=5, gas=21_000)
    await evm.served.mine()
    await evm.served.rewind(1, forget=True)
    await evm.served.mine()
    assert await evm.ask("eth_getTransactionByHash", sent) is None
    assert await evm.ask("eth_getTransactionCount", evm.accounts[0], "pending") == "0x0"


async def test_it_ends_at_the_genesis(evm: Evm) -> None:
    await evm.served.mine(2)
    await evm.served.rewind(9)
    assert await evm.ask("eth_blockNumber") == "0x0"
    await evm.served.mine()
    assert await evm.ask("eth_blockNumber") == "0x1"
