"""Reads a small file that a person may have put there, or somebody else.

Opening a pipe waits for who writes into it, and /dev/zero has no end: a console that somebody
waits for opens neither. Standard library only: it reads before the first paint.
"""

from __future__ import annotations

import errno
import os
import stat
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
