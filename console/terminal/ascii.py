"""ASCII stand-ins for what the console draws, a cell for a cell, where the locale is not UTF-8.

A mark's stand-in is a sign or letter of its own: what differs on the screen differs here too.
Frames, bars, sparks and braille become what comes nearest. Anything else is a question mark a
cell, as an encoder would have it: never a hole, and never a byte that means something else.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rich.cells import cell_len, get_character_cell_size

MARKS: Final = {
    "✔": "v", "✖": "X", "▲": "!", "●": "*", "◌": "o", "◔": "%", "⚑": "P", "☾": "C", "☼": "@",
    "◆": "#", "◇": "~", "◈": "&", "▞": "/", "▫": ".", "⊘": "0", "▤": "=", "✎": "E", "⚿": "K",
    "○": "O", "◐": "c", "◑": "d", "◉": "Q", "◍": "G", "◎": "q", "▼": "V", "▽": "U", "△": "A",
    "■": "B", "◼": "k", "□": "D", "★": "S", "☆": "s", "⚡": "Z", "✱": "H", "♪": "J", "⏸": "|",
    "⚠": "W", "⊕": "N", "⊗": "M", "⟳": "R", "↻": "r", "✚": "T", "✦": "F", "✧": "f", "⚐": "p",
    "◒": "u",
    "◓": "n", "◕": "a", "⬤": "8", "⬡": "h", "⬢": "L", "⬣": "l", "✓": "Y", "✗": "x",
}  # fmt: skip
"""Marks by themselves mean something: no two have the same stand-in."""

_FRAMES = {
    "─": "-", "━": "-", "╌": "-", "┄": "-", "┈": "-", "╴": "-", "╶": "-", "═": "=", "—": "-",
    "–": "-", "‐": "-", "‑": "-", "―": "-", "−": "-", "│": "|", "┃": "|", "╎": "|", "┆": "|",
    "┊": "|", "╷": "|", "╵": "|", "║": "|", "▏": "|", "▕": "|", "▎": "|", "▍": "|", "╸": "]",
    "╺": "-", "╹": "|", "╻": "|", "╱": "/", "╲": "\\", "╳": "X", "⎸": "|", "▊": "|", "▋": "|",
    "▌": "|", "▐": "|", "▉": "#", "▔": "-", "🭶": "-", "🭻": "-",
}  # fmt: skip
_BLOCKS = {
    "█": "#", "▓": "#", "▒": ":", "░": ".", "▀": "^", "▰": "#", "▱": "-", "▪": "*", "▮": "#",
    "▯": "-", "▬": "=", "▁": "_", "▂": "_", "▃": ".", "▄": "-", "▅": "=", "▆": "+", "▇": "*",
    "▖": ".", "▗": ".", "▘": "'", "▝": "'", "▚": "\\", "▙": "#", "▛": "#", "▜": "#", "▟": "#",
}  # fmt: skip
_ARROWS = {
    "→": ">", "←": "<", "↑": "^", "↓": "v", "↔": "-", "↕": "|", "⇥": ">", "⇤": "<", "↗": "/",
    "↘": "\\", "↙": "/", "↖": "\\", "⇒": ">", "⇐": "<", "⇑": "^", "⇓": "v", "▸": ">", "▹": ">",
    "▶": ">", "◀": "<", "◂": "<", "▾": "v", "▿": "v", "▴": "^", "▵": "^", "›": ">", "‹": "<",
    "»": ">", "«": "<", "⟩": ">", "⟨": "<", "❯": ">", "❮": "<", "↩": "<", "↪": ">", "↵": "<",
    "⏎": "<", "⌃": "^", "⌄": "v", "⤷": ">",
}  # fmt: skip
_SIGNS = {
    "…": "~", "⋯": "~", "·": ".", "•": "*", "×": "x", "°": "o", "µ": "u", "μ": "u", "ⁿ": "n",
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'", "¶": "$", "≥": ">", "≤": "<",
    "≈": "~", "≠": "!", "±": "+", "÷": "/", "∞": "8", "Δ": "d", "∆": "d", "Σ": "S", "Ω": "O",
    "§": "S", "¹": "1", "²": "2", "³": "3", "⁰": "0", "⌀": "0", "√": "V", "¢": "c", "€": "E",
    "£": "L", "½": "/", "¼": "/", "¾": "/", "∅": "0", "\N{NO-BREAK SPACE}": " ", "␣": "_",
}  # fmt: skip
_SINGLE: Final = {**_FRAMES, **_BLOCKS, **_ARROWS, **_SIGNS, **MARKS}

OTHER: Final = "?"
"""What stands for anything else, one for each of its cells."""


@lru_cache(4096)
def _stand_in(character: str) -> str:
    """Return as many ASCII characters as *character* takes cells."""
    if "\x00" <= character <= "\x7f":
        return character
    cells = get_character_cell_size(character)
    known = _SINGLE.get(character)
    if known is not None:
        return known.ljust(cells) if cells else ""
    code = ord(character)
    if 0x2500 <= code <= 0x257F:
        return "+"  # a corner or a crossing: the straight ones are above
    if 0x2800 <= code <= 0x28FF:
        return _braille(code - 0x2800)
    if 0x2400 <= code <= 0x2421:
        return "^"  # a control that was in a text: what follows says which no more
    return OTHER * max(0, cells)


def _braille(dots: int) -> str:
    """Return a stand-in for a cell of *dots*: where its ink is, and much of it as a full one."""
    if not dots:
        return " "
    if dots.bit_count() >= 6:
        return "#"
    top = (dots & 0b00011011).bit_count()
    bottom = (dots & 0b11100100).bit_count()
    return "'" if top > bottom else "." if bottom > top else ":"


_FOREIGN: Final = re.compile(r"[^\x00-\x7f]+")


@lru_cache(4096)
def _run(text: str) -> str:
    made = "".join(map(_stand_in, text))
    cells = cell_len(text)
    # Several characters can make one picture, as emoji do, that is narrower than they are.
    return made if len(made) == cells else OTHER * cells


def to_ascii(text: str) -> str:
    """Return *text* in ASCII, as many cells wide as it was; what is ASCII in it stays.

    A character of no width of its own, a combining one, goes: its letter stays.
    """
    if text.isascii():
        return text
    return _FOREIGN.sub(lambda match: _run(match.group()), text)
