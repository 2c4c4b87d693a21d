"""The log: one append-only Merkle tree in one SQLite file, journal and ledger in one.

What is appended is on the disk when `append` returns (WAL, synchronous=FULL: 0.7 ms for one, 3 ms
for a batch of 256). All SQLite runs in one thread of its own, so a slow disk never holds up the
event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from console.ledger.merkle import Tree
from console.station import faults, logfile, repairing, retention, rotation, sealing
from console.station.lock import Lock
from console.station.logfile import LogError, Torn
from console.station.said import NOTHING, said
from console.station.signing import Signer

ResultT = TypeVar("ResultT")
Row = tuple[str, Mapping[str, Any]]

LONGEST = 65_535
"""Bytes of the longest entry: what a bundle of C2SP tlog-tiles can hold."""

_LEAVES = """SELECT idx, hash, data, event, intent, actor FROM leaves LEFT JOIN said USING (idx)
ORDER BY idx"""


class Leaf(NamedTuple):
    """One entry: canonical JSON, its time (seconds since the epoch), and the rows that go with it.

    A row is an SQL statement with named parameters; `:leaf` is the leaf's index.
    """

    data: bytes
    at: float
    rows: tuple[Row, ...] = ()


class Head(NamedTuple):
    """How many leaves the log has, and the root over them."""

    size: int
    root: bytes


class Log:
    """One log. `trouble` is "" while it can be written, else a line that says why it cannot.

    A log in trouble is still read as far as it can be. Each `append` tries again, so a disk that
    was full and is not any more needs no restart.
    """

    def __init__(
        self,
        path: Path,
        *,
        colony: str = "colony",
        origin: str = "",
        now: Callable[[], float] = time.time,
        hooks: faults.Faults = faults.NONE,
        executor: Executor | None = None,
    ) -> None:
        """Name the file. *executor* runs what touches it; it must have one thread at most.

        *origin* is what the log is called in its checkpoints, by default after *colony* and its
        id; a log keeps the name that it was made with.
        """
        self.path = path
        self.trouble = f"the log {path} is not open yet"
        self.id = ""
        self._colony = colony
        self._origin = origin
        self._now = now
        self._signer: Signer | None = None
        self.grown: Callable[[], None] = lambda: None
        """Called after each append, in the event loop."""
        self._hooks = hooks
        self._executor = executor or ThreadPoolExecutor(1, thread_name_prefix="colony-log")
        self._lock = Lock(path.with_name(path.name + ".lock"))
        self._db: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._tree = Tree()
        self._closed = False

    @property
    def origin(self) -> str:
        """What the log is called in its checkpoints, "" before it was opened."""
        return self._signer.origin if self._signer else ""

    @property
    def head(self) -> Head:
        """Size and root after the last append."""
        return Head(self._tree.size, self._tree.root())

    async def open(self) -> str:
        """Open the file, making it if there never was one; return `trouble`."""
        try:
            await self._run(self._writer)
        except LogError:
            pass
        return self.trouble

    async def append(self, *leaves: Leaf) -> int:
        """Append *leaves* and their rows in one transaction; return the index of the first.

        Raises `LogError`: then nothing of it is to be relied on, not even its absence. One that is
        too long is refused before anything is written.
        """
        for leaf in leaves:
            if len(leaf.data) > LONGEST:
                raise LogError(
                    f"the log {self.path} takes entries of at most {LONGEST:,} bytes, "
                    f"and this one has {len(leaf.data):,}"
                )
        first = await self._run(functools.partial(self._append, leaves))
        self.grown()
        return first

    async def keep(self, *rows: Row) -> None:
        """Write rows that go with no entry: what others say of the log. Raises `LogError`."""
        await self._run(functools.partial(self._keep, rows))

    async def rotate(self, actor: str, uid: int | None) -> int:
        """Sign with new keys from now on; return how many entries the log has with that.

        The checkpoint of that size is signed by the old keys too. Raises `LogError`.
        """
        size = await self._run(functools.partial(self._rotate, actor, uid))
        self.grown()
        return size

    async def retire(self, before: float) -> int:
        """Let the content go of what was written *before*, as far as it can go; return how many.

        Raises `LogError`.
        """
        count = await self._run(functools.partial(self._retire, before))
        if count:
            self.grown()
        return count

    async def read(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query; raises `LogError` where the file cannot be read."""
        return await self._run(functools.partial(self._read, sql, parameters))

    async def verify(self) -> Head:
        """Hash every leaf again and compare; return the head. Raises `LogError` at a difference."""
        return await self._run(self._verify)

    async def close(self) -> None:
        """Close the file and let another process have it."""
        if not self._closed:
            await self._run(self._finish)
            self._closed = True
            self._executor.shutdown(wait=False)
            self.trouble = f"the log {self.path} is closed"

    async def _run(self, work: Callable[[], ResultT]) -> ResultT:
        if self._closed:
            raise LogError(f"the log {self.path} is closed")
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    # What follows runs in the log's own thread.

    def _writer(self) -> sqlite3.Connection:
        if self._db is None:
            self._lock.release()
            try:
                self._db = self._opened()
            except LogError as error:
                self.trouble = str(error)
                raise
            self._let_go(self._reader)
            self._reader = None
            self._lock.note(self.id, self._tree.size, self._tree.root())
            self.trouble = ""
        return self._db

    def _opened(self) -> sqlite3.Connection:
        try:
            db, tree, self.id = logfile.open_for_writing(self.path, self._lock)
        except Torn as torn:
            self._shut()
            repairing.repair(self.path, self._lock, torn, self._now())
            db, tree, self.id = logfile.open_for_writing(self.path, self._lock)
        try:
            known = db.execute("SELECT 1 FROM meta WHERE name = 'origin'").fetchone()
            default = "" if known else sealing.origin_of(self._colony, self.id)
            self._signer = sealing.unseal(db, self.path, tree, self._origin or default)
            retention.check(db, self.path)
            sealing.keep(db)
        except BaseException as error:
            db.close()
            self._lock.release()
            if isinstance(error, sqlite3.Error):
                raise LogError(logfile.explain(self.path, error)) from error
            raise
        self._tree = tree
        return db

    def _append(self, leaves: tuple[Leaf, ...]) -> int:
        with self._transaction() as db:
            first, tree = self._tree.size, self._grown(db, leaves)
            if leaves and self._signer:
                sealing.seal(db, self._signer, tree, leaves[-1].at)
            self._hooks.at("before-commit")
        self._stands(tree)
        return first

    def _rotate(self, actor: str, uid: int | None) -> int:
        self._writer()
        old, at = self._signer, self._now()
        if old is None:
            raise LogError(f"the log {self.path} is not signed")
        new = Signer.make(self.path, old.origin)
        leaf = Leaf(rotation.entry(old, new, actor, uid, at), at)
        with self._transaction() as db:
            tree = self._grown(db, (leaf,))
            sealing.retire_keys(db, at)
            sealing.add_keys(db, new.verifiers, at)
            sealing.seal(db, new, tree, at, old.keys)
            sealing.keep(db)
            self._hooks.at("before-commit")
        self._signer = new
        self._stands(tree)
        self._signer = Signer.settle(self.path, new.origin, new.verifiers)
        return tree.size

    def _retire(self, before: float) -> int:
        at = self._now()
        with self._transaction() as db:
            gone = retention.due(db, before, at)
            tree = self._tree
            if gone is not None:
                db.execute("PRAGMA secure_delete = ON")
                tree = self._grown(db, (Leaf(retention.entry(gone, before, at), at),))
                retention.drop(db, gone, at, tree.size - 1)
                if self._signer:
                    sealing.seal(db, self._signer, tree, at)
            sealing.keep(db)
            self._hooks.at("before-commit")
        self._stands(tree)
        db.execute("PRAGMA secure_delete = OFF")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what went is in there still
        return gone.size if gone else 0

    def _grown(self, db: sqlite3.Connection, leaves: Iterable[Leaf]) -> Tree:
        """Insert *leaves* in the transaction that is open; return the tree with them."""
        tree = self._tree.copy()
        for leaf in leaves:
            index = logfile.insert(db, tree, leaf.data, leaf.at)
            for sql, parameters in leaf.rows:
                db.execute(sql, {**parameters, "leaf": index})
        db.execute("UPDATE head SET size = ?, root = ?", (tree.size, tree.root()))
        return tree

    def _stands(self, tree: Tree) -> None:
        """Note where the log stands once that is on the disk."""
        self._tree = tree
        self._lock.note(self.id, tree.size, tree.root())
        self._hooks.at("after-commit")

    def _keep(self, rows: tuple[Row, ...]) -> None:
        with self._transaction() as db:
            for sql, parameters in rows:
                db.execute(sql, parameters)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all of what follows, or nothing; raises `LogError`."""
        db = self._writer()
        try:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
        except sqlite3.IntegrityError as error:
            db.rollback()
            raise LogError(f"the log {self.path} refused an entry: {error}") from error
        except sqlite3.Error as error:
            self.trouble = logfile.explain(self.path, error)
            self._only_read(db)
            raise LogError(self.trouble) from error
        except BaseException:
            db.rollback()
            raise

    def _read(self, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        db = self._db or self._reader
        try:
            if db is None:
                db = self._reader = logfile.open_for_reading(self.path)
            return db.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise LogError(logfile.explain(self.path, error, "read")) from error

    def _verify(self) -> Head:
        db = self._writer()
        tree = Tree()
        nodes = 0
        try:
            for index, stored, data, *told in db.execute(_LEAVES):
                if index != tree.size:
                    raise LogError(f"the log {self.path} lacks entry {tree.size}")
                if data is not None and not logfile.is_hash_of(stored, data):
                    raise LogError(f"the log {self.path} was changed at entry {index}")
                if tuple(told) != (NOTHING if data is None else said(data)):
                    raise LogError(f"the log {self.path} would not find entry {index}")
                for node in tree.append(stored):
                    if logfile.node(db, node.level, node.place) != node.hash:
                        raise LogError(f"the log {self.path} was changed above entry {index}")
                    nodes += 1
            (kept,) = db.execute("SELECT count(*) FROM nodes").fetchone()
            retention.check(db, self.path)
        except sqlite3.Error as error:
            raise LogError(logfile.explain(self.path, error)) from error
        if kept != nodes:
            raise LogError(f"the log {self.path} has {kept} tree nodes and should have {nodes}")
        if (tree.size, tree.root()) != (self._tree.size, self._tree.root()):
            raise LogError(f"the log {self.path} does not hash to its own root")
        return Head(tree.size, tree.root())

    def _finish(self) -> None:
        """Keep the last checkpoint, and close."""
        if self._db is not None:
            with contextlib.suppress(sqlite3.Error):
                sealing.keep(self._db)
        self._shut()

    def _only_read(self, db: sqlite3.Connection) -> None:
        """Go on reading over a connection that cannot write.

        A new one would have to write beside the file before it could read, and cannot either.
        """
        with contextlib.suppress(sqlite3.Error):
            db.rollback()
        self._let_go(self._reader)
        self._db, self._reader = None, db
        self._lock.release()

    def _shut(self) -> None:
        self._let_go(self._db)
        self._let_go(self._reader)
        self._db = self._reader = None
        self._lock.release()

    @staticmethod
    def _let_go(db: sqlite3.Connection | None) -> None:
        if db is not None:
            with contextlib.suppress(sqlite3.Error):
                db.close()


__all__ = ["Head", "Leaf", "Log", "LogError", "Row"]
