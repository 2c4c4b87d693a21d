"""Files that a ledger command writes: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


class NotWritten(Exception):
    """A line for a person: the file is not there, or is what it was."""


def write(path: Path, data: bytes) -> None:
    """Write *data* to *path* in one step, for this user alone; raises `NotWritten`."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise NotWritten(f"{path}: cannot be written: {error.strerror or error}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise NotWritten(f"{path}: cannot be written: {error.strerror or error}") from error
