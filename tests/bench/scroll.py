"""50,000 apps on screen: scrolled, filtered and sorted, with the event loop watched throughout.

    python -m tests.bench.scroll

The console itself, on a station with 50,000 apps of which 500 change a second. A task inside it
notes each time the event loop came back to it late: for so long nothing was painted and no key was
taken. The bar is 100 ms, the console's own beat on a local terminal, so that no step is ever
missed by more than one; keys that are held come every 33 ms.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from console.app import ColonyApp
from console.choice import Choice
from console.opening import attach_to
from tests.bench.load import installed_in
from tests.bench.pty import ROOT, Pty, machine, table
from tests.ui.terminal import COLONY, colony_environment

ROWS, RATE = 50_000, 500
BEAT = 0.002
BAR = 0.100
HELD = 1 / 30
"""Seconds between two keys of one that is held down."""


class Watched(ColonyApp):
    """The console, with a task that notes when the event loop was late. It writes them down."""

    noted: list[tuple[float, float]]

    def on_mount(self) -> None:
        """Begin to watch beside everything else."""
        self.noted = []
        self.watching = asyncio.create_task(self.watch())

    async def watch(self) -> None:
        """Note when, and for how long, nothing else could run."""
        before = time.monotonic()
        while True:
            await asyncio.sleep(BEAT)
            now = time.monotonic()
            if now - before > 5 * BEAT:
                self.noted.append((now, now - before - BEAT))
            before = now


class Step(NamedTuple):
    """What a person does: its name, the keys, how often and how far apart, the wait after."""

    name: str
    keys: str
    times: int
    apart: float
    settles: float = 1.0


STEPS = (
    Step("only looking", "", 1, 0.0, 4.0),
    Step("page down, held", "\x1b[6~", 120, HELD),
    Step("down, held", "j", 90, HELD),
    Step("page up, held", "\x1b[5~", 60, HELD),
    Step("to the end", "G", 1, 0.0),
    Step("to the top", "g", 1, 0.0),
    Step("filter typed", "/", 1, 0.0, 0.3),
    Step("  a letter each", "app-0012", 1, 0.0, 2.0),
    Step("  and left", "\x1b", 1, 0.0, 2.0),
    Step("sorted by the next", "s", 6, 0.8, 2.0),
    Step("turned around", "S", 2, 0.8, 2.0),
    Step("the overview", "1", 1, 0.0, 2.0),
    Step("  only looking", "", 1, 0.0, 4.0),
    Step("  and back", "2", 1, 0.0, 2.0),
    Step("palette", "\x10", 1, 0.0, 0.5),
    Step("  a letter each", "app-0012", 1, 0.0, 2.0),
    Step("  and left", "\x1b", 1, 0.0, 1.0),
)
PAGES, PAGE_BAR = 40, 0.050
"""Single pages down, and the seconds in which the slowest but one of 20 is to be painted."""
A_PAGE = 600
"""Bytes of a page at least: what else is written meanwhile is less."""


def run(config: Path, notes: Path) -> None:
    """Open the watched console and write down what it noted."""
    app = Watched(attach_to(Choice(config=config)))
    app.run()
    notes.write_text(json.dumps(app.noted))


def drive(terminal: Pty) -> list[tuple[str, float, float]]:
    """Do all steps and return when each began and ended."""
    done = []
    for step in STEPS:
        began = time.monotonic()
        for _ in range(step.times):
            # Typed letter by letter: each is a filter of its own.
            for key in step.keys if step.keys.isprintable() else [step.keys]:
                terminal.send(key)
                time.sleep(0.12 if len(step.keys) > 1 and step.keys.isprintable() else 0)
            time.sleep(step.apart)
        time.sleep(step.settles)
        done.append((step.name, began, time.monotonic()))
    return done


def pages(terminal: Pty) -> list[float]:
    """Press page down now and then; return how long after the key each page was written."""
    choose, taken = random.Random(5), []
    for _ in range(PAGES):
        first = len(terminal.chunks)
        at = terminal.send("\x1b[6~")
        # Not on the painter's beat: a wait that drifts meets all of its phases.
        time.sleep(choose.uniform(0.35, 0.55))
        written = 0
        for chunk in terminal.chunks[first:]:
            written += len(chunk.data)
            if written >= A_PAGE:
                taken.append(chunk.at - at)
                break
        else:
            taken.append(float("inf"))
    return sorted(taken)


def main() -> int:
    """Measure and print the table; 1 if the bar is missed."""
    print(*machine(), sep="\n")
    with tempfile.TemporaryDirectory(prefix="colony-bench-") as directory:
        home = Path(directory)
        environment = colony_environment(home)
        environment["PYTHONPATH"] = f"{installed_in(home / 'site')}:{ROOT}"
        config, notes = home / "colony.toml", home / "notes.json"
        config.write_text(
            '[colonies.bench.adapters.load]\nadapter = "bench-load"\n'
            f"keys = {ROWS}\nrate = {RATE}\n"
        )
        command = [sys.executable, "-m", "tests.bench.scroll", str(config), str(notes)]
        try:
            with Pty(command, 120, 40, environment) as terminal:
                terminal.wait_for(b"bench", 60)
                time.sleep(1)
                terminal.send("2")
                terminal.wait_for(b"app-0", 60)
                time.sleep(4)
                paged = pages(terminal)
                done = drive(terminal)
                rss = terminal.rss()
                terminal.send("q")
                terminal.process.wait(20)
        finally:
            stop = [*COLONY, "--config", str(config), "station", "stop", "--force"]
            subprocess.run(stop, env=environment, cwd=ROOT, capture_output=True, check=False)
        if terminal.process.returncode or not rss:
            print(b"".join(chunk.data for chunk in terminal.chunks[-40:]).decode()[-4000:])
            return 1
        noted = [(at, late) for at, late in json.loads(notes.read_text())]
    loading = [late for at, late in noted if at < done[0][1]]
    steps = [(name, [late for at, late in noted if began <= at < ended])
             for name, began, ended in done]  # fmt: skip
    rows = [_row(name, found, barred=True) for name, found in steps]
    rows.insert(0, _row("start and attach", loading, barred=False))
    print(f"\n{ROWS} apps, {RATE} changes/s, 120×40; the event loop away, ms\n")
    print(table(["step", "worst", "times > 20", "bar", ""], rows))
    p50, p95 = paged[PAGES // 2], paged[PAGES * 95 // 100 - 1]
    late = p95 > PAGE_BAR
    head = ["key to paint, ms", "p50", "p95", "max", "bar of p95", ""]
    figures = [f"{one * 1000:.0f}" for one in (p50, p95, paged[-1], PAGE_BAR)]
    print("\n" + table(head, [["page down", *figures, "MISSED" if late else "met"]]))
    print(f"console {rss / 1e6:.0f} MB")
    return int(late or any(max(found, default=0.0) > BAR for _, found in steps))


def _row(name: str, found: list[float], *, barred: bool) -> list[str]:
    worst = max(found, default=0.0)
    many = sum(late > 0.020 for late in found)
    bar = [f"{BAR * 1000:.0f}", "met" if worst <= BAR else "MISSED"] if barred else ["", ""]
    return [name, f"{worst * 1000:.0f}", str(many), *bar]


if __name__ == "__main__":
    if len(sys.argv) == 3:
        run(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        sys.exit(main())
