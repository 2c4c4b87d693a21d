"""The log's own keys, beside the log, and the checkpoint that is signed with each commit."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Sequence
from pathlib import Path

from console.ledger.checkpoint import Checkpoint, check, parse, sign
from console.ledger.keys import Kind, SigningKey, VerifierKey
from console.ledger.note import Note, NoteError
from console.ledger.note import parse as parse_note
from console.station.logfile import LogError

KINDS = (Kind.ED25519, Kind.MLDSA44)
"""What a log signs with: the one for every reader, the other against quantum computers."""
_FILES = {Kind.ED25519: "ed25519", Kind.MLDSA44: "ml-dsa-44"}
_NEXT = ".next"
"""The end of a file's name whose key the log does not know yet, or has known for a moment."""


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

        Directory 0700, files 0600: who has them can sign another log in this one's name. They wait
        beside those that there may be until the log has written them down, and `settle` is called.
        """
        where = folder(log)
        try:
            where.mkdir(mode=0o700, exist_ok=True)
            keys = [SigningKey.generate(origin, kind) for kind in KINDS]
            for key in keys:
                _write(where / (_FILES[key.verifier.kind] + _NEXT), key.seed)
            _sync(where)
            _sync(where.parent)
        except OSError as error:
            raise LogError(f"the log's keys {where} cannot be written: {error.strerror}") from error
        except NoteError as error:
            raise LogError(f"the log cannot be called {origin!r}: {error}") from error
        return cls(origin, keys)

    @classmethod
    def settle(cls, log: Path, origin: str, known: Collection[VerifierKey]) -> Signer:
        """Return who signs the log at *log*, whose public keys are *known*; raises `LogError`.

        The files are set right where a station ended between the log's commit and this. A place
        that cannot be written keeps them as they are: that can be made up for later.
        """
        where, keys, wrong = folder(log), [], ""
        for kind in KINDS:
            path = where / _FILES[kind]
            waits = path.with_name(path.name + _NEXT)
            found = None
            for each in (waits, path):
                try:
                    key = _read(each, origin, kind)
                except FileNotFoundError:
                    continue
                except OSError as error:
                    wrong = f"the log's key {each} cannot be read: {error.strerror}"
                except (ValueError, NoteError) as error:
                    wrong = f"the log's key {each} is none: {error}"
                else:
                    if key.verifier in known:
                        found = each, key
                        break
                    wrong = wrong or f"the keys beside the log {log} are not its own"
            if found is None:
                raise LogError(
                    f"{wrong or f'the log has no key {path}'}; restore it from a copy, "
                    f"or move {log.name}* and {where.name} elsewhere, and start again"
                )
            with contextlib.suppress(OSError):
                if found[0] == waits:
                    waits.replace(path)
                else:
                    waits.unlink(missing_ok=True)
            keys.append(found[1])
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


def _read(path: Path, origin: str, kind: Kind) -> SigningKey:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        seed = bytes.fromhex(os.read(handle, 200).decode("ascii").strip())
    finally:
        os.close(handle)
    return SigningKey.from_seed(origin, kind, seed)


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
