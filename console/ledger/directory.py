"""What an exported log has beside its tiles: checkpoints, keys, proofs. Not believed yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from console.ledger import checkpoint, keys, note, proof_file, tiles
from console.ledger.checkpoint import Checkpoint
from console.ledger.export import CHECKPOINT, CHECKPOINTS, KEYS, PROOFS
from console.ledger.findings import Findings
from console.ledger.keys import VerifierKey
from console.ledger.note import Note, NoteError
from console.ledger.proof_file import SUFFIX, ProofFile
from console.ledger.tiles import TileError


class Unreadable(Exception):
    """There is no log to verify: a line that says what is missing."""


class Kept(NamedTuple):
    """A checkpoint in the directory: the file's name, the note, and what it says."""

    name: str
    signed: Note
    head: Checkpoint


def latest(directory: Path) -> Kept:
    """Return the log's checkpoint; raises `Unreadable` and `NoteError`."""
    data = _read(directory, CHECKPOINT, note.LIMIT)
    if data is None:
        raise Unreadable(f"{directory} is no exported log: {CHECKPOINT} is missing")
    return _kept(CHECKPOINT, data)


def own_keys(directory: Path) -> list[VerifierKey]:
    """Return the keys that the directory brings, none where it brings none; raises `NoteError`."""
    data = _read(directory, KEYS, note.LIMIT)
    if data is None:
        return []
    try:
        found = [keys.parse(line) for line in data.decode().splitlines()]
    except UnicodeDecodeError:
        raise NoteError(f"{KEYS} was changed: it is not UTF-8") from None
    except NoteError as error:
        raise NoteError(f"{KEYS} was changed: {error}") from error
    if "".join(f"{key.text}\n" for key in found).encode() != data:
        raise NoteError(f"{KEYS} was changed: it is not a key a line")
    return found


def earlier(directory: Path, head: Checkpoint, findings: Findings) -> Iterator[Kept]:
    """Yield the checkpoints of earlier sizes; what is wrong with one goes into *findings*."""
    for name in _names(directory, CHECKPOINTS):
        try:
            data = _read(directory, name, note.LIMIT)
            if data is None:
                continue
            kept = _kept(name, data)
        except NoteError as error:
            findings.add(str(error))
            continue
        if name != f"{CHECKPOINTS}/{kept.head.size}":
            findings.add(f"{name} was changed: it is a checkpoint of {kept.head.size} entries")
        elif kept.head.origin != head.origin:
            findings.add(f"{name} is of another log: {kept.head.origin}")
        elif kept.head.size > head.size:
            findings.add(f"truncated: {name} is of more entries than the log has, {head.size}")
        else:
            yield kept


def proved(directory: Path, findings: Findings) -> Iterator[tuple[str, ProofFile, Kept]]:
    """Yield the proofs, each with its name and checkpoint."""
    for name in _names(directory, PROOFS):
        try:
            data = _read(directory, name, proof_file.LIMIT)
            if data is None:
                continue
            proof = proof_file.parse(data)
            kept = Kept(name, proof.signed, proof.checkpoint)
        except NoteError as error:
            findings.add(_changed(name, error))
            continue
        if name != f"{PROOFS}/{proof.number}{SUFFIX}":
            findings.add(f"{name} was changed: it is a proof of entry {proof.number}")
            continue
        yield name, proof, kept


def _kept(name: str, data: bytes) -> Kept:
    try:
        signed = note.parse(data)
        return Kept(name, signed, checkpoint.parse(signed.text))
    except NoteError as error:
        raise NoteError(_changed(name, error)) from error


def _changed(name: str, error: NoteError) -> str:
    return f"{name} was changed: {error}"


def _read(directory: Path, name: str, most: int) -> bytes | None:
    try:
        return tiles.read(directory / name, most)
    except TileError as error:
        raise NoteError(f"{name} was changed: {error}") from error


def _names(directory: Path, folder: str) -> list[str]:
    """Return the files of a folder, by size or index: the order does not hang on the disk."""
    where = directory / folder
    if not where.is_dir():
        return []
    names = [each.name for each in where.iterdir() if not each.name.endswith(".new")]
    return [f"{folder}/{name}" for name in sorted(names, key=lambda name: (len(name), name))]
