"""Key to paint, and how old the screen is, over a real sshd through a slow line.

    python -m tests.bench.slowline [plain|ours …]

An overloaded app (twelve panels at 10 Hz, `tests.bench.screens`) and the demo itself run at the
far end of 16 KB/s, of 1 KB/s, and of 128 kbit/s at 300 ms. The client's screen is read with pyte:
a key counts when it is seen there, and the age is that of the oldest panel on it. Of the demo it
is how late a step of its clock comes after the earliest one. The bars are the overloaded app's.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from tests.bench.far import Demo, Far, Overloaded
from tests.bench.pty import machine, table
from tests.real.installed import installed
from tests.real.processes import Deadline, Program
from tests.real.relay import Line
from tests.real.sshd.running import COLONY, DEMO, allowed
from tests.real.sshd.shell import ShellSshd
from tests.ui.terminal import colony, colony_environment

PATIENCE, NEVER = 6.0, 1
"""Seconds after which a key counts as never seen, and how many of those end a run."""
LEAVE_BAR, DEMO_STROKES = 10.0, 8


class Case(NamedTuple):
    """A line, how many keys are typed over it, and the bars on it in seconds: key p99 and age."""

    name: str
    line: Line
    strokes: int
    key: float
    age: float


CASES = (
    Case("16 KB/s", Line(0.0, 16_000), 40, 0.2, 0.3),
    Case("1 KB/s", Line(0.0, 1_000), 15, 2.0, 4.0),
    # What the line itself takes comes on top: 300 ms there and back for a key, 150 ms one way.
    Case("128 kbit/s, 300 ms", Line(0.15, 16_000), 25, 0.2 + 0.3, 0.3 + 0.15),
)


KINDS: tuple[type[Far], ...] = (Overloaded, Demo)


class Measured(NamedTuple):
    """Seconds from key to paint, ages on screen, keys that were never seen, seconds to leave."""

    keys: list[float]
    ages: list[float]
    never: int
    left: float


def measure(far: Far, strokes: int) -> Measured:
    """Type *strokes* keys one after another and watch the screen; then leave."""
    choose = random.Random(11)
    keys: list[float] = []
    ages: list[float] = []
    never = 0

    def look() -> None:
        age = far.age(time.monotonic())
        if age is not None:
            ages.append(age)

    far.begin()
    for number in range(1, strokes + 1):
        far.watch(lambda: False, choose.uniform(0.1, 0.4), look)
        at = far.type("z")
        if far.watch(lambda n=number: far.typed() >= n, PATIENCE, look):  # type: ignore[misc]
            keys.append(time.monotonic() - at)
        else:
            never += 1
            if never >= NEVER:
                break
    return Measured(keys, ages, never, far.leave(LEAVE_BAR))


def row(name: str, driver: str, run: Measured, case: Case | None) -> tuple[list[str], bool]:
    """Return a row of the table, and whether *run* met the bars of *case*."""
    key = _quantile(run.keys, 0.99) if not run.never else float("inf")
    age = max(run.ages, default=float("inf"))
    held = case is None or (key <= case.key and age <= case.age and run.left <= LEAVE_BAR)
    cells = [
        name, driver, _text(_quantile(run.keys, 0.5)), _text(key),
        "" if case is None else f"{case.key:.2f}",
        _text(statistics.median(run.ages) if run.ages else float("inf")), _text(age),
        "" if case is None else f"{case.age:.2f}", _text(run.left),
        "" if case is None else "met" if held else "MISSED",
    ]  # fmt: skip
    return cells, held


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("inf")


def _text(seconds: float) -> str:
    return "never" if seconds == float("inf") else f"{seconds:.2f}"


def main(drivers: list[str]) -> int:
    """Measure every line with both drivers and print the table; 1 if a bar is missed."""
    print(*machine(), sep="\n")
    installed("sshd")
    allowed()
    rows, passed = [], True
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="colony-bench-")))
        station = Program(
            "station", [str(COLONY), *DEMO, "station"], home, colony_environment(home)
        )
        station.start()
        stack.callback(station.end)
        deadline = Deadline(60, "the station answers")
        while colony(home, *DEMO, "station", "status").returncode:
            deadline.pause(station)
        (home / "sshd").mkdir()
        sshd = ShellSshd(installed("sshd"), home / "sshd", home)
        sshd.start()
        stack.callback(sshd.program.end)
        for case in CASES:
            for driver in drivers or ["plain", "ours"]:
                # What stock Textual does with the demo on a line that carries it is no news.
                for kind in KINDS if driver == "ours" else KINDS[:1]:
                    with kind(sshd, case.line, driver, home) as far:
                        run = measure(far, DEMO_STROKES if kind is Demo else case.strokes)
                    barred = case if driver == "ours" and kind is Overloaded else None
                    cells, held = row(f"{case.name}: {kind.NAME}", driver, run, barred)
                    passed = passed and held
                    rows.append(cells)
                    print(".", end="", flush=True, file=sys.stderr)
    print("\nreal sshd, 120×40; seconds\n")
    head = ["line", "driver", "key p50", "p99", "bar", "age p50", "max", "bar", "to leave", ""]
    print(table(head, rows))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
