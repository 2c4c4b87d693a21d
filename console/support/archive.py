"""Writes a support bundle: one zip file, for its owner alone, whole or not at all."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path


def name_of(colony: str, at: str) -> str:
    """Return what a bundle is called: "support-tycho-20311120T140231Z.zip".

    *at* is a time as ISO 8601 has it, "" where it is not known.
    """
    safe = "".join(one if one.isascii() and (one.isalnum() or one in "-_") else "-"
                   for one in colony)  # fmt: skip
    when = at.replace("-", "").replace(":", "") or "now"
    return f"support-{safe or 'colony'}-{when}.zip"


def packed(folder: str, files: Mapping[str, bytes]) -> bytes:
    """Return *files* as a zip archive that unpacks into *folder*."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(f"{folder}/{name}", data)
    return held.getvalue()


def write(path: Path, files: Mapping[str, bytes]) -> int:
    """Write *files* to *path* and return its size in bytes.

    Raises `FileExistsError` where something is there already, and `OSError`.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    handle = os.open(path, flags, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(packed(path.stem, files))
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path.stat().st_size
