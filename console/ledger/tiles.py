"""Tiles and entry bundles: a log as files (c2sp.org/tlog-tiles).

A tile holds up to 256 hashes of one level, and a hash of level L + 1 is the root over a full tile
of level L. A bundle holds the entries of a tile of level 0, each after its length in two bytes.
"""

from __future__ import annotations

import os
import stat
import struct
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from console.ledger.merkle import leaf_hash

WIDTH: Final = 256
"""Hashes in a full tile, entries in a full bundle."""
LONGEST: Final = 65_535
"""Bytes of the longest entry that a bundle can hold."""
ENTRIES: Final = "entries"
"""What stands in a bundle's path where a tile's has its level."""
_LENGTH: Final = struct.Struct(">H")
_CACHED: Final = 64


class TileError(Exception):
    """A tile or a bundle is missing or is none: a line that names it."""


def path(level: int | str, place: int, width: int = WIDTH) -> str:
    """Return where tile *place* of *level* (or the bundle, of `ENTRIES`) is in a log's directory.

    >>> path(0, 1234067, 12)
    'tile/0/x001/x234/067.p/12'
    """
    parts = [f"{place % 1000:03}"]
    while place := place // 1000:
        parts.insert(0, f"x{place % 1000:03}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(parts)}{partial}"


def widths(size: int, level: int) -> tuple[int, int]:
    """Return how many full tiles a log of *size* has at *level*, and the width of the last one.

    The width is 0 where no tile is partial.
    """
    hashes = size >> (8 * level)
    return hashes // WIDTH, hashes % WIDTH


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """Return *entries* as a bundle; raises `TileError` where one is too long."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > LONGEST:
            raise TileError(f"an entry has at most {LONGEST} bytes, not {len(entry)}")
        parts += (_LENGTH.pack(len(entry)), entry)
    return b"".join(parts)


def decode_bundle(data: bytes) -> list[bytes]:
    """Return the entries of a bundle; raises `TileError`."""
    entries: list[bytes] = []
    at, end = 0, len(data)
    while at < end:
        if at + 2 > end:
            raise TileError(f"it ends within the length of entry {len(entries)}")
        (length,) = _LENGTH.unpack_from(data, at)
        at += 2
        if at + length > end:
            raise TileError(f"it ends within entry {len(entries)}")
        if len(entries) == WIDTH:
            raise TileError(f"it has more than {WIDTH} entries")
        entries.append(data[at : at + length])
        at += length
    return entries


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the root over a power of two of *hashes*."""
    while len(hashes) > 1:
        joined = b"".join(hashes)
        hashes = [
            sha256(b"\x01" + joined[at : at + 64]).digest() for at in range(0, len(joined), 64)
        ]
    return hashes[0]


def read(file: Path, most: int) -> bytes | None:
    """Return what *file* holds, None where there is none; raises `TileError`, and `OSError`.

    More than *most* bytes are not read, and nothing but a plain file is: a pipe would wait for
    ever.
    """
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return None
    with open(handle, "rb") as opened:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise TileError("it is not a plain file")
        if status.st_size > most:
            raise TileError(f"it has more than {most} bytes")
        return opened.read(most)


class Tiles:
    """A directory with the tiles of a log of `size` entries. It believes what it reads."""

    def __init__(self, directory: Path, size: int) -> None:
        self.directory = directory
        self.size = size
        self._seen: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()

    def hashes(self, level: int, place: int) -> list[bytes] | None:
        """Return the hashes of a tile as wide as it is in a log of `size`, None if it is missing.

        A partial tile may be read from the full one. Raises `TileError` and `OSError`.
        """
        width = self._width(level, place)
        for candidate in dict.fromkeys((width, WIDTH)):
            data = read(self.directory / path(level, place, candidate), WIDTH * 32)
            if data is None:
                continue
            if len(data) != candidate * 32:
                raise TileError(f"it has {len(data)} bytes, not {candidate * 32}")
            return [data[at : at + 32] for at in range(0, width * 32, 32)]
        return None

    def entries(self, place: int) -> list[bytes] | None:
        """Return the entries of a bundle, None if it is missing; raises as `hashes` does.

        There may be fewer than there should be; more are cut only from a full bundle.
        """
        width = self._width(0, place)
        for candidate in dict.fromkeys((width, WIDTH)):
            where = self.directory / path(ENTRIES, place, candidate)
            data = read(where, WIDTH * (LONGEST + 2))
            if data is not None:
                found = decode_bundle(data)
                return found if candidate == width else found[:width]
        return None

    def node(self, level: int, place: int) -> bytes:
        """Return the hash of a complete node, as proofs ask for it; raises `TileError`."""
        tile, within = divmod(level, 8)
        number, first = divmod(place << within, WIDTH)
        hashes = self._cached(tile, number)[first : first + (1 << within)]
        if len(hashes) != 1 << within:
            raise TileError(f"{path(tile, number)} lacks hashes")
        return fold(hashes)

    def leaf(self, index: int) -> bytes:
        """Return the hash of entry *index*; raises `TileError`."""
        return self.node(0, index)

    def entry(self, index: int) -> bytes | None:
        """Return entry *index*, None where its content was retired; raises `TileError`."""
        found = self.entries(index // WIDTH)
        if found is None:
            return None
        if index % WIDTH >= len(found) or leaf_hash(found[index % WIDTH]) != self.leaf(index):
            raise TileError(f"entry {index} was changed")
        return found[index % WIDTH]

    def _cached(self, level: int, place: int) -> list[bytes]:
        if (found := self._seen.get((level, place))) is None:
            found = self.hashes(level, place)
            if found is None:
                raise TileError(f"{path(level, place, self._width(level, place))} is missing")
            self._seen[level, place] = found
            if len(self._seen) > _CACHED:
                self._seen.popitem(last=False)
        return found

    def _width(self, level: int, place: int) -> int:
        full, last = widths(self.size, level)
        if place > full or (place == full and not last):
            raise TileError(f"a log of {self.size} entries has no {path(level, place)}")
        return WIDTH if place < full else last
