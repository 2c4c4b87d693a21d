"""The colony in a box: the demo's child processes, started, heard out, ended with the station."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

from adapters.text import clean

READY = 30.0
"""Seconds that each process has to its ready line."""
END = 3.0
"""Seconds that it has to end after its standard input was closed."""
PARTS = {
    "fixtures.box": "the colony in a box",
    "fixtures.evm": "the chain of the colony in a box",
}
"""The modules that are run, each in a process of its own, and what a person calls them."""

_log = logging.getLogger("colony.box")

Tables = dict[str, dict[str, Any]]


class BoxError(Exception):
    """A line for a person: the box did not start. `usage` is whether it was asked for nonsense."""

    def __init__(self, message: str, *, usage: bool = False) -> None:
        super().__init__(message)
        self.usage = usage


class Box:
    """The running box: its colony's name and the adapters' settings, as a configuration has them.

    `died` is called with a line for a person for each process that ends before `close`; it may be
    set later.
    """

    def __init__(self, parts: list[_Part]) -> None:
        self.colony = parts[0].colony
        self.adapters: Tables = {}
        for part in parts:
            self.adapters |= part.adapters
        self.died: Callable[[str, Collection[str]], None] = lambda line, adapters: None
        """Told that a process has ended, in a line, and of the adapters that speak to it."""
        self._parts = parts
        self._closing = False
        self._tasks = [asyncio.create_task(self._watch(part), name=part.name) for part in parts]

    @property
    def pids(self) -> list[int]:
        """The processes, in the order of what was started."""
        return [part.process.pid for part in self._parts]

    async def close(self) -> None:
        """End the box; its processes end by themselves when their standard input closes."""
        self._closing = True
        await asyncio.gather(*(part.end() for part in self._parts))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _watch(self, part: _Part) -> None:
        code = await part.ended()
        if not self._closing:
            line = f"{part.name} has ended (status {code}): `colony --demo station restart`"
            _log.error("%s", line)
            self.died(line, part.adapters)


class _Part:
    """One process of the box, which said that it is ready."""

    def __init__(
        self, name: str, process: asyncio.subprocess.Process, said: asyncio.Task[None], line: bytes
    ) -> None:
        self.name = name
        self.process = process
        self.colony, self.adapters = _parse(name, line)
        self._said = said

    async def ended(self) -> int:
        """Wait for its end; return its status."""
        stdout = cast(asyncio.StreamReader, self.process.stdout)
        while await stdout.read(4096):
            pass  # it says nothing after its ready line; a full pipe would stop it
        return await self.process.wait()

    async def end(self) -> None:
        """Have it end, and kill it where it does not."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            await asyncio.wait_for(self.process.wait(), END)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        self._said.cancel()
        await asyncio.gather(self._said, return_exceptions=True)


def commands(seed: int, scenario: str, epoch: float, zero: float) -> dict[str, list[str]]:
    """Return the commands of a box whose clock read *epoch* at monotonic *zero*, by their name."""
    return {
        name: [
            sys.executable, "-P", "-m", module,
            "--seed", str(seed), "--scenario", scenario,
            "--epoch", repr(epoch), "--zero", repr(zero),
        ]
        for module, name in PARTS.items()
    }  # fmt: skip


async def start(parts: Mapping[str, list[str]], ready: float = READY) -> Box:
    """Start the commands, all at once, and wait for their ready lines; raises `BoxError`."""
    tasks = [asyncio.create_task(_start(name, each, ready)) for name, each in parts.items()]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        # The first that failed says why: the others are not waited for.
        for task in tasks:
            if task.done():
                task.result()
        started = [task.result() for task in tasks]
        _agree(started)
        return Box(started)
    except BaseException:
        for task in tasks:
            task.cancel()
        for found in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(found, _Part):
                await found.end()
        raise


def _agree(parts: list[_Part]) -> None:
    """Raise `BoxError` where the parts are not of one colony, or two have one adapter."""
    names = [name for part in parts for name in part.adapters]
    if len({part.colony for part in parts}) != 1 or len(set(names)) != len(names):
        raise BoxError("the processes of the colony in a box do not agree on what is in it")


async def _start(name: str, arguments: list[str], ready: float) -> _Part:
    """Start one process and wait for its ready line; raises `BoxError`."""
    try:
        process = await asyncio.create_subprocess_exec(
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=1024 * 1024,
        )
    except OSError as error:
        raise BoxError(f"{name} cannot be started: {error}") from error
    last = [""]
    said = asyncio.create_task(_listen(process, last), name=f"{name}: stderr")
    stdout = cast(asyncio.StreamReader, process.stdout)
    try:
        line = await asyncio.wait_for(stdout.readline(), ready)
        if not line:
            await asyncio.wait({said}, timeout=1.0)
            code = await process.wait()
            raise BoxError(_why(name, code, last[0]), usage=code == os.EX_USAGE)
        return _Part(name, process, said, line)
    except BaseException as error:
        if process.returncode is None:
            process.kill()
        await process.wait()
        said.cancel()
        if isinstance(error, TimeoutError):
            raise BoxError(f"{name} was not ready within {ready:.0f} s") from error
        raise


def _parse(name: str, line: bytes) -> tuple[str, Tables]:
    """Read the ready line: {"colony": NAME, "adapters": {INSTANCE: {"adapter": KIND, …}}}."""
    try:
        told = json.loads(line)
        colony, adapters = told["colony"], told["adapters"]
    except (ValueError, KeyError, TypeError) as error:
        raise BoxError(f"{name} said what is no ready line: {error!r}") from error
    whole = isinstance(colony, str) and isinstance(adapters, dict)
    if not (whole and all(isinstance(table, dict) for table in adapters.values())):
        raise BoxError(f"{name} said what is no ready line")
    return colony, adapters


def _why(name: str, code: int, last: str) -> str:
    if "ModuleNotFoundError" in last:
        return (
            f"the demo needs what is not installed ({last}): "
            "install colony-console with its extra `demo`"
        )
    if code == os.EX_USAGE:
        return last.partition(": ")[2] or last
    return f"{name} ended at its start (status {code}): {last or 'it said nothing'}"


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
