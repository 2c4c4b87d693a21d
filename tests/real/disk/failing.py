"""Disks that are full, read-only or broken: real mounts, and a library before the C library."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("faults.c")


def mount(*options: str) -> None:
    """Mount; where that is not allowed, the test fails in CI and is skipped elsewhere."""
    done = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
    if done.returncode:
        missing(f"mount {' '.join(options)}: {done.stderr.strip()}; it needs root")


def missing(what: str) -> None:
    """Fail in CI and skip elsewhere: *what* a test needs is not there."""
    if os.environ.get("CI"):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


@contextlib.contextmanager
def small_disk(where: Path, size: str = "12m") -> Iterator[Path]:
    """A disk of *size* at *where*, for as long as that lasts."""
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    mount("-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(where))
    try:
        yield where
    finally:
        subprocess.run(["umount", "-l", str(where)], check=True)


def fill(disk: Path) -> Path:
    """Fill *disk* to the last byte; return the file that does."""
    path = disk / "filler"
    with path.open("wb", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2
    return path


class Breaker:
    """Lets what a process writes to its log fail, and stop failing."""

    def __init__(self, directory: Path) -> None:
        """Compile it; where there is no compiler, as `mount` without root."""
        compiler = shutil.which("cc")
        if compiler is None:
            missing("there is no C compiler (cc)")
        self._library = directory / "faults.so"
        self._switch = directory / "fault"
        subprocess.run(
            [str(compiler), "-shared", "-fPIC", "-O1", "-o", str(self._library), str(SOURCE)],
            check=True,
        )

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in its environment."""
        return {"LD_PRELOAD": str(self._library), "COLONY_FAULT": str(self._switch)}

    @contextlib.contextmanager
    def failing(self, number: int) -> Iterator[None]:
        """Let writes and syncs fail with the errno *number*."""
        new = self._switch.with_suffix(".new")
        new.write_text(str(number))
        new.replace(self._switch)
        try:
            yield
        finally:
            self._switch.unlink()
