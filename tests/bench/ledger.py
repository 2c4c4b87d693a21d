"""The log: how fast it takes entries, signed and synced, and how long a million take to verify.

Each part is a process of its own, so that its peak memory is its own. Beside the bars: the time
to open a log of a million, to read a page of it by each filter, and to verify an export offline.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adapters.records import LogHead
from console.ledger import export, verifying
from console.ledger import keys as vkey
from console.station import ledger_head, ledger_reading
from console.station.digest import canonical, instant
from console.station.log import Leaf, Log

BATCHED, ALONE = 10_000.0, 10.0
"""The bars: entries a second in batches, and milliseconds for 99 of 100 that come alone."""
ENTRIES = 1_000_000
STATES = ("draft", "simulated", "approved", "submitted", "included", "final", "verified")
ACTORS = ("ana", "ben", "station", "eva")
_ENTRIES = "SELECT hash, data FROM leaves ORDER BY idx"
MORNING = 1_800_000_000.0


def leaf(number: int) -> Leaf:
    """Return the entry *number*: of 170 bytes, as those of stages are."""
    intent, step = divmod(number, len(STATES))
    said = {
        "v": 1,
        "event": "note" if number % 1_000 == 999 else "stage",
        "intent": f"{intent:010x}",
        "at": instant(MORNING + number),
        "actor": ACTORS[number % len(ACTORS)],
        "state": STATES[step],
        "detail": f"step {number} of many, in a line",
    }
    return Leaf(canonical(said), MORNING + number)


def batches(first: int, count: int, size: int) -> Iterator[list[Leaf]]:
    """Yield *count* entries from *first* on, in batches of *size*."""
    for start in range(first, first + count, size):
        yield [leaf(number) for number in range(start, min(start + size, first + count))]


async def appended(log: Log, first: int, count: int, size: int) -> dict[str, float]:
    """Append in batches of *size*; return entries a second and milliseconds of a commit."""
    took = []
    for batch in list(batches(first, count, size)):
        begun = time.perf_counter()
        await log.append(*batch)
        took.append(time.perf_counter() - begun)
    rate, took = count / sum(took), sorted(took)
    p50, p99 = (took[int(len(took) * part)] * 1_000 for part in (0.5, 0.99))
    return {"rate": rate, "p50": p50, "p99": p99}


async def append(path: Path) -> dict[str, Any]:
    """Append alone, by 16 and by 256, into a new log."""
    log = Log(path)
    await log.open()
    told = {}
    for size, count in ((1, 2_000), (16, 32_000), (256, 128_000)):
        told[str(size)] = await appended(log, log.head.size, count, size)
    await log.close()
    return told


async def fill(path: Path) -> dict[str, Any]:
    """Make a log of a million."""
    log = Log(path)
    await log.open()
    begun = time.perf_counter()
    for batch in batches(0, ENTRIES, 1_024):
        await log.append(*batch)
    took = time.perf_counter() - begun
    await log.close()
    return {"seconds": took}


async def verify(path: Path) -> dict[str, Any]:
    """Open the log and hash all of it again."""
    log = Log(path)
    begun = time.perf_counter()
    said = await log.open()
    opened = time.perf_counter()
    if said:
        raise SystemExit(said)
    head = await log.verify()
    took = time.perf_counter() - opened
    await log.close()
    return {"open": opened - begun, "seconds": took, "size": head.size}


async def look(path: Path) -> dict[str, Any]:
    """Read pages by each filter, and proofs; milliseconds."""
    log = Log(path)
    await log.open()
    page, chance = ledger_reading.Page, random.Random(1)
    wanted = {
        "newest": page(newest=True, count=100),
        "from the middle": page(first=ENTRIES // 2, count=100),
        "of an action": page(intent=f"{70_000:010x}"),
        "of an event": page(event="note", count=100),
        "by a person": page(actor="eva", newest=True, count=100),
        "an event's last": page(event="note", newest=True, count=100),
        "of an hour": page(since=MORNING + 900_000, until=MORNING + 903_600),
        "of nothing": page(actor="nobody"),
    }
    told: dict[str, Any] = {}
    head = LogHead(source="station", name=log.origin)
    for name, each in wanted.items():
        begun = time.perf_counter()
        await ledger_reading.page(log, each, head)
        told[name] = (time.perf_counter() - begun) * 1_000
    begun = time.perf_counter()
    for _ in range(100):
        await ledger_reading.proof(log, chance.randrange(ENTRIES), head)
    told["a proof"] = (time.perf_counter() - begun) * 10
    await log.close()
    return told


async def write(path: Path) -> dict[str, Any]:
    """Export the log beside itself, as C2SP tlog-tiles."""
    log = Log(path)
    await log.open()
    ((note,),) = await log.read("SELECT note FROM signed")
    keys = [vkey.parse(text) for text in await ledger_head.keys(log)]
    await log.close()
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    begun = time.perf_counter()
    export.write(path.parent / "tiles", db.execute(_ENTRIES), note, keys)
    took = time.perf_counter() - begun
    db.close()
    return {"seconds": took}


async def offline(path: Path) -> dict[str, Any]:
    """Verify that export, as an auditor would."""
    begun = time.perf_counter()
    verdict = verifying.verify(path.parent / "tiles")
    took = time.perf_counter() - begun
    if verdict.failures or verdict.checkpoint is None:
        raise SystemExit(f"not verified: {verdict.failures}")
    return {"seconds": took, "size": verdict.checkpoint.size}


PARTS = {
    "append": append, "fill": fill, "verify": verify, "look": look, "write": write,
    "offline": offline,
}  # fmt: skip


def part(name: str, path: Path) -> dict[str, Any]:
    """Run one part in a process of its own; return what it measured and its peak memory."""
    command = [sys.executable, "-m", "tests.bench.ledger", name, str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> int:
    """Measure, print the tables, and return 1 where a bar is not met."""
    # On a disk: what is in memory is synced at once.
    with tempfile.TemporaryDirectory(prefix="ledger-", dir=Path.cwd()) as name:
        told = part("append", Path(name) / "small" / "log.sqlite")
        print(f"{'batch':>8}{'entries/s':>12}{'p50 ms':>10}{'p99 ms':>10}")
        for size in ("1", "16", "256"):
            row = told[size]
            print(f"{size:>8}{row['rate']:>12,.0f}{row['p50']:>10.2f}{row['p99']:>10.2f}")
        path = Path(name) / "large" / "log.sqlite"
        filled, checked, looked, written, audited = (
            part(each, path) for each in ("fill", "verify", "look", "write", "offline")
        )
        each = path.stat().st_size / ENTRIES
    print(f"\n{checked['size']:,} entries: {each:.0f} bytes each")
    for what, seconds, of in (
        ("written, by 1,024", filled["seconds"], filled),
        ("opened and checked", checked["open"], checked),
        ("verified whole", checked["seconds"], checked),
        ("exported", written["seconds"], written),
        ("verified offline", audited["seconds"], audited),
    ):
        print(f"  {what:22}{seconds:8.1f} s   peak {of['peak']:.0f} MB")
    for what, milliseconds in looked.items():
        if what != "peak":
            print(f"  {what:22}{milliseconds:8.1f} ms")
    fast = all(told[size]["rate"] >= BATCHED for size in ("16", "256"))
    met = fast and told["1"]["p99"] <= ALONE
    print(f"bars: {BATCHED:,.0f} entries/s in batches, alone p99 {ALONE:.0f} ms: ", end="")
    print("met" if met else "NOT met")
    return int(not met)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        with contextlib.redirect_stdout(sys.stderr):
            measured = asyncio.run(PARTS[sys.argv[1]](Path(sys.argv[2])))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({**measured, "peak": peak}))
        sys.exit(0)
    sys.exit(main())
