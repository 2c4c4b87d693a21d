"""A witness' files: its secret keys, and what it has cosigned."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from adapters.text import clean
from console.ledger import keys, note
from console.ledger.keys import Kind, SigningKey
from console.ledger.note import NoteError
from console.ledger.strict import decode
from console.ledger.witness import KINDS, Seen

_PRIVATE = "PRIVATE+KEY+"
_KEYS = 4096
"""Bytes of the longest file of keys."""
_STATE = 64 * 1024 * 1024
_FORMAT = 1


class WitnessFileError(Exception):
    """A file of a witness cannot be read or written, or is none: one line."""


class Known(NamedTuple):
    """What is kept of a log: what was seen, the note that was cosigned, the keys it was by."""

    seen: Seen
    signed: str
    keys: tuple[str, ...]


def make_keys(path: Path, name: str) -> list[SigningKey]:
    """Write new keys of a witness called *name* into *path*, which must not be there yet.

    A line a key, as golang.org/x/mod/sumdb/note writes secret keys. Raises `WitnessFileError`.
    """
    try:
        made = [SigningKey.generate(name, kind) for kind in KINDS]
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except NoteError as error:
        raise WitnessFileError(str(error)) from error
    except FileExistsError:
        raise WitnessFileError(f"{path} is there already; it is not overwritten") from None
    except OSError as error:
        raise WitnessFileError(f"{path} cannot be written: {error.strerror}") from error
    with open(handle, "w", encoding="ascii") as file:
        for key in made:
            public = key.verifier
            secret = base64.b64encode(bytes([public.kind]) + key.seed).decode()
            file.write(f"{_PRIVATE}{name}+{public.key_id.hex()}+{secret}\n")
        file.flush()
        os.fsync(handle)
    return made


def read_keys(path: Path) -> list[SigningKey]:
    """Return the keys in *path*; raises `WitnessFileError`, which never holds a secret."""
    try:
        lines = _read(path, _KEYS).decode("ascii").splitlines()
    except UnicodeDecodeError:
        lines = [""]
    try:
        found = [_secret(line) for line in lines if line.strip()]
    except (ValueError, IndexError, NoteError):
        raise WitnessFileError(f"{path} holds no keys of a witness") from None
    if not found or any(key.verifier.kind not in KINDS for key in found):
        raise WitnessFileError(f"{path} holds no keys of a witness")
    return found


def _secret(line: str) -> SigningKey:
    name, said, text = line.strip().removeprefix(_PRIVATE).split("+", 2)
    raw = decode(text)
    key = SigningKey.from_seed(name, Kind(raw[0]), raw[1:])
    if not line.startswith(_PRIVATE) or key.verifier.key_id.hex() != said:
        raise ValueError("not a key")
    return key


class State:
    """What a witness has cosigned, by the log's origin, in a file that is never half written.

    Only one process holds it at a time. A file that is not there is a witness that has seen nothing
    yet; one that cannot be understood is refused: what was forgotten could be signed otherwise.
    """

    def __init__(self, path: Path, logs: Mapping[str, Known]) -> None:
        self.path = path
        self.logs = dict(logs)

    @classmethod
    @contextlib.contextmanager
    def held(cls, path: Path) -> Iterator[State]:
        """Hold the state in *path*; raises `WitnessFileError`."""
        lock = path.with_name(path.name + ".lock")
        try:
            handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise WitnessFileError(f"{lock} cannot be opened: {error.strerror}") from error
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise WitnessFileError(f"another witness holds {path}") from None
            yield cls(path, _logs(path))
        finally:
            os.close(handle)

    @property
    def seen(self) -> dict[str, Seen]:
        """What was cosigned last of each log."""
        return {origin: known.seen for origin, known in self.logs.items()}

    def keep(self, origin: str, known: Known) -> None:
        """Write down what is about to be cosigned; raises `WitnessFileError`: then it is not.

        When it returns, it is on the disk.
        """
        logs = {**self.logs, origin: known}
        told = {
            name: {"size": each.seen.size, "root": each.seen.root.hex(),
                   "checkpoint": each.signed, "keys": list(each.keys)}
            for name, each in logs.items()
        }  # fmt: skip
        text = json.dumps({"version": _FORMAT, "logs": told}, ensure_ascii=False, indent=1)
        write(self.path, text.encode() + b"\n", 0o600)
        self.logs = logs


def write(path: Path, data: bytes, mode: int) -> None:
    """Replace *path* by *data*, whole or not at all, on the disk; raises `WitnessFileError`."""
    new = path.with_name(f".{path.name}.new")
    try:
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        new.replace(path)
        directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    except OSError as error:
        raise WitnessFileError(f"{path} cannot be written: {error.strerror}") from error


def _logs(path: Path) -> dict[str, Known]:
    if not path.exists():
        return {}
    try:
        said = json.loads(_read(path, _STATE))
        if said["version"] != _FORMAT:
            raise ValueError("another version")
        return {str(origin): _known(origin, each) for origin, each in said["logs"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, NoteError) as error:
        raise WitnessFileError(
            f"{path} is not what a witness wrote ({clean(str(error), 100)}); restore it from a "
            "copy: without it this witness could cosign a second history"
        ) from error


def _known(origin: str, said: Mapping[str, Any]) -> Known:
    from console.ledger.checkpoint import parse

    seen = Seen(int(said["size"]), bytes.fromhex(said["root"]))
    own = parse(note.parse(said["checkpoint"].encode()).text)
    if (own.origin, own.size, own.root) != (origin, *seen):
        raise ValueError("its checkpoint is another one")
    return Known(seen, said["checkpoint"], _texts(said["keys"]))


def _texts(given: Iterable[Any]) -> tuple[str, ...]:
    return tuple(keys.parse(str(each)).text for each in given)


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise WitnessFileError(f"{path} cannot be read: {error.strerror}") from error
    if len(data) > most:
        raise WitnessFileError(f"{path} has more than {most} bytes")
    return data


__all__: Sequence[str] = ("Known", "State", "WitnessFileError", "make_keys", "read_keys", "write")
