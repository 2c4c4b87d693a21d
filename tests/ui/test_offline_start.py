"""The first paint asks nobody: no connection, no name and no other program before it."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.terminal import PATIENCE, Terminal, colony, colony_environment

pytestmark = pytest.mark.pty

DEMO = ("--demo", "--seed", "223")
NETWORK = (
    "socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo",
    "socket.gethostbyname", "subprocess.Popen",
)  # fmt: skip
WATCHED = """
import sys
told = open(sys.argv.pop(1), "w", buffering=1)
def hook(event, arguments):
    if event in {network!r}:
        print(event, file=told)
sys.addaudithook(hook)
from console.app import ColonyApp
began = ColonyApp._begin
def begin(self):
    print("painted", file=told)
    began(self)
ColonyApp._begin = begin
from console.cli import main
sys.exit(main())
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A home of its own, near the root: a socket's path has 108 bytes at most."""
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        yield Path(directory)
        colony(Path(directory), *DEMO, "station", "stop", "--force")


def test_nothing_is_asked_before_the_first_paint(home: Path) -> None:
    told = home / "told"
    script = WATCHED.format(network=NETWORK)
    terminal = Terminal([sys.executable, "-c", script, str(told), *DEMO], colony_environment(home))
    try:
        terminal.wait("Overview")
        end = time.monotonic() + PATIENCE
        # That it looks for its station then shows that the hook would have told of it before.
        while "socket.connect" not in (events := told.read_text().split()):
            assert time.monotonic() < end, events
            terminal.text()
            time.sleep(0.05)
        assert events[0] == "painted"
    finally:
        terminal.close()
