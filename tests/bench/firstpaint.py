"""`colony --demo` to its first paint against a hello-world Textual app, in turn, and what follows.

    python -m tests.bench.firstpaint

The first paint is the moment when a header's text is written to the terminal. Each run of the
demo is the first one: its station and its box are started anew. "All domains filled" is asked of
`colony status`, which returns when every adapter has brought what it has.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.pty import COLONY, ROOT, Pty, machine, table
from tests.ui.terminal import colony_environment

RUNS = 9
BAR, FILLED = 1.25, 8.0
DOMAINS = (b"oxygen-generator", b"core-tcp", b"more owners", b"north-rim", b"Transfer")
"""What stands on the overview once apps, addresses, tokens, plants and the ledger are there."""
HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("hello world")
Hello().run()
"""


def first_paint(command: list[str], seen: bytes, home: Path) -> float:
    """Return seconds from the start of *command* to *seen* on its terminal."""
    with Pty(command, 120, 40, colony_environment(home)) as terminal:
        return terminal.wait_for(seen) - terminal.started


def demo(home: Path, seed: int) -> tuple[float, float]:
    """Return seconds to the first paint, and until every domain is filled on the screen."""
    command = [str(COLONY), "--demo", "--seed", str(seed)]
    environment = colony_environment(home)
    with Pty(command, 120, 40, environment) as terminal:
        painted = terminal.wait_for(b"Overview") - terminal.started
        filled = max(terminal.wait_for(seen, 60) for seen in DOMAINS) - terminal.started
        terminal.settle(0.5)
        terminal.send("q")
        end = time.monotonic() + 10
        while terminal.process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
    stop = [*command, "station", "stop", "--force"]
    subprocess.run(stop, env=environment, cwd=ROOT, capture_output=True, check=False)
    return painted, filled


def main() -> int:
    """Run both in turn and print the table; 1 if a bar is not met."""
    print(*machine(), sep="\n")
    hello, paints, fills = [], [], []
    with tempfile.TemporaryDirectory(prefix="colony-bench-") as directory:
        for run in range(RUNS + 1):
            home = Path(directory) / str(run)
            one = first_paint([sys.executable, "-c", HELLO], b"hello world", home)
            painted, filled = demo(home, 100 + run)
            if run:  # the first pair compiles what was never imported
                hello.append(one)
                paints.append(painted)
                fills.append(filled)
    ratio = statistics.median(a / b for a, b in zip(paints, hello, strict=True))
    rows = [
        ["hello world", *_three(hello), "", "", ""],
        ["colony --demo", *_three(paints), f"{ratio:.2f} ×", f"{BAR} ×", _met(ratio <= BAR)],
        ["… all filled", *_three(fills), "", f"{FILLED:.0f} s", _met(max(fills) <= FILLED)],
    ]
    print(f"\n{RUNS} pairs, in turn; seconds from exec\n")
    print(table(["first paint", "min", "median", "max", "ratio", "bar", ""], rows))
    return 0 if ratio <= BAR and max(fills) <= FILLED else 1


def _three(values: list[float]) -> list[str]:
    return [f"{value:.3f}" for value in (min(values), statistics.median(values), max(values))]


def _met(held: bool) -> str:
    return "met" if held else "MISSED"


if __name__ == "__main__":
    sys.exit(main())
