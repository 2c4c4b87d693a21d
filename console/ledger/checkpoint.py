"""C2SP checkpoints: a log's origin, size and root, signed (c2sp.org/tlog-checkpoint)."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from console.ledger.note import Note, NoteError
from console.ledger.strict import decode

if TYPE_CHECKING:
    from console.ledger.keys import SigningKey, VerifierKey

LARGEST = 2**63 - 1
"""Entries of the largest log."""


class Checkpoint(NamedTuple):
    """What a log says of itself: its name, how many entries it has, the root over them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """It as the text of a note."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode())
        return "".join(f"{line}\n" for line in (*lines, *self.extensions))


def parse(text: str) -> Checkpoint:
    """Return the checkpoint that a note's *text* is; raises `NoteError`."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise NoteError("not a checkpoint: origin, size and root, each on a line")
    origin, size, root, *extensions = lines[:-1]
    plain = size.isascii() and size.isdigit() and (size == "0" or size[0] != "0")
    if not plain or len(size) > 19 or int(size) > LARGEST:
        raise NoteError(f"not a checkpoint: its size is {size[:40]!r}")
    try:
        digest = decode(root)
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise NoteError("not a checkpoint: its root is not a hash of 32 bytes")
    return Checkpoint(origin, int(size), digest, tuple(extensions))


def sign(checkpoint: Checkpoint, keys: Sequence[SigningKey], at: float) -> Note:
    """Return *checkpoint* signed by *keys* at the time *at*, seconds since the epoch."""
    text = checkpoint.text
    return Note(text, tuple(key.sign(text, at) for key in keys))


def check(note: Note, keys: Iterable[VerifierKey]) -> Checkpoint:
    """Return the checkpoint of *note*, which every one of *keys* has to have signed.

    Lines of other keys are passed over. Raises `NoteError`.
    """
    checkpoint = parse(note.text)
    for key in keys:
        key.check(note)
    return checkpoint


def signers(note: Note, keys: Iterable[VerifierKey]) -> list[VerifierKey]:
    """Return which of *keys* signed *note*; raises `NoteError` where a line of theirs is not good.

    A bad line of a known key is never passed over: somebody made it.
    """
    lines = {(each.name, each.key_id) for each in note.signatures}
    found = [key for key in keys if (key.name, key.key_id) in lines]
    for key in found:
        key.check(note)
    return found
