"""Verifies a `.tlog-proof`: an entry, under a root, that the log and others signed."""

from __future__ import annotations

import argparse

from console.headless.ledger_running import Failed, signed_by
from console.ledger import checkpoint, keys, note, proof_file
from console.ledger.note import NoteError
from console.ledger.proofs import ProofError
from console.ledger.verifying import Verdict


def verify_proof(options: argparse.Namespace) -> Verdict:
    """Verify the proof that `options.path` names; raises `Failed`, `NoteError` and `OSError`.

    Compared is what a witness cosigned, or what a checkpoint that was kept has for the same size.
    """
    if options.anchor:
        raise Failed("a proof alone is not held against a chain: verify the export, or the log")
    with options.path.open("rb") as file:
        proof = proof_file.parse(file.read(proof_file.LIMIT + 1))
    try:
        head = proof.check()
    except ProofError as error:
        raise Failed(str(error)) from error
    own = [keys.parse(text) for text in options.key]
    if own:
        signed_by(proof.signed, own, "the proof")
    compared = []
    for key in map(keys.parse, options.witness):
        try:
            key.check(proof.signed)
        except NoteError as error:
            raise Failed(str(error)) from error
        compared.append(f"the witness {key.name} at {head.size}")
    for path in options.against:
        kept = checkpoint.parse(note.parse(path.read_bytes()).text)
        if kept.origin != head.origin:
            raise Failed(f"{path} is of another log: {kept.origin}")
        if kept.size != head.size:
            raise Failed(f"{path} is of {kept.size} entries and the proof of {head.size}: "
                         "make the proof anew, or verify the export")  # fmt: skip
        if kept.root != head.root:
            raise Failed(f"{path} has another root of the same {head.size} entries")
        compared.append(f"{path} at {head.size}")
    return Verdict(head, compared=tuple(compared), keys=tuple(own), pinned=bool(own), proofs=1)
