"""A chain that keeps anchors, an action that makes them, and a station that anchors its log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fake_colony import ManualClock, Note, Station, World, settle

from adapters.contract import AdapterError, Answer, Argument, Draft, Envelope, Preview, Receipt
from console.station import faults
from console.station.anchoring import Anchoring

ORIGIN = "colony/tycho/1a2b3c"
CHAIN = "eip155:31337"
EVERY = 60.0


class Chain:
    """Anchors of one log, as `adapters.chain` answers them; a block is made for each."""

    def __init__(self) -> None:
        self.anchors: list[dict[str, Any]] = []
        self.asked: list[dict[str, str]] = []
        self.down = ""

    def add(self, size: int, root: str, final: bool | None = True) -> None:
        block = len(self.anchors) + 1
        self.anchors.append(
            {
                "size": size,
                "root": f"0x{root}",
                "block": block,
                "block_hash": f"0x{block:064x}",
                "time": 1_800_000_000,
                "transaction": f"0x{size:064x}",
                "by": "0x" + "0" * 40,
                "final": final,
            }
        )

    async def ask(self, source: str, topic: str, given: Mapping[str, str]) -> Answer:
        assert (source, topic) == ("chain", "anchors")
        self.asked.append(dict(given))
        if self.down:
            raise AdapterError(self.down)
        said = {"chain": CHAIN, "contract": "0xA", "log": given["log"], "head": 9, "final": 9}
        return Answer(json.dumps({**said, "anchors": self.anchors[-1:]}))


class Anchor(Note):
    """Puts a log's root onto the chain."""

    name = "contract.call"
    title = "Call a contract"
    arguments = (Argument("size", "how much"), Argument("root", "what"), Argument("log", "whose"))
    applies_to = ""

    def __init__(self, world: World, chain: Chain, hooks: faults.Faults = faults.NONE) -> None:
        super().__init__(world, hooks)
        self.chain = chain
        self.preview = {"title": "Anchor"}

    def recording(self, facts: Mapping[str, str]) -> Mapping[str, str] | None:
        if facts.get("event") != "checkpoint":
            return None
        return {name: facts[name] for name in ("size", "root", "log")}

    async def simulate(self, draft: Draft) -> Preview:
        self.preview["undo"] = {}
        return await super().simulate(
            Draft(draft.intent, draft.action, {"app": "", **draft.arguments}, draft.target)
        )

    async def prepare(self, draft: Draft, approved: Preview) -> Envelope:
        sealed = await super().prepare(draft, approved)
        return Envelope(sealed.target, sealed.body, {**sealed.notes, **draft.arguments})

    async def send(self, envelope: Envelope) -> Receipt:
        receipt = await super().send(envelope)
        self.chain.add(int(envelope.notes["size"]), envelope.notes["root"])
        return receipt


class AnchoredStation(Station):
    """A station whose log is anchored once in `EVERY` seconds."""

    def __init__(
        self,
        path: Path,
        chain: Chain,
        world: World | None = None,
        clock: ManualClock | None = None,
        hooks: faults.Faults = faults.NONE,
        **options: Any,
    ) -> None:
        super().__init__(path, world, clock, hooks, **options)
        self.chain = chain
        self.anchor = Anchor(self.world, chain, hooks)
        self.offers.append(("chain", self.anchor))
        self.told_of = 0
        self.anchoring = Anchoring(
            self.log,
            lambda: ORIGIN,
            self.commanding.standing,
            self.clock,
            chain.ask,
            every=EVERY,
            in_flight=self.commanding.in_flight,
            told=self._told_of,
            acts=not options.get("read_only", False),
        )
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> AnchoredStation:
        await super().start()
        self._task = asyncio.ensure_future(self.anchoring.run())
        return self

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await super().stop()

    async def later(self, seconds: float) -> None:
        """Let that much of the colony's time pass."""
        until = self.clock.time + seconds
        while self.clock.time < until:
            await settle()
            assert self.clock.turn()
        await settle()

    def made(self) -> list[str]:
        """Return how the actions that anchor stand, the oldest first."""
        return [
            one.state.value
            for one in self.commanding.statuses()
            if one.action == self.anchor.name and one.actor == "station"
        ]

    async def logged(self) -> list[dict[str, Any]]:
        """Return the leaves "anchored"."""
        leaves = [json.loads(data) for (data,) in await self.log.read("SELECT data FROM leaves")]
        return [leaf for leaf in leaves if leaf["event"] == "anchored"]

    def _told_of(self) -> None:
        self.told_of += 1
