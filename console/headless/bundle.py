"""`colony bundle`: what helps somebody else to see what is wrong, in one file without a secret."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from console.choice import Choice
from console.feed.client import Feed
from console.headless.session import complain, connected, emit, show, tell
from console.plainfile import named
from console.preferences import load
from console.rows.times import iso
from console.support.archive import name_of, packed, write
from console.support.gather import gather
from console.support.here import here

CANNOT_CREATE = 73
"""Exit status where the file cannot be written (sysexits.h, EX_CANTCREAT)."""


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Write the bundle; exit 0, 73 where the file cannot be written."""

    async def work(feed: Feed) -> int:
        colony = feed.welcome.colony
        preferences, problems = load()
        at = iso(datetime.now(UTC).timestamp()) or ""
        files = await gather(
            feed.ask,
            here(preferences, problems),
            colony=colony,
            when=at,
            version=version("colony-console"),
            environ=os.environ,
            told=lambda what: tell(f"asking: {what}"),
        )
        if str(options.file) == "-" or (choice.role and options.file is None):
            # A login over SSH names no file of this host: what it gets is kept where it came from.
            return _pour(packed(Path(name_of(colony, at)).stem, files))
        path = named(str(options.file)) if options.file else Path(name_of(colony, at))
        try:
            size = await asyncio.to_thread(write, path, files)
        except FileExistsError:
            complain(f"{path}: is there already; choose another name")
            return CANNOT_CREATE
        except OSError as error:
            complain(f"{path}: cannot be written: {error.strerror or error}")
            return CANNOT_CREATE
        if options.json:
            emit({"file": str(path), "bytes": size, "holds": sorted(files)})
        else:
            show(f"written: {path}, {size:,} bytes, {len(files)} files; "
                 "read README.txt in it before you pass it on")  # fmt: skip
        return 0

    return connected(choice, work)


def _pour(data: bytes) -> int:
    if sys.stdout.isatty():
        complain("a bundle is not for a terminal: send it into a file, `… bundle > support.zip`")
        return os.EX_USAGE
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
    return 0
