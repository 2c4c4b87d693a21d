"""`colony station`: run the station alone, or speak to the one that runs."""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from console.choice import Choice
from console.feed.client import Feed, FeedClosed, FeedError, FeedRefused
from console.headless.session import UNAVAILABLE, complain, emit, show
from console.identity import HOLD
from console.launch import LaunchError, find, station_command
from console.rows import times

ENDS = 15.0
"""Seconds that a station which was told to stop has to end."""


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Run it in the foreground; or `status`, `stop`, `restart` of the one that runs."""
    try:
        if options.what == "run":
            command = station_command(choice, foreground=True)
            os.execv(command[0], command)  # noqa: S606  (its own arguments, no shell)
        return asyncio.run(_speak(choice, options))
    except LaunchError as error:
        complain(str(error))
        return error.status


async def _speak(choice: Choice, options: argparse.Namespace) -> int:
    try:
        feed = await find(choice)
    except FeedRefused as error:
        complain(str(error))
        return UNAVAILABLE
    except FeedClosed:
        feed = None
    if feed is None:
        if options.what == "restart":
            return await _start(choice, options)
        if options.json:
            emit({"running": False})
        else:
            show("no station runs for this colony")
        return 0 if options.what == "stop" else 1
    try:
        if options.what == "status":
            return await _status(feed, options)
        about = await feed.ask("station.status", dict[str, Any])
        told = await feed.ask("station.stop", dict[str, Any], force=options.force)
    except FeedError as error:
        complain(str(error))
        return UNAVAILABLE
    finally:
        await feed.close()
    ended = await until_ended(Path(about["log"]).with_name(HOLD), told["pid"])
    if options.what == "restart":
        return await _start(choice, options)
    if ended is False:
        complain(
            f"the station was told to stop and has not ended within {ENDS:.0f} s (pid "
            f"{told['pid']}): `colony station status`, or stop that process"
        )
    if options.json:
        running = None if ended is None else not ended
        emit({"running": running, **told, "stopping": not ended})
    elif ended is not False:
        show("the station has stopped" if ended else "the station was told to stop")
    return UNAVAILABLE if ended is False else 0


async def until_ended(hold: Path, pid: int, patience: float = ENDS) -> bool | None:
    """Wait until the station *pid* has let go of *hold*, the last that it does; return whether.

    None where the file cannot be read from here: the station of another host's container.
    """
    try:
        handle = os.open(hold, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    deadline = time.monotonic() + patience
    try:
        # Not the process: who started it may never reap it, and then its pid stays.
        while os.pread(handle, 32, 0).strip() == b"%d" % pid:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
            await asyncio.sleep(0.05)
        return True  # another station runs already
    finally:
        os.close(handle)


async def _status(feed: Feed, options: argparse.Namespace) -> int:
    told = await feed.ask("station.status", dict[str, Any])
    if options.json:
        emit({"running": True, **told})
    else:
        show(*report(told))
    return 0


def report(told: Mapping[str, Any]) -> list[str]:
    """Return what the station says of itself as lines for a person: an adapter has one each."""
    lines = []
    for key, value in told.items():
        match key:
            case "started_at":
                value = times.iso(value)
            case "ends_in":
                key, value = "ends", _end(told)
            case "stays":
                continue
            case "adapters":
                lines += [_line("adapter", f"{name:<20} {state}") for name, state in value.items()]
                continue
        lines.append(_line(key.replace("_", " "), "none" if value in ("", None) else value))
    return lines


def _line(name: str, value: Any) -> str:
    return f"{name:<20} {value}"


def _end(told: Mapping[str, Any]) -> str:
    """Return when it ends by itself; who asks is attached while it answers."""
    if told.get("stays"):
        return "when it is stopped"
    if told["ends_in"] is None:
        return "by itself, some time after nobody is attached and nothing is in flight"
    return f"by itself in {times.duration(told['ends_in'])} unless somebody attaches"


async def _start(choice: Choice, options: argparse.Namespace) -> int:
    from console.launch import attach

    feed = await attach(choice)
    try:
        return await _status(feed, options)
    finally:
        await feed.close()
