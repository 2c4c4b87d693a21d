"""Sort keys that stand any record: what is not known goes last, text sorts as people read it."""

import re
from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

_DIGITS = re.compile(r"([0-9]+)")


class Known(NamedTuple):
    """The first part of a sort key: a value, or that it is not known."""

    unknown: bool
    value: Any


def known(value: Any) -> Known:
    """Return a key under which None comes after every number; so does what is no number."""
    # Only NaN differs from itself.
    return Known(True, 0) if value is None or value != value else Known(False, value)


def told(text: str) -> Known:
    """Return a key under which "" comes after every text, and "relay-2" before "relay-10"."""
    return Known(False, natural(text)) if text else Known(True, ())


@lru_cache(maxsize=65_536)
def natural(text: str) -> tuple[tuple[bool, Any], ...]:
    """Return a key under which "relay-2" comes before "relay-10"."""
    parts = _DIGITS.split(text.lower())
    return tuple((True, part) if i % 2 == 0 else (False, int(part)) for i, part in enumerate(parts))


def is_unknown(key: Any) -> bool:
    """Whether *key* is that of a row that does not say what is sorted by."""
    first = key[0] if isinstance(key, tuple) and key else None
    return isinstance(first, Known) and first.unknown


def arranged(order: Mapping[Hashable, Any], *, descending: bool = False) -> list[Hashable]:
    """Return what *order* has sort keys of, sorted; what is not known stays last either way."""
    of = order.__getitem__
    if not descending:
        return sorted(order, key=of)
    there = [key for key, place in order.items() if not is_unknown(place)]
    there.sort(key=of, reverse=True)
    if len(there) < len(order):
        there += sorted((key for key, place in order.items() if is_unknown(place)), key=of)
    return there
