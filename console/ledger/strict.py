"""Base64 in its one canonical spelling: a change in the bits that decode to nothing is seen."""

from __future__ import annotations

import base64
import binascii


def decode(text: str) -> bytes:
    """Return the bytes that *text* spells; raises `ValueError` where it is not canonical."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("it is not base64") from None
    if base64.b64encode(data).decode() != text:
        raise ValueError("it is not canonical base64")
    return data
