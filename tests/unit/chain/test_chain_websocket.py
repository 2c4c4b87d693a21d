"""The subscription to new heads, over a real socket: it comes back, and says why it is gone."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from chain_node import FakeClock
from websockets.asyncio.server import Server, ServerConnection, serve

from adapters.chain.adapter import WrongChain
from adapters.chain.rpc import RpcError, Unreachable
from adapters.chain.websocket import RECHECK, Heads, Socket

Json = dict[str, Any]
WAIT = 10.0


class HeadsNode:
    """A node that answers over WebSocket. `tell` sends a head to every subscriber."""

    def __init__(self) -> None:
        self.chain_id = "0x7a69"
        self.subscriptions = True
        self.connections: list[ServerConnection] = []
        self.tokens: list[str] = []
        self.url = ""

    async def serve(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        self.tokens.append(connection.request.headers.get("authorization", ""))
        self.connections.append(connection)
        async for text in connection:
            asked = json.loads(text)
            await connection.send(json.dumps({"jsonrpc": "2.0", "id": asked["id"],
                                              **self.answer(asked["method"])}))  # fmt: skip

    def answer(self, method: str) -> Json:
        if method == "eth_chainId":
            return {"result": self.chain_id}
        if method == "eth_subscribe" and self.subscriptions:
            return {"result": "0xs"}
        return {"error": {"code": -32601, "message": "the method does not exist"}}

    async def tell(self, number: object, subscription: str = "0xs") -> None:
        params = {"subscription": subscription, "result": {"number": number}}
        text = json.dumps({"jsonrpc": "2.0", "method": "eth_subscription", "params": params})
        await self.connections[-1].send(text)


@pytest.fixture
async def node() -> AsyncIterator[HeadsNode]:
    made = HeadsNode()
    server: Server = await serve(made.serve, "127.0.0.1", 0)
    made.url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()
        await server.wait_closed()


def wrong(found: int) -> None:
    if found != 31337:
        raise WrongChain("chain_id", f"is {found}")


async def turns(look: Callable[[], bool]) -> None:
    """Let others have their turn until *look* says so."""
    async with asyncio.timeout(WAIT):
        for _ in iter(look, True):
            await asyncio.sleep(0)


class Following:
    """The subscription at work, and a wait for what it comes to."""

    def __init__(self, node: HeadsNode) -> None:
        self.clock = FakeClock()
        self.news = asyncio.Event()
        self.heads = Heads(node.url, self.news.set, self.clock, check=wrong, token=lambda: "t")

    async def until(self, look: Callable[[Heads], bool]) -> None:
        async with asyncio.timeout(WAIT):
            while not look(self.heads):
                await self.news.wait()
                self.news.clear()


@contextlib.asynccontextmanager
async def following(node: HeadsNode) -> AsyncIterator[Following]:
    made = Following(node)
    task = asyncio.create_task(made.heads.run())
    try:
        yield made
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_heads_wake_whoever_waits(node: HeadsNode) -> None:
    async with following(node) as seen:
        await seen.until(lambda heads: heads.live)
        assert node.tokens == ["Bearer t"]
        await node.tell("0x10")
        await seen.until(lambda heads: heads.number == 16)
        await node.tell("0x99", subscription="another")
        await node.tell("what")
        await node.tell("0x11")
        await seen.until(lambda heads: heads.number == 17)


async def test_a_connection_that_is_cut_is_made_again(node: HeadsNode) -> None:
    async with following(node) as seen:
        await seen.until(lambda heads: heads.live)
        node.connections[-1].transport.abort()
        await seen.until(lambda heads: not heads.live)
        await seen.until(lambda heads: heads.live)
        await node.tell("0x12")
        await seen.until(lambda heads: heads.number == 18)
        assert len(node.connections) == 2


async def test_a_message_of_many_megabytes_ends_nothing(node: HeadsNode) -> None:
    async with following(node) as seen:
        await seen.until(lambda heads: heads.live)
        await node.connections[-1].send("x" * (8 << 20))
        await node.connections[-1].send("[]")
        await node.tell("0x13")
        await seen.until(lambda heads: heads.number == 19)
        assert len(node.connections) == 1


async def test_a_node_without_subscriptions_is_asked_again_much_later(node: HeadsNode) -> None:
    node.subscriptions = False
    async with following(node) as seen:
        await seen.until(lambda heads: heads.detail == "the node has no subscriptions")
        assert not seen.heads.live
        await turns(lambda: RECHECK in seen.clock.slept)


async def test_another_chain_is_no_subscription(node: HeadsNode) -> None:
    node.chain_id = "0x1"
    async with following(node) as seen:
        await seen.until(lambda heads: "chain_id: is 1" in heads.detail)
        assert not seen.heads.live


async def test_one_try_says_what_is_wrong(node: HeadsNode) -> None:
    assert await Following(node).heads.problem() == ""
    node.subscriptions = False
    assert await Following(node).heads.problem() == "the node has no subscriptions"
    node.chain_id = "0x1"
    assert "is 1" in await Following(node).heads.problem()
    node.url = "ws://127.0.0.1:1"
    assert "connection refused" in await Following(node).heads.problem()


class Wire:
    """The client's end of a connection, in memory: `sent` goes out, `reply` comes in."""

    def __init__(self) -> None:
        self.sent: list[Json] = []
        self._incoming: asyncio.Queue[str | None] = asyncio.Queue()

    async def send(self, text: str) -> None:
        self.sent.append(json.loads(text))

    def reply(self, text: str | None) -> None:
        self._incoming.put_nowait(text)

    def __aiter__(self) -> Wire:
        return self

    async def __anext__(self) -> str:
        text = await self._incoming.get()
        if text is None:
            raise StopAsyncIteration
        return text


async def test_calls_are_pipelined_and_matched_whatever_the_order() -> None:
    wire = Wire()
    socket = Socket(wire, lambda subscription, result: None)  # type: ignore[arg-type]
    listening = asyncio.create_task(socket.listen())
    calls = [asyncio.create_task(socket.call("a", number)) for number in range(200)]
    async with asyncio.timeout(WAIT):
        while not all(call.done() for call in calls):
            await asyncio.sleep(0)
            assert len(wire.sent) <= 64  # no more at once
            for asked in reversed(wire.sent):
                wire.reply(json.dumps({"id": asked["id"], "result": asked["params"][0]}))
            wire.sent.clear()
    assert [call.result() for call in calls] == list(range(200))
    wire.reply(None)
    await listening


async def test_a_call_that_is_cut_off_is_told() -> None:
    wire = Wire()
    socket = Socket(wire, lambda subscription, result: None)  # type: ignore[arg-type]
    listening = asyncio.create_task(socket.listen())
    one = asyncio.create_task(socket.call("a"))
    two = asyncio.create_task(socket.call("b"))
    await turns(lambda: len(wire.sent) == 2)
    refusal = {"id": wire.sent[0]["id"], "error": {"code": -32000, "message": "no"}}
    wire.reply(json.dumps(refusal))
    wire.reply(None)
    with pytest.raises(RpcError, match="a: no"):
        await one
    with pytest.raises(Unreachable, match="cut"):
        await two
    await listening
