"""Calls that are tried and thrown away: eth_call, eth_estimateGas, eth_simulateV1."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak
from evm_helpers import ETHER, Evm, hexed

STRANGER = "0x00000000000000000000000000000000000000aa"


def error(signature: str, *values: Any) -> str:
    types = signature[signature.index("(") + 1 : -1].split(",")
    return hexed(keccak(text=signature)[:4] + encode(types, values))


def reverting(data: bytes) -> str:
    """Return code that reverts with *data*: it is copied from the code's own end."""
    size = len(data)
    code = bytes.fromhex(f"61{size:04x}80600d6000396000fd") + b"\x00"
    return hexed(code[:12] + b"\x00" + data)


async def test_a_revert_comes_with_its_bytes(evm: Evm) -> None:
    identity = await evm.identity((1, 7, "a/b"))
    call = {"to": identity.address, "data": hexed(identity.encode("ownerOf", 8))}
    found = await evm.refusal("eth_call", call, "latest")
    assert (found.code, found.message) == (3, "execution reverted")
    assert found.data == error("ERC721NonexistentToken(uint256)", 8)
    same = await evm.refusal("eth_estimateGas", call)
    assert (same.code, same.data) == (3, found.data)
    taken = {
        "from": evm.accounts[0],
        "to": identity.address,
        "data": hexed(identity.encode("mint", evm.accounts[1], 9, "a/b")),
    }
    found = await evm.refusal("eth_call", taken)
    assert found.data == error("AppTaken(string,uint256)", "a/b", 7)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "execution reverted"),
        (
            bytes.fromhex(error("Error(string)", "no air")[2:]),
            "execution reverted: no air",
        ),
        (
            bytes.fromhex(error("Panic(uint256)", 0x11)[2:]),
            "execution reverted: arithmetic underflow or overflow",
        ),
        (
            bytes.fromhex(error("Panic(uint256)", 0x99)[2:]),
            "execution reverted: unknown panic code: 0x99",
        ),
        (b"\x08\xc3\x79\xa0\xff", "execution reverted"),
    ],
)
async def test_the_reason_is_read_where_there_is_one(evm: Evm, data: bytes, said: str) -> None:
    overrides = {STRANGER: {"code": reverting(data)}}
    found = await evm.refusal("eth_call", {"to": STRANGER}, "latest", overrides)
    assert (found.code, found.message, found.data) == (3, said, hexed(data))
    assert await evm.ask("eth_call", {"to": STRANGER}, "latest") == "0x"


@pytest.mark.parametrize(
    ("code", "said"),
    [("0xfe", "invalid opcode"), ("0x56", "stack underflow"), ("0x5b600056", "out of gas")],
)
async def test_other_failures_are_the_server_s(evm: Evm, code: str, said: str) -> None:
    call = {"to": STRANGER, "gas": "0x10000"}
    found = await evm.refusal("eth_call", call, "latest", {STRANGER: {"code": code}})
    assert found.code == -32000
    assert said in found.message
    assert found.data is None


async def test_a_call_is_made_by_anybody_for_nothing(evm: Evm) -> None:
    identity = await evm.identity((1, 7, "a/b"))
    call = {"from": STRANGER, "to": identity.address, "data": hexed(identity.encode("appOf", 7))}
    assert (b"a/b".hex()) in await evm.ask("eth_call", call)
    assert (b"a/b".hex()) in await evm.ask("eth_call", {**call, "input": call["data"]})
    found = await evm.refusal("eth_call", {**call, "value": "0x1"})
    assert (found.code, found.message[:18]) == (-32000, "insufficient funds")
    found = await evm.refusal("eth_call", {**call, "maxFeePerGas": hex(10**9)})
    assert found.message.startswith("insufficient funds for gas * price + value: address 0x00")
    found = await evm.refusal("eth_call", {**call, "input": "0x12"})
    assert found.message.startswith('both "data" and "input" are set')
    found = await evm.refusal("eth_call", {**call, "gas": "0x10"})
    assert found.message.startswith("intrinsic gas too low: have 16, want ")
    found = await evm.refusal("eth_call", {"gasPrice": "0x1", "maxFeePerGas": "0x1"})
    assert found.message.startswith("both gasPrice and (maxFeePerGas")


async def test_a_call_is_at_the_block_it_names(evm: Evm) -> None:
    identity = await evm.identity((1, 7, "a/b"))
    await evm.ask("eth_sendTransaction", evm.transfer(identity, 7, 1, 2))
    assert await evm.owner(identity, 7, "latest") == evm.accounts[1]
    assert await evm.owner(identity, 7, "pending") == evm.accounts[2]
    await evm.served.mine()
    assert await evm.owner(identity, 7, "latest") == evm.accounts[2]
    assert await evm.owner(identity, 7, "0x2") == evm.accounts[1]


async def test_an_estimate_is_enough_and_not_much_more(evm: Evm) -> None:
    identity = await evm.identity((1, 7, "a/b"))
    sent = evm.transfer(identity, 7, 1, 2)
    gas = int(await evm.ask("eth_estimateGas", sent), 16)
    await evm.ask("eth_sendTransaction", {**sent, "gas": hex(gas)})
    await evm.served.mine()
    (receipt,) = await evm.ask("eth_getBlockReceipts", "latest")
    assert receipt["status"] == "0x1"
    assert gas * 0.9 < int(receipt["gasUsed"], 16) <= gas
    plain = {"from": evm.accounts[0], "to": evm.accounts[1], "value": "0x1"}
    assert await evm.ask("eth_estimateGas", plain) == "0x5208"
    made = {"from": evm.accounts[0], "data": hexed(identity.bytecode)}
    assert int(await evm.ask("eth_estimateGas", made), 16) > 1_000_000
    found = await evm.refusal("eth_estimateGas", {**plain, "value": hex(20_000 * ETHER)})
    assert found.message.startswith("insufficient funds")
    found = await evm.refusal("eth_estimateGas", {**made, "gas": hex(300_000)})
    assert found.message == "gas required exceeds allowance (300000)"


async def test_an_estimate_counts_the_floor_of_calldata(evm: Evm) -> None:
    """10 gas a token since EIP-7623: what a transaction of bytes alone has to bring."""
    call = {"from": evm.accounts[0], "to": evm.accounts[1], "data": "0x" + "ff" * 1000}
    assert int(await evm.ask("eth_estimateGas", call), 16) >= 21_000 + 40 * 1000
    await evm.ask("eth_sendTransaction", call)
    await evm.served.mine()
    (receipt,) = await evm.ask("eth_getBlockReceipts", "latest")
    assert receipt["gasUsed"] == hex(21_000 + 40 * 1000)


async def simulate(evm: Evm, *blocks: dict[str, Any], **more: Any) -> Any:
    return await evm.ask("eth_simulateV1", {"blockStateCalls": list(blocks), **more}, "latest")


async def test_a_simulation_tells_logs_gas_and_failures(evm: Evm) -> None:
    identity = await evm.identity((1, 7, "a/b"))
    sent = evm.transfer(identity, 7, 1, 2)
    (block,) = await simulate(evm, {"calls": [sent, sent]})
    head = await evm.ask("eth_getBlockByNumber", "latest", False)
    assert block["parentHash"] == head["hash"]
    assert int(block["number"], 16) == int(head["number"], 16) + 1
    good, bad = block["calls"]
    assert (good["status"], good["returnData"], "error" in good) == ("0x1", "0x", False)
    (log,) = good["logs"]
    assert log["address"] == identity.address
    assert log["topics"][1:] == [
        "0x" + evm.accounts[1][2:].rjust(64, "0"),
        "0x" + evm.accounts[2][2:].rjust(64, "0"),
        "0x" + "7".rjust(64, "0"),
    ]
    assert (log["blockHash"], log["blockNumber"]) == (block["hash"], block["number"])
    assert log["transactionHash"] == block["transactions"][0]
    assert bad["status"] == "0x0"
    assert bad["logs"] == []
    assert bad["error"]["code"] == 3
    assert bad["error"]["data"] == bad["returnData"]
    assert bad["returnData"].startswith(
        hexed(keccak(text="ERC721InsufficientApproval(address,uint256)")[:4])
    )
    assert int(block["gasUsed"], 16) == sum(int(each["gasUsed"], 16) for each in block["calls"])
    # What was simulated is what happens.
    await evm.ask("eth_sendTransaction", sent)
    await evm.served.mine()
    (receipt,) = await evm.ask("eth_getBlockReceipts", "latest")
    assert receipt["gasUsed"] == good["gasUsed"]
    assert [each["topics"] for each in receipt["logs"]] == [log["topics"]]


async def test_a_simulation_leaves_no_trace(evm: Evm) -> None:
    identity = await evm.identity((1, 7, "a/b"))

    async def everything() -> list[Any]:
        return [
            await evm.ask("eth_getBlockByNumber", "latest", True),
            await evm.ask("eth_getBlockByNumber", "pending", True),
            await evm.owner(identity, 7),
            await evm.owner(identity, 7, "pending"),
            *[await evm.ask("eth_getBalance", each) for each in evm.accounts],
            *[await evm.ask("eth_getTransactionCount", each) for each in evm.accounts],
        ]

    before = await everything()
    paid = {"from": evm.accounts[1], "to": evm.accounts[2], "value": hex(ETHER)}
    overrides = {evm.accounts[3]: {"balance": hex(5), "nonce": "0x9", "code": "0x00"}}
    await simulate(
        evm,
        {"stateOverrides": overrides, "calls": [evm.transfer(identity, 7, 1, 2), paid]},
        {"calls": [evm.transfer(identity, 7, 2, 3), paid]},
    )
    assert await everything() == before
    # Nor is the next block another than it would have been.
    await evm.served.mine()
    head = await evm.ask("eth_getBlockByNumber", "latest", False)
    assert head["stateRoot"] == before[0]["stateRoot"]


async def test_calls_and_blocks_follow_on_each_other(evm: Evm) -> None:
    identity = await evm.identity((1, 7, "a/b"))
    owner = {"to": identity.address, "data": hexed(identity.encode("ownerOf", 7))}
    first, second = await simulate(
        evm,
        {"calls": [owner, evm.transfer(identity, 7, 1, 2), owner]},
        {"calls": [owner]},
    )
    owners = [each["returnData"][-40:] for block in (first, second) for each in block["calls"]]
    assert [owners[0], owners[2], owners[3]] == [
        evm.accounts[1][2:], evm.accounts[2][2:], evm.accounts[2][2:],
    ]  # fmt: skip
    assert second["parentHash"] == first["hash"]
    assert int(second["timestamp"], 16) > int(first["timestamp"], 16)


async def test_a_simulation_sees_its_own_blocks(evm: Evm) -> None:
    """NUMBER, TIMESTAMP and BLOCKHASH of the block before, each returned as a word."""
    await evm.served.mine(3)
    head = await evm.ask("eth_getBlockByNumber", "latest", False)

    def answering(opcodes: str) -> dict[str, Any]:
        return {STRANGER: {"code": f"0x{opcodes}60005260206000f3"}}

    call = {"calls": [{"to": STRANGER}]}
    seen = []
    for opcodes in ("43", "42", "6001430340"):
        blocks = await simulate(evm, {"stateOverrides": answering(opcodes), **call}, call)
        seen.append([each["calls"][0]["returnData"] for each in blocks])
    numbers, times, hashes = seen
    assert [int(each, 16) for each in numbers] == [4, 5]
    assert [int(each, 16) - int(head["timestamp"], 16) for each in times] == [4, 8]
    assert hashes[0] == head["hash"]
    assert hashes[1] == blocks[0]["hash"]


async def test_overrides_of_the_block(evm: Evm) -> None:
    head = int((await evm.ask("eth_getBlockByNumber", "latest", False))["timestamp"], 16)
    (block,) = await simulate(
        evm,
        {
            "blockOverrides": {
                "time": hex(head + 1000), "gasLimit": "0xf4240", "baseFeePerGas": "0x7",
                "feeRecipient": STRANGER, "prevRandao": "0x" + "5".rjust(64, "0"), "number": "0x1",
            },
            "calls": [],
        },
    )  # fmt: skip
    assert (int(block["timestamp"], 16) - head, block["gasLimit"]) == (1000, "0xf4240")
    assert (block["baseFeePerGas"], block["miner"], block["calls"]) == ("0x7", STRANGER, [])
    for override, code in (({"time": "0x1"}, -38021), ({"number": "0x9"}, -32602)):
        wanted = {"blockStateCalls": [{"blockOverrides": override, "calls": []}]}
        assert (await evm.refusal("eth_simulateV1", wanted, "latest")).code == code


@pytest.mark.parametrize(
    ("call", "more", "code"),
    [
        ({"value": hex(20_000 * ETHER)}, {}, -38014),
        ({"gas": "0x10"}, {}, -38013),
        ({"gas": hex(10**9)}, {}, -38015),
        ({"nonce": "0x5", "maxFeePerGas": hex(2 * 10**9)}, {"validation": True}, -38011),
    ],
)
async def test_what_cannot_begin_fails_as_a_whole(
    evm: Evm, call: dict[str, str], more: dict[str, Any], code: int
) -> None:
    wanted = {"from": evm.accounts[0], "to": evm.accounts[1], **call}
    payload = {"blockStateCalls": [{"calls": [wanted]}], **more}
    assert (await evm.refusal("eth_simulateV1", payload, "latest")).code == code


async def test_with_validation_fees_are_paid(evm: Evm) -> None:
    paid = {"from": evm.accounts[0], "to": evm.accounts[1], "value": "0x1"}
    wanted = {"blockStateCalls": [{"calls": [paid]}], "validation": True}
    found = await evm.refusal("eth_simulateV1", wanted, "latest")
    assert "max fee per gas (0) is lower than block's base fee" in found.message
    (block,) = await simulate(
        evm, {"calls": [{**paid, "maxFeePerGas": hex(2 * 10**9), "gas": "0x5208"}]}, validation=True
    )
    assert block["calls"][0]["status"] == "0x1"
    assert int(block["baseFeePerGas"], 16) > 0


async def test_what_a_simulation_does_not_know_is_refused(evm: Evm) -> None:
    for wanted in (
        {"blockStateCalls": [{"calls": []}], "traceTransfers": True},
        {"blockStateCalls": [{"stateOverrides": {STRANGER: {"state": {}}}, "calls": []}]},
        {"blockStateCalls": [{"blockOverrides": {"withdrawals": []}, "calls": []}]},
    ):
        assert (await evm.refusal("eth_simulateV1", wanted, "latest")).code == -32602
    empty = await evm.refusal("eth_simulateV1", {"blockStateCalls": []}, "latest")
    assert (empty.code, empty.message) == (-32000, "empty input")
