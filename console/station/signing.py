"""The log's own keys, beside the log, and the checkpoint that is signed with each commit."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from console.ledger.checkpoint import Checkpoint, check, parse, sign
from console.ledger.keys import Kind, SigningKey, VerifierKey
from console.ledger.note import Note, NoteError
from console.ledger.note import parse as parse_note
from console.station.logfile import LogError

KINDS = (Kind.ED25519, Kind.MLDSA44)
"""What a log signs with: the one for every reader, the other against quantum computers."""
_FILES = {Kind.ED25519: "ed25519", Kind.MLDSA44: "ml-dsa-44"}


def folder(log: Path) -> Path:
    """Return where the keys of the log at *log* are."""
    return log.with_name(f"{log.name.removesuffix('.sqlite')}.keys")


class Signer:
    """Signs the checkpoints of the log called `origin`."""

    def __init__(self, origin: str, keys: Sequence[SigningKey]) -> None:
        self.origin = origin
        self._keys = tuple(keys)

    @classmethod
    def make(cls, log: Path, origin: str) -> Signer:
        """Make new keys for the log at *log*; raises `LogError` where they cannot be kept.

        Directory 0700, files 0600: who has them can sign another log in this one's name.
        """
        where = folder(log)
        try:
            where.mkdir(mode=0o700, exist_ok=True)
            keys = [SigningKey.generate(origin, kind) for kind in KINDS]
            for key in keys:
                _write(where / _FILES[key.verifier.kind], key.seed)
            _sync(where)
            _sync(where.parent)
        except OSError as error:
            raise LogError(f"the log's keys {where} cannot be written: {error.strerror}") from error
        except NoteError as error:
            raise LogError(f"the log cannot be called {origin!r}: {error}") from error
        return cls(origin, keys)

    @classmethod
    def load(cls, log: Path, origin: str) -> Signer:
        """Read the keys of the log at *log*; raises `LogError` where they are not there."""
        where, keys = folder(log), []
        for kind in KINDS:
            path = where / _FILES[kind]
            try:
                handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
                try:
                    seed = bytes.fromhex(os.read(handle, 200).decode("ascii").strip())
                finally:
                    os.close(handle)
                keys.append(SigningKey.from_seed(origin, kind, seed))
            except OSError as error:
                raise LogError(
                    f"the log's key {path} cannot be read: {error.strerror}; restore it from a "
                    f"copy, or move {log.name}* and {where.name} elsewhere, and start again"
                ) from error
            except (ValueError, NoteError) as error:
                raise LogError(f"the log's key {path} is none: {error}") from error
        return cls(origin, keys)

    def renamed(self, origin: str) -> Signer:
        """Return who signs with the same secrets under another name."""
        kinds = [(key.verifier.kind, key.seed) for key in self._keys]
        return Signer(origin, [SigningKey.from_seed(origin, *each) for each in kinds])

    @property
    def verifiers(self) -> tuple[VerifierKey, ...]:
        """The public keys."""
        return tuple(key.verifier for key in self._keys)

    def sign(self, size: int, root: bytes, at: float, also: Sequence[SigningKey] = ()) -> bytes:
        """Return the signed checkpoint over *size* entries: a note. *also* signs it too."""
        return sign(Checkpoint(self.origin, size, root), (*also, *self._keys), at).encode()

    def check(self, note: object, size: int, root: bytes) -> None:
        """Check that *note* is this log's over *size* entries; raises `NoteError`."""
        if not isinstance(note, bytes):
            raise NoteError("what is signed is no signed note")
        said = check(parse_note(note), self.verifiers)
        if said[:3] != (self.origin, size, root):
            raise NoteError("the signed checkpoint is not over the log's entries")

    @property
    def keys(self) -> tuple[SigningKey, ...]:
        """The secret keys."""
        return self._keys


def told(note: bytes) -> tuple[Note, Checkpoint]:
    """Return a stored note and the checkpoint in it; raises `NoteError`."""
    found = parse_note(note)
    return found, parse(found.text)


def _write(path: Path, seed: bytes) -> None:
    """Write a seed whole or not at all."""
    new = path.with_name(path.name + ".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        os.write(handle, seed.hex().encode() + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)
    new.replace(path)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
