"""Finds a colony's running station, or starts one, and attaches to it.

Imports nothing heavy at the top: the console imports this before its first paint and calls it
after.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from console.choice import Choice
from console.configuration import ConfigurationProblem
from console.identity import Identity, identify, siblings
from console.paths import PathError

if TYPE_CHECKING:
    from console.feed.client import Feed
    from console.feed.messages import Parcel

USAGE, UNAVAILABLE, CONFIGURATION = 64, 69, 78
"""Exit statuses (sysexits.h)."""
START = 45.0
"""Seconds that a station has from its start to its ready line, without a sign of life."""


class LaunchError(Exception):
    """A line for a person, and the exit status that goes with it."""

    def __init__(self, message: str, status: int = UNAVAILABLE) -> None:
        super().__init__(message)
        self.status = status


def resolve(choice: Choice) -> Identity:
    """Return which station *choice* means; raises `LaunchError` for a wrong configuration."""
    try:
        return identify(choice)
    except ConfigurationProblem as error:
        raise LaunchError(str(error), CONFIGURATION) from error
    except PathError as error:
        raise LaunchError(str(error), UNAVAILABLE) from error


def station_command(
    choice: Choice, *, foreground: bool = False, attended: bool = False
) -> list[str]:
    """Return the command that starts the station which *choice* means.

    In the *foreground* it stays until it is told to end. Else it says on its standard output how
    its start goes, and ends by itself when nobody needs it; *attended* is whether a console
    starts it rather than a one-shot command. Raises `LaunchError`.
    """
    # -P: the directory that we happen to be in is no place to import from.
    command = [sys.executable, "-P", "-m", "console.station"]
    if not foreground:
        command += ["--started-by", "console" if attended else "command"]
    if choice.demo:
        command += ["--demo", "--seed", str(choice.seed)]
        if choice.scenario:
            command += ["--scenario", choice.scenario]
    else:
        if choice.config is not None:
            command += ["--config", str(choice.config.expanduser().absolute())]
        command += ["--colony", resolve(choice).colony]
    if choice.read_only and foreground:
        command.append("--read-only")
    return command


async def attach(
    choice: Choice,
    on_deliver: Callable[[Sequence[Parcel]], None] = lambda parcels: None,
    on_close: Callable[[str], None] = lambda reason: None,
    *,
    attended: bool = False,
    on_progress: Callable[[str], None] = lambda line: None,
) -> Feed:
    """Connect to the station that *choice* means, after starting it if none runs.

    Raises `LaunchError`, and `FeedRefused` where the station that runs does not let us in.
    """
    from console.feed.client import FeedClosed

    identity = resolve(choice)

    async def connect() -> Feed | None:
        return await _connect(identity.socket, choice, on_deliver, on_close, attended)

    feed = await connect()
    if feed is not None:
        return feed
    if identity.shared:
        raise LaunchError(
            f"no station answers at {identity.socket}: "
            f"it is shared, so have its service started (colony station)"
        )
    held = await _lock(identity, on_progress)
    try:
        feed = await connect()
        if feed is None:
            await _replace_others(identity)
            on_progress("starting the station")
            await _start(choice, identity, attended, on_progress)
            feed = await connect()
            if feed is not None:
                feed.started = True
    except FeedClosed as error:
        raise LaunchError(str(error)) from error
    finally:
        os.close(held)
    if feed is None:
        raise LaunchError(f"the station started and is gone again: see {identity.diary}")
    return feed


async def find(
    choice: Choice,
    on_deliver: Callable[[Sequence[Parcel]], None] = lambda parcels: None,
    on_close: Callable[[str], None] = lambda reason: None,
) -> Feed | None:
    """Connect to the running station of the colony, None if there is none; starts nothing.

    A station that runs under an older configuration is found too. Raises as `attach` does.
    """
    identity = resolve(choice)
    for socket in [identity.socket, *siblings(identity)]:
        feed = await _connect(socket, choice, on_deliver, on_close, attended=False)
        if feed is not None:
            return feed
    return None


async def _connect(
    socket: Path,
    choice: Choice,
    on_deliver: Callable[[Sequence[Parcel]], None],
    on_close: Callable[[str], None],
    attended: bool,
) -> Feed | None:
    """Connect to *socket*; None where nobody listens."""
    from console.feed.client import Feed, FeedClosed, FeedRefused
    from console.feed.messages import ENDED

    try:
        return await Feed.connect(
            socket, on_deliver, on_close, attended=attended, read_only=choice.read_only,
            role=choice.role, person=choice.person,
        )  # fmt: skip
    except FeedRefused as error:
        if str(error) == ENDED:
            return None
        raise
    except FeedClosed as error:
        if isinstance(error.__cause__, PermissionError):
            raise LaunchError(
                f"{error}: you may not use this station; ask to be in its socket's group"
            ) from error
        return None


async def _lock(identity: Identity, on_progress: Callable[[str], None]) -> int:
    """Return a descriptor that holds the lock on starting this station; waits for it."""
    import asyncio
    import fcntl
    import time

    held = _open(identity.lock, os.O_RDWR)
    told = False
    began = time.monotonic()
    try:
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if time.monotonic() - began > START:
                    raise LaunchError(
                        f"another colony has been starting the station for {START:.0f} s; "
                        f"see {identity.diary}"
                    ) from error
                if not told:
                    on_progress("another console is starting the station")
                    told = True
                await asyncio.sleep(0.05)
            else:
                return held
    except BaseException:
        os.close(held)
        raise


async def _replace_others(identity: Identity) -> None:
    """End the colony's station of an older configuration, if nobody needs it."""
    from console.feed.client import Feed, FeedClosed, FeedError, FeedRefused

    for socket in siblings(identity):
        try:
            feed = await Feed.connect(socket)
        except FeedClosed:
            # Nobody listens: its station died. Only one that dies leaves its socket.
            socket.unlink(missing_ok=True)
            continue
        except FeedRefused as error:
            raise LaunchError(str(error)) from error
        try:
            await feed.ask("station.stop", dict[str, Any], replace=True)
        except FeedClosed:
            pass
        except FeedError as error:
            raise LaunchError(
                f"the station of {identity.colony} runs under another configuration "
                f"(pid {feed.welcome.pid}) and is in use: {error}; "
                "`colony station restart` makes it read the new one"
            ) from error
        finally:
            await feed.close()


async def _start(
    choice: Choice, identity: Identity, attended: bool, on_progress: Callable[[str], None]
) -> None:
    """Start the station and wait until it is ready; raises `LaunchError` with its own line."""
    import asyncio

    command = station_command(choice, attended=attended)
    diary = _open(identity.diary, os.O_WRONLY | os.O_APPEND)
    try:
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=diary,
            start_new_session=True,
        )
    except OSError as error:
        raise LaunchError(f"the station cannot be started: {error}") from error
    finally:
        os.close(diary)
    spoken = cast("asyncio.StreamReader", child.stdout)
    while True:
        try:
            said = await asyncio.wait_for(spoken.readline(), START)
        except TimeoutError:
            child.terminate()
            raise LaunchError(
                f"the station did not start within {START:.0f} s; see {identity.diary}"
            ) from None
        except ValueError:
            continue  # a line longer than the reader's buffer is no line of ours
        word, _, rest = said.decode("utf-8", "replace").strip().partition(" ")
        if word == "ready":
            return
        if word == "starting":
            on_progress(rest)
        elif word == "error":
            status, _, line = rest.partition(" ")
            await child.wait()
            raise LaunchError(line, int(status) if status.isdigit() else UNAVAILABLE)
        elif not said:
            code = await child.wait()
            raise LaunchError(
                f"the station ended before it was ready (status {code}); see {identity.diary}"
            )


def _open(path: Path, flags: int) -> int:
    """Open a file of our own, making it if need be; raises `LaunchError`."""
    try:
        return os.open(path, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise LaunchError(f"{path}: cannot be opened: {error.strerror or error}") from error


__all__ = [
    "CONFIGURATION",
    "UNAVAILABLE",
    "USAGE",
    "Choice",
    "LaunchError",
    "attach",
    "find",
    "resolve",
    "station_command",
]
