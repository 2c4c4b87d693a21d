"""Copying by OSC 52: the terminal at the operator's end of the line takes the text."""

from __future__ import annotations

import base64
from collections.abc import Mapping

LIMIT = 74_000
"""Bytes of the base64 text at most: terminals refuse more, and tmux drops the line."""


def osc52(text: str, environment: Mapping[str, str]) -> str:
    """Return what to write to the terminal so that it copies *text*, cut where it is too long.

    Within tmux it is written twice: as it is, for a tmux that takes it itself (`set-clipboard
    on`), and wrapped, for one that passes it on (`allow-passthrough`). Either ignores the other.
    """
    data = text.encode()[: LIMIT // 4 * 3]
    sequence = f"\x1b]52;c;{base64.b64encode(data).decode()}\x07"
    if environment.get("TMUX"):
        wrapped = sequence.replace("\x1b", "\x1b\x1b")
        return f"{sequence}\x1bPtmux;{wrapped}\x1b\\"
    return sequence
