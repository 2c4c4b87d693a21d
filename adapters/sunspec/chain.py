"""Walks the chain of models in a device's registers, from "SunS" to the end model.

What a device says of itself is hostile: lengths and counts are capped, and the walk only ever goes
forward.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeAlias

from adapters.sunspec.failures import Excepted, Failure, Garbled, NotSunSpec

BASES = (40000, 0, 50000)
"""Where the marker may stand, in the order in which SunSpec has them tried."""
MARKER = b"SunS"
END = 0xFFFF
MOST_BLOCKS = 128
LAST = 0xFFFF
COMMON_LENGTHS = (65, 66)

Read: TypeAlias = Callable[[int, int], Awaitable[bytes]]
"""Reads registers of one unit: an address and a count to bytes."""


class Block(NamedTuple):
    """One model in the chain: its number, where it starts, and its length without the header."""

    model: int
    address: int
    length: int

    @property
    def size(self) -> int:
        """Registers with the header's two."""
        return self.length + 2


class Map(NamedTuple):
    """A device's chain: where its marker stands, and its models in order."""

    base: int
    blocks: tuple[Block, ...]


async def walk(read: Read) -> Map:
    """Return the map of the device that *read* reads.

    Raises `Failure`; `NotSunSpec` where it has no marker or does not begin with the common model.
    """
    base = await _marker(read)
    blocks: list[Block] = []
    address = base + 2
    while len(blocks) < MOST_BLOCKS:
        header = await _header(read, address, bool(blocks))
        if header is None:
            break
        block = Block(header[0], address, header[1])
        if address + block.size > LAST:
            raise Garbled(f"model {block.model} at {address} runs past the last register")
        blocks.append(block)
        address += block.size
    else:
        raise Garbled(f"more than {MOST_BLOCKS} models, and no end")
    if not blocks or blocks[0].model != 1 or blocks[0].length not in COMMON_LENGTHS:
        raise NotSunSpec(f"the marker is at {base}, and no common model behind it")
    return Map(base, tuple(blocks))


async def _marker(read: Read) -> int:
    refused: Failure | None = None
    for base in BASES:
        try:
            if await read(base, 2) == MARKER:
                return base
        except Excepted as error:
            if error.absent:
                raise
            refused = error
    where = ", ".join(map(str, BASES[:-1])) + f" or {BASES[-1]}"
    raise NotSunSpec(f"no SunSpec marker at {where}" + (f" ({refused})" if refused else ""))


async def _header(read: Read, address: int, may_end: bool) -> tuple[int, int] | None:
    """Return a model's number and length, None at the end of the chain."""
    try:
        data = await read(address, 2)
    except Excepted as error:
        if error.code != 2 or not may_end:
            raise
        # Some end model has no length behind it; some device has no end model at all.
        try:
            data = await read(address, 1)
        except Excepted:
            return None
        if int.from_bytes(data, "big") != END:
            raise
        return None
    model, length = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:], "big")
    return None if model == END else (model, length)
