"""The ABI's types, parsed once: what encodes, decodes and asks for them walks the same tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

DEPTH = 8
"""Levels of arrays and tuples within each other; real contracts have three."""
PARTS = 256
"""Members of one tuple, parameters of one function."""
LONGEST = 1 << 20
"""The length of the longest array of a fixed length."""

Kind = Literal["uint", "int", "address", "bool", "bytes", "string", "fixed", "array", "tuple"]
_ARRAY = re.compile(r"(.*)\[(\d{0,7})\]", re.DOTALL)
_SIZED = re.compile(r"(uint|int|bytes)(\d{1,3})")
_PLAIN: dict[str, tuple[Kind, int]] = {
    "uint": ("uint", 256),
    "int": ("int", 256),
    "address": ("address", 20),
    "bool": ("bool", 1),
    "bytes": ("bytes", 0),
    "string": ("string", 0),
    "function": ("fixed", 24),
}


class Unsupported(ValueError):
    """A type that this program does not know; the function that has it is left out."""


class Type(msgspec.Struct, frozen=True):
    """One type. `size` is bits of an integer, bytes of a `fixed` (bytes1 to bytes32), the length of
    an array (None: any). `item` is an array's, `parts` are a tuple's with their `names`. `text` is
    its canonical spelling, `head` how many bytes it takes in place, `dynamic` whether it stands
    elsewhere and only its offset in place.
    """

    kind: Kind
    text: str
    size: int | None = None
    item: Type | None = None
    parts: tuple[Type, ...] = ()
    names: tuple[str, ...] = ()
    dynamic: bool = False
    head: int = 32


class Described(msgspec.Struct):
    """A parameter as an ABI file describes it; `components` are a tuple's (or its array's)."""

    type: str
    name: str = ""
    components: list[Described] | None = None
    indexed: bool = False


def parse(described: Described, depth: int = 0) -> Type:
    """Return the type that *described* has; raises `Unsupported`."""
    if depth > DEPTH:
        raise Unsupported(f"more than {DEPTH} types within each other")
    text = described.type
    array = _ARRAY.fullmatch(text)
    if array is not None:
        inner = Described(array[1], described.name, described.components)
        return _array(parse(inner, depth + 1), int(array[2]) if array[2] else None)
    if text == "tuple":
        return tuple_of(described.components or (), depth)
    if text in _PLAIN:
        kind, size = _PLAIN[text]
        spelled = f"{text}256" if kind in ("uint", "int") else text
        return Type(kind, spelled, size, dynamic=kind in ("bytes", "string"))
    return _sized(text)


def tuple_of(members: Sequence[Described], depth: int = 0) -> Type:
    """Return the tuple of *members*: parameters, topics' rest and results are one each."""
    if len(members) > PARTS:
        raise Unsupported(f"more than {PARTS} members")
    parts = tuple(parse(member, depth + 1) for member in members)
    dynamic = any(part.dynamic for part in parts)
    return Type(
        "tuple",
        f"({','.join(part.text for part in parts)})",
        parts=parts,
        names=tuple(member.name[:128] for member in members),
        dynamic=dynamic,
        head=32 if dynamic else sum(part.head for part in parts),
    )


def _array(item: Type, size: int | None) -> Type:
    if size is not None and size > LONGEST:
        raise Unsupported("an array of that length")
    dynamic = size is None or (item.dynamic and size > 0)
    return Type(
        "array",
        f"{item.text}[{'' if size is None else size}]",
        size,
        item,
        dynamic=dynamic,
        head=32 if dynamic else item.head * (size or 0),
    )


def _sized(text: str) -> Type:
    found = _SIZED.fullmatch(text)
    size = int(found[2]) if found else 0
    if found and found[1] == "bytes" and 1 <= size <= 32:
        return Type("fixed", text, size)
    if found and found[1] != "bytes" and size % 8 == 0 and 8 <= size <= 256:
        return Type("uint" if found[1] == "uint" else "int", text, size)
    raise Unsupported(f"a type that is not known here: {text[:60]!r}")
