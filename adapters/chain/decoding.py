"""ABI decoding, strict and bounded: bytes from a chain are anybody's.

Written out because the library's decoder follows every offset: a megabyte of `bytes[]` whose
offsets all lead to the same place becomes 32 GB there. An honest encoding says nothing twice, so
what is decoded here is never much more than what was sent. It is also ten times as fast.
"""

from __future__ import annotations

from typing import Any

from adapters.chain import hashing
from adapters.chain.types import Type

INPUT_LIMIT = 1 << 20
"""Bytes of the longest encoding that is decoded."""
_SLACK = 4
"""How many times what was sent may be read: some compilers let equal tails share their place."""


class Undecodable(ValueError):
    """The bytes are no encoding of the type."""


def decode(type_: Type, data: bytes) -> tuple[Any, ...]:
    """Return the members of the tuple *type_* that *data* encodes; raises `Undecodable`.

    Integers are int, addresses EIP-55 text, bytes bytes, arrays list and tuples tuple. A string
    that is not UTF-8 keeps what is, with a replacement mark for what is not. Bytes after the end
    and padding that is not zero are let be: real contracts leave both.
    """
    if len(data) > INPUT_LIMIT:
        raise Undecodable(f"more than {INPUT_LIMIT >> 20} MB")
    found: tuple[Any, ...] = _Reader(data).members(type_, 0)
    return found


def decode_word(type_: Type, word: bytes) -> Any:
    """Return the static, single-word *type_* that the 32 bytes *word* encode: an indexed topic."""
    if len(word) != 32:
        raise Undecodable("a topic is 32 bytes")
    return _Reader(word).value(type_, 0, 0)


class _Reader:
    """Reads values of one encoding. Positions are bytes from its beginning."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = _SLACK * len(data) + 64

    def members(self, type_: Type, start: int) -> tuple[Any, ...]:
        found = []
        place = start
        for part in type_.parts:
            found.append(self.value(part, place, start))
            place += part.head
        return tuple(found)

    def value(self, type_: Type, place: int, frame: int) -> Any:
        """Return what stands at *place*; offsets count from *frame*."""
        if type_.dynamic:
            place = frame + self._length(place)
        kind = type_.kind
        if kind == "array":
            return self._array(type_, place)
        if kind == "tuple":
            self._spend(1)
            return self.members(type_, place)
        if kind in ("bytes", "string"):
            size = self._length(place)
            raw = self._take(place + 32, size)
            return raw if kind == "bytes" else raw.decode("utf-8", "replace")
        return _single(type_, self._take(place, 32))

    def _array(self, type_: Type, place: int) -> list[Any]:
        assert type_.item is not None  # noqa: S101  (what an array is)
        size = type_.size
        if size is None:
            size = self._length(place)
            place += 32
        item, found = type_.item, []
        self._spend(size)  # items may take no place at all
        for index in range(size):
            found.append(self.value(item, place + index * item.head, place))
        return found

    def _length(self, place: int) -> int:
        """Read an offset or a length: neither can be more than there is."""
        found = int.from_bytes(self._take(place, 32), "big")
        if found > len(self._data):
            raise Undecodable("an offset or a length beyond the end")
        return found

    def _take(self, place: int, size: int) -> bytes:
        found = self._data[place : place + size]
        if len(found) != size:
            raise Undecodable("it ends too early")
        self._spend(size)
        return found

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise Undecodable("it unfolds to far more than was sent")


def _single(type_: Type, word: bytes) -> Any:
    kind, size = type_.kind, type_.size or 0
    if kind == "uint":
        found = int.from_bytes(word, "big")
        if found >> size:
            raise Undecodable(f"too large for {type_.text}")
        return found
    if kind == "int":
        found = int.from_bytes(word, "big", signed=True)
        if not -(1 << (size - 1)) <= found < 1 << (size - 1):
            raise Undecodable(f"too large for {type_.text}")
        return found
    if kind == "address":
        if any(word[:12]):
            raise Undecodable("not an address")
        return hashing.address(word[12:])
    if kind == "bool":
        if word[31] > 1 or any(word[:31]):
            raise Undecodable("neither true nor false")
        return word[31] == 1
    if any(word[size:]):
        raise Undecodable(f"longer than {type_.text}")
    return word[:size]
