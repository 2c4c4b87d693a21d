"""An adapter that floods, for benchmarks; `installed_in` makes it findable as a third party's."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from adapters.contract import Adapter, Batch
from adapters.records import App, Health


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`rate` records a second over `keys` apps, in batches of a hundredth of a second; 0: still."""

    rate: int = 0
    keys: int = 2000


class LoadAdapter(Adapter):
    """Yields a snapshot of `keys` apps, then changes of random ones at `rate`."""

    Settings = Settings
    title = "Load for benchmarks"

    async def records(self) -> AsyncIterator[Batch]:
        """Yield one snapshot, then a batch every 10 ms."""
        choose = random.Random(7)
        keys, rate = self.settings.keys, self.settings.rate
        yield Batch("apps", tuple(_app(n, 0) for n in range(keys)), begin=True, end=True)
        clock = self.context.clock
        started, sent = clock.monotonic(), 0
        while True:
            await clock.sleep(0.01)
            due = int((clock.monotonic() - started) * rate) - sent
            sent += due
            if due:
                yield Batch("apps", tuple(_app(choose.randrange(keys), sent) for _ in range(due)))


def _app(number: int, turn: int) -> App:
    ready = turn % 4
    return App(
        namespace="bench", name=f"app-{number:05}", workload="Deployment", desired=3,
        ready=min(3, ready), updated=3, available=ready, images=("colony/bench:1.0",),
        version="1.0", revision=1 + turn % 50, restarts=turn,
        health=Health.HEALTHY if ready == 3 else Health.DEGRADED,
        reason="" if ready == 3 else f"{ready} of 3 ready",
    )  # fmt: skip


def installed_in(directory: Path) -> Path:
    """Write into *directory* what makes the adapter `bench-load` findable; add it to PYTHONPATH."""
    info = directory / "bench_load-1.0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: bench-load\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[colony.adapters]\nbench-load = tests.bench.load:LoadAdapter\n"
    )
    return directory
