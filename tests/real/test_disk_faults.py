"""The program on disks that fail: no action is taken, viewing goes on, and it gets over it."""

from __future__ import annotations

import errno
import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console.choice import Choice
from console.identity import identify
from console.station.log import Leaf, Log, LogError
from tests.real.disk.failing import Breaker, fill, mount, small_disk
from tests.real.processes import Deadline, Program
from tests.ui.terminal import COLONY, colony, colony_environment

pytestmark = pytest.mark.real
DEMO = ("--demo", "--seed", "12")
APP = "app=life-support/oxygen-generator"
REFUSED = "no action is taken until it can be written"


class Running:
    """A demo's station that runs, with *extra* in its environment."""

    def __init__(self, home: Path, extra: dict[str, str] | None = None) -> None:
        self.home = home
        self.environment = colony_environment(home)
        self.folder = identify(Choice(demo=True, seed=12), self.environment).folder
        command = [*COLONY, *DEMO, "station"]
        self._program = Program("station", command, home, {**self.environment, **(extra or {})})

    def start(self) -> None:
        self._program.start()
        deadline = Deadline(60.0, "the station")
        while "is ready" not in self._program.tail():
            deadline.pause(self._program)

    def end(self) -> None:
        colony(self.home, *DEMO, "station", "stop", "--force")
        self._program.end()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = colony(self.home, *DEMO, *arguments)
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        self._program.check()
        return done

    # What is asked of it

    def acts(self) -> None:
        """An action is simulated, which writes it down."""
        done = self.run("act", "app.rollback", APP, "--dry-run", "--json")
        assert done.returncode == 0, done.stderr + done.stdout

    def refuses(self, why: str) -> None:
        """No action is taken, and everything else is there: what is watched, and what is wrong."""
        before = self.size()
        for flag in ("--dry-run", "--yes"):
            done = self.run("act", "app.rollback", APP, flag)
            assert done.returncode, done.stdout
            assert why in done.stdout + done.stderr
            assert REFUSED in done.stdout + done.stderr
        assert len(json.loads(self.run("status", "--json").stdout)["apps"]) >= 8
        said: Any = json.loads(self.run("doctor", "--json").stdout)
        assert why in json.dumps(said)
        assert self.size() == before

    def size(self) -> int:
        """How many entries the log has."""
        return len(self.run("ledger", "log", "--json").stdout.splitlines())


@pytest.fixture
def home() -> Iterator[Path]:
    """A home of its own, near the root: a socket's path has 108 bytes at most."""
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        yield Path(directory)


def test_a_disk_that_is_full(home: Path) -> None:
    station = Running(home)
    with small_disk(station.folder):
        try:
            station.start()
            station.acts()
            filler = fill(station.folder)
            station.refuses("the disk is full")
            filler.unlink()
            station.acts()
        finally:
            station.end()


@pytest.mark.parametrize("number", [errno.EIO, errno.EROFS])
def test_a_disk_that_fails_under_a_station(home: Path, number: int) -> None:
    breaker = Breaker(home)
    station = Running(home, breaker.environment)
    why = "the disk fails"
    try:
        station.start()
        station.acts()
        for _ in range(2):
            with breaker.failing(number):
                station.refuses(why)
            station.acts()
    finally:
        station.end()


async def test_a_disk_that_becomes_read_only_and_writable_again(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        log = Log(disk / "log.sqlite")
        assert await log.open() == ""
        await log.append(Leaf(b'{"n":0}', 0.0))
        await log.close()
        mount("-o", "remount,ro", str(disk))
        log = Log(disk / "log.sqlite")
        assert "Read-only file system" in await log.open()
        for _ in range(2):
            with pytest.raises(LogError, match="Read-only file system"):
                await log.append(Leaf(b'{"n":1}', 1.0))
        assert await log.read("SELECT count(*) FROM leaves") == [(1,)]
        mount("-o", "remount,rw", str(disk))
        assert await log.append(Leaf(b'{"n":1}', 1.0)) == 1
        assert log.trouble == ""
        assert await log.verify() == log.head
        await log.close()
