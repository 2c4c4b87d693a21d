"""JSON-RPC: answers matched to questions, refusals that can be read, batches that shrink."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from chain_node import URL, FakeNode

from adapters.chain import rpc as under_test
from adapters.chain.rpc import Denied, Rpc, RpcError, Unreachable, hexdata, quantity
from adapters.contract import AdapterError, ConfigurationError

Json = dict[str, Any]
SECRET = "s3cret"


def client(answer: Callable[[Any], object], code: int = 200, **more: Any) -> Rpc:
    """Return a client of a node that answers what *answer* makes of a request."""

    def respond(request: httpx.Request) -> httpx.Response:
        found = answer(json.loads(request.content))
        if isinstance(found, bytes):
            return httpx.Response(code, content=found)
        return httpx.Response(code, json=found)

    return Rpc(URL, transport=httpx.MockTransport(respond), **more)


def ok(asked: Json, result: object = "0x1") -> Json:
    return {"jsonrpc": "2.0", "id": asked["id"], "result": result}


def failed(asked: Json, code: int, message: str, data: object = None) -> Json:
    error = {"code": code, "message": message, "data": data}
    return {"jsonrpc": "2.0", "id": asked["id"], "error": error}


async def test_an_answer_and_an_error() -> None:
    node = client(ok)
    assert await node.call("eth_blockNumber") == "0x1"
    node = client(lambda asked: failed(asked, -32000, "no\x1b[2Jsuch\nthing", {"a": 1}))
    with pytest.raises(RpcError) as raised:
        await node.call("eth_call", {})
    assert str(raised.value) == "eth_call: no␛[2Jsuch␊thing"
    assert (raised.value.code, raised.value.data) == (-32000, {"a": 1})
    assert not raised.value.missing
    node = client(lambda asked: failed(asked, -32601, ""))
    with pytest.raises(RpcError, match="eth_x: error -32601") as raised:
        await node.call("eth_x")
    assert raised.value.missing


@pytest.mark.parametrize(
    ("code", "message", "data", "revert"),
    [
        (3, "execution reverted", "0x08c379a0", b"\x08\xc3\x79\xa0"),
        (3, "execution reverted", None, b""),
        (-32000, "execution reverted", None, b""),
        (-32015, "VM execution error.", "Reverted 0x4e487b71", b"\x4e\x48\x7b\x71"),
        (-32603, "Error: VM Exception", {"data": "0x01", "message": "x"}, b"\x01"),
        (-32000, "insufficient funds for gas * price + value", None, None),
        (-32000, "reverted", "0xzz", b""),
    ],
)
def test_what_a_call_reverted_with(code: int, message: str, data: Any, revert: Any) -> None:
    assert RpcError("eth_call", code, message, data).revert == revert


async def test_a_batch_answered_in_another_order_with_an_error_in_it() -> None:
    def answer(asked: list[Json]) -> list[Json]:
        assert [each["method"] for each in asked] == ["a", "b", "c"]
        return [ok(asked[2], 3), failed(asked[1], -32000, "no"), ok(asked[0], 1)]

    one, two, three = await client(answer).batch([("a", ()), ("b", ()), ("c", ())])
    assert (one, three) == (1, 3)
    assert isinstance(two, RpcError)
    assert two.method == "b"
    assert await client(answer).batch([]) == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda asked: [ok(asked[0])], "1 of 2 calls were not answered"),
        (lambda asked: [ok(asked[0]), ok(asked[0])], "1 of 2 calls"),
        (lambda asked: [ok(asked[0]), {"id": "2", "result": 1}], "1 of 2 calls"),
        (lambda asked: b"<html>", "no JSON-RPC answers there"),
        (lambda asked: b"\xff", "no JSON-RPC answers there"),
        (lambda asked: "hello", "no JSON-RPC answers there"),
        (lambda asked: b"[" * 100_000, "no JSON-RPC answers there"),
    ],
)
async def test_batches_that_are_not_answered(answer: Any, why: str) -> None:
    with pytest.raises(AdapterError, match=why):
        await client(answer).batch([("a", ()), ("b", ())])


async def test_an_answer_to_another_question() -> None:
    with pytest.raises(AdapterError, match="another question"):
        await client(lambda asked: {"id": asked["id"] + 1, "result": 1}).call("a")


async def test_many_calls_go_in_batches_of_a_limited_size() -> None:
    sizes: list[int] = []

    def answer(asked: list[Json]) -> list[Json]:
        sizes.append(len(asked))
        return [ok(each, each["params"][0]) for each in asked]

    numbers = range(1_250)
    assert await client(answer).batch([("a", (n,)) for n in numbers]) == list(numbers)
    assert sizes == [500, 500, 250]


async def test_a_refused_batch_is_asked_in_halves_and_the_size_is_kept() -> None:
    sizes: list[int] = []

    def answer(asked: Any) -> Any:
        if isinstance(asked, dict):
            return ok(asked, asked["params"][0])
        sizes.append(len(asked))
        if len(asked) > 3:
            return {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "too many"}}
        return [ok(each, each["params"][0]) for each in asked]

    node = client(answer)
    assert await node.batch([("a", (n,)) for n in range(8)]) == list(range(8))
    assert max(sizes[1:]) <= 4
    sizes.clear()
    assert await node.batch([("a", (n,)) for n in range(8)]) == list(range(8))
    assert max(sizes) <= 3


async def test_a_node_without_batches_is_asked_one_by_one() -> None:
    def answer(asked: Any) -> Any:
        if isinstance(asked, list):
            return {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "no"}}
        return failed(asked, -32000, "no") if asked["params"] == [2] else ok(asked, 1)

    found = await client(answer).batch([("a", (n,)) for n in range(4)])
    assert [each if each == 1 else type(each) for each in found] == [1, 1, RpcError, 1]


@pytest.mark.parametrize(
    ("code", "body", "kind", "why"),
    [
        (401, b"", Denied, "set token_file"),
        (403, b"{}", Denied, "set token_file"),
        (302, b"", Unreachable, "redirects"),
        (502, b"<html>bad gateway", Unreachable, "HTTP 502"),
        (429, b'{"message": "slow down"}', Unreachable, "HTTP 429"),
        (400, b'{"id": null, "error": {"code": -32700, "message": "parse"}}', RpcError, "parse"),
        (413, b"", Unreachable, "HTTP 413"),
    ],
)
async def test_http_that_is_no_answer(
    code: int, body: bytes, kind: type[Exception], why: str
) -> None:
    with pytest.raises(kind, match=why) as raised:
        await client(lambda asked: body, code, token=lambda: SECRET).call("eth_call")
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize(
    ("error", "sent"),
    [
        (httpx.ConnectError("all connection attempts failed"), False),
        (httpx.ConnectTimeout("slow"), False),
        (httpx.ReadTimeout("slow"), True),
        (httpx.ReadError("reset"), True),
        (httpx.RemoteProtocolError("cut"), True),
    ],
)
async def test_no_answer_says_whether_anything_may_have_left(error: Exception, sent: bool) -> None:
    def answer(asked: object) -> object:
        raise error

    with pytest.raises(Unreachable) as raised:
        await client(answer).call("eth_sendRawTransaction", "0x")
    assert raised.value.sent is sent
    assert str(raised.value).startswith("http://node.example:8545: ")


async def test_a_key_in_the_path_is_in_no_error() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        assert request.url.path == f"/v3/{SECRET}"
        return httpx.Response(500)

    node = Rpc(f"https://hosted.example/v3/{SECRET}", transport=httpx.MockTransport(respond))
    with pytest.raises(Unreachable, match=r"https://hosted.example: ") as raised:
        await node.call("eth_chainId")
    assert SECRET not in str(raised.value)


async def test_the_token_is_asked_for_each_time() -> None:
    tokens = iter(["one", "two"])
    seen: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        return httpx.Response(200, json=ok(json.loads(request.content)))

    node = Rpc(URL, token=lambda: next(tokens), transport=httpx.MockTransport(respond))
    await node.call("a")
    await node.call("a")
    assert seen == ["Bearer one", "Bearer two"]


async def test_an_answer_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "ANSWER_LIMIT", 1 << 20)
    with pytest.raises(AdapterError, match="larger than 1 MB"):
        await client(lambda asked: b"x" * (2 << 20)).call("a")


async def test_one_call_that_fails_ends_the_other_batches() -> None:
    def answer(asked: list[Json]) -> list[Json]:
        raise httpx.ConnectError("gone")

    with pytest.raises(Unreachable):
        await client(answer).batch([("a", (n,)) for n in range(2_000)])


async def test_a_certificate_that_is_not_there_is_named(tmp_path: Any) -> None:
    node = Rpc("https://node.example", ca_file=str(tmp_path / "ca.pem"))
    with pytest.raises(ConfigurationError, match=r"ca_file: .*ca.pem cannot be used"):
        await node.call("a")


@pytest.mark.parametrize("value", [None, 1, "", "1", "0x", "0xzz", "0x" + "1" * 65])
def test_what_is_no_number(value: object) -> None:
    with pytest.raises(AdapterError, match="what: the node answered no number"):
        quantity(value, "what")


@pytest.mark.parametrize("value", [None, 1, "", "00", "0x0", "0xzz"])
def test_what_are_no_bytes(value: object) -> None:
    with pytest.raises(AdapterError, match="what: the node answered no bytes"):
        hexdata(value, "what")


async def test_the_tests_own_node_speaks_it() -> None:
    node = FakeNode(3).rpc()
    assert quantity(await node.call("eth_chainId"), "eth_chainId") == 31337
