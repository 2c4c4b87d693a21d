"""Ledger entries as rows: what happened on the chain, decoded, and how final that is."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from adapters.records import Chain, LedgerEntry, Quality
from console.related import chain_order
from console.rows import accounts, marks, numbers, sorting, times
from console.rows.cells import Cell, Column, Tone
from console.rows.chains import height
from console.rows.context import Context, dressed, marked
from console.rows.values import Value

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("at", "WHEN", 10, priority=8),
    Column("block", "BLOCK", 9, least=6, align="right", priority=4),
    Column("event", "EVENT", 11, least=10, priority=9),
    Column("summary", "WHAT HAPPENED", 30, least=20, flex=3, priority=10),
    Column("app", "APP", 18, least=13, flex=1, priority=11),
    Column("by", "BY", 13, least=11, priority=6),
    Column("final", "FINALITY", 13, priority=3),
    Column("contract", "CONTRACT", 12, least=11, priority=2),
    Column("namespace", "NAMESPACE", 22, priority=1),
    Column("token", "TOKEN", 6, least=5, priority=0),
    Column("source", "SOURCE", 8, priority=0),
)
DEFAULT_SORT = "at"
FIELDS = ("app", "contract", "event", "token", "by", "block", "what", "final", "source")
EMPTY = "The contracts have emitted no event yet."
VALUES = (
    Value("at", lambda one: one.at, "time", also=("age", "when")),
    Value("block", lambda one: one.block, "number"),
    Value("block_hash", lambda one: one.block_hash),
    Value("transaction", lambda one: one.transaction),
    Value("index", lambda one: one.index, "number"),
    Value("event", lambda one: one.event),
    Value("what", lambda one: what_text(one)),
    Value("app", lambda one: one.app),
    Value("token", lambda one: one.token),
    Value("sender", lambda one: one.sender),
    Value("sender_name", lambda one: one.sender_name),
    Value("removed", lambda one: one.removed),
    Value("contract", lambda one: one.namespace),
    Value("address", lambda one: one.contract),
    Value("chain_id", lambda one: one.chain_id, "number"),
    Value("source", lambda one: one.source),
)


class Finality(enum.StrEnum):
    """How far an entry can still be taken back."""

    FINAL = "final"
    OPEN = "not final"
    REMOVED = "removed"
    UNKNOWN = "not known"


_MARKS: Mapping[Finality, Cell] = {
    Finality.FINAL: Cell(marks.GOOD, "good"),
    Finality.OPEN: Cell(marks.IDLE, "info"),
    Finality.REMOVED: Cell(marks.BAD, "bad"),
    Finality.UNKNOWN: Cell(marks.UNKNOWN, "unknown"),
}


def finality(entry: LedgerEntry, chain: Chain | None) -> Finality:
    """Return how far *entry* can still be taken back, by what its *chain* says is final."""
    if entry.removed:
        return Finality.REMOVED
    if chain is None or chain.final is None:
        return Finality.UNKNOWN
    return Finality.FINAL if entry.block <= chain.final else Finality.OPEN


def mark(state: Finality) -> Cell:
    """Return the shape and tone of *state*."""
    return _MARKS[state]


def confirmations(entry: LedgerEntry, chain: Chain | None) -> int | None:
    """Return how many blocks hold *entry*, its own counted; None where that is not known.

    A head below the entry is one that was heard before it.
    """
    if entry.removed or chain is None or chain.number is None or chain.number < entry.block:
        return None
    return chain.number - entry.block + 1


def final_text(entry: LedgerEntry, chain: Chain | None) -> str:
    """Return how final *entry* is, in words."""
    state = finality(entry, chain)
    if state is Finality.REMOVED:
        return "removed by a reorg"
    count = confirmations(entry, chain)
    if state is Finality.FINAL or count is None:
        return str(state)
    return f"{state}, {numbers.plural(count, 'block')}"


def _final(entry: LedgerEntry, chain: Chain | None) -> str:
    """Return `final_text` short: "removed", "not final, 3" with the blocks that hold it."""
    state, count = finality(entry, chain), confirmations(entry, chain)
    return f"{state}, {count}" if state is Finality.OPEN and count is not None else str(state)


def cells(entry: LedgerEntry, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, _ = context.store.quality(entry)
    if quality is Quality.NEVER:
        # The store had to let go of it, but what the chain said then it still says.
        quality = Quality.FRESH
    chain = context.store.chain_of(entry)
    state = finality(entry, chain)
    tone: Tone = "bad" if entry.removed else ""
    row = (
        Cell(times.brief(entry.at, context.now), "dim" if entry.removed else ""),
        Cell(height(entry.block), "dim"),
        Cell(entry.event or "not decoded", tone or ("" if entry.event else "unknown")),
        Cell(brief_text(entry), tone),
        Cell(app_text(entry), "" if entry.app else "dim"),
        Cell(by_text(entry)),
        Cell(_final(entry, chain), "dim" if state is Finality.FINAL else _MARKS[state].tone),
        Cell(entry.namespace, "dim"),
        Cell(entry.app.rpartition("/")[0] or marks.NOTHING, "dim"),
        Cell(token_text(entry) or marks.NOTHING, "dim"),
        Cell(entry.source, "dim"),
    )
    return (marked(_MARKS[state], quality), *dressed(row, quality))


def what_text(entry: LedgerEntry) -> str:
    """Return what happened in a line; of what a reorganisation took away, that first."""
    said = entry.summary or ", ".join(f"{one.name} {one.text}" for one in entry.values)
    return f"removed: {said}" if entry.removed else said


def brief_text(entry: LedgerEntry) -> str:
    """Return `what_text` without the event and the app in it, for where they stand beside it."""
    said = entry.summary.removeprefix(f"{entry.event} ")
    if entry.app:
        said = said.removeprefix(f"{entry.app} ")
    return what_text(msgspec.structs.replace(entry, summary=said or entry.summary))


def app_text(entry: LedgerEntry) -> str:
    """Return the name of the app that *entry* bears on, else its token's, a dash for neither."""
    return entry.app.rpartition("/")[2] or token_text(entry) or marks.NOTHING


def by_text(entry: LedgerEntry) -> str:
    """Return who sent the transaction: the known name, else the short address."""
    return accounts.who(entry.sender, entry.sender_name)


def token_text(entry: LedgerEntry) -> str:
    """Return "#3" for the token that *entry* bears on, "" for none."""
    return f"#{entry.token.rpartition('/')[2]}" if entry.token else ""


def sort_key(column: str) -> Callable[[LedgerEntry], Any]:
    """Return the key by which *column* sorts; the ledger sorts the newest to the top."""
    keys: dict[str, Callable[[LedgerEntry], Any]] = {
        "mark": lambda one: (not one.removed, _newest(one)),
        "event": lambda one: (sorting.told(one.event), _newest(one)),
        "summary": lambda one: (sorting.natural(one.summary), _newest(one)),
        "app": lambda one: (sorting.told(one.app and app_text(one)), _newest(one)),
        "namespace": lambda one: (sorting.told(one.app), _newest(one)),
        "token": lambda one: (sorting.told(token_text(one)), _newest(one)),
        "by": lambda one: (sorting.told(one.sender and by_text(one)), _newest(one)),
        "contract": lambda one: (one.namespace, _newest(one)),
        "final": lambda one: (not one.removed, _newest(one)),
        "source": lambda one: (one.source, _newest(one)),
    }
    return keys.get(column, _newest)


def _newest(entry: LedgerEntry) -> tuple[Any, ...]:
    # Of two chains the blocks say nothing of each other; within one they are the order itself.
    at = entry.at if entry.at is not None else entry.received
    block, index, seq = chain_order(entry)
    return (-at, -block, -index, entry.source, -seq, entry.name)


def haystack(entry: LedgerEntry) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "app": entry.app,
        "contract": f"{entry.namespace} {entry.contract}",
        "event": entry.event,
        "token": token_text(entry),
        "by": f"{entry.sender_name} {entry.sender}",
        "block": str(entry.block),
        "what": what_text(entry),
        "final": "removed" if entry.removed else "",
        "source": entry.source,
    }
