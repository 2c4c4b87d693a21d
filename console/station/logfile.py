"""Opens the log's file and says in one line what is wrong with it."""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
from pathlib import Path

from console.ledger.merkle import EMPTY, Tree, leaf_hash, peaks, root_at
from console.station import schema
from console.station.lock import Held, Lock, Mark
from console.station.said import said

TAIL = 1024
"""Entries at the end that are hashed again on opening: where a torn write would be."""

_PLAIN = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_IOERR: "the disk fails (input/output error)",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_BUSY: "another program keeps it locked",
    sqlite3.SQLITE_LOCKED: "another program keeps it locked",
    sqlite3.SQLITE_PERM: "access is denied",
    sqlite3.SQLITE_AUTH: "access is denied",
}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class LogError(Exception):
    """The log cannot be opened, read or written: a line that names it and says why."""


class Torn(LogError):
    """The log is not whole, and perhaps only its end is lost; `what` is without the advice."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(damaged(path, what))
        self.what = what


def explain(path: Path, error: sqlite3.Error, done: str = "written") -> str:
    """Return a line on what SQLite said of the log at *path* as it was to be *done*."""
    number = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if number in _DAMAGED:
        return damaged(path, str(error))
    return f"the log {path} cannot be {done}: {_PLAIN.get(number, str(error))}"


def damaged(path: Path, what: str) -> str:
    """Return a line on a log that is not what it should be."""
    return (
        f"the log {path} is damaged: {what}; restore it from a copy, "
        f"or move {path.name}* elsewhere, keep them, and start again"
    )


def is_hash_of(digest: object, data: object) -> bool:
    """Return whether *digest* is the leaf hash of *data*, which may be of any type by now."""
    return isinstance(data, bytes) and leaf_hash(data) == digest


def node(db: sqlite3.Connection, level: int, index: int) -> bytes | None:
    """Return the hash of a node of the tree, None where there is none."""
    if level == 0:
        row = db.execute("SELECT hash FROM leaves WHERE idx = ?", (index,)).fetchone()
    else:
        row = db.execute(
            "SELECT hash FROM nodes WHERE level = ? AND idx = ?", (level, index)
        ).fetchone()
    return None if row is None else bytes(row[0])


def open_for_writing(path: Path, lock: Lock) -> tuple[sqlite3.Connection, Tree, str]:
    """Lock, open and check the log at *path*; return it, the edge of its tree, and its id.

    Its signature is for `sealing` to check.

    Makes one where there never was one: directory 0700, file 0600. Raises `LogError`, with
    nothing left open or locked.
    """
    db = None
    try:
        _make_directory(path.parent)
        mark = lock.acquire()
        if mark and not (path.exists() and path.stat().st_size):
            raise LogError(damaged(path, f"it is gone, and had {mark.size} entries"))
        _make_file(path)
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        _configure(db, path)
        name = create(db, secrets.token_hex(8)) if _is_new(db, path) else _identify(db)
        _upgrade(db)
        tree = _check(db, path)
        _compare(db, path, mark, name, tree)
        # A write that changes nothing: a disk that cannot be written says so now and not in the
        # middle of an operator's first action.
        db.execute("UPDATE head SET size = size")
        return db, tree, name
    except BaseException as error:
        if db is not None:
            db.close()
        lock.release()
        if isinstance(error, Held):
            raise LogError(f"the log {path} is {error}") from error
        if isinstance(error, OSError):
            where = f" ({error.filename})" if error.filename != str(path) else ""
            raise LogError(f"the log {path} cannot be opened: {error.strerror}{where}") from error
        if isinstance(error, sqlite3.Error):
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT:
                raise Torn(path, str(error)) from error
            raise LogError(explain(path, error)) from error
        raise


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open the log at *path* to read what it has; raises `sqlite3.Error`.

    A WAL needs a file beside it that a read-only directory cannot take; without a WAL the file is
    whole by itself and is read as one that does not change.
    """
    uri = path.absolute().as_uri()
    try:
        db = sqlite3.connect(f"{uri}?mode=ro", uri=True, check_same_thread=False)
        db.execute("SELECT size FROM head").fetchone()
    except sqlite3.OperationalError:
        if path.with_name(path.name + "-wal").exists():
            raise
        db = sqlite3.connect(f"{uri}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    (version,) = db.execute("PRAGMA user_version").fetchone()
    for later in range(version + 1, schema.VERSION + 1):
        for statement in _stand_ins(later):
            db.execute(statement)
    return db


def _stand_ins(version: int) -> list[str]:
    """Return tables for what *version* brought, where the file itself may not be written."""
    made = schema.UPGRADES[version].replace("CREATE TABLE", "CREATE TEMP TABLE")
    made = re.sub(r" REFERENCES \w+ \(\w+\)", "", made)
    statements = [statement for statement in made.split(";\n") if statement.strip()]
    return [statement for statement in statements if "CREATE INDEX" not in statement]


def _make_directory(directory: Path) -> None:
    """Make *directory*, 0700, and what is missing above it."""
    if not directory.is_dir():
        directory.parent.mkdir(parents=True, exist_ok=True)
        directory.mkdir(mode=0o700, exist_ok=True)
        sync(directory.parent)


def _make_file(path: Path) -> None:
    """Make the file where it is missing; SQLite gives its WAL the same mode."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        os.fchmod(handle, 0o600)
    finally:
        os.close(handle)
    sync(path.parent)


def sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _configure(db: sqlite3.Connection, path: Path) -> None:
    db.execute("PRAGMA busy_timeout = 2000")
    (mode,) = db.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise LogError(f"the log {path} is where SQLite has no WAL ({mode}); use a local disk")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA cell_size_check = ON")


def _is_new(db: sqlite3.Connection, path: Path) -> bool:
    """Return whether the file is empty; raises `LogError` where it is something else."""
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not tables and not application:
        return True
    if application != schema.APPLICATION:
        raise LogError(f"{path} is not a colony's log; name another file for the log")
    if version not in range(1, schema.VERSION + 1):
        raise LogError(
            f"the log {path} has version {version} and this program writes {schema.VERSION}; "
            "use the program that wrote it"
        )
    return False


def create(db: sqlite3.Connection, name: str) -> str:
    """Make the tables of the log with the id *name* in one transaction; return that."""
    db.execute("BEGIN IMMEDIATE")
    _make(db, schema.TABLES)
    db.execute("INSERT INTO head VALUES (1, 0, ?)", (EMPTY,))
    db.execute("INSERT INTO meta VALUES ('id', ?)", (name,))
    db.execute(f"PRAGMA application_id = {schema.APPLICATION}")
    db.execute(f"PRAGMA user_version = {schema.VERSION}")
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return name


def _upgrade(db: sqlite3.Connection) -> None:
    """Add what a log of an earlier version lacks; nothing that it holds is touched."""
    (before,) = db.execute("PRAGMA user_version").fetchone()
    if before == schema.VERSION:
        return
    db.execute("BEGIN IMMEDIATE")
    for version in range(before + 1, schema.VERSION + 1):
        _make(db, schema.UPGRADES[version])
    db.execute(f"PRAGMA user_version = {schema.VERSION}")
    db.execute("COMMIT")


def _make(db: sqlite3.Connection, tables: str) -> None:
    for statement in tables.split(";\n"):
        if statement.strip():
            db.execute(statement)


def insert(db: sqlite3.Connection, tree: Tree, data: bytes, at: float) -> int:
    """Insert an entry, what pages find it by, and the nodes that it completes; return its index."""
    index, digest = tree.size, leaf_hash(data)
    db.execute("INSERT INTO leaves VALUES (?, ?, ?, ?)", (index, digest, data, at))
    db.execute("INSERT INTO said VALUES (?, ?, ?, ?)", (index, *said(data)))
    db.executemany("INSERT INTO nodes VALUES (?, ?, ?)", tree.append(digest))
    return index


def _identify(db: sqlite3.Connection) -> str:
    (name,) = db.execute("SELECT value FROM meta WHERE name = 'id'").fetchone()
    return str(name)


def _check(db: sqlite3.Connection, path: Path) -> Tree:
    """Check the file and the end of the tree; return the tree's edge. Raises `LogError`."""
    (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise Torn(path, str(found).splitlines()[-1])
    size, root = db.execute("SELECT size, root FROM head").fetchone()
    count, last = db.execute("SELECT count(*), max(idx) FROM leaves").fetchone()
    if count != size or last != (size - 1 if size else None):
        raise Torn(path, f"it has {count} entries and says {size}")
    tail = "SELECT idx, hash, data FROM leaves WHERE idx >= ? ORDER BY idx"
    (retired,) = db.execute("SELECT coalesce(max(first + count), 0) FROM segments").fetchone()
    for index, stored, data in db.execute(tail, (size - TAIL,)):
        if not (data is None and index < retired) and not is_hash_of(stored, data):
            raise Torn(path, f"entry {index} was changed")
    hashes = [node(db, level, index) for level, index in peaks(size)]
    tree = Tree(size, [each for each in hashes if each is not None]) if None not in hashes else None
    if tree is None or tree.root() != root:
        raise LogError(damaged(path, "its entries do not hash to its root"))
    return tree


def _compare(db: sqlite3.Connection, path: Path, mark: Mark | None, name: str, tree: Tree) -> None:
    """Compare the log with what the last station knew of it."""
    if mark is None:
        return
    if mark.log != name:
        raise LogError(damaged(path, "it is another log than the one that was kept here"))
    seen = db.execute("SELECT 1 FROM meta WHERE name = 'mark' AND value = ?", (mark.text,))
    if seen.fetchone():
        return  # it was recovered, and the station ended before it could note that
    if mark.size > tree.size:
        raise Torn(path, f"it has {tree.size} entries and had {mark.size}: the last are lost")
    if root_at(mark.size, lambda level, index: node(db, level, index) or b"") != mark.root:
        raise LogError(damaged(path, f"its first {mark.size} entries are not what they were"))
