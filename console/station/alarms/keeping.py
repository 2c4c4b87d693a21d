"""Keeps the alarms over a restart: a JSON file beside the log, replaced whole.

The log has who acknowledged what; this has only where each alarm stands. Where it is lost, alarms
call again that somebody had seen: that is the safe side.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from adapters.records import Alarm
from console.plainfile import read

VERSION = 1
SIZE = 8 * 1024 * 1024
"""Bytes of the file at most."""


class Kept(msgspec.Struct, frozen=True):
    """What the file holds: the alarms, and the names of those whose cause was there."""

    version: int = VERSION
    alarms: tuple[Alarm, ...] = ()
    active: tuple[str, ...] = ()


def load(path: Path) -> tuple[Kept, str]:
    """Return what *path* holds, and a line on what is wrong with it; a bad file is put aside."""
    try:
        data = read(path, SIZE)
        kept = msgspec.json.decode(data, type=Kept)
    except FileNotFoundError:
        return Kept(), ""
    except OSError as error:
        return Kept(), f"{path} cannot be read ({error.strerror}): alarms call again"
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        kept = Kept(version=0)
    if kept.version != VERSION or len(data) > SIZE:
        with contextlib.suppress(OSError):
            path.replace(path.with_name(path.name + ".bad"))
        return Kept(), f"{path} is damaged and was put aside as {path.name}.bad: alarms call again"
    return kept, ""


def save(path: Path, alarms: Iterable[Alarm], active: Iterable[str]) -> None:
    """Replace what *path* holds; raises `OSError`, and then what was there is there still."""
    data = msgspec.json.encode(Kept(VERSION, tuple(alarms), tuple(sorted(active))))
    new = path.with_name(path.name + ".new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(new, flags, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)
