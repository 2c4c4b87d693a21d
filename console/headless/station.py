"""`colony station`: run the station alone, or speak to the one that runs."""

from __future__ import annotations

import argparse
import asyncio
import os
from typing import Any

from console.choice import Choice
from console.feed.client import Feed, FeedClosed, FeedError, FeedRefused
from console.headless.session import UNAVAILABLE, complain, emit, show
from console.launch import LaunchError, find, station_command


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
        told = await feed.ask("station.stop", dict[str, Any], force=options.force)
    except FeedError as error:
        complain(str(error))
        return UNAVAILABLE
    finally:
        await feed.close()
    if options.what == "restart":
        return await _start(choice, options)
    if options.json:
        emit({"running": False, **told})
    else:
        show("the station has stopped")
    return 0


async def _status(feed: Feed, options: argparse.Namespace) -> int:
    told = await feed.ask("station.status", dict[str, Any])
    if options.json:
        emit({"running": True, **told})
    else:
        for key, value in told.items():
            show(f"{key.replace('_', ' '):<20} {value}")
    return 0


async def _start(choice: Choice, options: argparse.Namespace) -> int:
    from console.launch import attach

    feed = await attach(choice)
    try:
        return await _status(feed, options)
    finally:
        await feed.close()
