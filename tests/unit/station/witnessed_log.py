"""A log that grows, its witnesses in this process, and a clock that is turned."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from station_helpers import TurnedClock, settle

from adapters.records import LogHead
from console.ledger import witness
from console.ledger.keys import SigningKey
from console.ledger.witness import KINDS, Request, Seen
from console.station import ledger_head
from console.station.cosigning import Posted
from console.station.log import Leaf, Log
from console.station.witnessing import EVERY, Witnessing

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
    """Give *log* that many entries more."""
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
    """Open a log in *folder* and have it cosigned by *wits*, who know it."""
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
