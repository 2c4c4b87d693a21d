"""What a witness answers: over HTTP, refusing, signing well and signing badly."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import pytest
from witnessed_log import Wit, grow, witnessed

from console.ledger import note, witness
from console.station.cosigning import CosignError, Far, Http, Posted
from console.station.witnessing import EVERY


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (Posted(404, "", b""), "it does not know this log; give it the log's key"),
        (Posted(403, "", b""), "it does not take the log's signature; give it the log's key"),
        (Posted(500, "", b"a\x1b[2Jb\nc"), "it answers 500: "),
        (Posted(301, "", b""), "it answers 301"),
        (Posted(200, "", b""), "its answer is not signed by the key that is set"),
        (Posted(200, "", b"\xff"), "its answer is not good"),
        (Posted(200, "", "— a b\n".encode()), "its answer is not good"),
        (Posted(409, witness.SIZE, b"99999999999999999999999"), "it says that it has cosigned"),
        (Posted(409, witness.SIZE, b"9"), "it has cosigned 9 entries and the log has 3"),
        (Posted(422, "", b""), "it has seen another history, which this log does not hold"),
    ],
)
async def test_what_a_witness_may_answer(tmp_path: Path, said: Posted, trouble: str) -> None:
    wit = Wit()
    wit.instead = lambda _: said
    async with witnessed(tmp_path, wit) as made:
        await grow(made.log, 3)
        await made.later(EVERY)
        (one,) = (await made.head()).witnesses
        assert trouble in one.trouble
        assert one.size is None
        assert one.trouble.isprintable()
        wit.instead = lambda answer: answer
        wit.seen.clear()
        await made.later(4 * EVERY)
        assert made.witnessing.trouble == {}


async def test_a_signature_that_is_not_good_is_not_kept(tmp_path: Path) -> None:
    wit = Wit()
    stranger = Wit()

    def other(said: Posted) -> Posted:
        lines = said.body.decode().splitlines()
        found = note.signature_of(lines[0])
        bad = found._replace(blob=found.blob[:-1] + bytes([found.blob[-1] ^ 1]))
        return said._replace(body=f"{bad.line}\n".encode())

    wit.instead = other
    async with witnessed(tmp_path, wit) as made:
        await grow(made.log, 3)
        await made.later(EVERY)
        assert "is not good" in made.witnessing.trouble[wit.name]
        # Lines by others are passed over, where its own is there.
        at = stranger.keys[0].sign(wit.asked[-1].signed.text, 0)
        wit.instead = lambda said: (
            said._replace(body=f"{at.line}\n".encode() + said.body) if said.status == 200 else said
        )
        await made.later(4 * EVERY)
        ((line,),) = await made.log.read("SELECT line FROM cosignatures")
        assert note.signature_of(line).key_id == wit.keys[0].verifier.key_id


async def test_over_http(tmp_path: Path) -> None:
    """Against a server that answers as told, on loopback."""
    answers: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answers.pop(0))
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    http = Http()

    async def ask(answer: bytes, at: str = url) -> Any:
        answers[:] = [answer]
        try:
            return await http.post(at, b"")
        except CosignError as error:
            return str(error)

    said = await ask(b"HTTP/1.1 409 x\r\nContent-Type: text/x.tlog.size\r\n"
                     b"Content-Length: 2\r\n\r\n7\n")  # fmt: skip
    assert said == Posted(409, "text/x.tlog.size", b"7\n")
    moved = await ask(b"HTTP/1.1 307 x\r\nLocation: http://elsewhere.example/\r\n"
                      b"Content-Length: 0\r\n\r\n")  # fmt: skip
    assert moved.status == 307
    assert "more than 65536 bytes" in await ask(
        b"HTTP/1.1 200 x\r\nContent-Length: 99999999\r\n\r\n" + b"a" * 70_000
    )
    assert "it does not answer" in await ask(b"nonsense\r\n\r\n")
    assert "it does not answer" in await ask(b"")
    server.close()
    await server.wait_closed()
    assert "it does not answer" in await ask(b"")
    assert "it does not answer" in await ask(b"", "http://[nowhere")
    await http.close()


def test_a_url_with_a_slash_at_its_end_is_the_same() -> None:
    key = Wit().keys[0].verifier
    assert Far("http://w.example/", key).url == Far("http://w.example", key).url
