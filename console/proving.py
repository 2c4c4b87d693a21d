"""Checks, here, what the station says proves an entry: its hash, its way to the root, the note.

Nothing is believed because the station says so but which keys are the log's. What checks
signatures is slow to import: call `prove` off the event loop.
"""

from __future__ import annotations

from typing import NamedTuple

from console.feed.answers import LogProof
from console.ledger import checkpoint as checkpoints
from console.ledger import keys, note
from console.ledger.merkle import leaf_hash
from console.ledger.proofs import ProofError, verify_inclusion

HASHES = 64
"""Hashes of a proof at most: a larger tree than 2^64 there is not."""


class Step(NamedTuple):
    """One thing that was checked. `holds` is None where it could not be."""

    holds: bool | None
    said: str


class Proved(NamedTuple):
    """What checking came to. `checkpoint` is None where the note is none.

    `signers` are the log's keys that signed it, for a person; `others` who signed it beside them,
    whose keys are not known here.
    """

    steps: tuple[Step, ...]
    checkpoint: checkpoints.Checkpoint | None = None
    signers: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing that was checked failed, and the checkpoint covers the entry."""
        return self.checkpoint is not None and all(one.holds is not False for one in self.steps)


def prove(proof: LogProof) -> Proved:
    """Check *proof*: content against hash, hash against root, root against signatures."""
    try:
        leaf, path = _hash(proof.leaf.hash), [_hash(one) for one in proof.hashes[: HASHES + 1]]
    except ValueError:
        return Proved((Step(False, "what the station sent as hashes are none"),))
    steps = [_content(proof, leaf)]
    try:
        signed = note.parse(proof.checkpoint.note.encode())
        point = checkpoints.parse(signed.text)
    except note.NoteError as error:
        return Proved((*steps, Step(False, f"the checkpoint: {error}")))
    steps.append(_inclusion(proof, leaf, path, point))
    signers: tuple[str, ...] = ()
    own: list[keys.VerifierKey] = []
    try:
        own = [keys.parse(one) for one in proof.checkpoint.keys]
        found = checkpoints.signers(signed, own)
        # Another log of the same keys is another log: a key signs under the log's own name.
        signers = tuple(one.short for one in found if one.name == point.origin)
        steps.append(Step(bool(signers), _signed(signers)))
    except note.NoteError as error:
        steps.append(Step(False, f"a signature of the log: {error}"))
    known = {(one.name, one.key_id) for one in own}
    others = [one.name for one in signed.signatures if (one.name, one.key_id) not in known]
    return Proved(tuple(steps), point, signers, tuple(dict.fromkeys(others)))


def _content(proof: LogProof, leaf: bytes) -> Step:
    if proof.leaf.data is None:
        return Step(None, "its content was retired: only its hash can be proved")
    same = leaf_hash(proof.leaf.data.encode()) == leaf
    return Step(same, "its content has this hash" if same else "its content has ANOTHER hash")


def _inclusion(
    proof: LogProof, leaf: bytes, path: list[bytes], point: checkpoints.Checkpoint
) -> Step:
    if point.size != proof.checkpoint.size:
        told = f"the checkpoint is of {point.size:,}, not of {proof.checkpoint.size:,} as told"
        return Step(False, told)
    try:
        verify_inclusion(leaf, proof.leaf.index, point.size, path, point.root)
    except ProofError as error:
        return Step(False, str(error))
    count = len(path)
    hashes = f"{count} hash" if count == 1 else f"{count} hashes"
    return Step(
        True, f"it is entry {proof.leaf.index:,} under the root of {point.size:,}, by {hashes}"
    )


def _signed(signers: tuple[str, ...]) -> str:
    return f"the root is signed: {', '.join(signers)}" if signers else "NO key of the log signed it"


def _hash(text: str) -> bytes:
    found = bytes.fromhex(text)
    if len(found) != 32:
        raise ValueError(text)
    return found
