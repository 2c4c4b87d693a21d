"""A station anchors its log on a chain, loses an anchor to a reorganisation, and finds one."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.clock import SystemClock
from adapters.contract import Refused
from console.station import anchors
from console.station.server import listen
from console.station.station import Plan, Station
from tests.contract.chain.backend import OPS, Backend
from tests.contract.chain.watching import adapter, settings

EVERY = 0.2


@pytest.fixture
def short() -> Any:
    """A directory whose path leaves room for a socket's."""
    with tempfile.TemporaryDirectory(prefix="c-") as path:
        yield Path(path)


@pytest.fixture
async def anchoring(deployed: Backend) -> Backend:
    """Both contracts and Anchor, and token 7 of ops."""
    await deployed.deploy_anchor()
    await deployed.mint(7, "a/one", OPS)
    return deployed


@asynccontextmanager
async def station(
    backend: Backend,
    folder: Path,
    every: float | None = EVERY,
    still: asyncio.Lock | None = None,
) -> AsyncIterator[Station]:
    """Run a station whose log is in *folder*; blocks go on meanwhile, but while *still* is held."""
    still = still or asyncio.Lock()
    plan = Plan(
        colony="tycho",
        digest="",
        adapters={"chain": ("chain", adapter(settings(backend)))},
        log=folder / "log.sqlite",
        anchor=every,
    )
    made = Station(plan, SystemClock())
    path = folder / "s"
    await made.start(listen(path, shared=False), path)

    async def grow() -> None:
        while True:
            async with still:
                await backend.mine()
            await asyncio.sleep(0.05)

    growing = asyncio.ensure_future(grow())
    try:
        yield made
    finally:
        growing.cancel()
        made.hurry.set()
        await made.close("over")


async def rename(backend: Backend, made: Station, app: str) -> None:
    """Have token 7 name *app*: something to anchor."""
    arguments = {
        "contract": "Identity",
        "function": "rename",
        "args": json.dumps(["7", app]),
        "from": "ops",
    }

    async def simulated() -> Any:
        try:
            return await made.commanding.simulate("contract.call", arguments, "why", "ana")
        except Refused:  # its records are not there yet
            return None

    found = await backend.settle(simulated, "a simulation")
    await made.commanding.approve(found.id, found.digest, "y", "", "ana")
    await made.commanding.drain()


async def logged(made: Station) -> list[dict[str, Any]]:
    found = await made.log.read("SELECT data FROM leaves ORDER BY idx")
    leaves = [json.loads(data) for (data,) in found]
    return [leaf for leaf in leaves if leaf.get("event") == "anchored"]


async def until(backend: Backend, true: Callable[[], Any], what: str) -> Any:
    return await backend.settle(true, what)


async def test_the_root_arrives_and_is_written_down(anchoring: Backend, short: Path) -> None:
    async with station(anchoring, short) as made:
        await rename(anchoring, made, "a/two")
        (leaf,) = await until(anchoring, lambda: logged(made), "an anchor")
        log = bytes.fromhex(anchors.log_hash(made.log.origin))
        size, root, block, _ = await anchoring.read("Anchor", "latest", log)
        assert (leaf["size"], leaf["root"], leaf["block"]) == (size, root.hex(), block)
        assert leaf["block_hash"] == (await anchoring.block(block))["hash"]
        assert leaf["contract"] == anchoring.anchor
        assert root == await anchors.root(made.log, size)
        receipt = await anchoring.receipt(leaf["transaction"])
        assert int(receipt["blockNumber"], 16) == block
        (kept,) = await made.log.read("SELECT root FROM checkpoints WHERE size = :s", s=size)
        assert kept == (root,)
        assert made.anchoring is not None
        assert made.anchoring.mismatch == ""
        included = await made.log.read(
            "SELECT data FROM leaves JOIN receipts ON leaf = idx WHERE intent = :i",
            i=leaf["intent"],
        )
        said = json.loads(included[0][0])["receipt"]
        assert (said["block"], said["block_hash"]) == (str(block), leaf["block_hash"])


async def test_an_anchor_of_which_a_station_never_heard_is_found(
    anchoring: Backend, short: Path
) -> None:
    async with station(anchoring, short, every=None) as first:
        await rename(anchoring, first, "a/two")
        head, origin = first.log.head, first.log.origin
    log = bytes.fromhex(anchors.log_hash(origin))
    receipt = await anchoring.send("Anchor", "anchor", log, head.size, head.root)
    async with station(anchoring, short) as second:
        leaf, *_ = await until(anchoring, lambda: logged(second), "what is on the chain")
        assert (leaf["size"], leaf["intent"]) == (head.size, "")
        assert leaf["transaction"] == receipt["transactionHash"]


async def test_an_anchor_that_a_reorganisation_took_is_made_again(
    anchoring: Backend, short: Path
) -> None:
    still = asyncio.Lock()
    async with station(anchoring, short, still=still) as made:
        await rename(anchoring, made, "a/two")
        (leaf,) = await until(anchoring, lambda: logged(made), "an anchor")
        log = bytes.fromhex(anchors.log_hash(made.log.origin))
        async with still:  # a block more than were counted would leave the anchor's in its place
            await anchoring.take_away(leaf["block"])
        assert await anchoring.read("Anchor", "rootAt", log, leaf["size"]) == bytes(32)
        assert made.anchoring is not None
        made.anchoring._known = False  # as after a start

        async def again() -> int:
            return int(await anchoring.read("Anchor", "count", log))

        await until(anchoring, again, "another anchor")
        await until(anchoring, two(made), "its entry")
        assert made.anchoring.mismatch == ""


def two(made: Station) -> Callable[[], Any]:
    """Return a look for a second anchor in the log."""

    async def look() -> bool:
        return len(await logged(made)) == 2

    return look


async def test_a_log_that_was_made_anew_is_found_out(anchoring: Backend, short: Path) -> None:
    async with station(anchoring, short) as made:
        await rename(anchoring, made, "a/two")
        head = made.log.head
        log = bytes.fromhex(anchors.log_hash(made.log.origin))
        await until(anchoring, lambda: logged(made), "an anchor")
        await anchoring.send("Anchor", "anchor", log, head.size + 1000, b"\x09" * 32)
        assert made.anchoring is not None
        made.anchoring._known = False

        async def told() -> str:
            return made.anchoring.mismatch if made.anchoring else ""

        said = await until(anchoring, told, "the mismatch")
        assert "entries were lost" in said
        assert any(each.found == "bad" for each in made.anchoring.findings())
