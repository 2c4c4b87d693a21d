"""Sort keys that stand any record: what is not known goes last, text sorts as people read it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_DIGITS = re.compile(r"([0-9]+)")


def known(value: Any) -> tuple[bool, Any]:
    """Return a key under which None comes after every number."""
    return (value is None, 0 if value is None else value)


@lru_cache(maxsize=65_536)
def natural(text: str) -> tuple[tuple[bool, Any], ...]:
    """Return a key under which "relay-2" comes before "relay-10"."""
    parts = _DIGITS.split(text.lower())
    return tuple((True, part) if i % 2 == 0 else (False, int(part)) for i, part in enumerate(parts))
