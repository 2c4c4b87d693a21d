"""What an exported log is held against that does not come from it: only that shows a log that was
cut off, or made again with the same keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from console.ledger import checkpoint, note
from console.ledger.checkpoint import Checkpoint
from console.ledger.directory import Kept
from console.ledger.findings import Findings
from console.ledger.keys import VerifierKey
from console.ledger.note import NoteError


class Held(NamedTuple):
    """A root that somebody else has of the log: of how many entries, and who."""

    size: int
    root: bytes
    by: str


def kept_elsewhere(
    against: Iterable[tuple[str, bytes]],
    head: Checkpoint,
    keys: Sequence[VerifierKey],
    findings: Findings,
) -> list[Held]:
    """Return what signed checkpoints, as (name, bytes), hold the log against."""
    found = []
    for name, data in against:
        try:
            signed = note.parse(data)
            said = checkpoint.parse(signed.text)
            own = [key for key in keys if key.name == said.origin]
            if said.origin != head.origin:
                findings.add(f"{name} is of another log: {said.origin}")
            elif not checkpoint.signers(signed, own):
                findings.add(f"{name} is not signed by a key of the log")
            else:
                found.append(Held(said.size, said.root, name))
        except NoteError as error:
            findings.add(f"{name}: {error}")
    return found


def cosigned(
    kept: Sequence[Kept], witnesses: Sequence[VerifierKey], findings: Findings
) -> list[Held]:
    """Return the largest checkpoint that each of *witnesses* cosigned; each must have one."""
    found = []
    for key in witnesses:
        for each in sorted(kept, key=lambda one: one.head.size, reverse=True):
            try:
                if checkpoint.signers(each.signed, [key]):
                    head = each.head
                    found.append(Held(head.size, head.root, f"the witness {key.name}"))
                    break
            except NoteError as error:
                findings.add(f"{each.name} was changed: {error}")
                break
        else:
            findings.add(f"the witness {key.name} ({key.short}) has cosigned nothing of this log")
    return found


def agree(
    held: Iterable[Held], head: Checkpoint, roots: dict[int, bytes], findings: Findings
) -> list[str]:
    """Return what the log agrees with, a line each; *roots* are the log's own, by size."""
    agreed = []
    for size, root, by in held:
        if size > head.size:
            findings.add(f"truncated: {by} has {size} entries of it, and it has {head.size}")
        elif size in roots and roots[size] != root:
            findings.add(f"re-made: its first {size} entries are not those that {by} has")
        elif size in roots:
            agreed.append(f"{by} at {size}")
    return agreed
