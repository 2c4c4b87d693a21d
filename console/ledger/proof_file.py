"""A proof of one entry, to keep and to check without the log (c2sp.org/tlog-proof).

What is extra in a proof of ours is the entry itself, so the file alone says what is proved.
"""

from __future__ import annotations

import base64
import re
from typing import Final, NamedTuple

from console.ledger import checkpoint, note, proofs
from console.ledger.checkpoint import Checkpoint
from console.ledger.merkle import leaf_hash
from console.ledger.note import Note, NoteError
from console.ledger.strict import decode

SUFFIX: Final = ".tlog-proof"
LIMIT: Final = note.LIMIT + 256 * 1024
"""Bytes of the longest proof that is read."""
_FIRST: Final = "c2sp.org/tlog-proof@v1"
_INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,18})")
_HASHES: Final = 64
"""Hashes of a proof at most: a tree has fewer than 2^63 leaves."""


class ProofFile(NamedTuple):
    """A proof: of which entry, its way up to the root, the signed checkpoint, and what is extra."""

    number: int
    hashes: tuple[bytes, ...]
    signed: Note
    extra: bytes | None = None

    def encode(self) -> bytes:
        """Return it as it is written down; `parse` returns the same of it."""
        lines = [_FIRST]
        if self.extra is not None:
            lines.append(f"extra {base64.b64encode(self.extra).decode()}")
        lines.append(f"index {self.number}")
        lines += [base64.b64encode(digest).decode() for digest in self.hashes]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.signed.encode()

    @property
    def checkpoint(self) -> Checkpoint:
        """What its note says; raises `NoteError`."""
        return checkpoint.parse(self.signed.text)

    def check(self, leaf: bytes | None = None) -> Checkpoint:
        """Check that the entry with the hash *leaf*, or the extra one, is under the root.

        Returns the checkpoint, whose signatures are still to be checked. Raises
        `proofs.ProofError` and `NoteError`.
        """
        if self.extra is not None:
            own = leaf_hash(self.extra)
            if leaf is not None and own != leaf:
                raise proofs.ProofError(f"what it says entry {self.number} is, is not that entry")
            leaf = own
        if leaf is None:
            raise proofs.ProofError(f"it does not say what entry {self.number} is")
        head = self.checkpoint
        proofs.verify_inclusion(leaf, self.number, head.size, self.hashes, head.root)
        return head


def parse(data: bytes) -> ProofFile:
    """Return the proof that *data* is; raises `NoteError`. Nothing is checked yet."""
    if len(data) > LIMIT:
        raise NoteError(f"a proof is not longer than {LIMIT} bytes")
    upper, separator, signed = data.partition(b"\n\n")
    try:
        first, *lines = upper.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise NoteError("a proof is ASCII text before its checkpoint") from None
    if first != _FIRST or not separator:
        raise NoteError(f"not a proof: its first line is not {_FIRST}")
    try:
        extra = decode(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
        found = _INDEX.fullmatch(lines.pop(0)) if lines else None
        hashes = tuple(map(decode, lines))
    except ValueError as error:
        raise NoteError(f"not a proof: of a line, {error}") from None
    if found is None or int(found[1]) > checkpoint.LARGEST:
        raise NoteError("not a proof: it does not say the index of its entry")
    if len(hashes) > _HASHES or any(len(digest) != 32 for digest in hashes):
        raise NoteError(f"not a proof: a proof is at most {_HASHES} hashes of 32 bytes")
    return ProofFile(int(found[1]), hashes, note.parse(signed), extra)
