"""A slow, long line between two programs: a set delay and a set rate each way.

    ssh -o ProxyCommand='python -m tests.real.relay HOST PORT --delay 0.15 --rate 16000' …

It connects to HOST:PORT and carries its own standard input and output there and back. A byte is on
the line for as long as the rate says, one after another, and comes out `--delay` seconds later;
nothing is read that the line has no room for, so what is sent too fast waits with its sender, as
it does behind a modem.
"""

from __future__ import annotations

import argparse
import os
import queue
import socket
import sys
import threading
import time
from collections.abc import Callable

SLICE = 0.01
"""Seconds of the line that one read takes at most."""
LATE = 0.1
"""Seconds that a busy machine may wake us late without the line being the slower for it."""


class Line:
    """How the line is, each way: *delay* in seconds, *rate* in bytes a second, 0 without limit."""

    def __init__(self, delay: float = 0.0, rate: float = 0.0) -> None:
        self.delay = delay
        self.rate = rate

    def proxy(self) -> str:
        """Return what to give to ssh as its `ProxyCommand`; the working directory is the tree's."""
        program = f"{sys.executable} -m tests.real.relay"
        return f"{program} %h %p --delay {self.delay} --rate {self.rate}"

    def at_once(self) -> int:
        """Return how many bytes are put on the line at a time."""
        return max(1, int(self.rate * SLICE)) if self.rate else 65_536

    def carry(self, read: Callable[[int], bytes], write: Callable[[bytes], None]) -> None:
        """Carry what *read* returns to *write* until it returns nothing or either fails."""
        coming: queue.Queue[tuple[float, bytes]] = queue.Queue()
        writer = threading.Thread(target=self._arrive, args=(coming, write), daemon=True)
        writer.start()
        free = time.monotonic()
        try:
            while data := read(self.at_once()):
                now = time.monotonic()
                free = max(free, now - LATE)
                if self.rate:
                    free += len(data) / self.rate
                coming.put((max(free, now) + self.delay, data))
                _until(free)
        except OSError:
            pass
        coming.put((free + self.delay, b""))
        writer.join()

    def _arrive(
        self, coming: queue.Queue[tuple[float, bytes]], write: Callable[[bytes], None]
    ) -> None:
        try:
            while True:
                at, data = coming.get()
                _until(at)
                if not data:
                    return
                write(data)
        except OSError:
            return


def _until(at: float) -> None:
    left = at - time.monotonic()
    if left > 0:
        time.sleep(left)


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]


def relay(host: str, port: int, line: Line) -> None:
    """Carry standard input to *host*:*port* and back over *line* until either side ends."""
    there = socket.create_connection((host, port))
    there.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def up() -> None:
        line.carry(lambda size: os.read(0, size), there.sendall)
        try:
            there.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    threading.Thread(target=up, daemon=True).start()
    line.carry(there.recv, _write)


def main() -> None:
    """Read the arguments and relay."""
    grammar = argparse.ArgumentParser(prog="relay")
    grammar.add_argument("host")
    grammar.add_argument("port", type=int)
    grammar.add_argument("--delay", type=float, default=0.0, help="seconds, one way")
    grammar.add_argument("--rate", type=float, default=0.0, help="bytes a second, each way")
    asked = grammar.parse_args()
    relay(asked.host, asked.port, Line(asked.delay, asked.rate))


if __name__ == "__main__":
    main()
