"""The backends themselves: what each declares it can, it can, and what it cannot it says so."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
from websockets.asyncio.client import connect

from tests.contract.chain import abi
from tests.contract.chain.backend import AGRI, OPS, Backend, Can
from tests.real.anvil import RpcError

NOT_THERE = -32601


async def _asks(backend: Backend, what: Can, method: str, *params: object) -> object:
    """Return the answer of a method that goes with *what*, None where it is refused as unknown."""
    if what in backend.can:
        return await backend.rpc(method, *params)
    with pytest.raises(RpcError) as raised:
        await backend.rpc(method, *params)
    assert raised.value.code == NOT_THERE
    return None


async def test_the_contracts_are_where_they_are_expected(deployed: Backend) -> None:
    assert deployed.identity == "0x5FbDB2315678afecb367f032d93F642f64180aa3"
    assert deployed.deployments == "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512"
    assert deployed.accounts[0] == "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
    assert int(await deployed.rpc("eth_chainId"), 16) == deployed.chain_id


async def test_a_node_comes_back_with_all_that_it_knew(deployed: Backend) -> None:
    await deployed.mint(1, "power/relay")
    await deployed.at(1_931_300_000)
    receipt = await deployed.transfer(1, OPS, AGRI)
    head = await deployed.block()
    deployed.kill()
    with pytest.raises(httpx.HTTPError):
        await deployed.head()
    await deployed.revive()
    assert await deployed.block() == head
    assert await deployed.receipt(receipt["transactionHash"]) == receipt
    assert await deployed.read("Identity", "ownerOf", 1) == deployed.accounts[AGRI].lower()
    assert await deployed.read("Identity", "totalSupply", block="0x1") == 0
    await deployed.mine()
    assert int((await deployed.block())["timestamp"], 16) >= 1_931_300_000


async def test_the_next_block_has_the_time_that_it_was_given(backend: Backend) -> None:
    await backend.mine(2)
    assert await backend.head() == 2
    await backend.at(1_931_400_000)
    await backend.mine()
    assert int((await backend.block())["timestamp"], 16) == 1_931_400_000


async def test_batches(backend: Backend) -> None:
    ask = {"jsonrpc": "2.0", "method": "eth_blockNumber", "params": []}
    async with httpx.AsyncClient() as client:
        said = (await client.post(backend.url, json=[{**ask, "id": 1}, {**ask, "id": 2}])).json()
    if Can.BATCH in backend.can:
        assert [answer["id"] for answer in said] == [1, 2]
    else:
        assert "error" in said


async def test_simulation(deployed: Backend) -> None:
    call = {
        "from": deployed.accounts[0],
        "to": deployed.identity,
        "data": abi.calldata("Identity", "mint", deployed.accounts[OPS], 7, "power/relay"),
    }
    asked = {"blockStateCalls": [{"calls": [call]}]}
    blocks = await _asks(deployed, Can.SIMULATE_V1, "eth_simulateV1", asked, "latest")
    if blocks is not None:
        assert isinstance(blocks, list)
        (done,) = blocks[0]["calls"]
        assert done["status"] == "0x1"
        names = [abi.event("Identity", log)[0] for log in done["logs"]]
        assert names == ["Transfer", "Named"]
    assert await deployed.read("Identity", "totalSupply") == 0


async def test_traces_and_access_lists(deployed: Backend) -> None:
    call = {"to": deployed.identity, "data": abi.calldata("Identity", "totalSupply")}
    tracer = {"tracer": "callTracer"}
    await _asks(deployed, Can.TRACES, "debug_traceCall", call, "latest", tracer)
    await _asks(deployed, Can.ACCESS_LISTS, "eth_createAccessList", call, "latest")


async def test_a_final_block(backend: Backend) -> None:
    await backend.mine(5)
    if Can.FINALIZED in backend.can:
        assert int((await backend.block("finalized"))["number"], 16) == 3
        return
    with pytest.raises(RpcError):  # never a block that is not final
        await backend.block("finalized")


async def test_subscriptions(backend: Backend) -> None:
    if Can.SUBSCRIPTIONS not in backend.can:
        assert backend.ws == ""
        return
    async with connect(backend.ws) as socket:
        ask = {"jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["newHeads"]}
        await socket.send(json.dumps(ask))
        assert "result" in json.loads(await socket.recv())
        await backend.mine()
        async with asyncio.timeout(10):
            said = json.loads(await socket.recv())
        assert said["params"]["result"]["number"] == "0x1"
        backend.kill()  # it ends although somebody listens
        async with asyncio.timeout(10):
            await socket.wait_closed()


async def test_reorganisations(deployed: Backend) -> None:
    if Can.REORGS not in deployed.can:
        with pytest.raises(NotImplementedError):
            await deployed.reorganise(1)
        with pytest.raises(NotImplementedError):
            await deployed.rewind(1)
        return
    await deployed.mint(1)
    await deployed.mine()
    before = await deployed.block()
    await deployed.reorganise(2)
    after = await deployed.block()
    assert after["number"] == before["number"]
    assert after["hash"] != before["hash"]
    assert await deployed.read("Identity", "totalSupply") == 0
    await deployed.rewind(1)
    assert await deployed.head() == int(before["number"], 16) - 1


async def test_transactions_that_wait(deployed: Backend) -> None:
    if Can.WAITING not in deployed.can:
        with pytest.raises(NotImplementedError):
            await deployed.hold()
        return
    await deployed.hold()
    lost = await deployed.submit(sender=OPS, to=deployed.accounts[AGRI], value="0x1")
    kept = await deployed.submit(sender=AGRI, to=deployed.accounts[OPS], value="0x1")
    assert await deployed.rpc("eth_getTransactionReceipt", kept) is None
    await deployed.drop(lost)
    await deployed.release()
    assert (await deployed.receipt(kept))["status"] == "0x1"
    assert await deployed.rpc("eth_getTransactionByHash", lost) is None
