"""The log's roots that are on a chain: what the chain says of them, and what the log says.

The log's own side is the leaf "anchored" and its row in `anchors`, written once an anchor was found
on the chain; and of an action that anchors, the size in its draft's leaf (`anchors`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from adapters.contract import AdapterError
from adapters.records.log import Anchored
from adapters.text import clean
from console.ledger.merkle import peaks, root_at
from console.station.digest import canonical, instant
from console.station.log import Leaf, Log, Row

HOUSEKEEPING = ("anchored", "cosigned")
"""Events that say of the log alone how far it is known elsewhere: no reason to anchor it again."""

_ANCHOR = "INSERT INTO anchors VALUES (:size, :chain, :tx, :block, :at)"
_ANCHORS = "SELECT chain, size, tx, block, at FROM anchors ORDER BY at DESC, size DESC LIMIT :count"
_CHECKPOINT = "INSERT OR IGNORE INTO checkpoints VALUES (:size, :root, :note, :at)"
_SIGNED = "SELECT size, root, note, at FROM signed"
_LEAF = "SELECT hash FROM leaves WHERE idx = :place"
_NODE = "SELECT hash FROM nodes WHERE level = :level AND idx = :place"
_OF = """SELECT i.id FROM intents AS i JOIN leaves AS d ON d.idx = i.leaf
WHERE json_extract(CAST(d.data AS TEXT), '$.anchors') = :size ORDER BY i.leaf DESC LIMIT 1"""
_NEWS = f"""SELECT idx FROM (SELECT idx, CAST(data AS TEXT) AS said FROM leaves WHERE idx >= :since)
WHERE said IS NULL OR (json_extract(said, '$.event') NOT IN {HOUSEKEEPING} AND NOT EXISTS (
SELECT 1 FROM intents AS i JOIN leaves AS d ON d.idx = i.leaf
WHERE i.id = json_extract(said, '$.intent')
AND json_extract(CAST(d.data AS TEXT), '$.anchors') IS NOT NULL))
ORDER BY idx LIMIT 1"""  # noqa: S608  (the events are the program's own)
_HASH = re.compile(r"0x[0-9a-f]{64}")


class Signed(NamedTuple):
    """A signed checkpoint of the log: its size, the root over it, the note, and when."""

    size: int
    root: bytes
    note: bytes
    at: float

    @property
    def row(self) -> Row:
        """The row that keeps it."""
        return _CHECKPOINT, self._asdict()


class Found(msgspec.Struct, frozen=True):
    """One anchor, as an adapter says that the chain has it; see its query `anchors`."""

    size: int
    root: str
    block: int
    block_hash: str
    time: int | None = None
    transaction: str = ""
    final: bool | None = None

    @property
    def digest(self) -> bytes:
        """The root's 32 bytes."""
        return bytes.fromhex(self.root[2:])


class Said(msgspec.Struct, frozen=True):
    """What is anchored of a log on one chain, the oldest first."""

    chain: str
    contract: str
    anchors: tuple[Found, ...] = ()

    @property
    def last(self) -> Found | None:
        """The newest, None where there is none."""
        return self.anchors[-1] if self.anchors else None


def log_hash(origin: str) -> str:
    """Return how a contract calls the log of that origin: 64 digits."""
    return hashlib.sha256(origin.encode()).hexdigest()


def facts(origin: str, size: int, root: bytes) -> dict[str, str]:
    """Return what an action that anchors is asked to write down."""
    log = log_hash(origin)
    return {"event": "checkpoint", "log": log, "size": str(size), "root": root.hex()}


def understood(text: str) -> Said:
    """Return what an adapter answered; raises `AdapterError` where it is something else."""
    try:
        said = msgspec.json.decode(text, type=Said)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise AdapterError(f"what is anchored: {clean(str(error), 200)}") from error
    for each in said.anchors:
        right = _HASH.fullmatch(each.root) and _HASH.fullmatch(each.block_hash)
        if not right or not 0 < each.size < 1 << 63 or not 0 <= each.block < 1 << 63:
            raise AdapterError("what is anchored: an anchor that is none")
    return said


def line(said: Said, found: Found) -> str:
    """Return the anchor *found* in words: where it is, and of how much."""
    where = f"in block {found.block:,} of {clean(said.chain, 64)}"
    return f"the root of {found.size:,} entries is {where}"


def leaf(said: Said, found: Found, intent: str, at: float) -> Leaf:
    """Return the leaf that says that *found* is on the chain, put there by the action *intent*."""
    chain, contract = clean(said.chain, 64), clean(said.contract, 64)
    transaction = clean(found.transaction, 66)
    told: dict[str, Any] = {
        "v": 1,
        "event": "anchored",
        "intent": intent,
        "at": instant(at),
        "actor": "station",
        "chain": chain,
        "contract": contract,
        "size": found.size,
        "root": found.root[2:],
        "transaction": transaction,
        "block": found.block,
        "block_hash": found.block_hash,
        "detail": line(said, found),
    }
    row = {
        "size": found.size,
        "chain": chain,
        "tx": transaction,
        "block": f"{found.block} {found.block_hash}",
        "at": at,
    }
    return Leaf(canonical(told), at, ((_ANCHOR, row),))


async def read(log: Log, count: int = 10) -> tuple[Anchored, ...]:
    """Return the last anchors that the log knows of, the newest last. Raises `LogError`."""
    found = []
    for chain, size, transaction, where, at in await log.read(_ANCHORS, count=count):
        block, _, block_hash = where.partition(" ")
        found.append(Anchored(chain, size, transaction, int(block), block_hash, at))
    return tuple(reversed(found))


async def signed(log: Log) -> Signed | None:
    """Return the log's signed head, None where nothing is signed. Raises `LogError`."""
    rows = await log.read(_SIGNED)
    return Signed(*rows[0]) if rows else None


async def news(log: Log, since: int) -> bool:
    """Whether entry *since* or a later one is of anything else than anchoring. `LogError`."""
    return bool(await log.read(_NEWS, since=since))


async def intent_of(log: Log, size: int) -> str:
    """Return the last action that was to anchor the log of that *size*, "" for none. `LogError`."""
    rows = await log.read(_OF, size=size)
    return str(rows[0][0]) if rows else ""


async def root(log: Log, size: int) -> bytes:
    """Return the log's own root over its first *size* entries. Raises `LogError`."""
    hashes: Mapping[tuple[int, int], bytes] = {
        (level, place): (await log.read(_NODE if level else _LEAF, **_of(level, place)))[0][0]
        for level, place in peaks(size)
    }
    return root_at(size, lambda level, place: hashes[level, place])


def _of(level: int, place: int) -> dict[str, int]:
    return {"level": level, "place": place} if level else {"place": place}
