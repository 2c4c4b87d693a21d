"""`colony --demo` to its first filled paint, on a station that runs, against hello-world.

    python -m tests.bench.attach

Filled is the overview once every domain stands on it, each with what the station has: the moment
is found by reading the bytes again with pyte, so that the driver may write them in any order. The
demo is attached to as the real colony is: over its socket, by the console that an operator opens.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyte

from tests.bench.firstpaint import DOMAINS, HELLO, first_paint
from tests.bench.pty import COLONY, ROOT, Pty, machine, table
from tests.ui.terminal import colony_environment

RUNS, BAR = 25, 1.5
"""Pairs, of which nine gave a median that itself wandered by 0.04, and the most that it may be."""
COLUMNS, LINES = 120, 40
PATIENCE = 20.0


def filled(terminal: Pty, wanted: tuple[str, ...]) -> float | None:
    """Return when all of *wanted* stood on the screen of *terminal* at once, None if never."""
    screen = pyte.Screen(COLUMNS, LINES)
    stream = pyte.ByteStream(screen)
    for chunk in list(terminal.chunks):
        stream.feed(chunk.data)
        text = "\n".join(screen.display)
        if all(one in text for one in wanted):
            return chunk.at
    return None


def attached(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return seconds from exec to the first paint, and to the first filled one."""
    wanted = tuple(one.decode() for one in DOMAINS)
    with Pty(command, COLUMNS, LINES, environment) as terminal:
        painted = terminal.wait_for(b"Overview") - terminal.started
        end = time.monotonic() + PATIENCE
        while (at := filled(terminal, wanted)) is None:
            if time.monotonic() > end:
                raise TimeoutError(f"never filled: {terminal.chunks[-1].data[-400:]!r}")
            time.sleep(1.0)  # reading it again takes the processor that it is measured on
        terminal.send("q")
        return painted, at - terminal.started


def main() -> int:
    """Run both in turn and print the table; 1 if the bar is not met."""
    print(*machine(), sep="\n")
    hello, paints, fills = [], [], []
    with tempfile.TemporaryDirectory(prefix="colony-bench-") as directory:
        home = Path(directory)
        environment = colony_environment(home)
        command = [str(COLONY), "--demo", "--seed", "221"]
        station = subprocess.Popen(
            [*command, "station"], env=environment, cwd=ROOT, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert station.stdout is not None
        print(station.stdout.readline(), end="")
        try:
            for run in range(RUNS + 1):
                one = first_paint([sys.executable, "-c", HELLO], b"hello world", home)
                painted, full = attached(command, environment)
                if run:  # the first pair compiles, and waits until the station has everything
                    hello.append(one)
                    paints.append(painted)
                    fills.append(full)
        finally:
            station.terminate()
            station.wait(20)
    ratio = statistics.median(a / b for a, b in zip(fills, hello, strict=True))
    met = "met" if ratio <= BAR else "MISSED"
    rows = [
        ["hello world", *_three(hello), "", "", ""],
        ["colony, first paint", *_three(paints), "", "", ""],
        ["colony, first filled paint", *_three(fills), f"{ratio:.2f} ×", f"{BAR} ×", met],
    ]
    print(f"\n{RUNS} pairs, in turn; seconds from exec\n")
    print(
        table(["attached to a running station", "min", "median", "max", "ratio", "bar", ""], rows)
    )
    return 0 if ratio <= BAR else 1


def _three(values: list[float]) -> list[str]:
    return [f"{value:.3f}" for value in (min(values), statistics.median(values), max(values))]


if __name__ == "__main__":
    sys.exit(main())
