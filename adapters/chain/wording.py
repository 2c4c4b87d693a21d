"""Decoded values as a person reads them, and why a call was reverted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from adapters.chain.abi import Abi, Decoded
from adapters.chain.types import Type
from adapters.text import clean

VALUE_LIMIT = 256
"""Characters of one value in a record; an answer that was asked for may have more."""
PANICS: Mapping[int, str] = {
    0x00: "a panic of the compiler's own",
    0x01: "an assertion failed",
    0x11: "arithmetic overflow",
    0x12: "division by zero",
    0x21: "not a member of the enum",
    0x22: "a byte array in storage is corrupt",
    0x31: "pop of an empty array",
    0x32: "an index out of bounds",
    0x41: "too much memory asked for",
    0x51: "a function that was never set was called",
}


def worded(type_: Type, value: Any, limit: int = VALUE_LIMIT, *, inner: bool = False) -> str:
    """Return *value* as one line of at most *limit* characters.

    Integers in decimal, bytes as 0x…, arrays as [a, b], tuples as (name: a, name: b); strings
    inside of those in quotation marks.
    """
    kind = type_.kind
    if kind == "string":
        text = clean(value, limit)
        return json.dumps(text, ensure_ascii=False) if inner else text
    if kind in ("bytes", "fixed"):
        shown = value[: limit // 2 + 1]
        return clean("0x" + shown.hex(), limit)
    if kind == "bool":
        return "true" if value else "false"
    if kind == "array":
        assert type_.item is not None  # noqa: S101  (what an array is)
        pairs = [("", type_.item, each) for each in value[: limit // 2 + 1]]
        return _listed("[]", pairs, len(value), limit)
    if kind == "tuple":
        return _listed("()", list(zip(type_.names, type_.parts, value, strict=True)), 0, limit)
    return str(value)


def _listed(marks: str, pairs: list[tuple[str, Type, Any]], count: int, limit: int) -> str:
    parts: list[str] = []
    room = limit - 2
    for name, type_, value in pairs:
        text = worded(type_, value, max(room, 16), inner=True)
        parts.append(f"{clean(name, 64)}: {text}" if name else text)
        room -= len(parts[-1]) + 2
        if room <= 0:
            break
    text = ", ".join(parts)
    if len(parts) < max(len(pairs), count):
        text += ", …"
    return clean(marks[0] + text + marks[1], limit)


def described(found: Decoded, limit: int = VALUE_LIMIT) -> str:
    """Return an event or an error with its values: `AppTaken(app: a/b, tokenId: 3)`."""
    parts = []
    for position, (name, type_) in enumerate(zip(found.type.names, found.type.parts, strict=True)):
        value = found.values[position]
        text = f"0x{value.hex()}" if position in found.hashed else worded(type_, value)
        parts.append(f"{clean(name, 64)}: {text}" if name else text)
    return clean(f"{found.name}({', '.join(parts)})", limit)


def reverted(abi: Abi | None, data: bytes) -> str:
    """Return why a call that reverted with *data* did so, in a few words."""
    if not data:
        return "reverted without a reason"
    found = (abi or Abi()).decode_error(data)
    if found is None:
        return (
            f"reverted with an error that its ABI does not know ({clean('0x' + data[:36].hex())})"
        )
    if found.signature == "Error(string)":
        return clean(str(found.values[0]), VALUE_LIMIT) or "reverted without a reason"
    if found.signature == "Panic(uint256)":
        code = found.values[0]
        return PANICS.get(code, f"panic {code:#x}" if code < 1 << 64 else "an unknown panic")
    return described(found)
