"""Which keys a checkpoint is to be believed by: those given, and those that they handed on to.

A log changes its keys by an entry, `key-rotated`, that brings the new ones; the checkpoint over
that entry is signed by the old keys and the new. From the next one on the new ones sign alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from console.ledger import checkpoint
from console.ledger.keys import VerifierKey
from console.ledger.note import Note, NoteError

Signed = tuple[int, Note]
"""A checkpoint: its size and its note."""


def covered(signed: Note, keys: Iterable[VerifierKey], origin: str) -> None:
    """Check that of each kind of key among *keys* one signed, and none of their lines is bad.

    So a checkpoint of which the post-quantum signature was taken away does not pass by the other,
    and an old key may stand beside a new one. A key signs under its log's name. Raises `NoteError`.
    """
    own = [key for key in keys if key.name == origin]
    if not own:
        raise NoteError(f"there is no key of {origin} to check it with")
    found = {key.kind for key in checkpoint.signers(signed, own)}
    for key in own:
        if key.kind not in found:
            raise NoteError(f"it is not signed by {key.name} ({key.short})")


def believed(
    given: Sequence[VerifierKey],
    rotations: Mapping[int, Sequence[VerifierKey]],
    signed: Sequence[Signed],
    origin: str,
) -> tuple[VerifierKey, ...]:
    """Return the keys that vouch for the last and largest checkpoint of *signed*.

    *rotations* are the keys that entries brought, by the index of the entry. Raises `NoteError`
    where *given* do not lead there.
    """
    *_, (size, last) = ordered = sorted(signed, key=lambda each: each[0])
    now: Sequence[VerifierKey] = given
    for reached, each in ordered:
        if _holds(each, now, origin):
            now = _brought(rotations, reached) or now
    newest = _brought(rotations, size)
    if newest is not None:
        covered(last, newest, origin)
    try:
        covered(last, now, origin)
    except NoteError:
        # Keys that are younger than the log: those before them are not needed.
        covered(last, given, origin)
        now = given
    return tuple(key for key in now if key.name == origin)


def _brought(
    rotations: Mapping[int, Sequence[VerifierKey]], size: int
) -> Sequence[VerifierKey] | None:
    """Return the keys that the last rotation before *size* brought."""
    before = [index for index in rotations if index < size]
    return rotations[max(before)] if before else None


def _holds(signed: Note, keys: Sequence[VerifierKey], origin: str) -> bool:
    try:
        covered(signed, keys, origin)
    except NoteError:
        return False
    return True
