"""Looks through a damaged log: how far it is whole from its first entry on."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from console.ledger.merkle import Tree, leaf_hash, root_at

_UP = "SELECT idx, hash, data, at FROM leaves NOT INDEXED WHERE idx < ? ORDER BY idx"
_DOWN = "SELECT idx, hash, data FROM leaves NOT INDEXED WHERE idx > ? ORDER BY idx DESC"
_RETIRED = "SELECT max(first + count) FROM segments"
_LARGEST: Final = 2**62

Given = Sequence[Any] | Mapping[str, Any]
"""The parameters of a query."""

_STATES: Final = {
    "draft": "intents",
    "simulated": "previews",
    "requested": "approvals",
    "approved": "approvals",
    "submitted": "envelopes",
    "included": "receipts",
}
_EVENTS: Final = {"approval": "approvals", "note": "notes", "break-glass": "glass"}


class Survey(NamedTuple):
    """What is whole of a log: the tree over it, and its nodes.

    `later` is whether there is a whole entry after one that is not. `hidden` is whether the damage
    is such that there may be some that cannot be reached.
    """

    tree: Tree
    nodes: Mapping[tuple[int, int], bytes]
    later: bool
    hidden: bool

    def root(self, size: int) -> bytes:
        """Return the root over the first *size* entries, which are whole."""
        return root_at(size, lambda level, place: self.nodes[level, place])


def rows_of(data: bytes) -> set[str]:
    """Return the tables that have a row with the leaf *data*; raises `ValueError`."""
    told = json.loads(data)
    if not isinstance(told, dict):
        return set()
    event, state = told.get("event"), told.get("state")
    if event == "stage":
        return {"stages", *([_STATES[state]] if state in _STATES else [])}
    return {_EVENTS[event]} if event in _EVENTS else set()


def survey(db: sqlite3.Connection) -> Survey:
    """Look through the log in *db*, however damaged its file is."""
    tables = ("stages", *dict.fromkeys((*_STATES.values(), *_EVENTS.values())))
    rows = {
        table: {leaf for (leaf,) in readable(db, f"SELECT leaf FROM {table} NOT INDEXED")}  # noqa: S608
        for table in tables
    }
    retired = (readable(db, _RETIRED) or [(0,)])[0][0] or 0

    def whole(index: int, digest: object, data: object) -> bool:
        if not isinstance(digest, bytes) or len(digest) != 32:
            return False
        if data is None:
            return index < retired
        if not isinstance(data, bytes) or leaf_hash(data) != digest:
            return False
        try:
            return all(index in rows[table] for table in rows_of(data))
        except (ValueError, RecursionError):
            return True

    tree, nodes = Tree(), {}
    for index, digest, data, _ in _walk(db, _UP, (_LARGEST,)):
        if index != tree.size or not whole(index, digest, data):
            break
        nodes[0, index] = digest
        nodes.update({(level, place): made for level, place, made in tree.append(digest)})
    damage: list[str] = []
    later = any(
        data is not None and whole(index, digest, data)
        for index, digest, data in _walk(db, _DOWN, (tree.size,), damage)
    )
    return Survey(tree, nodes, later, bool(damage))


def entries(db: sqlite3.Connection, count: int) -> Iterator[tuple[int, bytes, bytes | None, float]]:
    """Yield the first *count* entries, which are whole, and nothing that damage puts behind."""
    yield from itertools.islice(db.execute(_UP, (count,)), count)


def readable(
    db: sqlite3.Connection, sql: str, given: Given = (), damage: list[str] | None = None
) -> list[tuple[Any, ...]]:
    """Return the rows of a query up to where the file is damaged; *damage* is told of that."""
    return list(_walk(db, sql, given, damage))


def _walk(
    db: sqlite3.Connection, sql: str, given: Given, damage: list[str] | None = None
) -> Iterator[tuple[Any, ...]]:
    try:
        yield from db.execute(sql, given)
    except sqlite3.DatabaseError as error:
        number = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if number == sqlite3.SQLITE_CORRUPT:
            if damage is not None:
                damage.append(str(error))
        # A log of an earlier version has not every table; a disk that fails is no damage.
        elif number != sqlite3.SQLITE_ERROR or "no such table" not in str(error):
            raise
