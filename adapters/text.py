"""The one filter between the outside and a screen, a log or an export.

Everything that a real system says is hostile until it passed here: names, logs, annotations,
errors. A raw escape in a pod's name reaches the terminal from every Textual widget, and bidi
overrides make one name read as another, so control and format characters become visible
stand-ins and nothing else changes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar, cast

if TYPE_CHECKING:
    # The console cleans texts before its first paint, and no record: that needs none of it.
    import msgspec

StructT = TypeVar("StructT", bound="msgspec.Struct")

NAME_LIMIT: Final = 512
"""Characters kept of one field of a record; Kubernetes caps names at 253."""
TEXT_LIMIT: Final = 262_144
"""Characters kept of one document (a log page, a YAML text)."""

# C0, DEL, C1; soft hyphen, grapheme joiner, Arabic letter mark, fillers, zero-width and bidi marks,
# line and paragraph separators, bidi embeddings and isolates, invisible operators, variation
# selectors, BOM, interlinear marks, surrogates, tags. ZWJ, the selectors, flags and skin tones go
# too: they make one cell of several characters, and the columns after it drift. So do marks that
# enclose, that stand on nothing, or more than three on one letter: they are drawn over what is
# around them.
_SINGLE: Final = (
    "\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    "\u0488\u0489\u1abe\u20dd-\u20e0\u20e2-\u20e4\ua670-\ua672"
    "\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff"
)
_MARKS: Final = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_UNSAFE: Final = f"[{_SINGLE}]|(?:(?<![^\\s])[{_MARKS}]|(?<=[{_MARKS}]{{3}})[{_MARKS}])+"
_KEPT: Final = "\t\n"
REPLACEMENT: Final = "\ufffd"


@cache
def _in_line() -> re.Pattern[str]:
    """What is harmful in a line. Compiled when it is needed: no name of ASCII needs it."""
    return re.compile(_UNSAFE)


@cache
def _in_text() -> re.Pattern[str]:
    return re.compile(_UNSAFE.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f", 1))


def _stand_in(match: re.Match[str]) -> str:
    """Show what was there: C0 as its control picture, anything else as the replacement mark."""
    code = ord(match.group()[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else REPLACEMENT


def _known(text: str) -> str:
    """Return *text* with what has no place in Unicode, or a private one, as replacement marks.

    Nobody can say how wide such a character is, or whether it is seen.
    """
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() or one in _KEPT or one.isspace() else REPLACEMENT for one in text
    )


def with_stand_ins(text: str) -> str:
    """Return *text*, one line, with what is no text in it replaced, and nothing else done."""
    return _known(_in_line().sub(_stand_in, text))


def clean(text: str, limit: int = NAME_LIMIT) -> str:
    """Return *text* as one harmless line of at most *limit* characters.

    A cut is marked with an ellipsis: a name that was shortened never passes for a whole one. A
    name that looks like another is marked (adapters/lookalikes.py).
    """
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isascii():
        return text if text.isprintable() else _in_line().sub(_stand_in, text)
    from adapters.lookalikes import marked

    found = marked(with_stand_ins(text))
    return found if len(found) <= limit else found[: limit - 1] + "…"


def clean_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return *text* harmless with its line feeds and tabs kept, at most *limit* characters."""
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    text = _in_text().sub(_stand_in, text.replace("\r\n", "\n"))
    return text if text.isascii() else _known(text)


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
    if hasattr(value, "__struct_fields__"):
        return clean_struct(cast("msgspec.Struct", value))
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
    if not changes:
        return struct
    from msgspec.structs import replace

    return replace(struct, **changes)
