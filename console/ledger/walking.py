"""Goes through an exported log once: hashes every entry and builds every tile again.

Two trees are built as long as they may differ: one from the tiles of level 0, one from the entries
themselves. The one that leads to the signed root says what was meddled with in the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from console.ledger import keys, tiles
from console.ledger.findings import Findings, Moved
from console.ledger.keys import VerifierKey
from console.ledger.merkle import leaf_hash
from console.ledger.note import NoteError
from console.ledger.rising import Rising
from console.ledger.tiles import ENTRIES, WIDTH, TileError, Tiles

ROTATED, RETIRED, RECOVERED = "key-rotated", "segment-retired", "recovered"
"""Events of entries that bear on the verification itself.

A log that was recovered goes on under another name, and its keys with it.
"""

_BEARING = tuple(f'"{event}"'.encode() for event in (ROTATED, RETIRED, RECOVERED))
_KEYS = 64


class Ends(Exception):
    """The log ends before it should, or has a hole that nothing goes over."""


class _Event(msgspec.Struct):
    """What is read of an entry that bears on the verification."""

    event: str
    keys: list[str] = []
    first: int = 0
    count: int = 0


class Course:
    """One of the two trees: the roots at the sizes that were asked for, and differing tiles."""

    def __init__(self, files: Tiles, sizes: Iterable[int]) -> None:
        self.roots: dict[int, bytes] = {}
        self.findings = Findings()
        self._files = files
        self._waiting = sorted({*sizes, 0, files.size}, reverse=True)
        self._rising = Rising(self._compare)

    def copy(self) -> Course:
        """Return a course that goes on from here by itself."""
        other = Course(self._files, ())
        other.roots = dict(self.roots)
        other.findings = self.findings.copy()
        other._waiting = list(self._waiting)
        other._rising = self._rising.copy(other._compare)
        return other

    def add(self, hashes: Sequence[bytes]) -> None:
        """Take the hashes of the next entries, a tile's worth."""
        done = self._rising.size
        while self._waiting and self._waiting[-1] < done + len(hashes):
            size = self._waiting.pop()
            self.roots[size] = self._rising.root(hashes[: size - done])
        self._rising.add(hashes)
        if self._rising.size == self._files.size:
            self._rising.finish()
            while self._waiting and self._waiting[-1] <= self._files.size:
                self.roots[self._waiting.pop()] = self._rising.root()

    def _compare(self, level: int, place: int, hashes: Sequence[bytes]) -> None:
        name = tiles.path(level, place, len(hashes))
        try:
            said = self._files.hashes(level, place)
        except TileError as error:
            self.findings.add(f"{name} was changed: {error}")
            return
        if said is None:
            self.findings.add(f"{name} is missing: it was dropped")
        elif said != list(hashes):
            at = next(
                number
                for number, pair in enumerate(zip(said, hashes, strict=True))
                if pair[0] != pair[1]
            )
            self.findings.add(f"{name} was changed: its hash {at} is not over the entries below it")


class Walk:
    """What going through a log found. `hashed` and `entered` are the two trees.

    `missing` are the runs of entries that have no content, as (first, count); `rotations` the keys
    that an entry brought, by its index; `retired` what entries say was retired.
    """

    def __init__(self, files: Tiles, sizes: Iterable[int]) -> None:
        self.hashed = Course(files, sizes)
        self.entered: Course | None = self.hashed
        self.findings = Findings()
        self.moved = Moved()
        self.rotations: dict[int, list[VerifierKey]] = {}
        self.missing: list[tuple[int, int]] = []
        self.retired: list[tuple[int, int]] = []
        self._files = files
        self._shifted = False
        self._broken = False
        """Whether the bundle at hand is there and cannot be read."""

    def go(self, progress: Callable[[int, int], None]) -> None:
        """Go through all of it; raises `Ends` and `OSError`."""
        size = self._files.size
        if not size:
            self.hashed.add(())
        for place in range(-(-size // WIDTH)):
            first = place * WIDTH
            self._step(place, first, min(WIDTH, size - first))
            progress(min(first + WIDTH, size), size)

    def leaf(self, index: int) -> bytes:
        """Return the hash of an entry, as its tile has it; raises `TileError`."""
        return self._files.leaf(index)

    def _step(self, place: int, first: int, width: int) -> None:
        said, entries = self._hashes(place), self._entries(place, width)
        own = None if entries is None else [leaf_hash(entry) for entry in entries]
        whole = own is not None and len(own) == width
        if said is None and not whole:
            raise Ends(self._ends(place, first))
        # What a tile of level 0 should hold is compared by the course, which reads it once more
        # only where it differs; here it stands in for entries that are not to be had.
        hashes = said if said is not None else own or []
        if entries is not None:
            self._events(first, entries)
        if own is None and said is not None and not self._broken:
            self._miss(first, width)
        if own is not None and said is not None and own != said:
            self._differ(place, first, said, own)
        else:
            self._shifted = False
        if self.entered is self.hashed and own not in (None, said) and said is not None:
            self.entered = self.hashed.copy()
        if self.entered is not None and self.entered is not self.hashed:
            self._enter(hashes if own is None else own, width)
        self.hashed.add(hashes)
        if self._broken:
            self.entered = None

    def _enter(self, own: list[bytes], width: int) -> None:
        if self.entered is not None and len(own) == width:
            self.entered.add(own)
        else:
            self.entered = None

    def _hashes(self, place: int) -> list[bytes] | None:
        try:
            return self._files.hashes(0, place)
        except TileError:
            return None

    def _entries(self, place: int, width: int) -> list[bytes] | None:
        self._broken = False
        try:
            return self._files.entries(place)
        except TileError as error:
            self._broken = True
            self.findings.add(f"{tiles.path(ENTRIES, place, width)} was changed: {error}")
            return None

    def _events(self, first: int, entries: Sequence[bytes]) -> None:
        for at, entry in enumerate(entries, first):
            if not any(event in entry for event in _BEARING):
                continue
            try:
                said = msgspec.json.decode(entry, type=_Event)
                brings = said.event == ROTATED or (said.event == RECOVERED and said.keys)
                if brings and len(said.keys) <= _KEYS:
                    self.rotations[at] = [keys.parse(text) for text in said.keys]
                elif said.event == RETIRED:
                    self.retired.append((said.first, said.count))
            except (msgspec.DecodeError, RecursionError, NoteError):
                continue

    def _miss(self, first: int, width: int) -> None:
        if self.missing and sum(self.missing[-1]) == first:
            first, count = self.missing.pop()
            width += count
        self.missing.append((first, width))

    def _differ(self, place: int, first: int, said: list[bytes], own: list[bytes]) -> None:
        """Say what became of a bundle's entries, if its tile is right."""
        short = len(said) - len(own)
        at = next(
            (n for n, pair in enumerate(zip(said, own, strict=False)) if pair[0] != pair[1]),
            min(len(said), len(own)),
        )
        last = first + len(said) == self._files.size
        if short > 0 and at == len(own) and last:
            self.findings.add(f"truncated: the entries from {first + at} on are missing")
        elif short > 0 and own[at:] == said[at + short :]:
            self._dropped(first + at, short)
        elif at + 1 < len(own) == len(said) and own[at:-1] == said[at + 1 :]:
            self._dropped(first + at, 1)
        elif short:
            name = tiles.path(ENTRIES, place, len(said))
            self.findings.add(f"{name} was changed: it has {len(own)} entries, not {len(said)}")
        else:
            for number, (one, other) in enumerate(zip(said, own, strict=True), first):
                if one != other:
                    self.moved.add(number, one, other)

    def _dropped(self, at: int, count: int) -> None:
        """Say it once of the bundles that all moved up."""
        if not self._shifted or at % WIDTH:
            told = f"entry {at} was" if count == 1 else f"the entries {at} to {at + count - 1} were"
            self.findings.add(f"{told} dropped")
        self._shifted = True

    def _ends(self, place: int, first: int) -> str:
        """Return what is wrong where neither a tile nor a whole bundle is to be had."""
        size = self._files.size
        later = {place + 1, (size - 1) // WIDTH} - {place}
        for each in later:
            if each * WIDTH < size and (self._hashes(each) or self._entries(each, WIDTH)):
                return (
                    f"dropped: of the entries from {first} to {min(first + WIDTH, size) - 1} "
                    "neither tile nor bundle can be read"
                )
        return f"truncated: nothing can be read from entry {first} on, of {size}"
