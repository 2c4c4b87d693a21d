"""The gate that records pass on their way in: of a known kind, well typed, harmless.

An adapter builds its structs without any check of types, and one wrong value would break the
frame of every console. So each batch is written to JSON and read back, typed, in a few calls:
1.6 µs a record, where cleaning field by field alone costs 7. The JSON also answers whether any
text in it needs cleaning at all: it does not if it is ASCII without escapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import msgspec

from adapters.records import AnyRecord, Record
from adapters.text import NAME_LIMIT, clean, clean_struct

KINDS: dict[str, type[Record]] = {kind.__name__: kind for kind in get_args(AnyRecord)}
"""Every kind of record that the feed carries, by name."""

_MALFORMED = (
    msgspec.MsgspecError,
    AttributeError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)
_WINDOW = NAME_LIMIT // 2
_encode = msgspec.json.Encoder().encode
_pack = msgspec.msgpack.Encoder().encode
_decode_all: Any = msgspec.json.Decoder(list[AnyRecord]).decode
_decode_one: Any = msgspec.json.Decoder(AnyRecord).decode


def admit(records: Sequence[Record]) -> tuple[list[Record], list[str]]:
    """Return copies of *records* that are safe to keep and send, and why others are not.

    The copies are the caller's own: nothing outside holds them.
    """
    try:
        written = _encode(records)
        if not harmless(written):
            written = _encode([clean_struct(record) for record in records])
        copies = _decode_all(written)
        _pack(copies)  # an integer beyond 64 bits passes JSON and breaks the feed's frame
    except _MALFORMED:
        return _admit_each(records)
    return copies, []


def harmless(written: bytes) -> bool:
    """Whether no text in the JSON *written* needs cleaning: it may say no where there is none."""
    if not written.isascii() or b"\\" in written or b"\x7f" in written:
        return False
    # A text longer than the limit covers some whole window without a quotation mark in it.
    find = written.find
    for start in range(0, len(written) - _WINDOW + 1, _WINDOW):
        if find(b'"', start, start + _WINDOW) < 0:
            return False
    return True


def _admit_each(records: Sequence[Record]) -> tuple[list[Record], list[str]]:
    """Admit one by one, so that one bad record costs only itself."""
    good: list[Record] = []
    bad: list[str] = []
    for record in records:
        kind = type(record).__name__
        if KINDS.get(kind) is not type(record):
            bad.append(f"a record of the unknown kind {clean(kind, 64)}")
            continue
        try:
            copy = _decode_one(_encode(clean_struct(record)))
            _pack(copy)
        except _MALFORMED as error:
            name = clean(str(getattr(record, "name", "")), 64)
            bad.append(f"{kind} {name}: {clean(str(error), 200)}")
        else:
            good.append(copy)
    return good, bad
