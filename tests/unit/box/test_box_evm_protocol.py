"""The box's EVM node as a JSON-RPC 2.0 server: framing, batches, errors, HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from evm_helpers import MISSING, Evm


def call(method: str, *params: Any, identity: Any = 1) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": identity, "method": method, "params": list(params)}


@pytest.mark.parametrize("identity", [7, "seven", None, 1.5])
async def test_the_id_comes_back_as_it_was(evm: Evm, identity: Any) -> None:
    told = (await evm.post(call("eth_chainId", identity=identity))).json()
    assert told == {"jsonrpc": "2.0", "id": identity, "result": "0x7a69"}


async def test_a_batch_is_answered_in_its_order_with_its_errors(evm: Evm) -> None:
    asked = [
        call("eth_chainId", identity=3),
        call("eth_nothing", identity="x"),
        {"jsonrpc": "2.0", "method": "eth_chainId"},
        5,
        call("net_version", identity=4),
    ]
    told = (await evm.post(asked)).json()
    assert [each["id"] for each in told] == [3, "x", None, 4]
    assert [each.get("result", each.get("error", {}).get("code")) for each in told] == [
        "0x7a69", -32601, -32600, "31337",
    ]  # fmt: skip


async def test_a_notification_is_done_and_not_answered(evm: Evm) -> None:
    sent = {"from": evm.accounts[0], "to": evm.accounts[1], "value": "0x1"}
    one = {"jsonrpc": "2.0", "method": "eth_sendTransaction", "params": [sent]}
    for body in (one, [one]):
        told = await evm.post(body)
        assert (told.status_code, told.content) == (200, b"")
    assert len(evm.node.pool) == 2


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (b"", -32700, "parse error"),
        (b"{", -32700, "parse error"),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"} x', -32700, "parse error"),
        (b"\xff\xfe", -32700, "parse error"),
        (b"[" * 100_000, -32700, "parse error"),
        (b"[]", -32600, "empty batch"),
        (b"3", -32600, "invalid request"),
        (b'{"id": 1, "method": "eth_chainId"}', -32600, "invalid request"),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "eth_chainId"}', -32600, "invalid request"),
        (b'{"jsonrpc": "2.0", "id": 1, "method": 7}', -32600, "invalid request"),
        (b'{"jsonrpc": "2.0", "id": {}, "method": "eth_chainId"}', -32600, "invalid request"),
        (
            b'{"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": {}}',
            -32602,
            "non-array args",
        ),
    ],
)
async def test_what_is_no_request(evm: Evm, body: bytes, code: int, message: str) -> None:
    told = (await evm.post(body)).json()
    assert told["error"] == {"code": code, "message": message}


@pytest.mark.parametrize(
    ("method", "params", "said"),
    [
        ("eth_getBalance", [], "missing value for required argument 0"),
        ("eth_getBalance", [None], "missing value for required argument 0"),
        ("eth_chainId", ["0x1"], "too many arguments, want at most 0"),
        ("eth_getBalance", ["0x12"], "invalid address: hex string has 1 bytes, want 20"),
        ("eth_getBalance", [7], "invalid address: a hex string is wanted, not a number"),
        ("eth_getBlockByNumber", ["0x01"], "block number: hex number with leading zero digits"),
        ("eth_getBlockByNumber", ["0x"], 'block number: hex string "0x"'),
        ("eth_getBlockByNumber", ["newest"], "invalid block tag 'newest'"),
        ("eth_getBlockByNumber", [5], "block number: a hex string is wanted, not a number"),
        ("eth_getBlockByNumber", ["latest", "yes"], "invalid argument 1: true or false is wanted"),
        ("eth_getBlockByHash", ["0x1"], "block hash: hex string of odd length"),
        ("eth_getTransactionByHash", ["0x" + "zz" * 32], "hash: invalid hex string"),
        ("eth_call", ["x"], "invalid argument 0: a transaction object is wanted"),
        ("eth_call", [{"value": "12"}], "invalid value: hex string without 0x prefix"),
        ("eth_call", [{"value": "0x1" + "0" * 64}], "value: hex number > 256 bits"),
        ("eth_call", [{"accessList": 3}], "accessList: an array of objects is wanted"),
        ("eth_getLogs", [[]], "invalid argument 0: a filter object is wanted"),
        ("eth_getLogs", [{"topics": "0x1"}], "topics: an array is wanted"),
        ("eth_feeHistory", ["0x1", "latest", [50, 10]], "ascending numbers from 0 to 100"),
        ("eth_simulateV1", [{}], "an object with blockStateCalls is wanted"),
        ("eth_sendRawTransaction", [None], "missing value for required argument 0"),
    ],
)
async def test_a_wrong_parameter_is_named(
    evm: Evm, method: str, params: list[Any], said: str
) -> None:
    error = await evm.refusal(method, *params)
    assert error.code == -32602
    assert said in error.message


async def test_parameters_at_the_end_may_be_null(evm: Evm) -> None:
    balance = await evm.ask("eth_getBalance", evm.accounts[0], None)
    assert balance == await evm.ask("eth_getBalance", evm.accounts[0])


@pytest.mark.parametrize(
    "name", ["eth_subscribe", "eth_newFilter", "evm_mine", "evm_snapshot", "debug_traceCall"]
)
async def test_what_it_cannot_do_it_does_not_have(evm: Evm, name: str) -> None:
    error = await evm.refusal(name)
    assert (error.code, error.message) == (
        -32601, f"the method {name} does not exist/is not available",
    )  # fmt: skip


async def test_what_is_not_there_is_null(evm: Evm) -> None:
    assert await evm.ask("eth_getBlockByNumber", "0x99", False) is None
    assert await evm.ask("eth_getBlockByHash", MISSING, False) is None
    assert await evm.ask("eth_getTransactionByHash", MISSING) is None
    assert await evm.ask("eth_getTransactionReceipt", MISSING) is None
    assert await evm.ask("eth_getBlockReceipts", "0x99") is None
    for method in ("eth_getBalance", "eth_getCode", "eth_getTransactionCount"):
        error = await evm.refusal(method, evm.accounts[0], "0x99")
        assert (error.code, error.message) == (-32000, "header not found")


async def test_only_json_is_taken_by_post_alone(evm: Evm) -> None:
    import httpx

    async with httpx.AsyncClient(base_url=evm.served.url) as client:
        assert (await client.get("/")).status_code == 405
        assert (await client.post("/", content=b"{}")).status_code == 415
        media = {"content-type": "application/json; charset=utf-8"}
        assert (await client.post("/", content=b"{}", headers=media)).status_code == 200
        evm.node.limits.body = 100
        assert (await client.post("/", json=["x" * 200])).status_code == 413


async def test_a_batch_has_a_limit(evm: Evm) -> None:
    evm.node.limits.batch = 3
    assert len((await evm.post([call("eth_chainId")] * 3)).json()) == 3
    told = (await evm.post([call("eth_chainId")] * 4)).json()
    assert told["error"] == {"code": -32600, "message": "batch too large"}


async def test_what_it_says_of_itself(evm: Evm) -> None:
    assert (await evm.ask("web3_clientVersion")).startswith("eth-tester/v0.14")
    assert await evm.ask("net_version") == "31337"
    assert await evm.ask("net_peerCount") == "0x0"
    assert await evm.ask("eth_syncing") is False
    assert await evm.ask("eth_blockNumber") == "0x0"
    assert await evm.ask("eth_accounts") == evm.accounts
    assert evm.accounts[0] == "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"
