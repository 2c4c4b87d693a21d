"""Importing the adapters' packages against a bare interpreter, each in a process of its own.

    python -m tests.bench.imports

web3 is never loaded, and neither is anything else that is heavy: `tests/unit/chain` holds that.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from tests.bench.pty import machine, table

RUNS, BAR = 15, 0.100
PACKAGES = ("adapters", "adapters.records", "adapters.chain", "adapters.sunspec")
SAY = "import sys, {package}; print('web3' in sys.modules)"


def seconds(package: str) -> float:
    """Return how long an interpreter takes that imports *package* and ends."""
    started = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", SAY.format(package=package)],
        capture_output=True,
        text=True,
        check=True,
    )
    took = time.perf_counter() - started
    if run.stdout != "False\n":
        raise RuntimeError(f"{package} loads web3")
    return took


def main() -> int:
    """Run all in turn and print the table; 1 if the bar is not met."""
    print(*machine(), sep="\n")
    bare: list[float] = []
    taken: dict[str, list[float]] = {package: [] for package in PACKAGES}
    for run in range(RUNS + 1):
        nothing = seconds("os")  # the interpreter has it already
        for package, times in taken.items():
            took = seconds(package)
            if run:  # the first round compiles
                times.append(took - nothing)
        if run:
            bare.append(nothing)
    print(f"\n{RUNS} rounds, in turn; milliseconds, those of a package beyond a bare interpreter\n")
    rows = [["bare interpreter", *_three(bare), "", ""]]
    missed = False
    for package, times in taken.items():
        held = statistics.median(times) < BAR
        missed = missed or not held
        rows.append([package, *_three(times), f"< {BAR * 1000:.0f}", "met" if held else "MISSED"])
    print(table(["import", "min", "median", "max", "bar", ""], rows))
    return int(missed)


def _three(values: list[float]) -> list[str]:
    return [
        f"{value * 1000:.0f}" for value in (min(values), statistics.median(values), max(values))
    ]


if __name__ == "__main__":
    sys.exit(main())
