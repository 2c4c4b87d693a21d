"""An escape and the key right after it are two keys, also where both come in one read.

A terminal writes alt with a key as an escape and that key, and Textual's parser takes the two for
that: "ESC r" is alt+r, "ESC 2" is a trade mark, as iTerm types it, and of "ESC /" the escape is
lost. But over a slow line keys come together that were typed one after another, or within a tenth
of a second, and nothing is typed as often as an escape and what to do next.
Nothing here has a key with alt, unless a person bound one: that one stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from textual._xterm_parser import XTermParser
from textual.message import Message

ESCAPE: Final = "\x1b"
REST: Final = "[27u"
"""What makes of an escape that is begun the key, in the way of the Kitty protocol."""
_GOES_ON: Final = frozenset("[]OPX^_\\bf\t\x1b\x7f")
"""What may go on after an escape: sequences, words to the left and right (option on a Mac), a tab
back on the Linux console, another escape, a word rubbed out."""
_CUT: Final = re.compile(f"(?<={ESCAPE})(?=.)", re.DOTALL)
"""Where what was read is cut: each piece but the last ends in an escape."""


class Keystrokes(XTermParser):
    """Textual's parser, but for that. *chords* are the letters that a person bound with alt."""

    def __init__(self, debug: bool = False, chords: Collection[str] = ()) -> None:
        super().__init__(debug)
        self._goes_on = _GOES_ON.union(chords)
        self._begun = False
        """Whether the last that was fed is an escape of which nothing has come yet."""

    def feed(self, data: str) -> Iterable[Message]:
        """Return the events that *data* brings to their end; "" ends it all."""
        for piece in _CUT.split(data):
            if self._begun and piece and piece[0] not in self._goes_on:
                yield from super().feed(REST)
            yield from super().feed(piece)
            self._begun = piece.endswith(ESCAPE)

    def tick(self) -> Iterable[Message]:
        """Return an escape after which nothing came for a while."""
        for event in super().tick():
            self._begun = False
            yield event
