"""Measures a program in a real pseudo-terminal: bytes by time, key to paint, CPU of its tree."""

from __future__ import annotations

import fcntl
import os
import platform
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
COLONY = Path(sys.executable).with_name("colony")
"""The command as it is installed, which is what people start."""
_TICKS = os.sysconf("SC_CLK_TCK")
_WHERE = b"\x1b[6n"


class Chunk(NamedTuple):
    """One read from the terminal: when (`time.monotonic`) and what."""

    at: float
    data: bytes


class Pty:
    """*command* in a pseudo-terminal of *columns* × *lines*; a thread keeps all that it writes.

    Use it as a context manager: the program is ended on the way out.
    """

    def __init__(
        self,
        command: Sequence[str],
        columns: int = 120,
        lines: int = 40,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=ROOT,
            env={**(os.environ if environment is None else environment), **terminal},
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(slave)
        self.chunks: list[Chunk] = []
        self._tail = b""
        self._place = b"\x1b[%d;%dR" % (lines, columns)
        self._came = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Pty:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, keys: str | bytes) -> float:
        """Type *keys*; return when."""
        at = time.monotonic()
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)
        return at

    def key_to_paint(self, keys: str | bytes, seen: bytes = b"", timeout: float = 10.0) -> float:
        """Type *keys* and return the seconds until *seen* (or the first byte) is written."""
        before = len(self.chunks)
        at = self.send(keys)
        return self._wait(before, seen, timeout) - at

    def wait_for(self, seen: bytes, timeout: float = 30.0) -> float:
        """Return when *seen* was first written, waiting for it; raises TimeoutError."""
        return self._wait(0, seen, timeout)

    def settle(self, quiet: float = 0.5, timeout: float = 10.0) -> None:
        """Wait until nothing was written for *quiet* seconds, or *timeout* is over."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            last = self.chunks[-1].at if self.chunks else self.started
            if time.monotonic() - last >= quiet:
                return
            time.sleep(0.05)

    def written(self, start: float, end: float) -> int:
        """Return how many bytes came between two moments."""
        return sum(len(chunk.data) for chunk in self.chunks if start <= chunk.at < end)

    def paints(self, start: float, end: float) -> int:
        """Return how many frames came between two moments, told by the sync mark before each."""
        data = b"".join(chunk.data for chunk in self.chunks if start <= chunk.at < end)
        return data.count(b"\x1b[?2026h")

    def cpu(self) -> float:
        """Return the CPU seconds that the program and its descendants used so far."""
        return sum(_cpu(pid) for pid in tree(self.process.pid))

    def rss(self) -> int:
        """Return the resident bytes of the program and its descendants."""
        return sum(_rss(pid) for pid in tree(self.process.pid))

    def close(self) -> None:
        """End the program and its terminal."""
        if self.process.poll() is None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait(10)
        self._reader.join(5)
        os.close(self._master)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:  # EIO: the program closed its end
                data = b""
            at = time.monotonic()
            with self._came:
                if data:
                    self.chunks.append(Chunk(at, data))
                    self._answer(data)
                self._came.notify_all()
            if not data:
                return

    def _answer(self, data: bytes) -> None:
        """Answer what a terminal answers: that it synchronises frames, and where its cursor is."""
        if b"\x1b[?2026$p" in data:
            os.write(self._master, b"\x1b[?2026;2$y")
        # A question may be split between two reads.
        asked = (self._tail + data).count(_WHERE)
        self._tail = data[-len(_WHERE) + 1 :]
        if asked:
            os.write(self._master, self._place * asked)

    def _wait(self, first: int, seen: bytes, timeout: float) -> float:
        end = time.monotonic() + timeout
        held = b""
        with self._came:
            while True:
                for chunk in self.chunks[first:]:
                    first += 1
                    # What is looked for may be split between two reads.
                    held = held[-len(seen) :] + chunk.data if seen else chunk.data
                    if not seen or seen in held:
                        return chunk.at
                left = end - time.monotonic()
                if left <= 0 or self.process.poll() is not None:
                    shown = b"".join(chunk.data for chunk in self.chunks[-20:])[-600:]
                    raise TimeoutError(f"{seen!r} was not written; last came {shown!r}")
                self._came.wait(min(left, 0.2))


def _take_terminal() -> None:
    """Make the pseudo-terminal the child's controlling one."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def tree(pid: int) -> list[int]:
    """Return *pid* and its descendants that live."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields:
                children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat after the command's name, none if it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _cpu(pid: int) -> float:
    """Return user and system time, with that of children it waited for.

    Its own by its clock (clock_getcpuclockid(3)): /proc counts hundredths of a second, a tenth of
    what an idle app uses in four.
    """
    fields = _stat(pid)
    try:
        own = time.clock_gettime(~pid << 3 | 2)
    except OSError:  # it is gone
        return 0.0
    return own + sum(map(int, fields[13:15])) / _TICKS


def _rss(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[21]) * os.sysconf("SC_PAGE_SIZE") if fields else 0


def machine() -> list[str]:
    """Return facts about the machine and what runs, for a table's head."""
    model = platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    return [
        f"{model}, {os.cpu_count()} cores, load {load}, Linux {platform.release()}",
        f"Python {platform.python_version()}, textual {version('textual')}, "
        f"rich {version('rich')}, msgspec {version('msgspec')}",
        time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime()) + f", {sys.executable}",
    ]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows under a head as lines, columns aligned."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
