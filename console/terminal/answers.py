"""What a terminal says by itself, kept apart from what a person types.

Textual's parser takes each character of a sequence that it does not know for a key: an answer on
colours or a clipboard ("ESC ] 52 ; c ; … ESC \\") would press `c` and `r`. So strings of control
(OSC, DCS, APC, PM, SOS) are left out before it reads them, and a paste holds no control at all:
what was copied from somewhere is from outside.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from time import monotonic
from typing import Final

PASTE, PASTED = "\x1b[200~", "\x1b[201~"
"""What stands before a paste and after it."""
LONGEST: Final = 65_536
"""Characters of one paste that are taken."""
APART: Final = 0.1
"""Seconds after which an escape and a character are two keys."""
GIVEN_UP: Final = 0.5
"""Seconds of silence after which a string that nobody ended is over."""
PASTE_GIVEN_UP: Final = 10.0
"""Seconds of silence after which a paste is; a slow line has pauses."""

_OPENS: Final = re.compile("\x1b\\[200~|\x1b[]PX^_]|[\x90\x98\x9d\x9e\x9f]")
_ENDS: Final = re.compile("\x07|\x1b\\\\|[\x18\x1a\x9c]|\x1b(?=[^\\\\])")
_ANSWERS: Final = re.compile(
    # Attributes, status, sizes, settings; Textual knows `? … $ y`, `48 ; … t` and `… R`.
    "\x1b\\[[?>=][0-?]*[ -/]*(?<!\\$)[@-~]|\x1b\\[(?!48;)[0-9;:]*[ !\"'$*+]?[cnqtx]"
    "|\x1b\\[[0-?]{25,}[ -/]*[@-~]?|\x9b[0-?]*[ -/]*[@-~]?"
)
_BEGUN: Final = re.compile("\x1b\\[[0-?]{0,24}[ -/]{0,2}\\Z")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Answers:
    """Takes what was read in pieces as they come, and returns what is for the parser of each.

    *clock* counts seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._at = clock()
        self._inside = ""
        """"string" or "paste"."""
        self._held = ""
        """The end of the piece before, which may be the beginning of an end, or of a string."""
        self._begun = ""
        """A sequence that the next piece goes on with."""
        self._alone = False
        self._taken = 0

    def take(self, text: str) -> str:
        """Return what of *text* a person typed or pasted, and the short answers that Textual
        knows.
        """
        if not text:
            return ""
        now = self._clock()
        pause, self._at = now - self._at, now
        out: list[str] = []
        self._give_up(pause, text, out)
        if pause <= GIVEN_UP:
            text = self._begun + text
        self._begun = ""
        while text:
            step = {"string": self._string, "paste": self._paste}.get(self._inside, self._typed)
            text = step(text, out)
        return "".join(out)

    def _give_up(self, pause: float, text: str, out: list[str]) -> None:
        """Leave what was begun and has no end, and take an escape long ago for a key."""
        if self._inside == "paste" and pause > PASTE_GIVEN_UP:
            out.append(PASTED)
        elif self._inside == "string" and (
            # An opener by itself, then a single character: somebody types, alt held at first.
            pause > GIVEN_UP or (self._alone and (len(text) == 1 or pause > APART))
        ):
            pass
        elif self._inside or pause <= APART:
            return
        self._inside, self._held, self._alone = "", "", False

    def _typed(self, text: str, out: list[str]) -> str:
        before = len(self._held)
        whole = self._held + text
        opens = next((one for one in _OPENS.finditer(whole) if one.end() > before), None)
        if opens is None:
            begun = _BEGUN.search(text)
            self._begun = begun[0] if begun is not None else ""
            text = text[: len(text) - len(self._begun)]
            out.append(_ANSWERS.sub("", text))
            self._held = text[-1:]
            return ""
        self._held = ""
        rest = whole[opens.end() :]
        if opens[0] == PASTE:
            out.append(_ANSWERS.sub("", whole[before : opens.end()]))
            self._inside, self._taken = "paste", 0
        else:
            out.append(_ANSWERS.sub("", whole[before : max(before, opens.start())]))
            self._inside, self._alone = "string", not rest
        return rest

    def _string(self, text: str, out: list[str]) -> str:
        whole = self._held + text
        self._held, self._alone = "", False
        ends = _ENDS.search(whole)
        if ends is None:
            self._held = "\x1b" if whole.endswith("\x1b") else ""
            return ""
        self._inside = ""
        return whole[ends.start() :] if ends[0] == "\x1b" else whole[ends.end() :]

    def _paste(self, text: str, out: list[str]) -> str:
        whole = self._held + text
        self._held = ""
        end = whole.find(PASTED)
        if end < 0:
            kept = next(n for n in range(len(PASTED) - 1, -1, -1) if whole.endswith(PASTED[:n]))
            self._held = whole[len(whole) - kept :]
            self._put(whole[: len(whole) - kept], out)
            return ""
        # One that ends twice has the first end in what was copied, to have the rest typed.
        again = whole.find(PASTE, end)
        end = whole.rfind(PASTED, end, again if again >= 0 else len(whole))
        self._put(whole[:end], out)
        out.append(PASTED)
        self._inside = ""
        return whole[end + len(PASTED) :]

    def _put(self, text: str, out: list[str]) -> None:
        harmless = _CONTROLS.sub("", text.replace(PASTED, "").replace(PASTE, ""))
        harmless = harmless[: LONGEST - self._taken]
        self._taken += len(harmless)
        out.append(harmless)
