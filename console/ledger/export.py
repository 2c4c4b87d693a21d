"""Writes a log as a directory that anybody can verify: c2sp.org/tlog-tiles, and a little beside.

    checkpoint                the signed checkpoint over all of it
    tile/L/N, tile/entries/N  hashes and entries
    keys                      the keys that the log has had, a vkey a line, the oldest first
    checkpoints/SIZE          checkpoints of earlier sizes that were kept
    proofs/INDEX.tlog-proof   proofs of single entries, each good by itself

The bundle of a retired segment is missing; its hashes are all there. An entry with the event
`segment-retired` says so, with `first` and `count` of the entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from console.ledger import checkpoint, note, proofs, tiles
from console.ledger.checkpoint import Checkpoint
from console.ledger.keys import VerifierKey
from console.ledger.merkle import leaf_hash, root_at
from console.ledger.note import NoteError
from console.ledger.proof_file import SUFFIX, ProofFile
from console.ledger.rising import Rising
from console.ledger.tiles import ENTRIES, WIDTH, TileError, Tiles

CHECKPOINT: Final = "checkpoint"
KEYS: Final = "keys"
CHECKPOINTS: Final = "checkpoints"
PROOFS: Final = "proofs"

Entry = tuple[bytes, bytes | None]
"""An entry's hash and its content, None where that was retired."""


class ExportError(Exception):
    """The log cannot be written as a directory: a line that says why."""


class Written(NamedTuple):
    """What was written."""

    head: Checkpoint
    retired: int
    proofs: int


def write(
    directory: Path,
    entries: Iterable[Entry],
    signed: bytes,
    keys: Sequence[VerifierKey],
    *,
    kept: Iterable[bytes] = (),
    prove: Iterable[int] = (),
) -> Written:
    """Write the log of *entries*, all of them in order, into *directory*: new, or of this log.

    *signed* is the signed checkpoint over them, *kept* those of earlier sizes, *prove* the indices
    of the entries that get a proof. An earlier export of the log grows; what it holds is never
    written over by something else. The checkpoint is written last. Raises `ExportError` where
    these do not fit together, and `OSError`.
    """
    try:
        head = checkpoint.parse(note.parse(signed).text)
        directory.mkdir(parents=True, exist_ok=True)
        before = _admit(directory, head)
        retired = _tiles(directory, entries, head)
        files = Tiles(directory, head.size)
        if before is not None and root_at(before.size, files.node) != before.root:
            raise ExportError(f"{directory} holds another history: {before.size} entries of it")
        _put(directory, KEYS, "".join(f"{key.text}\n" for key in keys).encode())
        for each in kept:
            size = checkpoint.parse(note.parse(each).text).size
            if size < head.size:
                _put(directory, f"{CHECKPOINTS}/{size}", each)
        proved = _prove(files, prove, signed)
    except (NoteError, TileError) as error:
        raise ExportError(f"the log cannot be exported: {error}") from error
    _put(directory, CHECKPOINT, signed)
    return Written(head, retired, proved)


def _admit(directory: Path, head: Checkpoint) -> Checkpoint | None:
    """Return what an earlier export into *directory* holds.

    Refuses a directory that holds something else, another log, or more of this one.
    """
    before = tiles.read(directory / CHECKPOINT, note.LIMIT)
    if before is None:
        if any(directory.iterdir()):
            raise ExportError(f"{directory} is not empty, and no export; name a new directory")
        return None
    said = checkpoint.parse(note.parse(before).text)
    if said.origin != head.origin:
        raise ExportError(f"{directory} is the export of {said.origin}; name a new directory")
    if said.size > head.size:
        raise ExportError(f"{directory} holds more of the log: {said.size} entries")
    return said


def _tiles(directory: Path, entries: Iterable[Entry], head: Checkpoint) -> int:
    """Write tiles and bundles; return how many entries were retired."""

    def told(level: int, place: int, hashes: Sequence[bytes]) -> None:
        _add(directory, tiles.path(level, place, len(hashes)), b"".join(hashes))

    rising, retired = Rising(told), 0
    hashes: list[bytes] = []
    contents: list[bytes | None] = []
    for digest, data in entries:
        if data is not None and leaf_hash(data) != digest:
            raise ExportError(f"entry {rising.size + len(hashes)} does not hash to what is kept")
        hashes.append(digest)
        contents.append(data)
        if len(hashes) == WIDTH:
            retired += _bundle(directory, rising.size, contents)
            rising.add(hashes)
            hashes, contents = [], []
    retired += _bundle(directory, rising.size, contents)
    rising.add(hashes)
    rising.finish()
    if (rising.size, rising.root()) != (head.size, head.root):
        raise ExportError(
            f"the {rising.size} entries are not those of the checkpoint of {head.size}"
        )
    return retired


def _bundle(directory: Path, first: int, contents: list[bytes | None]) -> int:
    """Write the bundle from entry *first* on, unless it was retired; return how many were."""
    there = [data for data in contents if data is not None]
    if there:
        if len(there) != len(contents):
            raise ExportError(
                f"of the entries {first} to {first + len(contents) - 1} some were retired: "
                f"{WIDTH} are retired together"
            )
        where = tiles.path(ENTRIES, first // WIDTH, len(contents))
        _add(directory, where, tiles.encode_bundle(there))
    elif contents:
        _retire(directory, first // WIDTH)
    return len(contents) - len(there)


def _prove(files: Tiles, indices: Iterable[int], signed: bytes) -> int:
    made, read = 0, note.parse(signed)
    for index in indices:
        try:
            hashes = proofs.inclusion(index, files.size, files.node)
        except ValueError as error:
            raise ExportError(f"there is no proof: {error}") from error
        proof = ProofFile(index, tuple(hashes), read, files.entry(index))
        _put(files.directory, f"{PROOFS}/{index}{SUFFIX}", proof.encode())
        made += 1
    return made


def _retire(directory: Path, place: int) -> None:
    """Take away what an earlier export still had of a bundle."""
    full = directory / tiles.path(ENTRIES, place)
    full.unlink(missing_ok=True)
    for partial in full.with_name(full.name + ".p").glob("*"):
        partial.unlink()


def _add(directory: Path, where: str, data: bytes) -> None:
    """Write a file that never changes once it is there."""
    try:
        there = tiles.read(directory / where, len(data))
    except TileError as error:
        raise ExportError(f"{directory} holds another history: {where} differs") from error
    if there is None:
        _put(directory, where, data)
    elif there != data:
        raise ExportError(f"{directory} holds another history: {where} differs")


def _put(directory: Path, where: str, data: bytes) -> None:
    """Write a file whole or not at all."""
    path = directory / where
    new = path.with_name(path.name + ".new")
    try:
        new.write_bytes(data)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(data)
    new.replace(path)
