"""Which controls are in what a program wrote: those that are its own, and what they leave set."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

MODES: Final = frozenset({7, 25, 1000, 1003, 1004, 1006, 1015, 1016, 1049, 2004, 2026, 2048})
"""Private modes that the console sets: wrapping, cursor, mouse, focus, screen, paste, size."""
ON_AT_FIRST: Final = frozenset({7, 25})

_OWN: Final = re.compile(
    r"""\x1b\[(?:
      [0-9]*(?:;[0-9]+)?H | [0-9;]*m | [0-9]*[ABCDG] | [0-9]*[KX]   # where, how, erased
    | [6]n                                                          # where is the cursor
    | \?(?P<mode>[0-9]+)(?P<set>[hl]) | \?(?:2026|2048)\$p          # modes, and whether they are
    | [<>][0-9]*u                                                   # the keyboard's
    ) | \x08+                        # a step back, where that is the shortest way
    | \x1b\]22;[a-z-]*\x07                                        # the pointer's shape""",
    re.VERBOSE,
)
_CLIPBOARD: Final = re.compile(r"\x1b\]52;c;[A-Za-z0-9+/=]*\x07")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class Written(NamedTuple):
    """What was found: what is not the program's own, the modes left on, and what was copied."""

    foreign: list[str]
    left: set[int]
    keyboard: int
    copied: list[str]


def written(data: bytes, *, bells: bool = False) -> Written:
    """Read all that a program wrote. Texts may have line feeds; with *bells*, bells too."""
    text = data.decode("utf-8", "surrogateescape")
    on = set(ON_AT_FIRST)
    foreign, copied = [], []
    at = keyboard = 0
    while at < len(text):
        one = text[at]
        if one in "\x1b\b":
            found = _OWN.match(text, at)
            copy = None if found else _CLIPBOARD.match(text, at)
            if found is None and copy is None:
                foreign.append(repr(text[at : at + 40]))
                at += 1
                continue
            if copy is not None:
                copied.append(copy.group())
                at = copy.end()
                continue
            assert found is not None
            if (mode := found["mode"]) is not None:
                if int(mode) not in MODES:
                    foreign.append(found.group())
                (on.add if found["set"] == "h" else on.discard)(int(mode))
            if found.group().endswith("u"):
                keyboard += 1 if ">" in found.group() else -1
            at = found.end()
            continue
        if unicodedata.category(one) in _UNSEEN and one not in ("\r\n\a" if bells else "\r\n"):
            foreign.append(f"{one!r} in {text[max(0, at - 20) : at + 20]!r}")
        at += 1
    return Written(foreign, on ^ ON_AT_FIRST, keyboard, copied)
