"""What an entry says that pages of the log are chosen by."""

from __future__ import annotations

from typing import Any, Final

import msgspec

NOTHING: Final = (None, None, None)
"""What is kept of an entry that was retired."""


class _Fields(msgspec.Struct):
    event: Any = ""
    intent: Any = ""
    actor: Any = ""


_decode = msgspec.json.Decoder(_Fields).decode


def said(data: bytes) -> tuple[str, str, str]:
    """Return event, intent and actor of an entry, "" for what it does not say."""
    try:
        fields = _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "", "", ""
    event, intent, actor = fields.event, fields.intent, fields.actor
    return (
        event if isinstance(event, str) else "",
        intent if isinstance(intent, str) else "",
        actor if isinstance(actor, str) else "",
    )
