"""What is typed, read as UTF-8: bytes that are none become replacement marks."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from functools import partial


def forgiving(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
    """Return what makes a decoder of *encoding* that raises nothing."""
    return partial(codecs.getincrementaldecoder(encoding), "replace")


def forgive() -> None:
    """Have Textual's drivers read so.

    Theirs ends the program at the first such byte, and in a locale that is not UTF-8 that is
    any accented letter. They take the decoder from their module each time that they start to read.
    """
    from textual.drivers import linux_driver

    if hasattr(linux_driver, "getincrementaldecoder"):
        linux_driver.getincrementaldecoder = forgiving
