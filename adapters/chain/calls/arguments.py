"""Arguments as people write them, into the values that the ABI encodes, and back.

What is written is checked against its type, and every error is one line that names the parameter,
says what is wrong and what is expected. Nothing here is slow or asks anybody.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from adapters.chain import hashing
from adapters.chain.calls import notation, units
from adapters.chain.calls.notation import Node
from adapters.chain.known import Names
from adapters.chain.types import Type
from adapters.text import clean

ITEMS = 1024
"""Items of one array; a call with more does not fit a transaction of a sane size."""
BYTES = 65_536
"""Bytes of one string or `bytes`."""
SHOWN = 60
"""Characters of a wrong value that an error repeats."""

_TRUE = frozenset({"yes", "true", "y"})
_FALSE = frozenset({"no", "false", "n"})


class Wrong(ValueError):
    """An argument cannot be what was written: one line for a person."""


class Missing(Wrong):
    """Nothing was written yet."""


class Understood(msgspec.Struct, frozen=True):
    """What was written: the value, and how it was understood where that is not plain to see."""

    value: Any
    note: str = ""


def label(name: str, position: int) -> str:
    """Return what the parameter at *position* (from 0) is called in an error."""
    return clean(name, 64) or f"argument {position + 1}"


def understand(type_: Type, given: Node, names: Names, where: str) -> Understood:
    """Return what *given* means as a *type_*; raises `Wrong`, which calls it *where*.

    A text may hold a list, as a form's one line does.
    """
    if given is None or (isinstance(given, str) and not given.strip() and type_.kind != "string"):
        raise Missing(f"{where}: is missing; expected: {expected(type_)}")
    if type_.kind == "array":
        return Understood(_array(type_, given, names, where))
    if type_.kind == "tuple":
        return Understood(_tuple(type_, given, names, where))
    if not isinstance(given, str):
        raise Wrong(f"{where}: is a list; expected: {expected(type_)}")
    match type_.kind:
        case "address":
            return _address(given.strip(), names, where)
        case "uint" | "int":
            return _integer(type_, given, where)
        case "bool":
            return Understood(_bool(type_, given, where))
        case "string":
            return Understood(_string(given, where))
        case _:
            return _bytes(type_, given.strip(), where)


def whole(type_: Type, given: Sequence[Node], names: Names) -> tuple[Any, ...]:
    """Return the values of all members of the parameters *type_*; raises `Wrong`."""
    if len(given) > len(type_.parts):
        raise Wrong(
            f"args: {len(given)} values are too many; expected: {_signature(type_) or 'none'}"
        )
    padded = [*given, *[None] * (len(type_.parts) - len(given))]
    return tuple(
        understand(part, value, names, label(name, position)).value
        for position, (part, name, value) in enumerate(
            zip(type_.parts, type_.names, padded, strict=True)
        )
    )


def listed(text: str) -> list[Node]:
    """Return the list of arguments in *text*, a JSON array or empty; raises `Wrong`."""
    if not text.strip():
        return []
    try:
        found = notation.read(text)
    except notation.Unreadable as error:
        raise Wrong(f"args: {clean(str(error), 120)}; expected: [value, …]") from None
    if not isinstance(found, list):
        raise Wrong("args: is not a list; expected: [value, …]")
    return found


def written(type_: Type, value: Any, *, inner: bool = False) -> str:
    """Return *value* as `understand` reads it."""
    kind = type_.kind
    if kind == "string":
        return json.dumps(value, ensure_ascii=False) if inner else str(value)
    if kind in ("bytes", "fixed"):
        return "0x" + bytes(value).hex()
    if kind == "bool":
        return "true" if value else "false"
    if kind == "array":
        assert type_.item is not None  # noqa: S101  (what an array is)
        return "[" + ", ".join(written(type_.item, each, inner=True) for each in value) + "]"
    if kind == "tuple":
        pairs = zip(type_.parts, value, strict=True)
        return "(" + ", ".join(written(part, each, inner=True) for part, each in pairs) + ")"
    return str(value)


def expected(type_: Type) -> str:
    """Return what a person is to write for a *type_*."""
    size = type_.size
    match type_.kind:
        case "address":
            return "an address (0x and 40 digits) or a name"
        case "uint":
            return f"a whole number from 0 to 2^{size}-1, with a unit if you like (1.5 ether)"
        case "int":
            return f"a whole number from -2^{(size or 1) - 1} to 2^{(size or 1) - 1}-1"
        case "bool":
            return "yes or no"
        case "string":
            return "text"
        case "bytes":
            return "0x and hexadecimal digits, two a byte"
        case "fixed":
            return f"0x and {2 * (size or 0)} hexadecimal digits ({size} bytes)"
        case "array":
            inner = type_.item.text if type_.item else ""
            return f"[{inner}, …]" if size is None else f"a list of {size} × {inner}: [{inner}, …]"
        case _:
            return f"({_signature(type_)})"


def _signature(type_: Type) -> str:
    pairs = zip(type_.parts, type_.names, strict=True)
    return ", ".join(f"{part.text} {clean(name, 64)}".strip() for part, name in pairs)


def _shown(text: str) -> str:
    return repr(clean(text, SHOWN))


def _address(text: str, names: Names, where: str) -> Understood:
    known = names.addresses.get(text)
    if known is not None:
        return Understood(known, f"= {known}")
    if not hashing.is_address(text):
        there = ", ".join(sorted(names.addresses)[:8]) or "none"
        raise Wrong(
            f"{where}: {_shown(text)} is neither an address (0x and 40 digits) nor a known name: "
            f"{clean(there, 120)}"
        )
    if hashing.mistyped(text):
        raise Wrong(
            f"{where}: {_shown(text)} has a mistyped digit: its checksum (EIP-55) is wrong; "
            "copy it again"
        )
    address = hashing.checksummed(text)
    name = names.of(address)
    if name:
        return Understood(address, f"= {name}")
    if address == hashing.ZERO_ADDRESS:
        return Understood(address, "the zero address: nobody")
    return Understood(address, "" if text == address else "no checksum to check it by")


def _integer(type_: Type, text: str, where: str) -> Understood:
    try:
        value = units.integer(text)
    except ValueError as error:
        raise Wrong(f"{where}: {_shown(text)} {error}; expected: {expected(type_)}") from None
    bits = type_.size or 256
    low, high = (0, 1 << bits) if type_.kind == "uint" else (-(1 << (bits - 1)), 1 << (bits - 1))
    if not low <= value < high:
        if value < 0 and low == 0:
            raise Wrong(f"{where}: {_shown(text)} is negative; expected: {expected(type_)}")
        raise Wrong(
            f"{where}: {_shown(text)} does not fit {type_.text}; expected: {expected(type_)}"
        )
    if units.has_unit(text):
        return Understood(value, f"= {value} wei")
    return Understood(value, "" if units.written_plainly(text) else f"= {value}")


def _bool(type_: Type, text: str, where: str) -> bool:
    word = text.strip().lower()
    if word not in _TRUE | _FALSE:
        raise Wrong(f"{where}: {_shown(text)} is neither; expected: {expected(type_)}")
    return word in _TRUE


def _string(text: str, where: str) -> str:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise Wrong(f"{where}: holds half a character (a lone surrogate)") from None
    if size > BYTES:
        raise Wrong(f"{where}: has {size} bytes; expected: at most {BYTES}")
    return text


def _bytes(type_: Type, text: str, where: str) -> Understood:
    digits = text[2:].replace("_", "") if text[:2] in ("0x", "0X") else None
    try:
        if digits is None or any(each.isspace() for each in digits):
            raise ValueError
        value = bytes.fromhex(digits)
    except ValueError:
        raise Wrong(
            f"{where}: {_shown(text)} is not hexadecimal; expected: {expected(type_)}"
        ) from None
    if type_.kind == "fixed" and len(value) != type_.size:
        raise Wrong(f"{where}: has {len(value)} bytes; expected: {expected(type_)}")
    if len(value) > BYTES:
        raise Wrong(f"{where}: has {len(value)} bytes; expected: at most {BYTES}")
    plural = "" if len(value) == 1 else "s"
    return Understood(value, f"{len(value)} byte{plural}" if type_.kind == "bytes" else "")


def _read(type_: Type, given: Node, where: str) -> Node:
    if not isinstance(given, str):
        return given
    try:
        return notation.read(given)
    except notation.Unreadable as error:
        said = clean(str(error), 120)
        raise Wrong(f"{where}: {said}; expected: {expected(type_)}") from None


def _array(type_: Type, given: Node, names: Names, where: str) -> list[Any]:
    items = _read(type_, given, where)
    if not isinstance(items, list) or type_.item is None:
        raise Wrong(f"{where}: is not a list; expected: {expected(type_)}")
    if len(items) > ITEMS:
        raise Wrong(f"{where}: has {len(items)} items; expected: at most {ITEMS}")
    if type_.size is not None and len(items) != type_.size:
        raise Wrong(f"{where}: has {len(items)} items; expected: {expected(type_)}")
    return [
        understand(type_.item, item, names, f"{where}[{index}]").value
        for index, item in enumerate(items)
    ]


def _tuple(type_: Type, given: Node, names: Names, where: str) -> tuple[Any, ...]:
    members = _read(type_, given, where)
    if isinstance(members, dict):
        members = _by_name(type_, members, where)
    if not isinstance(members, list):
        raise Wrong(f"{where}: is not a list; expected: {expected(type_)}")
    if len(members) != len(type_.parts):
        raise Wrong(f"{where}: has {len(members)} members; expected: {expected(type_)}")
    found = []
    for index, (part, name, member) in enumerate(
        zip(type_.parts, type_.names, members, strict=True)
    ):
        place = f"{where}.{clean(name, 64)}" if name else f"{where}[{index}]"
        found.append(understand(part, member, names, place).value)
    return tuple(found)


def _by_name(type_: Type, members: dict[str, Node], where: str) -> list[Node]:
    known = set(type_.names)
    if "" in known or len(known) != len(type_.names):
        raise Wrong(f"{where}: its members have no names of their own; write them in their order")
    for name in members:
        if name not in known:
            raise Wrong(f"{where}: has no member {_shown(name)}; expected: {expected(type_)}")
    for name in type_.names:
        if name not in members:
            raise Wrong(f"{where}: {clean(name, 64)} is missing; expected: {expected(type_)}")
    return [members[name] for name in type_.names]
