"""The connection against peers that speak no good Modbus: each failure in words, and no wait."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from adapters.sunspec.failures import Excepted, Garbled, Silent, Unreachable
from adapters.sunspec.link import Link

Reply = Callable[[bytes], bytes | None]


@asynccontextmanager
async def _peer(reply: Reply, timeout: float = 20.0) -> AsyncIterator[Link]:
    """A server that answers each request with what *reply* returns; None hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                answer = reply(await reader.readexactly(12))
                if answer is None:
                    break
                writer.write(answer)
        except asyncio.IncompleteReadError:
            pass
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    link = Link("127.0.0.1", server.sockets[0].getsockname()[1], timeout)
    try:
        yield link
    finally:
        link.close()
        server.close()


def _frame(request: bytes, body: bytes) -> bytes:
    return request[:4] + (len(body) + 1).to_bytes(2, "big") + request[6:7] + body


def _right(request: bytes) -> bytes:
    count = int.from_bytes(request[10:12], "big")
    first = int.from_bytes(request[8:10], "big")
    data = b"".join((first + n & 0xFFFF).to_bytes(2, "big") for n in range(count))
    return _frame(request, bytes((3, len(data))) + data)


async def test_registers_are_read_in_pieces() -> None:
    sizes = []

    def reply(request: bytes) -> bytes:
        sizes.append(int.from_bytes(request[10:12], "big"))
        return _right(request)

    async with _peer(reply) as link:
        data = await link.read(1, 1000, 300)
    assert sizes == [125, 125, 50]
    assert data == b"".join((1000 + n).to_bytes(2, "big") for n in range(300))


async def test_an_exception() -> None:
    async with _peer(lambda request: _frame(request, b"\x83\x04")) as link:
        with pytest.raises(Excepted, match=r"Modbus exception 4 \(device failure\)"):
            await link.read(1, 0, 2)


@pytest.mark.parametrize(
    "body",
    [
        b"\x03\x08\x00\x01",  # it announces more than it brings
        b"\x63\x02\x00\x01",  # no such function
        b"\x03",
        b"\x10\x00\x00\x00\x02",  # the answer to something else
        b"\x03\x02\x00\x01",  # one register of two
    ],
)
async def test_answers_that_are_none(body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with _peer(lambda request: _frame(request, body)) as link:
        with pytest.raises(Garbled):
            await link.read(1, 0, 2)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_connection_that_is_closed_in_the_middle_is_noticed_at_once() -> None:
    async with _peer(lambda request: None) as link:
        with pytest.raises(Unreachable, match="the connection was closed"):
            await link.read(1, 0, 2)


async def test_it_is_made_again_and_counted() -> None:
    answers = iter([None, b""])

    def reply(request: bytes) -> bytes | None:
        return None if next(answers, b"") is None else _right(request)

    async with _peer(reply) as link:
        with pytest.raises(Unreachable):
            await link.read(1, 0, 2)
        assert await link.read(1, 7, 1) == b"\x00\x07"
        assert link.epoch == 2


async def test_silence_and_an_answer_that_comes_late() -> None:
    held: list[bytes] = []

    def reply(request: bytes) -> bytes:
        if not held:
            held.append(_right(request))
            return b""
        return held.pop() + _right(request)  # the late one first

    async with _peer(reply, timeout=0.05) as link:
        with pytest.raises(Silent, match=r"no answer in 0\.05 s"):
            await link.read(1, 500, 1)
        assert await link.read(1, 7, 1) == b"\x00\x07"


async def test_half_an_answer() -> None:
    async with _peer(lambda request: _right(request)[:10], timeout=0.05) as link:
        with pytest.raises(Garbled, match="a partial answer: 10 bytes"):
            await link.read(1, 0, 4)


async def test_nobody_there() -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    link = Link("127.0.0.1", port, 5.0)
    with pytest.raises(Unreachable, match="connection refused"):
        await link.read(1, 0, 2)
