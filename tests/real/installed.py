"""Where the real systems are that `tests/real/install` brings, part by part."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

INSTALL = "tests/real/install"
_SCRIPT = Path(__file__).parent / "install"


class NotInstalled(RuntimeError):
    """A part is not there; the message says what to run."""


def installed(part: str) -> Path:
    """Return the directory of *part*, as parts/ calls it; raises `NotInstalled`."""
    where = subprocess.run(
        [str(_SCRIPT), "--where", part], capture_output=True, text=True, check=False
    )
    directory = where.stdout.strip()
    if where.returncode:
        said = f"{part} is not in {directory}" if directory else where.stderr.strip()
        raise NotInstalled(f"{said}: run {INSTALL}")
    return Path(directory)


def required(part: str) -> Path:
    """Return the directory of *part*, for a test that needs it.

    Not installed, the test fails in CI and is skipped elsewhere.
    """
    try:
        return installed(part)
    except NotInstalled as error:
        if os.environ.get("CI"):
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
