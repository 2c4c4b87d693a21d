"""The station has its log cosigned: what is sent when, what is kept, and what is loud."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from station_helpers import TurnedClock, running, settle

from adapters.contract import Found
from adapters.records import LogHead
from console.ledger import note, witness
from console.ledger.keys import SigningKey
from console.ledger.note import NoteError
from console.ledger.witness import KINDS, Request, Seen
from console.station import ledger_head, ledger_reading
from console.station.cosigning import CosignError, Far, Http, Posted
from console.station.log import Leaf, Log
from console.station.station import Station
from console.station.witnessing import EVERY, RAREST, Witnessing

URL = "https://witness.example/tycho"


class Wit:
    """A witness in this process: the real one's answers, and what it was asked."""

    def __init__(self, name: str = "witness.example", kind: int = 0) -> None:
        self.keys = [SigningKey.generate(name, each) for each in KINDS]
        self.name = name
        self.set = (f"{URL}/{name}", self.keys[kind].verifier.text)
        self.seen: dict[str, Seen] = {}
        self.logs: witness.Logs = {}
        self.asked: list[Request] = []
        self.instead: Callable[[Posted], Posted | Exception] = lambda said: said

    def knows(self, log: Log) -> Wit:
        assert log._signer is not None
        self.logs = witness.logs(log._signer.verifiers)
        return self

    async def post(self, url: str, body: bytes) -> Posted:
        assert url == f"{URL}/{self.name}/add-checkpoint"
        self.asked.append(witness.parse(body))
        said = witness.answer(body, self.logs, self.seen, self.keys, 1_900_000_000)
        if said.seen is not None:
            self.seen[said.origin] = said.seen
        instead = self.instead(Posted(said.status, said.kind, said.body.encode()))
        if isinstance(instead, Exception):
            raise instead
        return instead


async def grow(log: Log, count: int = 1) -> None:
    await log.append(*(Leaf(b"{}", 1_900_000_000.0 + each) for each in range(count)))


class Made:
    """A log with its witnesses, and the clock to turn."""

    def __init__(self, log: Log, clock: TurnedClock, *wits: Wit) -> None:
        self.log, self.clock, self.wits, self.told = log, clock, wits, 0
        self.witnessing = Witnessing(
            log, [wit.set for wit in wits], clock, told=self._tell, post=self._post
        )

    def _tell(self) -> None:
        self.told += 1

    async def _post(self, url: str, body: bytes) -> Posted:
        (wit,) = [wit for wit in self.wits if url.startswith(wit.set[0] + "/")]
        return await wit.post(url, body)

    async def later(self, seconds: float = 0.0) -> None:
        """Let *seconds* go by, and the log's own thread end what it is at."""
        left = seconds
        while True:
            await self.calm()
            if left <= 0:
                return
            await self.clock.turn(min(EVERY, left))
            left -= EVERY

    async def calm(self) -> None:
        for _ in range(12):
            await self.log.read("SELECT 1")
            await settle(10)

    async def head(self) -> LogHead:
        return await ledger_head.read(
            self.log,
            witnesses=self.witnessing.trouble,
            contradicts=self.witnessing.contradicts,
        )


@contextlib.asynccontextmanager
async def witnessed(folder: Path, *wits: Wit, name: str = "log") -> AsyncIterator[Made]:
    log = Log(folder / f"{name}.sqlite", colony="tycho", origin="colony/tycho/one")
    assert await log.open() == ""
    for wit in wits:
        if not wit.logs:
            wit.knows(log)
    made = Made(log, TurnedClock(), *wits)
    task = asyncio.create_task(made.witnessing.run())
    try:
        yield made
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await log.close()


@pytest.mark.parametrize("kind", [0, 1])
async def test_what_is_new_is_cosigned_and_kept(tmp_path: Path, kind: int) -> None:
    wit = Wit(kind=kind)
    async with witnessed(tmp_path, wit) as made:
        await grow(made.log, 5)
        await made.later(EVERY)
        assert wit.seen[made.log.origin] == Seen(5, made.log.head.root)
        (one,) = (await made.head()).witnesses
        assert (one.witness, one.size, one.trouble) == (wit.name, 5, "")
        assert one.at == pytest.approx(made.clock.now(), abs=EVERY)
        said = await ledger_reading.checkpoint(made.log, None)
        whole = note.parse(said.note.encode())
        wit.keys[kind].verifier.check(whole)
        assert len(whole.signatures) == 3
        assert made.witnessing.findings()[0].found is Found.GOOD
        # It grows: what is sent goes on from what was cosigned.
        await grow(made.log, 4)
        await made.later(EVERY)
        assert [(each.old, note_size(each)) for each in wit.asked][-1] == (5, 9)
        # The checkpoint that was cosigned earlier is kept.
        earlier = await ledger_reading.checkpoint(made.log, 5)
        wit.keys[kind].verifier.check(note.parse(earlier.note.encode()))


def note_size(request: Request) -> int:
    return int(request.signed.text.split("\n")[1])


async def test_no_more_than_once_in_ten_seconds_and_only_when_it_grew(tmp_path: Path) -> None:
    wit = Wit()
    async with witnessed(tmp_path, wit) as made:
        for _ in range(20):
            await grow(made.log)
            await made.clock.turn(EVERY / 10)
            await made.calm()
        assert 2 <= len(wit.asked) <= 3
        await made.later(2 * EVERY)
        count = len(wit.asked)
        await made.later(30 * EVERY)
        assert len(wit.asked) == count


async def test_a_log_without_entries_is_not_sent(tmp_path: Path) -> None:
    wit = Wit()
    async with witnessed(tmp_path, wit) as made:
        await made.later(3 * EVERY)
        assert wit.asked == []
        assert made.witnessing.findings()[0].detail == "it has cosigned nothing yet"
        ((name, until),) = await made.log.read("SELECT name, until FROM witnesses")
        assert (name, until) == (wit.name, None)


async def test_a_witness_that_knows_more_of_this_log_is_followed(tmp_path: Path) -> None:
    """It cosigned, and its answer was lost; or the log came back from a copy."""
    wit = Wit()
    wit.instead = lambda said: CosignError("it does not answer: broken")
    async with witnessed(tmp_path, wit) as made:
        await grow(made.log, 3)
        await made.later(EVERY)
        assert (await made.head()).witnesses[0].trouble == "it does not answer: broken"
        wit.instead = lambda said: said
        await grow(made.log, 3)
        await made.later(4 * EVERY)
        (one,) = (await made.head()).witnesses
        assert (one.size, one.trouble) == (6, "")
        assert [(each.old, note_size(each)) for each in wit.asked[-2:]] == [(0, 6), (3, 6)]


async def test_a_witness_that_forgot_begins_anew(tmp_path: Path) -> None:
    wit = Wit()
    async with witnessed(tmp_path, wit) as made:
        await grow(made.log, 3)
        await made.later(EVERY)
        wit.seen.clear()
        await grow(made.log, 3)
        await made.later(EVERY)
        assert [each.old for each in wit.asked] == [0, 3, 0]
        assert (await made.head()).witnesses[0].size == 6


async def test_after_a_restart_it_goes_on_from_there(tmp_path: Path) -> None:
    wit = Wit()
    async with witnessed(tmp_path, wit) as made:
        await grow(made.log, 3)
        await made.later(EVERY)
    async with witnessed(tmp_path, wit) as made:
        await made.later()
        # It is asked once in any case: it may have seen more than there is now.
        assert [(each.old, note_size(each)) for each in wit.asked] == [(0, 3), (3, 3)]
        await made.later(3 * EVERY)
        assert len(wit.asked) == 2


async def test_a_log_made_again_under_the_same_keys_is_loud(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wit = Wit()
    async with witnessed(tmp_path, wit) as made:
        await grow(made.log, 3)
        await made.later(EVERY)
    # Whoever makes a log again may have its keys, or say that these are the log's now.
    async with witnessed(tmp_path, wit, name="again") as made:
        wit.knows(made.log)
        await made.log.append(Leaf(b'{"other":1}', 1_900_000_000.0), Leaf(b"{}", 1_900_000_001.0))
        await made.later(EVERY)
        (one,) = (await made.head()).witnesses
        assert (one.size, one.trouble) == (
            None,
            "it has cosigned 3 entries and the log has 2: entries were lost, or it has seen "
            "another history",
        )
        await grow(made.log)
        await made.later(6 * EVERY)
        trouble = "it has seen another history of 3 entries, which this log does not hold"
        assert (await made.head()).witnesses[0].trouble == trouble
        await grow(made.log, 4)
        await made.later(RAREST)
        assert (await made.head()).witnesses[0].trouble == trouble
        (finding,) = made.witnessing.findings()
        assert (finding.found, finding.detail) == (Found.BAD, trouble)
        assert made.witnessing.contradicts == (wit.name,)
        assert (await made.head()).witnesses[0].contradicts
        loud = [each for each in caplog.records if each.levelno >= logging.ERROR]
        assert len(loud) == 2
        assert "contradicts the log" in loud[0].getMessage()
        # That it does not answer now takes back nothing.
        wit.instead = lambda said: CosignError("it does not answer: broken")
        await made.later(2 * RAREST)
        assert made.witnessing.trouble[wit.name] == trouble
        assert await made.log.read("SELECT count(*) FROM cosignatures") == [(0,)]


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


async def test_one_that_fails_is_asked_ever_more_rarely_and_holds_up_nobody(
    tmp_path: Path,
) -> None:
    bad, good = Wit("bad.example"), Wit("good.example")
    bad.instead = lambda said: CosignError("it does not answer: refused")
    async with witnessed(tmp_path, bad, good) as made:
        for _ in range(60):
            await grow(made.log)
            await made.later(EVERY)
        assert len(good.asked) >= 55
        assert 5 <= len(bad.asked) <= 8
        heads = {one.witness: one for one in (await made.head()).witnesses}
        assert heads["good.example"].size >= 59
        assert heads["bad.example"].trouble == "it does not answer: refused"
        told = made.told
        await made.later(RAREST)
        assert made.told == told  # the same trouble again is no news


async def test_who_is_no_witness_any_more_is_not_told_of(tmp_path: Path) -> None:
    old, new = Wit("old.example"), Wit("new.example")
    async with witnessed(tmp_path, old) as made:
        await grow(made.log, 3)
        await made.later(EVERY)
    async with witnessed(tmp_path, new) as made:
        await made.later(EVERY)
        assert [one.witness for one in (await made.head()).witnesses] == [new.name]
        assert await made.log.read("SELECT count(*) FROM cosignatures") == [(2,)]
    async with witnessed(tmp_path, old, new) as made:
        await made.later(EVERY)
        assert len((await made.head()).witnesses) == 2


def test_two_with_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NoteError, match="two witnesses are called"):
        Witnessing(Log(tmp_path / "log"), [Wit().set, Wit().set], TurnedClock())


async def test_the_station_runs_it_and_says_so(tmp_path: Path) -> None:
    wit = Wit()
    clock = TurnedClock()
    async with running(tmp_path, clock=clock, witnesses=(wit.set,)) as (station, _):
        station.witnessing._post = wit.post
        wit.knows(station.log)
        await grow(station.log, 3)
        for _ in range(3):
            await turned(clock, station)
        (head,) = station.hub.of_kind("LogHead")
        assert isinstance(head, LogHead)
        assert head.witnesses[0].size == 3
        checks = {each.check: each.detail for each in station.findings()}
        assert checks["witness witness.example"] == "it has cosigned 3 entries"


async def turned(clock: TurnedClock, station: Station) -> None:
    await clock.turn(EVERY)
    for _ in range(20):
        await station.log.read("SELECT 1")
        await settle(10)


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
