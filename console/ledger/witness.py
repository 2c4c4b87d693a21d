"""A witness of logs: cosigns a log's checkpoint if it goes on from what it cosigned before.

c2sp.org/tlog-witness says what is asked and answered. Nothing here reads, writes or listens: who
answers keeps `Answer.seen` before anything is sent, and holds everybody else off meanwhile.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from console.ledger import checkpoint, note
from console.ledger.checkpoint import Checkpoint
from console.ledger.keys import Kind, SigningKey, VerifierKey
from console.ledger.merkle import EMPTY
from console.ledger.note import Note, NoteError, Signature
from console.ledger.proofs import ProofError, verify_consistency
from console.ledger.strict import decode

LIMIT: Final = 1024 * 1024
"""Bytes of the longest request."""
HASHES: Final = 63
"""Hashes of the longest proof."""
KINDS: Final = (Kind.MLDSA44, Kind.COSIGNATURE)
"""What a witness signs with."""
SIZE: Final = "text/x.tlog.size"
"""The content type of an answer that is a size."""
TEXT: Final = "text/plain; charset=utf-8"

Logs = Mapping[str, Sequence[VerifierKey]]
"""The keys that are trusted of each log, by its origin; one of them has to have signed."""


class Seen(NamedTuple):
    """What a witness cosigned last of a log: its size, the root over it."""

    size: int
    root: bytes


NOTHING: Final = Seen(0, EMPTY)
"""What was seen of a log that was never cosigned."""


class Request(NamedTuple):
    """What is asked: to go on from `old` entries, by a proof, to a signed checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    signed: Note

    def encode(self) -> bytes:
        """Return it as it is sent."""
        lines = [f"old {self.old}", *(base64.b64encode(each).decode() for each in self.proof), ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.signed.encode()


class Answer(NamedTuple):
    """What is answered, with an HTTP status; `seen` is to be kept first, where there is one.

    `reason` is a line for the witness' own journal.
    """

    status: int
    body: str
    reason: str = ""
    kind: str = TEXT
    origin: str = ""
    seen: Seen | None = None


class WitnessError(Exception):
    """A request is none, or nothing can be cosigned: `status` is HTTP's, the text one line."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def logs(keys: Iterable[VerifierKey]) -> Logs:
    """Return *keys* by the log that they are of: its origin is their name. Raises `NoteError`."""
    found: dict[str, list[VerifierKey]] = {}
    for key in keys:
        if key.kind is Kind.COSIGNATURE:
            raise NoteError(f"the key of {key.name} ({key.short}) is a witness' and not a log's")
        found.setdefault(key.name, []).append(key)
    return found


def parse(data: bytes) -> Request:
    """Return what *data* asks; raises `WitnessError`. No signature is checked yet."""
    if len(data) > LIMIT:
        raise WitnessError(413, f"a request has at most {LIMIT} bytes")
    upper, separator, signed = data.partition(b"\n\n")
    try:
        first, *lines = upper.decode("ascii").split("\n")
        word, _, old = first.partition(" ")
        plain = old.isdigit() and len(old) < 20 and (old == "0" or old[0] != "0")
        if word != "old" or not plain or not separator or len(lines) > HASHES:
            raise ValueError("it is not an old size, at most 63 hashes, an empty line, a note")
        proof = tuple(map(decode, lines))
        if any(len(each) != 32 for each in proof):
            raise ValueError("a hash has 32 bytes")
        return Request(int(old), proof, note.parse(signed))
    except (ValueError, NoteError) as error:
        raise WitnessError(400, f"not a request: {error}") from None


def trusted(signed: Note, logs: Logs) -> Checkpoint:
    """Return the checkpoint of *signed*, of a log that is known, signed by a key that is trusted.

    Raises `WitnessError`.
    """
    try:
        said = checkpoint.parse(signed.text)
    except NoteError as error:
        raise WitnessError(400, str(error)) from None
    known = logs.get(said.origin)
    if known is None:
        raise WitnessError(404, "this witness does not know that log")
    try:
        found = checkpoint.signers(signed, known)
    except NoteError as error:
        raise WitnessError(403, str(error)) from None
    if not found:
        raise WitnessError(403, "no key that is known of that log signed it")
    if said.size == 0 and said.root != EMPTY:
        raise WitnessError(422, "the root of a log without entries is another one")
    return said


def goes_on(seen: Seen, said: Checkpoint, proof: Sequence[bytes]) -> None:
    """Check that *said* goes on from what was *seen*; raises `WitnessError`."""
    if said.size < seen.size:
        raise WitnessError(400, f"{seen.size} entries were cosigned, this has {said.size}")
    if said.size == seen.size and said.root != seen.root:
        raise WitnessError(409, f"another root over {seen.size} entries was cosigned")
    try:
        verify_consistency(seen.size, seen.root, said.size, said.root, proof)
    except ProofError as error:
        raise WitnessError(422, f"not what was cosigned at {seen.size}: {error}") from None


def cosign(signed: Note, keys: Iterable[SigningKey], at: float) -> tuple[Signature, ...]:
    """Return the signatures of a witness' *keys* on what was checked, at the time *at*."""
    return tuple(key.sign(signed.text, at) for key in keys)


def answer(
    data: bytes, logs: Logs, seen: Mapping[str, Seen], keys: Sequence[SigningKey], at: float
) -> Answer:
    """Return the answer to the request *data*: `add-checkpoint` of c2sp.org/tlog-witness."""
    origin = ""
    try:
        asked = parse(data)
        said = trusted(asked.signed, logs)
        origin, known = said.origin, seen.get(said.origin, NOTHING)
        if asked.old > said.size:
            raise WitnessError(400, "the old size is larger than the checkpoint's")
        if asked.old != known.size:
            reason = f"asked to go on from {asked.old}, and {known.size} were cosigned"
            return Answer(409, f"{known.size}\n", reason, SIZE, origin)
        goes_on(known, said, asked.proof)
    except WitnessError as error:
        return Answer(error.status, f"{error}\n", str(error), origin=origin)
    lines = "".join(f"{each.line}\n" for each in cosign(asked.signed, keys, at))
    reason = f"cosigned at {said.size}"
    return Answer(200, lines, reason, TEXT, origin, Seen(said.size, said.root))
