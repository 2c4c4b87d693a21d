"""Transactions sent to the box's EVM node: who signs, nonces, fees, what waits and what is done."""

from __future__ import annotations

from typing import Any

import pytest
from eth_utils.crypto import keccak
from evm_helpers import ETHER, Evm, Failed, hexed

KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
"""The key of the first account of the mnemonic that every test chain uses."""


def paid(evm: Evm, **fields: Any) -> dict[str, Any]:
    return {"from": evm.accounts[0], "to": evm.accounts[1], "value": "0x1", **fields}


def raw(evm: Evm, **fields: Any) -> tuple[str, str]:
    """Return a transaction that eth-account signed: its bytes and its hash."""
    from eth_account import Account

    whole = {
        "to": bytes.fromhex(evm.accounts[1][2:]), "value": 1, "gas": 21_000, "nonce": 0,
        "chainId": 31337, "maxFeePerGas": 3 * 10**9, "maxPriorityFeePerGas": 10**9, **fields,
    }  # fmt: skip
    signed = Account.sign_transaction({k: v for k, v in whole.items() if v is not None}, KEY)
    return hexed(signed.raw_transaction), hexed(signed.hash)


async def test_nonces_have_no_gap_and_no_way_back(evm: Evm) -> None:
    await evm.ask("eth_sendTransaction", paid(evm, nonce="0x0"))
    await evm.ask("eth_sendTransaction", paid(evm))
    count = await evm.ask("eth_getTransactionCount", evm.accounts[0], "pending")
    assert (count, await evm.ask("eth_getTransactionCount", evm.accounts[0], "latest")) == (
        "0x2", "0x0",
    )  # fmt: skip
    found = await evm.refusal("eth_sendTransaction", paid(evm, nonce="0x3"))
    assert (found.code, found.message) == (-32000, "nonce too high: next nonce 2, tx nonce 3")
    await evm.served.mine()
    found = await evm.refusal("eth_sendTransaction", paid(evm, nonce="0x1"))
    assert (found.code, found.message) == (-32000, "nonce too low: next nonce 2, tx nonce 1")
    await evm.ask("eth_sendTransaction", paid(evm, nonce="0x2"))


async def test_the_same_nonce_again_replaces_for_a_better_price(evm: Evm) -> None:
    prices = {"maxFeePerGas": hex(4 * 10**9), "maxPriorityFeePerGas": hex(2 * 10**9)}
    first = await evm.ask("eth_sendTransaction", paid(evm, nonce="0x0", **prices))
    same = await evm.refusal("eth_sendTransaction", paid(evm, nonce="0x0", **prices))
    assert same.message == "already known"
    cheap = {**prices, "maxFeePerGas": hex(43 * 10**8)}
    found = await evm.refusal("eth_sendTransaction", paid(evm, nonce="0x0", value="0x2", **cheap))
    assert found.message == "replacement transaction underpriced"
    dear = {"maxFeePerGas": hex(44 * 10**8), "maxPriorityFeePerGas": hex(22 * 10**8)}
    second = await evm.ask("eth_sendTransaction", paid(evm, nonce="0x0", value="0x2", **dear))
    await evm.served.mine()
    assert await evm.ask("eth_getTransactionByHash", first) is None
    assert (await evm.ask("eth_getTransactionReceipt", second))["status"] == "0x1"


async def test_only_unlocked_accounts_send(evm: Evm) -> None:
    stranger = "0x" + "ab" * 20
    assert (await evm.refusal("eth_sendTransaction", paid(evm, **{"from": stranger}))).message == (
        "unknown account"
    )
    evm.node.unlocked.discard(evm.node.accounts[0])
    assert (await evm.refusal("eth_sendTransaction", paid(evm))).message == "unknown account"
    assert await evm.ask("eth_accounts") == evm.accounts[1:]
    # Its key is still good elsewhere.
    data, sent = raw(evm)
    assert await evm.ask("eth_sendRawTransaction", data) == sent


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"value": hex(20_000 * ETHER), "gas": "0x5208"}, "insufficient funds for gas * price"),
        ({"value": hex(20_000 * ETHER)}, "insufficient funds for gas * price"),
        ({"gas": "0x5207"}, "intrinsic gas too low: gas 20999, minimum needed 21000"),
        ({"gas": hex(10**9)}, "exceeds block gas limit"),
        ({"chainId": "0x1"}, "chainId does not match node's (have=1, want=31337)"),
        ({"maxFeePerGas": "0x1", "maxPriorityFeePerGas": "0x2"}, "maxFeePerGas (1) < max"),
        ({"to": None}, "contract creation without any data provided"),
    ],
)
async def test_what_is_not_taken_in(evm: Evm, fields: dict[str, Any], said: str) -> None:
    found = await evm.refusal("eth_sendTransaction", paid(evm, **fields))
    assert found.code == -32000
    assert found.message.startswith(said)
    assert len(evm.node.pool) == 0


async def test_funds_count_what_waits(evm: Evm) -> None:
    half = hex(6_000 * ETHER)
    await evm.ask("eth_sendTransaction", paid(evm, value=half, gas="0x5208"))
    found = await evm.refusal("eth_sendTransaction", paid(evm, value=half, gas="0x5208"))
    assert "insufficient funds" in found.message


async def test_one_that_would_revert_is_refused_unless_its_gas_is_given(evm: Evm) -> None:
    identity = await evm.identity((1, 7, "a/b"))
    sent = evm.transfer(identity, 7, 1, 2) | {"from": evm.accounts[3]}
    found = await evm.refusal("eth_sendTransaction", sent)
    assert found.code == 3
    before = int(await evm.ask("eth_getBalance", evm.accounts[3]), 16)
    await evm.ask("eth_sendTransaction", {**sent, "gas": hex(100_000)})
    await evm.served.mine()
    (receipt,) = await evm.ask("eth_getBlockReceipts", "latest")
    assert (receipt["status"], receipt["logs"]) == ("0x0", [])
    # Nothing changed but the fee, and the nonce is spent.
    assert await evm.owner(identity, 7) == evm.accounts[1]
    fee = int(receipt["gasUsed"], 16) * int(receipt["effectiveGasPrice"], 16)
    assert int(await evm.ask("eth_getBalance", evm.accounts[3]), 16) == before - fee
    assert await evm.ask("eth_getTransactionCount", evm.accounts[3]) == "0x1"


async def test_a_price_below_the_base_fee_waits(evm: Evm) -> None:
    cheap = await evm.ask(
        "eth_sendTransaction", paid(evm, maxFeePerGas="0x1", maxPriorityFeePerGas="0x1")
    )
    behind = await evm.ask("eth_sendTransaction", paid(evm))
    other = await evm.ask("eth_sendTransaction", paid(evm, **{"from": evm.accounts[2]}))
    await evm.served.mine()
    assert await evm.ask("eth_getTransactionReceipt", cheap) is None
    assert await evm.ask("eth_getTransactionReceipt", behind) is None
    assert (await evm.ask("eth_getTransactionReceipt", other))["status"] == "0x1"


async def test_a_contract_is_made_where_its_sender_and_nonce_say(evm: Evm) -> None:
    identity, deployments = (
        await evm.served.deploy("Identity"),
        await evm.served.deploy("Deployments"),
    )
    assert identity.address == "0x5fbdb2315678afecb367f032d93f642f64180aa3"
    assert deployments.address == "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"maxFeePerGas": None, "maxPriorityFeePerGas": None, "gasPrice": 3 * 10**9},
        {
            "maxFeePerGas": None, "maxPriorityFeePerGas": None, "gasPrice": 3 * 10**9, "type": 1,
            "gas": 30_000, "accessList": [{"address": "0x" + "ab" * 20, "storageKeys": []}],
        },
    ],
)  # fmt: skip
async def test_a_signed_transaction_of_each_type(evm: Evm, fields: dict[str, Any]) -> None:
    data, expected = raw(evm, **fields)
    assert await evm.ask("eth_sendRawTransaction", data) == expected
    await evm.served.mine()
    found = await evm.ask("eth_getTransactionByHash", expected)
    kind = 0 if "gasPrice" in fields and "type" not in fields else fields.get("type", 2)
    assert (found["type"], found["from"], found["chainId"]) == (
        hex(kind), evm.accounts[0], "0x7a69",
    )  # fmt: skip
    assert ("accessList" in found, "yParity" in found) == (kind > 0, kind > 0)
    receipt = await evm.ask("eth_getTransactionReceipt", expected)
    assert (receipt["status"], receipt["type"]) == ("0x1", hex(kind))
    assert hexed(keccak(bytes.fromhex(data[2:]))) == expected
    known = await evm.refusal("eth_sendRawTransaction", data)
    assert known.message == "already known"


async def test_signed_bytes_are_checked(evm: Evm) -> None:
    data, _ = raw(evm, chainId=1)
    wrong_chain = await evm.refusal("eth_sendRawTransaction", data)
    assert wrong_chain.message == "invalid chain id for signer: have 1 want 31337"
    good, _ = raw(evm)
    old, _ = raw(evm, maxFeePerGas=None, maxPriorityFeePerGas=None, gasPrice=10**9, chainId=None)
    for bad, said in (
        ("0x", "typed transaction too short"),
        ("0x03" + good[4:], "transaction type not supported"),
        ("0x7f00", "transaction type not supported"),
        (good[:-10], "rlp: "),
        (good + "00", "rlp: "),
        ("0xc0", "rlp: "),
        (good[:-64] + "ff" * 32, "invalid transaction: "),
        (old, "only replay-protected (EIP-155) transactions allowed over RPC"),
    ):
        found = await evm.refusal("eth_sendRawTransaction", bad)
        assert found.code == -32000
        assert found.message.startswith(said), found.message
    assert len(evm.node.pool) == 0


async def test_a_block_after_each_where_that_is_wanted(evm: Evm) -> None:
    evm.node.automine = True
    sent = await evm.ask("eth_sendTransaction", paid(evm))
    assert (await evm.ask("eth_getTransactionReceipt", sent))["blockNumber"] == "0x1"
    with pytest.raises(Failed):
        await evm.ask("eth_sendTransaction", paid(evm, nonce="0x0"))
