"""What is typed, read as UTF-8: bytes that are none become replacement marks, what the terminal
says by itself is left out, and an escape is a key of its own.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Collection
from functools import partial
from typing import Any, Protocol

from console.terminal.answers import Answers


class Decoder(Protocol):
    """What Textual's drivers ask for text."""

    def decode(self, data: Any, final: bool = False) -> str:
        """Return the text that *data* brings to its end."""
        ...


class Typed:
    """Decodes what was read, without what no person typed."""

    def __init__(self, encoding: str) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._answers = Answers()

    def decode(self, data: Any, final: bool = False) -> str:
        """Return the text that *data* brings to its end."""
        return self._answers.take(self._decoder.decode(data, final))


def forgiving(encoding: str) -> Callable[[], Decoder]:
    """Return what makes a decoder of *encoding* that raises nothing."""
    return lambda: Typed(encoding)


def forgive(chords: Collection[str] = ()) -> None:
    """Have Textual's drivers read so. *chords* are the letters that are bound with alt.

    Their decoder ends the program at the first such byte, and in a locale that is not UTF-8 that
    is any accented letter. They take it and the parser from their module each time that they start
    to read.
    """
    from textual.drivers import linux_driver

    from console.terminal.keystrokes import Keystrokes

    if hasattr(linux_driver, "getincrementaldecoder"):
        linux_driver.getincrementaldecoder = forgiving
    if hasattr(linux_driver, "XTermParser"):
        linux_driver.XTermParser = partial(Keystrokes, chords=chords)
