"""The colony in a box: the demo's child process, started, heard out, and ended with the station."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable
from typing import Any, cast

from adapters.text import clean

READY = 30.0
"""Seconds that the box has to its ready line."""
END = 3.0
"""Seconds that it has to end after its standard input was closed."""

_log = logging.getLogger("colony.box")


class BoxError(Exception):
    """A line for a person: the box did not start. `usage` is whether it was asked for nonsense."""

    def __init__(self, message: str, *, usage: bool = False) -> None:
        super().__init__(message)
        self.usage = usage


class Box:
    """The running box: its colony's name and the adapters' settings, as a configuration has them.

    `died` is called with a line for a person if it ends before `close`; it may be set later.
    """

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        colony: str,
        adapters: dict[str, dict[str, Any]],
        said: asyncio.Task[None],
    ) -> None:
        self.colony = colony
        self.adapters = adapters
        self._process = process
        self.died: Callable[[str], None] = lambda line: None
        self._closing = False
        self._tasks = [said, asyncio.create_task(self._watch(), name="box")]

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    async def close(self) -> None:
        """End the box; it ends by itself when its standard input closes."""
        self._closing = True
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), END)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _watch(self) -> None:
        stdout = cast(asyncio.StreamReader, self._process.stdout)
        while await stdout.read(4096):
            pass  # it says nothing after its ready line; a full pipe would stop it
        code = await self._process.wait()
        if not self._closing:
            line = f"the colony in a box has ended (status {code}): `colony --demo station restart`"
            _log.error("%s", line)
            self.died(line)


def command(seed: int, scenario: str, epoch: float, zero: float) -> list[str]:
    """Return the command that starts a box whose clock read *epoch* at monotonic *zero*."""
    return [
        sys.executable, "-P", "-m", "fixtures.box",
        "--seed", str(seed), "--scenario", scenario,
        "--epoch", repr(epoch), "--zero", repr(zero),
    ]  # fmt: skip


async def start(arguments: list[str], ready: float = READY) -> Box:
    """Start the box and wait for its ready line; raises `BoxError`."""
    try:
        process = await asyncio.create_subprocess_exec(
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=1024 * 1024,
        )
    except OSError as error:
        raise BoxError(f"the colony in a box cannot be started: {error}") from error
    last = [""]
    said = asyncio.create_task(_listen(process, last), name="box stderr")
    stdout = cast(asyncio.StreamReader, process.stdout)
    try:
        line = await asyncio.wait_for(stdout.readline(), ready)
        if not line:
            await asyncio.wait({said}, timeout=1.0)
            code = await process.wait()
            raise BoxError(_why(code, last[0]), usage=code == os.EX_USAGE)
        colony, adapters = _parse(line)
    except BaseException as error:
        if process.returncode is None:
            process.kill()
        await process.wait()
        said.cancel()
        if isinstance(error, TimeoutError):
            raise BoxError(f"the colony in a box was not ready within {ready:.0f} s") from error
        raise
    return Box(process, colony, adapters, said)


def _parse(line: bytes) -> tuple[str, dict[str, dict[str, Any]]]:
    """Read the ready line: {"colony": NAME, "adapters": {INSTANCE: {"adapter": KIND, …}}}."""
    try:
        told = json.loads(line)
        colony, adapters = told["colony"], told["adapters"]
    except (ValueError, KeyError, TypeError) as error:
        raise BoxError(f"the colony in a box said what is no ready line: {error!r}") from error
    whole = isinstance(colony, str) and isinstance(adapters, dict)
    if not (whole and all(isinstance(table, dict) for table in adapters.values())):
        raise BoxError("the colony in a box said what is no ready line")
    return colony, adapters


def _why(code: int, last: str) -> str:
    if "ModuleNotFoundError" in last:
        return (
            f"the demo needs what is not installed ({last}): "
            "install colony-console with its extra `demo`"
        )
    if code == os.EX_USAGE:
        return last.partition(": ")[2] or last
    return f"the colony in a box ended at its start (status {code}): {last or 'it said nothing'}"


async def _listen(process: asyncio.subprocess.Process, last: list[str]) -> None:
    """Log what the box says on standard error; *last* keeps the last line."""
    stderr = cast(asyncio.StreamReader, process.stderr)
    while True:
        try:
            line = await stderr.readline()
        except ValueError:
            continue  # longer than the buffer, and dropped from it
        if not line:
            return
        text = clean(line.decode("utf-8", "replace").rstrip(), 2_000)
        if text:
            last[0] = text
            _log.info("%s", text)
