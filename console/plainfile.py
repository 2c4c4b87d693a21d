"""Names a file as a person does, and reads a small one that they or somebody else put there.

Opening a pipe waits for who writes into it, and /dev/zero has no end: a console that somebody
waits for opens neither. Standard library only: it reads before the first paint.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path


def named(text: str) -> Path:
    """Return the path that a person wrote, at home after a tilde: as it is where nobody knows of
    whom.
    """
    path = Path(text)
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def wrong_name(text: str, path_of: Callable[[str], Path]) -> str:
    """Return why no new file can be called *text*, which *path_of* makes a path of; "" if it can.

    As far as a look tells: who writes it has to open it so that it must be new.
    """
    if not text.strip():
        return "the file has no name   esc leaves"
    path = path_of(text.strip())
    if os.path.lexists(path):
        return "it is there already; choose another name"
    return out_of_reach(path)


def out_of_reach(path: Path) -> str:
    """Return that there is no directory for *path*, "" where there is."""
    return "" if os.path.isdir(path.parent) else f"no directory {path.parent} is to be found"


def read(path: Path, most: int) -> bytes:
    """Return what the plain file *path* holds, at most one byte more than *most*.

    Raises `OSError`, `FileNotFoundError` among them, and where it is no plain file.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        # Asked before a file object is made of it: one of a directory says only what it is.
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            number = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
            raise OSError(number, "it is no plain file", str(path))
        found = b""
        while part := os.read(handle, most + 1 - len(found)):
            found += part
        return found
    finally:
        os.close(handle)
