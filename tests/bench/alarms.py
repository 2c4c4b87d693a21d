"""What alarms cost the station: 10,000 records a second on 2,000 apps, by all default rules.

The ratio is to what the hub itself takes to take the same records in; beside it the share of a
core, and the longest look while 5,000 apps fail at once.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable

import msgspec

from adapters.contract import Batch
from adapters.records import Alarm, App, Health, Key
from console.station.alarms.book import Book
from console.station.alarms.engine import Engine
from console.station.alarms.rules import DEFAULTS
from console.station.hub import Hub
from tests.clocks import StandingClock

APPS, RATE, SECONDS, AT_ONCE = 2_000, 10_000, 10, 100
BAR = 1.5
"""How often the cost of taking records in the alarms may cost."""
FAILING = 5_000


def main() -> int:
    """Measure, print, and return 1 where the bar is not met."""
    took, looked, _ = _run(APPS, Health.HEALTHY)
    ratio = looked / took
    taking, looking = took / SECONDS, looked / SECONDS
    print(f"{RATE:,} records/s on {APPS:,} apps: taken in {taking * 1e3:.1f} ms/s, "
          f"alarms {looking * 1e3:.1f} ms/s ({looking:.1%} of a core)")  # fmt: skip
    print(f"  ratio {ratio:.2f}, bar {BAR}")
    _, _, longest = _run(FAILING, Health.FAILED, seconds=40)
    print(f"{FAILING:,} apps fail at once: the longest look {longest * 1e3:.0f} ms")
    return int(ratio > BAR)


def _run(count: int, health: Health, seconds: int = SECONDS) -> tuple[float, float, float]:
    """Return seconds spent taking in and looking, and in the longest look."""
    clock = StandingClock(1_900_000_000.0)
    hub = Hub(clock)

    def publish(alarms: Iterable[Alarm], gone: Iterable[Key]) -> None:
        hub.publish("alarms", alarms, gone)

    engine = Engine(hub, clock, DEFAULTS, Book(clock.now, publish))
    hub.listen(engine.offer)
    apps = [App(namespace="n", name=f"a{n}", health=health, desired=3, ready=3, restarts=1)
            for n in range(count)]  # fmt: skip
    hub.take("main", Batch(scope="apps", upserts=tuple(apps), begin=True, end=True))
    took = looked = longest = 0.0
    for second in range(seconds):
        for start in range(0, RATE, AT_ONCE):
            some = tuple(
                msgspec.structs.replace(apps[(start + n) % count], ready=2 + (second + n) % 2)
                for n in range(AT_ONCE)
            )
            began = time.perf_counter()
            hub.take("main", Batch(scope="apps", upserts=some))
            took += time.perf_counter() - began
        clock.at += 1
        more = True
        while more:
            began = time.perf_counter()
            more = engine.look()
            passed = time.perf_counter() - began
            looked += passed
            longest = max(longest, passed)
    return took, looked, longest


if __name__ == "__main__":
    sys.exit(main())
