"""The one filter between the outside and a screen, a log or an export.

Everything that a real system says is hostile until it passed here: names, logs, annotations,
errors. A raw escape in a pod's name reaches the terminal from every Textual widget, and bidi
overrides make one name read as another, so control and format characters become visible
stand-ins and nothing else changes.
"""

from __future__ import annotations

import re
from typing import Final, TypeVar

import msgspec

StructT = TypeVar("StructT", bound=msgspec.Struct)

NAME_LIMIT: Final = 512
"""Characters kept of one field of a record; Kubernetes caps names at 253."""
TEXT_LIMIT: Final = 262_144
"""Characters kept of one document (a log page, a YAML text)."""

# C0, DEL, C1; soft hyphen, Arabic letter mark, zero-width and bidi marks, line and paragraph
# separators, bidi embeddings and isolates, invisible operators, variation selectors, BOM,
# interlinear marks, surrogates, tags. ZWJ and the selectors go too: they make one cell of
# several characters, and the columns after it drift.
_UNSAFE: Final = (
    "\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff"
)
_IN_LINE: Final = re.compile(f"[{_UNSAFE}]")
_IN_TEXT: Final = re.compile(f"[{_UNSAFE}]".replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))


def _stand_in(match: re.Match[str]) -> str:
    """Show what was there: C0 as its control picture, anything else as the replacement mark."""
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "\ufffd"


def clean(text: str, limit: int = NAME_LIMIT) -> str:
    """Return *text* as one harmless line of at most *limit* characters.

    A cut is marked with an ellipsis: a name that was shortened never passes for a whole one.
    """
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isascii() and text.isprintable():
        return text
    return _IN_LINE.sub(_stand_in, text)


def clean_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return *text* harmless with its line feeds and tabs kept, at most *limit* characters."""
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return _IN_TEXT.sub(_stand_in, text.replace("\r\n", "\n"))


def clean_value(value: object) -> object:
    """Return *value* with every string in it cleaned: strings, tuples, lists, dicts, structs."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        if all(isinstance(item, str) for item in value):
            return tuple(map(clean, value))
        return tuple(clean_value(item) for item in value)
    if isinstance(value, list):
        return [clean_value(item) for item in value]
    if isinstance(value, dict):
        return {clean_value(key): clean_value(item) for key, item in value.items()}
    if isinstance(value, msgspec.Struct):
        return clean_struct(value)
    return value


def clean_struct(struct: StructT) -> StructT:
    """Return *struct* itself where it is harmless, else a copy with its strings cleaned."""
    changes = {}
    for name in struct.__struct_fields__:
        before = getattr(struct, name)
        if before is None or isinstance(before, (int, float)):
            continue
        after = clean_value(before)
        if after != before:
            changes[name] = after
    return msgspec.structs.replace(struct, **changes) if changes else struct
