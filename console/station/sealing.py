"""Keeps the log signed: its name and keys, and the checkpoint over all that it holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from console.ledger.keys import Kind, SigningKey, VerifierKey
from console.ledger.merkle import Tree
from console.ledger.note import NoteError
from console.paths import slug
from console.station.logfile import LogError, damaged
from console.station.signing import Signer

_SIGNED = "INSERT OR REPLACE INTO signed VALUES (1, ?, ?, ?, ?)"
_KEEP = "INSERT OR IGNORE INTO checkpoints SELECT size, root, note, at FROM signed WHERE size > 0"
_KEY = "INSERT INTO keys VALUES (?, ?, ?, ?, ?, NULL)"
_KEYS = """SELECT name, algorithm, public FROM keys WHERE until IS NULL OR :all
ORDER BY since, until IS NULL, until, algorithm"""


def origin_of(colony: str, name: str) -> str:
    """Return what the log with the id *name* is called where nobody named it."""
    return f"colony/{slug(colony)}/{name}"


def unseal(db: sqlite3.Connection, path: Path, tree: Tree, origin: str) -> Signer:
    """Return who signs the log that was opened, after a look at what was signed last.

    A log that has no keys yet gets some, and *origin* as its name. Raises `LogError` where its
    keys are gone, its signature is not good, or its name is not *origin* ("" takes any).
    """
    rows = db.execute("SELECT value FROM meta WHERE name = 'origin'").fetchone()
    if rows is None:
        return _named(db, path, tree, origin)
    base = db.execute("SELECT value FROM meta WHERE name = 'base'").fetchone() or rows
    if origin and base[0] != origin:
        raise LogError(
            f"the log {path} is called {base[0]} and the configuration says {origin}; "
            "a log keeps its name"
        )
    signer = Signer.settle(path, rows[0], keys(db))
    signed = db.execute("SELECT size, root, note FROM signed").fetchone()
    try:
        if signed is None:
            raise NoteError("nothing is signed")
        size, root, note = signed
        signer.check(note, size, root)
    except NoteError as error:
        raise LogError(damaged(path, str(error))) from error
    if (size, root) != (tree.size, tree.root()):
        raise LogError(damaged(path, f"{size} entries are signed and it has {tree.size}"))
    return signer


def seal(
    db: sqlite3.Connection, signer: Signer, tree: Tree, at: float, also: Sequence[SigningKey] = ()
) -> None:
    """Sign what the log holds now, in the transaction that is open; *also* signs it too."""
    root = tree.root()
    db.execute(_SIGNED, (tree.size, root, signer.sign(tree.size, root, at, also), at))


def keep(db: sqlite3.Connection) -> None:
    """Keep the checkpoint that is signed now for good."""
    db.execute(_KEEP)


def keys(db: sqlite3.Connection, *, all_: bool = False) -> list[VerifierKey]:
    """Return the log's public keys, those of earlier times too if *all_*; the newest last."""
    found = db.execute(_KEYS, {"all": all_}).fetchall()
    return [VerifierKey(name, Kind(int(kind)), public) for name, kind, public in found]


def retire_keys(db: sqlite3.Connection, at: float) -> None:
    """Write down that the keys of now sign nothing after *at*."""
    db.execute("UPDATE keys SET until = ? WHERE until IS NULL", (at,))


def add_keys(db: sqlite3.Connection, new: Iterable[VerifierKey], at: float) -> None:
    """Write down keys that sign from *at* on."""
    rows = [(key.key_id.hex(), key.name, str(int(key.kind)), key.public, at) for key in new]
    db.executemany(_KEY, rows)


def _named(db: sqlite3.Connection, path: Path, tree: Tree, origin: str) -> Signer:
    """Give the log its name, its keys and its first signature, at once or not at all."""
    signer = Signer.make(path, origin)
    (at,) = db.execute("SELECT coalesce(max(at), 0) FROM leaves").fetchone()
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO meta VALUES ('origin', ?)", (origin,))
    add_keys(db, signer.verifiers, at)
    seal(db, signer, tree, at)
    keep(db)
    db.execute("COMMIT")
    return Signer.settle(path, origin, signer.verifiers)
