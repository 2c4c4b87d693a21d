"""Lets go of the content of old entries, by whole segments; what proves them stays for ever.

The hashes of retired entries, and the tree above them, are as they were: every proof and every
checkpoint holds. A leaf "segment-retired" says which entries went, with the root over their hashes.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from adapters.clock import Clock
from console.ledger.merkle import Tree
from console.station import lifecycle
from console.station.digest import canonical, instant
from console.station.logfile import LogError, damaged, node

if TYPE_CHECKING:
    from console.station.log import Log

SEGMENT: Final = 256
"""Entries of a segment: of a bundle of C2SP tlog-tiles. Its root is a node of the tree."""
_LEVEL: Final = 8
EVERY: Final = 6 * 3600.0
"""Seconds between two looks for what is old enough."""
_DAY: Final = 86_400.0

_log = logging.getLogger("colony.station")

_OLDEST = "SELECT coalesce(max(first + count), 0) FROM segments"
_BOUND = f"""SELECT min(bound) FROM (
SELECT coalesce(max(size), 0) AS bound FROM checkpoints
UNION ALL SELECT coalesce(min(idx), (SELECT size FROM head)) FROM leaves
  WHERE at >= :before AND idx >= :oldest
UNION ALL SELECT leaf FROM intents AS i WHERE (SELECT state FROM stages WHERE intent = i.id
  ORDER BY seq DESC LIMIT 1) IN ({", ".join(f"'{state.value}'" for state in lifecycle.OPEN)})
  AND NOT (EXISTS (SELECT 1 FROM stages WHERE intent = i.id AND state = 'unknown')
  AND NOT EXISTS (SELECT 1 FROM envelopes WHERE intent = i.id))
UNION ALL SELECT i.leaf FROM intents AS i JOIN records AS r ON r.intent = i.id
  WHERE r.recorder IS NULL AND r.detail = '' AND NOT EXISTS (SELECT 1 FROM records AS later
  WHERE later.intent = r.intent AND later.seq > r.seq)
UNION ALL SELECT leaf FROM glass WHERE until > :at)"""  # noqa: S608  (the states are our own)
_DOOMED = """CREATE TEMP TABLE doomed AS SELECT id FROM intents AS i WHERE leaf < :end
AND NOT EXISTS (SELECT 1 FROM stages WHERE intent = i.id AND leaf >= :end)
AND NOT EXISTS (SELECT 1 FROM approvals WHERE intent = i.id AND leaf >= :end)
AND NOT EXISTS (SELECT 1 FROM records WHERE intent = i.id AND leaf >= :end)"""
# An action and the one that wrote it down go together.
_SPARED = """DELETE FROM doomed WHERE id IN (
SELECT intent FROM records WHERE recorder NOT IN (SELECT id FROM doomed)
UNION SELECT recorder FROM records WHERE intent NOT IN (SELECT id FROM doomed))"""
_OF_ACTIONS = ("stages", "previews", "approvals", "envelopes", "receipts", "records")


class Segment(NamedTuple):
    """Entries that go: the first, how many, and the root over their hashes."""

    first: int
    size: int
    root: bytes

    @property
    def end(self) -> int:
        """The first entry that stays."""
        return self.first + self.size


def due(db: sqlite3.Connection, before: float, at: float) -> Segment | None:
    """Return what can go of what was written before the time *before*, None where nothing can.

    Only what a checkpoint that is kept covers, and only up to the first entry of an action that
    has not ended (an unknown one has not, nor one whose record is due).
    """
    ((oldest,),) = db.execute(_OLDEST).fetchall()
    ((bound,),) = db.execute(_BOUND, {"before": before, "oldest": oldest, "at": at}).fetchall()
    end = bound // SEGMENT * SEGMENT
    return Segment(oldest, end - oldest, root(db, oldest, end - oldest)) if end > oldest else None


def root(db: sqlite3.Connection, first: int, count: int) -> bytes:
    """Return the root over whole segments: a tree of the nodes that are theirs."""
    tree = Tree()
    for place in range(first // SEGMENT, (first + count) // SEGMENT):
        tree.append(node(db, _LEVEL, place) or b"")
    return tree.root()


def entry(gone: Segment, before: float, at: float) -> bytes:
    """Return the entry "segment-retired"."""
    last = gone.end - 1
    told: dict[str, Any] = {
        "v": 1,
        "event": "segment-retired",
        "at": instant(at),
        "actor": "station",
        "first": gone.first,
        "count": gone.size,
        "root": gone.root.hex(),
        "before": instant(before),
        "detail": f"the content of entries {gone.first:,} to {last:,} was let go; hashes stay",
    }
    return canonical(told)


def drop(db: sqlite3.Connection, gone: Segment, at: float, leaf: int) -> None:
    """Let the content go, in the transaction that is open; *leaf* is the entry that says so."""
    within = {"first": gone.first, "end": gone.end}
    db.execute("UPDATE leaves SET data = NULL WHERE idx >= :first AND idx < :end", within)
    db.execute("DELETE FROM said WHERE idx >= :first AND idx < :end", within)
    db.execute("DROP TABLE IF EXISTS temp.doomed")
    db.execute(_DOOMED, within)
    while db.execute(_SPARED).rowcount:
        pass
    for table in _OF_ACTIONS:
        db.execute(f"DELETE FROM {table} WHERE intent IN (SELECT id FROM doomed)")  # noqa: S608
    db.execute("DELETE FROM intents WHERE id IN (SELECT id FROM doomed)")
    db.execute("DROP TABLE temp.doomed")
    for table in ("notes", "glass"):
        db.execute(f"DELETE FROM {table} WHERE leaf < :end", within)  # noqa: S608
    db.execute("INSERT INTO segments VALUES (?, ?, ?, ?, ?)", (*gone, at, leaf))


def check(db: sqlite3.Connection, path: Path) -> None:
    """Check that what lacks its content was retired, and says so; raises `LogError`."""
    end = 0
    for first, count, digest, leaf in db.execute(
        "SELECT first, count, root, leaf FROM segments ORDER BY first"
    ).fetchall():
        rows = db.execute("SELECT data FROM leaves WHERE idx = ?", (leaf,)).fetchall()
        same = not rows or rows[0][0] is None or _says(rows[0][0], first, count, digest)
        if first != end or not same or root(db, first, count) != digest:
            raise LogError(damaged(path, f"the segment at entry {first} is not what was retired"))
        end = first + count
    lacking = "SELECT min(idx) FROM leaves WHERE (data IS NULL) != (idx < ?)"
    ((wrong,),) = db.execute(lacking, (end,)).fetchall()
    if wrong is not None:
        raise LogError(damaged(path, f"entry {wrong} lacks what it says, or was retired"))


def _says(data: object, first: object, count: object, digest: object) -> bool:
    """Whether an entry is the one on the segment of those."""
    try:
        told = json.loads(data) if isinstance(data, bytes) else {}
        return isinstance(digest, bytes) and (
            told["first"], told["count"], told["root"]
        ) == (first, count, digest.hex())  # fmt: skip
    except (ValueError, LookupError, TypeError):
        return False


async def run(log: Log, clock: Clock, days: int) -> None:
    """Let go of what is older than *days*, from time to time, until cancelled."""
    while True:
        try:
            count = await log.retire(clock.now() - days * _DAY)
            if count:
                _log.info("the content of %d entries older than %d days was let go", count, days)
        except LogError as error:
            _log.warning("nothing is let go of the log: %s", error)
        await clock.sleep(EVERY)
