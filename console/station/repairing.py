"""Takes up a log whose end was lost: a torn write, a disk that lied, an older copy put back.

What is whole from the first entry on goes into a new file, which takes the place of the damaged
one; that is kept beside it. A leaf "recovered" says what was lost. Only an end is given up this
way: where a whole entry comes after one that is not, somebody has to decide.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import time
from pathlib import Path
from typing import Any, NamedTuple

from console.ledger.merkle import Tree
from console.ledger.note import NoteError
from console.station import logfile, retention, sealing, surveying
from console.station.digest import canonical, instant
from console.station.lock import Lock, Mark
from console.station.logfile import LogError, Torn
from console.station.retention import Segment
from console.station.said import said
from console.station.signing import Signer
from console.station.surveying import Survey

_COPIED = (
    "intents", "stages", "previews", "approvals", "envelopes", "receipts", "notes", "glass",
)  # fmt: skip
"""Tables whose rows are known to be missing where they are: their leaves call for them."""
_BESIDE = {
    "records": "leaf < :good",
    "segments": "leaf < :good",
    "keys": "1",
    "witnesses": "1",
}
"""The others, of which nothing may be missing, and which of their rows still hold.

Checkpoints, cosignatures and anchors are of the log's name until then: the damaged file has them.
"""
HIDDEN = 1_024
"""Entries that are given up at most where the file is so damaged that they cannot be reached."""


class _Lost(NamedTuple):
    """What a leaf "recovered" says."""

    first: int
    last: int | None
    root: str
    why: str

    @property
    def line(self) -> str:
        """It in words."""
        if self.last is not None and self.last < self.first:
            return f"nothing was lost: {self.why}"
        what = f"entry {self.first:,} was lost"
        if self.last is None:
            what = f"entry {self.first:,} and what came after it were lost"
        elif self.last > self.first:
            what = f"entries {self.first:,} to {self.last:,} were lost"
        return f"{what}: {self.why}; look at the targets of that time's actions"


def repair(path: Path, lock: Lock, torn: Torn, at: float) -> None:
    """Put what is whole of the log at *path* in its place; raises *torn* where that is no end.

    Raises `LogError` where the new file cannot be written: nothing has changed then. Another
    station that comes between does the same, or finds it done.
    """
    new = path.with_name(path.name + ".new")
    mark = lock.acquire()
    try:
        _remove(new)
        os.close(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        kept = _free(path, at)
        with contextlib.closing(_opened(path)) as old, contextlib.closing(_opened(new)) as db:
            # Of a file that is shorter than it says, nothing would be read otherwise.
            old.execute("PRAGMA writable_schema = ON")
            _make(old, db, _Found(path, mark, torn, kept.name), at)
        _swap(path, new, kept)
    except sqlite3.Error as error:
        raise LogError(logfile.explain(path, error)) from error
    except OSError as error:
        raise LogError(f"the log {path} cannot be mended: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            _remove(new)
        lock.release()


class _Found(NamedTuple):
    """The damaged log, the mark beside it, what was wrong, and where it will be kept."""

    path: Path
    mark: Mark | None
    torn: Torn
    kept: str


def _make(old: sqlite3.Connection, new: sqlite3.Connection, found: _Found, at: float) -> None:
    """Fill *new* with what is whole of *old*, and the leaf that says what is not."""
    meta = dict(old.execute("SELECT name, value FROM meta"))
    mark, torn = found.mark, found.torn
    if mark is not None and mark.log != meta.get("id"):
        raise torn
    survey = surveying.survey(old)
    lost = _lost(old, survey, mark, torn)
    # Nothing whole may be given up, nor what nobody can see.
    gone = HIDDEN + 1 if lost.last is None else lost.last - lost.first + 1
    if survey.later or not survey.tree.size or (survey.hidden and gone > HIDDEN):
        raise torn
    origin, base = meta.get("origin", ""), meta.get("base", meta.get("origin", ""))
    signer, keys = None, sealing.keys(old) if origin else []
    if origin and not keys:
        raise torn
    if origin:
        signer = Signer.settle(found.path, origin, keys)
    _compare(old, survey, signer, torn)
    logfile.create(new, str(meta["id"]))
    new.execute("BEGIN IMMEDIATE")
    _copy(old, new, survey, torn)
    tree = survey.tree.copy()
    if signer is not None:
        number = int(meta.get("recoveries", 0)) + 1
        # Indices that were used once are used again from here on. Under the same name that would
        # be equivocation: a witness, or whoever has an older checkpoint, would be shown two
        # histories of one log. So it goes on as a log of another name, with the same keys; and by
        # chance a part of it, as two copies of one log may both be recovered for the first time.
        name = f"{base}/r{number}-{secrets.token_hex(4)}"
        signer = signer.renamed(name)
        for key, value in (("origin", name), ("base", base), ("recoveries", str(number))):
            new.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
        sealing.retire_keys(new, at)
        sealing.add_keys(new, signer.verifiers, at)
    if mark is not None:
        new.execute("INSERT OR REPLACE INTO meta VALUES ('mark', ?)", (mark.text,))
    data = _leaf(lost, found.kept, origin, signer, at)
    logfile.insert(new, tree, data, at)
    _retire_again(old, new, tree, survey.tree.size, at)
    new.execute("UPDATE head SET size = ?, root = ?", (tree.size, tree.root()))
    if signer is not None:
        sealing.seal(new, signer, tree, at)
        sealing.keep(new)
    new.execute("COMMIT")
    retention.check(new, found.path)


def _retire_again(
    old: sqlite3.Connection, new: sqlite3.Connection, tree: Tree, good: int, at: float
) -> None:
    """Say again what was retired, where the entry that said so was lost; the content is gone."""
    query = "SELECT first, count, root, at FROM segments WHERE leaf >= ? ORDER BY first"
    for first, count, root, then in surveying.readable(old, query, (good,)):
        gone = Segment(first, count, root)
        leaf = logfile.insert(new, tree, retention.entry(gone, then, at), at)
        new.execute("INSERT INTO segments VALUES (?, ?, ?, ?, ?)", (*gone, at, leaf))


def _compare(old: sqlite3.Connection, survey: Survey, signer: Signer | None, torn: Torn) -> None:
    """Hold what is whole against the checkpoints within it: none may say otherwise."""
    signed = "SELECT size, root, note FROM {} WHERE size BETWEEN 1 AND ? ORDER BY size"
    for table in ("checkpoints", "signed") if signer else ():
        rows = surveying.readable(old, signed.format(table), (survey.tree.size,))
        for size, root, _ in rows:
            if survey.root(size) != root:
                raise torn
        if signer and rows and table == "signed":
            try:
                signer.check(rows[-1][2], *rows[-1][:2])
            except NoteError:
                raise torn from None


def _lost(old: sqlite3.Connection, survey: Survey, mark: Mark | None, torn: Torn) -> _Lost:
    """Say what was lost, as far as head and mark remember it."""
    good = survey.tree.size
    heads = surveying.readable(old, "SELECT size, root FROM head")
    known = [(size, root) for size, root in heads if isinstance(size, int)]
    if mark is not None:
        known.append((mark.size, mark.root))
    size, root = max(known, default=(0, b""))
    last = max(size, good) - 1 if known else None
    return _Lost(good, last, root.hex() if size > good else "", torn.what)


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, survey: Survey, torn: Torn) -> None:
    good, tree = survey.tree.size, Tree()
    for index, digest, data, at in surveying.entries(old, good):
        new.execute("INSERT INTO leaves VALUES (?, ?, ?, ?)", (index, digest, data, at))
        if data is not None:
            new.execute("INSERT INTO said VALUES (?, ?, ?, ?)", (index, *said(data)))
        new.executemany("INSERT INTO nodes VALUES (?, ?, ?)", tree.append(digest))
    if (tree.size, tree.root()) != (good, survey.tree.root()):
        raise torn
    damage: list[str] = []
    for table in _COPIED:
        _rows(old, new, table, "leaf < :good", good, [])
    for table, condition in _BESIDE.items():
        _rows(old, new, table, condition, good, damage)
    if damage:
        raise torn


def _rows(
    old: sqlite3.Connection,
    new: sqlite3.Connection,
    table: str,
    condition: str,
    good: int,
    damage: list[str],
) -> None:
    query = f"SELECT * FROM {table} NOT INDEXED WHERE {condition}"  # noqa: S608  (our own names)
    for row in surveying.readable(old, query, {"good": good}, damage):
        marks = ", ".join("?" * len(row))
        new.execute(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608


def _leaf(lost: _Lost, kept: str, was: str, signer: Signer | None, at: float) -> bytes:
    told: dict[str, Any] = {
        "v": 1,
        "event": "recovered",
        "at": instant(at),
        "actor": "station",
        "lost_from": lost.first,
        "lost_to": lost.last,
        "last_root": lost.root,
        "why": lost.why,
        "kept": kept,
        "was": was,
        "origin": signer.origin if signer else "",
        "keys": [key.text for key in signer.verifiers] if signer else [],
        "detail": lost.line,
    }
    return canonical(told)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=2.0)


def _remove(new: Path) -> None:
    for tail in ("", "-wal", "-shm", "-journal"):
        new.with_name(new.name + tail).unlink(missing_ok=True)


def _free(path: Path, at: float) -> Path:
    """Return a name beside *path* that nothing has."""
    when = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))
    kept = path.with_name(f"{path.name}.damaged-{when}")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}.damaged-{when}-{number}")
    return kept


def _swap(path: Path, new: Path, kept: Path) -> None:
    """Let *new* take the place of *path*, which stays as *kept*.

    The WAL goes first: with another file beside it, SQLite would write it into that.
    """
    for tail in ("-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + tail).rename(kept.with_name(kept.name + tail))
    os.link(path, kept)
    with new.open("rb") as file:
        os.fsync(file.fileno())
    new.replace(path)
    logfile.sync(path.parent)
