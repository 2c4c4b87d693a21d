"""Reads the log for those who ask: pages of entries, checkpoints, proofs; never writes."""

from __future__ import annotations

from typing import Any

import msgspec

from adapters.contract import Refused
from adapters.records import LogHead
from console.feed.answers import LogCheckpoint, LogLeaf, LogPage, LogProof
from console.ledger import proofs
from console.ledger.note import Signature, signature_of
from console.ledger.note import parse as parse_note
from console.station import ledger_head
from console.station.log import Log

COUNT = 1_000
"""Entries of the longest page."""

_LEAVES = "SELECT idx, hash, data, at FROM leaves"
_SAID = "SELECT idx, hash, data, at FROM said AS s JOIN leaves USING (idx)"
_OF_SAID = {"intent", "event", "actor"}
_CLAUSES = {
    "first": "idx >= :first",
    "last": "idx <= :last",
    # Entries are nearly in the order of their times, but clocks are set: the bounds on the index
    # save the walk from an end of the log.
    "since": "at >= :since AND idx >= (SELECT min(idx) FROM leaves WHERE at >= :since)",
    "until": "at <= :until AND idx <= (SELECT max(idx) FROM leaves WHERE at <= :until)",
    "intent": "s.intent = :intent",
    "event": "s.event = :event",
    "actor": "s.actor = :actor",
}
_SIGNED = "SELECT size, note FROM signed"
_KEPT = """SELECT size, note FROM checkpoints WHERE size <= :size UNION
SELECT size, note FROM signed WHERE size <= :size ORDER BY size DESC LIMIT 1"""
_LINES = "SELECT line FROM cosignatures WHERE size = :size"
# A cross join keeps its order: a look into the index for each, and no walk through all nodes.
_NODES = """WITH wanted (level, idx) AS (VALUES {})
SELECT level, idx, hash FROM wanted CROSS JOIN nodes USING (level, idx)"""
_HASHES = "SELECT idx, hash FROM leaves WHERE idx IN ({})"


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`log.page`: which entries. Times are seconds since the epoch; `newest` counts from the end.

    `first` and `last` are the bounds of the indices, both within.
    """

    first: int | None = None
    last: int | None = None
    since: float | None = None
    until: float | None = None
    intent: str | None = None
    actor: str | None = None
    event: str | None = None
    count: int = COUNT
    newest: bool = False


class OfSize(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`log.checkpoint`: the newest, or the newest of at most that size."""

    size: int | None = None


class OfIndex(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`log.proof`."""

    index: int


async def page(log: Log, wanted: Page, head: LogHead) -> LogPage:
    """Return the entries that are *wanted*, the oldest first; raises `LogError`."""
    count = max(1, min(wanted.count, COUNT))
    given: dict[str, Any] = {
        name: getattr(wanted, name) for name in _CLAUSES if getattr(wanted, name) is not None
    }
    where = " AND ".join(_CLAUSES[name] for name in given)
    order = "DESC" if wanted.newest else "ASC"
    table = _SAID if _OF_SAID & given.keys() else _LEAVES
    query = f"{table}{' WHERE ' if where else ''}{where} ORDER BY idx {order} LIMIT :count"
    rows = await log.read(query, **given, count=count + 1)
    leaves = [leaf(*row) for row in rows[:count]]
    if wanted.newest:
        leaves.reverse()
    return LogPage(tuple(leaves), len(rows) > count, head)


def leaf(index: int, digest: bytes, data: bytes | None, at: float) -> LogLeaf:
    """Return one row of the log as it crosses the feed."""
    return LogLeaf(index, digest.hex(), at, None if data is None else data.decode())


async def checkpoint(log: Log, size: int | None) -> LogCheckpoint:
    """Return the newest signed checkpoint, of at most *size* entries, with its cosignatures.

    Raises `Refused` where none is so old, and `LogError`.
    """
    rows = await log.read(_SIGNED) if size is None else await log.read(_KEPT, size=size)
    if not rows:
        what = (
            "nothing is signed yet" if size is None else f"none of {size} entries or less is kept"
        )
        raise Refused(f"the log has no such checkpoint: {what}")
    found, note = rows[0]
    lines = [line for (line,) in await log.read(_LINES, size=found)]
    signatures: list[Signature] = [signature_of(line) for line in lines]
    whole = parse_note(bytes(note)).signed_also(*signatures)
    return LogCheckpoint(found, whole.encode().decode(), await ledger_head.keys(log))


async def proof(log: Log, index: int, head: LogHead) -> LogProof:
    """Return the proof that entry *index* is in the log; raises `Refused` and `LogError`."""
    said = await checkpoint(log, None)
    if not 0 <= index < said.size:
        raise Refused(f"the log has no entry {index}: it has {said.size}, numbered from 0")
    rows = await log.read(f"{_LEAVES} WHERE idx = :index", index=index)
    nodes = await _nodes(log, _needed(index, said.size))
    hashes = proofs.inclusion(index, said.size, lambda level, place: nodes[level, place])
    return LogProof(
        leaf(*rows[0]), tuple(each.hex() for each in hashes), said, _covered(index, head)
    )


def _covered(index: int, head: LogHead) -> tuple[str, ...]:
    """Return by what an entry is covered: signed, cosigned, anchored."""
    by: dict[str, list[int | None]] = {
        "signed": [head.signed],
        "cosigned": [each.size for each in head.witnesses],
        "anchored": [each.size for each in head.anchors],
    }
    return tuple(name for name, sizes in by.items() if any(size and size > index for size in sizes))


def _needed(index: int, size: int) -> list[tuple[int, int]]:
    """Return level and place of each node that an inclusion proof reads."""
    found: list[tuple[int, int]] = []

    def note(level: int, place: int) -> bytes:
        found.append((level, place))
        return b""

    proofs.inclusion(index, size, note)
    return found


async def _nodes(log: Log, wanted: list[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    found: dict[tuple[int, int], bytes] = {}
    leaves = [place for level, place in wanted if level == 0]
    above = [each for each in wanted if each[0]]
    if leaves:
        said = ", ".join(map(str, leaves))
        rows = await log.read(_HASHES.format(said))
        found |= {(0, place): digest for place, digest in rows}
    if above:
        said = ", ".join(f"({level}, {place})" for level, place in above)
        rows = await log.read(_NODES.format(said))
        found |= {(level, place): digest for level, place, digest in rows}
    return found
