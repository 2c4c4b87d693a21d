"""The station's own log file: what went wrong, filtered, capped, without secrets."""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path

from adapters.text import clean, clean_text
from console.support.credentials import without_credentials

CAP = 1024 * 1024
"""Bytes of the file before it is moved to NAME.1, which is overwritten."""


class _Format(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return time.strftime(datefmt or "%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))

    def format(self, record: logging.LogRecord) -> str:
        return clean_text(without_credentials(super().format(record)), 16_384)


class Diary(logging.Handler):
    """Writes to *path*, and keeps file descriptor 2 there too when *stderr* is set.

    What the interpreter itself says when it dies lands in the same file.
    """

    def __init__(self, path: Path, *, stderr: bool) -> None:
        super().__init__()
        self.setFormatter(_Format())
        self._path = path
        self._stderr = stderr
        self._file = -1
        self._open()

    def emit(self, record: logging.LogRecord) -> None:
        """Append one entry; a full disk is no reason to stop."""
        try:
            line = self.format(record) + "\n"
            os.write(self._file, line.encode("utf-8", "replace"))
            if os.fstat(self._file).st_size > CAP:
                self._path.replace(self._path.with_name(self._path.name + ".1"))
                self._open()
        except OSError:
            return

    def _open(self) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        opened = os.open(self._path, flags, 0o600)
        if self._file >= 0:
            os.close(self._file)
        self._file = opened
        if self._stderr:
            os.dup2(opened, 2)


class _ToStderr(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(clean(without_credentials(record.getMessage()), 2_000) + "\n")


def keep(path: Path, *, foreground: bool) -> None:
    """Log to *path* from now on; in the *foreground* say it on standard error too."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    # httpx logs every request's URL at INFO; what a URL holds is not ours to keep.
    for noisy in ("httpx", "httpcore", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    root.addHandler(Diary(path, stderr=not foreground))
    if foreground:
        said = _ToStderr(logging.WARNING)
        root.addHandler(said)
