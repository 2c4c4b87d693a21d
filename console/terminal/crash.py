"""What is said of a crash, after the screen was left: where and what, and no value of anything.

Textual shows the local variables of each frame: a passphrase that was typed among them, and
texts of the outside as they are.
"""

from __future__ import annotations

import traceback

from adapters.text import clean, clean_text
from console.support.credentials import without_credentials

FRAMES = 12
"""Frames at most; the innermost say the most."""


def _said(error: BaseException) -> str:
    """Return what *error* says of itself: what broke may break there too."""
    try:
        return str(error)[:10_000]
    except Exception:
        return "it cannot say what it is"


def crash_text(error: BaseException) -> str:
    """Return the lines about *error*: its traceback without values, and what to do."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    # What an error quotes may be what was typed, or the address that somebody was asked at.
    what = clean(f"{type(error).__name__}: {without_credentials(_said(error))}", 400)
    told = "".join(traceback.format_list(frames)).rstrip("\n")
    return clean_text(
        f"Traceback, the innermost last:\n{told}\n{what}\n"
        "colony: the console broke, and nothing else: the station goes on with what is in flight. "
        "Start it again; `colony bundle` collects what helps to find out why."
    )
