"""`colony ledger prove N`: the proof that an entry is in the log, checked before it is shown."""

from __future__ import annotations

import argparse

from console.choice import Choice
from console.feed.answers import LogProof
from console.feed.client import Feed, FeedRefused
from console.headless.ledger_files import NotWritten, write
from console.headless.session import complain, connected, emit, show, tell
from console.ledger import note
from console.ledger.proof_file import ProofFile
from console.proving import prove

FAILED, NOT_THERE, CANNOT = 31, 66, 73


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Print the proof, or write it into a file; exit 31 if it does not hold."""

    async def work(feed: Feed) -> int:
        try:
            proof: LogProof = await feed.ask("log.proof", LogProof, index=options.index)
        except FeedRefused as error:
            complain(str(error))
            return NOT_THERE
        proved = prove(proof)
        if not proved.holds:
            complain("; ".join(step.said for step in proved.steps if step.holds is False))
            return FAILED
        data = encoded(proof)
        if not options.json:
            tell(*(f"{'✔' if step.holds else '?'} {step.said}" for step in proved.steps))
            tell(f"  {', '.join(proof.state) or 'signed'}")
        if options.out is not None:
            try:
                write(options.out, data)
            except NotWritten as error:
                complain(str(error))
                return CANNOT
            tell(f"written: {options.out}")
        elif options.json:
            emit({
                "index": proof.leaf.index, "hash": proof.leaf.hash, "size": proof.checkpoint.size,
                "state": list(proof.state), "signers": list(proved.signers),
                "proof": data.decode(),
            })  # fmt: skip
        else:
            show(data.decode().rstrip("\n"))
        return 0

    return connected(choice, work)


def encoded(proof: LogProof) -> bytes:
    """Return *proof* as a file that stands alone (C2SP tlog-proof): the entry itself is in it."""
    data = proof.leaf.data
    return ProofFile(
        proof.leaf.index,
        tuple(map(bytes.fromhex, proof.hashes)),
        note.parse(proof.checkpoint.note.encode()),
        None if data is None else data.encode(),
    ).encode()
