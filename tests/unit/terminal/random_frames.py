"""Frames as Textual writes them, made at random from a seed."""

from __future__ import annotations

import random

from console.terminal.cells import cut

LETTERS = "abcXYZ0189.:/ "
OTHERS = (
    "é", "│", "─", "█", "⣿", "…", "✔", "▲", "漢", "字", "한", "e\u0301", "n\u0303\u0301",
    "漢\u0301", "👩\u200d🚀", "👩\u200d👩\u200d👧", "🚀",
    "☁\ufe0f", "⚠\ufe0f", "🇩🇪", "👍🏽", "\U0001fae8",
)  # fmt: skip
SGR = (
    "", "1", "2;3", "4", "7", "9", "31", "38;2;1;2;3", "38;5;99", "48;2;9;8;7", "44",
    "1;38;2;255;255;255;48;2;0;0;0", "4;38;2;1;2;3;48;2;9;8;7", "3;7;32;41", "53;97;107",
)  # fmt: skip


def text_of(chosen: random.Random, width: int) -> str:
    """Return text of *width* cells exactly."""
    made: list[str] = []
    left = width
    kind = chosen.random()
    while left:
        if kind < 0.25:
            piece = " " * chosen.randint(1, left)
        elif kind < 0.6 or chosen.random() < 0.7:
            piece = "".join(chosen.choice(LETTERS) for _ in range(chosen.randint(1, min(left, 8))))
        else:
            piece = chosen.choice(OTHERS)
        cells = len(cut(piece).cells)
        # What joins across two pieces is measured by none alone.
        if cells <= left:
            made.append(piece)
            left -= cells
    text = "".join(made)
    return text if len(cut(text).cells) == width else "x" * width


def strip(chosen: random.Random, width: int) -> str:
    """Return *width* cells in styles of their own, as a strip is rendered."""
    out: list[str] = []
    left = width
    while left:
        part = chosen.randint(1, left)
        left -= part
        text, sgr = text_of(chosen, part), chosen.choice(SGR)
        piece = f"\x1b[{sgr}m{text}\x1b[0m" if sgr else text
        if chosen.random() < 0.05:
            number = chosen.randrange(10**6)
            piece = f"\x1b]8;id={number};https://colony.test/{part}\x1b\\{piece}\x1b]8;;\x1b\\"
        out.append(piece)
    return "".join(out)


def whole(chosen: random.Random, width: int, height: int) -> str:
    """Return a frame that draws every cell."""
    rows = [f"\x1b[{y + 1};1H{strip(chosen, width)}" for y in range(height)]
    return "\n".join(rows) + "\x1b[1;1H"


def partial(chosen: random.Random, width: int, height: int) -> str:
    """Return a frame of some spans: many of one row, or a region of several."""
    out: list[str] = []
    first = chosen.randrange(height)
    rows = range(first, min(height, first + chosen.randint(1, 4)))
    for y in rows:
        for _ in range(chosen.randint(1, 3)):
            x = chosen.randrange(width)
            out.append(f"\x1b[{y + 1};{x + 1}H{strip(chosen, chosen.randint(1, width - x))}")
        if y != rows[-1]:
            out.append("\n")
    return "".join(out) + f"\x1b[{chosen.randint(1, height)};{chosen.randint(1, width)}H"
