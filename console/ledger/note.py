"""C2SP signed notes: a text, an empty line, signature lines (c2sp.org/signed-note)."""

from __future__ import annotations

import base64
from typing import Final, NamedTuple

from console.ledger.strict import decode

LIMIT: Final = 1024 * 1024
"""Bytes of the longest note that is read."""
SIGNATURES: Final = 100
"""Signature lines of one note."""
_DASH: Final = "— "


class NoteError(Exception):
    """What was read is not a signed note, or a signature on it is not good: one line."""


class Signature(NamedTuple):
    """One signature line: who signed, the first four bytes of which key, and the signature."""

    name: str
    key_id: bytes
    blob: bytes

    @property
    def line(self) -> str:
        """It as a line, without its end."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.blob).decode()}"


class Note(NamedTuple):
    """A text, which ends its last line, and the signatures on it."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """Return the note as it is written down."""
        lines = "".join(f"{each.line}\n" for each in self.signatures)
        return f"{self.text}\n{lines}".encode()

    def signed_also(self, *more: Signature) -> Note:
        """Return the note with *more* signatures; one of a key that has signed takes its place."""
        new = {(each.name, each.key_id) for each in more}
        kept = [each for each in self.signatures if (each.name, each.key_id) not in new]
        return Note(self.text, (*kept, *more))


def fits_name(name: str) -> bool:
    """Return whether *name* may name a key: not empty, without blanks and plus signs."""
    return bool(name) and "+" not in name and not any(each.isspace() for each in name)


def signature_of(line: str) -> Signature:
    """Return the signature that *line* is; raises `NoteError`."""
    name, _, text = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not fits_name(name):
        raise NoteError(f"not a signature line: {line[:60]!r}")
    try:
        blob = decode(text)
    except ValueError:
        raise NoteError(f"the signature of {name[:60]} is not base64") from None
    if len(blob) <= 4:
        raise NoteError(f"the signature of {name[:60]} is too short")
    return Signature(name, blob[:4], blob[4:])


def parse(data: bytes) -> Note:
    """Return the note that *data* is; raises `NoteError`. No signature is checked yet."""
    if len(data) > LIMIT:
        raise NoteError(f"a signed note is not longer than {LIMIT} bytes")
    try:
        whole = data.decode()
    except UnicodeDecodeError:
        raise NoteError("a signed note is UTF-8 text") from None
    if any(each < " " and each != "\n" for each in whole):
        raise NoteError("a signed note has no control characters")
    text, separator, lines = whole.rpartition("\n\n")
    if not separator or not text or not lines.endswith("\n"):
        raise NoteError("not a signed note: a text, an empty line, signature lines")
    found = lines[:-1].split("\n")
    if len(found) > SIGNATURES:
        raise NoteError(f"a signed note has at most {SIGNATURES} signatures")
    return Note(text + "\n", tuple(map(signature_of, found)))
