"""Bytes a second to the terminal: plain Textual against the console's driver, in one run.

    python -m tests.bench.bytes [SCREEN …]

Each screen runs in a real pseudo-terminal of 120×40 with both drivers, in turn; the most bytes of
several rounds count. What is compared beside the bytes is CPU, the least that each driver took:
what else a machine does comes and goes, and only adds. What the driver costs must not be more than
two points of a core. The rows of the demo and of an idle console are `colony` itself, with
$COLONY_PLAIN or not.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.bench.firstpaint import DOMAINS
from tests.bench.load import installed_in
from tests.bench.pty import ROOT, Pty, machine, table
from tests.ui.terminal import COLONY, colony_environment

WARM, SPAN = 2.0, 8.0
CPU_BAR = 0.02
FIRST_PAINT_BAR = 15_000
DRIVERS = ("plain", "ours")


class Measured(NamedTuple):
    """One run: bytes and frames a second, the CPU share, and bytes until the screen stood."""

    bytes: float
    paints: float
    cpu: float
    first: int


class Screen(NamedTuple):
    """What is measured, how it is run with one of the drivers, and the bar in bytes a second."""

    name: str
    run: Callable[[str, Path], Measured]
    bar: int
    rounds: int = 1
    """How often both drivers run, in turn: a share of CPU is one of a machine that others use."""


def _over(terminal: Pty, first: int, span: float = SPAN) -> Measured:
    start, cpu = time.monotonic(), terminal.cpu()
    time.sleep(span)
    spent, end = terminal.cpu() - cpu, time.monotonic()
    took = end - start
    return Measured(
        terminal.written(start, end) / took, terminal.paints(start, end) / took, spent / took, first
    )


def _small(app: str, seen: bytes) -> Callable[[str, Path], Measured]:
    """Return what measures one of `tests.bench.screens`, ready when *seen* is on it."""

    def run(driver: str, home: Path) -> Measured:
        command = [sys.executable, "-m", "tests.bench.screens", app, driver]
        with Pty(command, environment=colony_environment(home)) as terminal:
            terminal.wait_for(seen)
            time.sleep(WARM)
            return _over(terminal, terminal.written(0, time.monotonic()))

    return run


def _console(driver: str, home: Path, arguments: list[str], seen: tuple[bytes, ...],
             keys: str = "", quiet: float = 0.0) -> Measured:  # fmt: skip
    """Measure `colony` itself once all of *seen* was written, after *keys* were typed."""
    command = [*COLONY, *arguments]
    environment = colony_environment(home)
    environment["PYTHONPATH"] = f"{installed_in(home / 'site')}:{ROOT}"
    if driver == "plain":
        environment["COLONY_PLAIN"] = "1"
    try:
        with Pty(command, environment=environment) as terminal:
            painted = terminal.wait_for(b"Overview", 60)
            time.sleep(max(0.0, painted + 0.25 - time.monotonic()))
            first = terminal.written(0, painted + 0.25)
            if keys:
                terminal.wait_for(b"bench", 60)
                terminal.send(keys)
            for one in seen:
                terminal.wait_for(one, 60)
            time.sleep(WARM + quiet)
            return _over(terminal, first)
    finally:
        stop = [*command, "station", "stop", "--force"]
        subprocess.run(stop, env=environment, cwd=ROOT, capture_output=True, check=False)


def _demo(driver: str, home: Path) -> Measured:
    return _console(driver, home, ["--demo", "--seed", "211"], DOMAINS, quiet=4.0)


def _idle(driver: str, home: Path) -> Measured:
    config = home / "colony.toml"
    config.write_text('[colonies.bench.adapters.load]\nadapter = "bench-load"\nkeys = 200\n')
    # Ages move in steps: past ten seconds only the clock is left.
    return _console(driver, home, ["--config", str(config)], (b"app-000",), "2", quiet=11.0)


SCREENS = (
    Screen("DataTable, 3 cells at 10 Hz", _small("datatable", b"30 7"), 1_000, 7),
    Screen("twelve panels at 4 Hz", _small("panels", b"value 7"), 5_000, 3),
    Screen("line API, 3 cells at 10 Hz", _small("lines", b"30 7"), 1_000, 3),
    Screen("the demo's overview", _demo, 2_000),
    Screen("idle console", _idle, 200),
)


def main(names: list[str]) -> int:
    """Run the screens whose names hold one of *names*, or all, and print; 1 if a bar is missed."""
    print(*machine(), sep="\n")
    print("\n120×40, both drivers in turn; bytes that reach the terminal a second\n")
    rows, firsts, held = [], [], True
    with tempfile.TemporaryDirectory(prefix="colony-bench-") as directory:
        for number, screen in enumerate(SCREENS):
            if names and not any(name in screen.name for name in names):
                continue
            pairs: list[list[Measured]] = []
            for turn in range(screen.rounds):
                pairs.append([])
                for driver in DRIVERS:
                    home = Path(directory) / f"{number}-{turn}-{driver}"
                    home.mkdir()
                    pairs[-1].append(screen.run(driver, home))
            runs = list(zip(*pairs, strict=True))
            plain, ours = (max(one, key=lambda run: run.bytes) for one in runs)
            without, with_it = (min(run.cpu for run in one) for one in runs)
            more = with_it - without
            met, light = ours.bytes <= screen.bar, more <= CPU_BAR
            held = held and met and light
            ratio = f"1/{plain.bytes / max(ours.bytes, 1):.1f}"
            rows.append(
                [screen.name, f"{plain.bytes:,.0f}", f"{ours.bytes:,.0f}", ratio,
                 f"{screen.bar:,}", _met(met), f"{plain.paints:.1f}",
                 f"{without:.1%}", f"{more * 100:+.1f}", _met(light)]
            )  # fmt: skip
            if screen.run is _demo:
                held = held and ours.first <= FIRST_PAINT_BAR
                firsts.append(
                    ["first paint of the demo", f"{plain.first:,}", f"{ours.first:,}",
                     f"1/{plain.first / ours.first:.1f}", f"{FIRST_PAINT_BAR:,}",
                     _met(ours.first <= FIRST_PAINT_BAR)]
                )  # fmt: skip
    head = ["screen", "plain", "ours", "ratio", "bar", "", "paints/s", "CPU", "points",
            f"bar {CPU_BAR * 100:+.0f}"]  # fmt: skip
    print(table(head, rows))
    if firsts:
        print()
        print(table(["bytes in all", "plain", "ours", "ratio", "bar", ""], firsts))
    return 0 if held else 1


def _met(held: bool) -> str:
    return "met" if held else "MISSED"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
