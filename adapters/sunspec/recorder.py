"""Keeps samples of a plant in a file, so that its last hours survive a restart.

One JSON line a minute, appended: a torn one costs itself only. What is read back was written by
somebody: lines are checked by type, and size and time are bounded.
"""

from __future__ import annotations

import math
import os
import stat
from collections.abc import Iterable
from pathlib import Path

import msgspec

from adapters.sunspec.energy import DAY

LIMIT = 2_000_000
"""Bytes that the file may grow to; it is then rewritten with what is still of use."""
KEPT = 1.5 * DAY
"""Seconds that samples are of use: the trend, and the counters around the last midnight."""
LONGEST = 16_384
MOST_DEVICES = 64


class Sample(msgspec.Struct, frozen=True):
    """One minute: mean power in W of `samples` readings, charge in %, counters in Wh by name."""

    at: float
    power: float | None = None
    charge: float | None = None
    samples: int = 1
    energy: dict[str, float] = {}

    def sound(self, before: float, now: float) -> bool:
        """Whether it is between *before* and *now*, and holds nothing absurd."""
        numbers = [self.at, self.power or 0.0, self.charge or 0.0, *self.energy.values()]
        if not all(map(math.isfinite, numbers)) or len(self.energy) > MOST_DEVICES:
            return False
        return before <= self.at <= now and 1 <= self.samples <= 100_000


_decode = msgspec.json.Decoder(Sample).decode
_encode = msgspec.json.Encoder().encode


class Recorder:
    """The file at *path*; every method may raise OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self, now: float) -> list[Sample]:
        """Return the samples that are still of use, oldest first; none where there is no file."""
        try:
            data = self._read()
        except FileNotFoundError:
            return []
        return sound(data.split(b"\n"), now)

    def append(self, sample: Sample, now: float) -> None:
        """Add a sample; past `LIMIT` the file is rewritten first."""
        line = _encode(sample) + b"\n"
        handle = self._open(os.O_RDWR | os.O_APPEND | os.O_CREAT)
        try:
            size = os.fstat(handle).st_size
            if size and os.pread(handle, 1, size - 1) != b"\n":
                line = b"\n" + line  # the last one was torn by a crash
            os.write(handle, line)
        finally:
            os.close(handle)
        if size + len(line) > LIMIT:
            self._rewrite(now)

    def _rewrite(self, now: float) -> None:
        lines = [_encode(sample) + b"\n" for sample in self.load(now)]
        while sum(map(len, lines)) > LIMIT // 2:
            del lines[: len(lines) // 2 + 1]
        fresh = self.path.with_name(self.path.name + ".new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        try:
            os.write(handle, b"".join(lines))
        finally:
            os.close(handle)
        fresh.replace(self.path)

    def _read(self) -> bytes:
        handle = self._open(os.O_RDONLY)
        try:
            size = os.fstat(handle).st_size
            return os.pread(handle, LIMIT + LONGEST, max(0, size - LIMIT - LONGEST))
        finally:
            os.close(handle)

    def _open(self, flags: int) -> int:
        handle = os.open(self.path, flags | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
        if not stat.S_ISREG(os.fstat(handle).st_mode):  # a pipe would hold the adapter up
            os.close(handle)
            raise OSError(f"{self.path} is not a regular file")
        return handle


def sound(lines: Iterable[bytes], now: float) -> list[Sample]:
    """Return the samples in *lines* that can be trusted, in order of time."""
    found: list[Sample] = []
    before = now - KEPT
    for line in lines:
        if not line or len(line) > LONGEST:
            continue
        try:
            sample = _decode(line)
        except msgspec.MsgspecError:
            continue
        if sample.sound(before, now):
            found.append(sample)
            before = sample.at
    return found


class Minute:
    """Gathers the readings of a minute into one sample."""

    def __init__(self) -> None:
        self._start: float | None = None
        self._powers: list[float] = []
        self._last: Sample | None = None

    def add(
        self, at: float, power: float | None, charge: float | None, energy: dict[str, float]
    ) -> Sample | None:
        """Take a reading in; return the sample of the minute before, when it is over."""
        start = at // 60.0 * 60.0
        done = self.close() if self._start is not None and start != self._start else None
        self._start = start
        if power is not None:
            self._powers.append(power)
        self._last = Sample(at, None, charge, 1, energy)
        return done

    def close(self) -> Sample | None:
        """Return what was gathered, None where there was nothing, and begin anew."""
        powers, last = self._powers, self._last
        self._start, self._powers, self._last = None, [], None
        if last is None or (not powers and last.charge is None and not last.energy):
            return None
        mean = round(sum(powers) / len(powers), 1) if powers else None
        return msgspec.structs.replace(last, power=mean, samples=max(1, len(powers)))
