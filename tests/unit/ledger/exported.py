"""Logs to export: entries by number, signed with keys that are the same each time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from console.ledger import checkpoint, export
from console.ledger.checkpoint import Checkpoint
from console.ledger.keys import Kind, SigningKey
from console.ledger.merkle import Tree, leaf_hash
from console.ledger.note import Note

ORIGIN = "colony/tycho/0123456789abcdef"
AT = 1_800_000_000.0


def own(number: int = 0, origin: str = ORIGIN) -> list[SigningKey]:
    """Return the pair of keys of a log, the *number*th that it had."""
    kinds = (Kind.ED25519, Kind.MLDSA44)
    return [SigningKey.from_seed(origin, kind, bytes([number, kind]) * 16) for kind in kinds]


def entry(number: int) -> bytes:
    return json.dumps({"event": "note", "text": f"entry {number}"}).encode()


def entries(size: int) -> list[bytes]:
    return [entry(number) for number in range(size)]


def root(data: Sequence[bytes]) -> bytes:
    tree = Tree()
    for each in data:
        tree.append(leaf_hash(each))
    return tree.root()


def signed(data: Sequence[bytes], keys: Iterable[SigningKey] = ()) -> Note:
    """Return the checkpoint over *data*."""
    return checkpoint.sign(Checkpoint(ORIGIN, len(data), root(data)), [*keys] or own(), AT)


def write(
    directory: Path,
    data: Sequence[bytes],
    *,
    note: Note | None = None,
    keys: Sequence[SigningKey] = (),
    kept: Iterable[Note] = (),
    retired: range = range(0),
    prove: Iterable[int] = (),
) -> Path:
    """Export *data*; return where."""
    export.write(
        directory,
        ((leaf_hash(e), None if number in retired else e) for number, e in enumerate(data)),
        (note or signed(data)).encode(),
        [key.verifier for key in keys or own()],
        kept=[each.encode() for each in kept],
        prove=prove,
    )
    return directory
