"""Copying by OSC 52: the terminal at the operator's end of the line takes the text."""

import base64
from collections.abc import Mapping
from typing import NamedTuple

from adapters.text import clean_text

LIMIT = 74_000
"""Bytes of the base64 text at most: terminals refuse more, and tmux drops the line."""
ROOM = LIMIT // 4 * 3
"""Bytes of the text itself that this has room for."""
_PIECE = 240
"""Bytes of one control string that GNU screen passes on."""


class Taken(NamedTuple):
    """What is copied of a text: harmless, and cut where it is too long. Counts are of lines."""

    text: str
    lines: int
    of_lines: int
    cut: bool


def taken(text: str) -> Taken:
    """Return what a terminal takes of *text*: whole lines where it is cut, if there are any."""
    # What is copied gets pasted into a shell: a control character in it is an order.
    whole = clean_text(text, max(len(text), 1))
    data = whole.encode()
    lines = _lines(whole)
    if len(data) <= ROOM:
        return Taken(whole, lines, lines, False)
    kept = data[:ROOM].decode(errors="ignore")
    head, newline, _ = kept.rpartition("\n")
    kept = head if newline else kept
    return Taken(kept, _lines(kept), lines, True)


def _lines(text: str) -> int:
    return text.removesuffix("\n").count("\n") + 1


def told(what: str, copied: Taken) -> str:
    """Return a line on what was copied: how much, and where it was cut."""
    if copied.cut:
        of = f"{copied.lines:,} of {copied.of_lines:,} lines" if copied.of_lines > 1 else ""
        part = f"{of or f'the first {len(copied.text):,} characters'}"
        return f"copied {what}, cut: {part}, a terminal takes no more than {ROOM // 1000} KB"
    if copied.of_lines > 1:
        return f"copied {what}: {copied.lines:,} lines"
    size = len(copied.text)
    return f"copied {what}: {copied.text if size <= 60 else f'{size:,} characters'}"


def osc52(text: str, environment: Mapping[str, str]) -> str:
    """Return what to write to the terminal so that it copies *text*, cut where it is too long.

    Within tmux it is written twice: as it is, for a tmux that takes it itself (`set-clipboard
    on`), and wrapped, for one that passes it on (`allow-passthrough`). Either ignores the other.
    GNU screen passes on what is wrapped, in short pieces.
    """
    sequence = f"\x1b]52;c;{base64.b64encode(taken(text).text.encode()).decode()}\x07"
    if environment.get("TMUX"):
        wrapped = sequence.replace("\x1b", "\x1b\x1b")
        return f"{sequence}\x1bPtmux;{wrapped}\x1b\\"
    if environment.get("STY"):
        pieces = (sequence[at : at + _PIECE] for at in range(0, len(sequence), _PIECE))
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return sequence
