"""The log's entries as rows: what was written, by whom, and how far each is proved."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import Any

from adapters.records import Cosigned, LogEntry, LogHead
from console.rows import marks, numbers, sorting, times
from console.rows.cells import Cell, Column
from console.rows.context import Context, dressed, marked
from console.rows.values import Value
from console.store import Store

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("index", "ENTRY", 8, least=6, align="right", priority=8),
    Column("at", "WHEN", 10, priority=8),
    Column("event", "EVENT", 14, priority=7),
    Column("what", "WHAT HAPPENED", 34, least=20, flex=3, priority=10),
    Column("action", "ACTION", 8, priority=4),
    Column("target", "TARGET", 24, least=16, flex=1, priority=3),
    Column("who", "WHO", 12, least=7, priority=6),
    Column("proof", "PROOF", 16, least=10, priority=5),
)
DEFAULT_SORT = "index"
FIELDS = ("entry", "event", "what", "action", "target", "state", "who")
EMPTY = "Nothing was written into the log yet."
VALUES = (
    Value("entry", lambda one: one.index, "number"),
    Value("at", lambda one: one.at, "time", also=("age", "when")),
    Value("event", lambda one: one.event),
    Value("what", lambda one: what_text(one)),
    Value("action", lambda one: one.intent),
    Value("does", lambda one: one.action),
    Value("target", lambda one: one.target),
    Value("state", lambda one: one.state),
    Value("who", lambda one: one.actor),
)


class Proof(enum.IntEnum):
    """How far an entry is covered, from least to most. Each covers all that the one before does."""

    UNKNOWN = 0
    NOT_SIGNED = 1
    SIGNED = 2
    COSIGNED = 3
    ANCHORED = 4


_WORDS: Mapping[Proof, str] = {
    Proof.UNKNOWN: "not known",
    Proof.NOT_SIGNED: "not signed",
    Proof.SIGNED: "signed",
    Proof.COSIGNED: "cosigned",
    Proof.ANCHORED: "anchored",
}
_MARKS: Mapping[Proof, Cell] = {
    Proof.UNKNOWN: Cell(marks.UNKNOWN, "unknown"),
    Proof.NOT_SIGNED: Cell(marks.IDLE, "warn"),
    Proof.SIGNED: Cell("◇", "good"),
    Proof.COSIGNED: Cell("◈", "good"),
    Proof.ANCHORED: Cell("◆", "good"),
}
RETIRED = Cell("▫", "dim")
"""The shape of an entry whose content is gone; its hash, and so its proof, remains."""


def head_of(store: Store) -> LogHead | None:
    """Return where the station's log stands, None where it has not said so."""
    return next(iter(store.every(LogHead)), None)


def proof(index: int, head: LogHead | None) -> Proof:
    """Return how far the entry *index* is covered. A size covers the entries below it."""
    if head is None:
        return Proof.UNKNOWN
    if any(one.size > index for one in head.anchors):
        return Proof.ANCHORED
    if any(one.size is not None and one.size > index for one in head.witnesses):
        return Proof.COSIGNED
    return Proof.SIGNED if (head.signed or 0) > index else Proof.NOT_SIGNED


def retired(index: int, head: LogHead | None) -> bool:
    """Whether the content of the entry *index* is gone by the log's retention."""
    return head is not None and index < head.oldest


def mark(index: int, head: LogHead | None) -> Cell:
    """Return the shape and tone of an entry's proof."""
    return RETIRED if retired(index, head) else _MARKS[proof(index, head)]


def proof_text(index: int, head: LogHead | None) -> str:
    """Return how far an entry is proved, in words: "anchored", "retired, signed"."""
    words = _WORDS[proof(index, head)]
    return f"retired, {words}" if retired(index, head) else words


def proof_cell(index: int, head: LogHead | None) -> Cell:
    """Return shape and words in one cell: "◆ anchored"."""
    shape = mark(index, head)
    return Cell(f"{shape.text} {proof_text(index, head)}", shape.tone)


def cells(entry: LogEntry, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, _ = context.store.quality(entry)
    head = head_of(context.store)
    shape = mark(entry.index, head)
    row = (
        Cell(numbers.count(entry.index), "accent"),
        Cell(times.brief(entry.at, context.now)),
        Cell(entry.event or marks.NOTHING, "bad" if entry.event == "break-glass" else ""),
        Cell(what_text(entry), "bad" if entry.event == "break-glass" else ""),
        Cell(entry.intent or marks.NOTHING, "dim"),
        Cell(entry.target or marks.NOTHING, "dim"),
        Cell(entry.actor or marks.NOTHING),
        Cell(proof_text(entry.index, head), shape.tone),
    )
    return (marked(shape, quality), *dressed(row, quality))


def what_text(entry: LogEntry) -> str:
    """Return what happened in a line."""
    return entry.text or " ".join(filter(None, (entry.state, entry.action, entry.target)))


def head_cells(head: LogHead | None, now: float) -> list[Cell]:
    """Return the line on the whole log: its size and root, and how far it is proved."""
    if head is None:
        return [Cell("the station has not said how its log stands", "dim")]
    found = [
        Cell(numbers.plural(head.size, "entry", "entries")),
        Cell(f"root {head.root[:8] or marks.NOTHING}", "dim"),
        _signed(head, now),
        *_witnessed(head),
        *_anchored(head),
    ]
    if head.oldest:
        found.append(Cell(f"{RETIRED.text} {numbers.count(head.oldest)} retired", "dim"))
    for one in contradicting(head):
        told = f"{marks.BAD} the witness {one.witness} contradicts it: {one.trouble}"
        found.insert(0, Cell(told, "bad"))
    if head.mismatch:
        found.insert(0, Cell(f"{marks.BAD} a chain contradicts it: {head.mismatch}", "bad"))
    if head.trouble:
        found.insert(0, Cell(f"{marks.BAD} {head.trouble}", "bad"))
    if head.recovered:
        found.append(Cell(f"{marks.WARN} recovered: {head.recovered}", "warn"))
    return found


def contradicting(head: LogHead) -> list[Cosigned]:
    """Return the witnesses that have seen another history of the log."""
    return [one for one in head.witnesses if one.contradicts]


def _signed(head: LogHead, now: float) -> Cell:
    if not head.signed:
        return Cell(f"{marks.IDLE} not signed", "warn" if head.size else "dim")
    when = times.utc(head.signed_at, now)
    if head.signed < head.size:
        return Cell(f"{marks.WARN} signed to {numbers.count(head.signed)} {when}", "warn")
    return Cell(f"◇ signed {when}", "good")


def _witnessed(head: LogHead) -> list[Cell]:
    if not head.witnesses:
        return [Cell("no witness", "dim")]
    sizes = [one.size for one in head.witnesses if one.size]
    trouble = next((one for one in head.witnesses if one.trouble and not one.contradicts), None)
    if trouble is not None:
        told = f"{marks.WARN} witness {trouble.witness}: {trouble.trouble}"
        return [Cell(told, "warn")]
    if not sizes:
        return [Cell("no witness cosigned yet", "dim")]
    return [Cell(f"◈ {len(sizes)} of {len(head.witnesses)} witnesses to {max(sizes):,}", "good")]


def _anchored(head: LogHead) -> list[Cell]:
    if not head.anchors:
        return [Cell("no anchor", "dim")]
    last = max(head.anchors, key=lambda one: (one.size, one.at))
    return [Cell(f"◆ anchored to {last.size:,} in block {last.block:,}", "good")]


def sort_key(column: str) -> Callable[[LogEntry], Any]:
    """Return the key by which *column* sorts; the log sorts the newest to the top."""
    keys: dict[str, Callable[[LogEntry], Any]] = {
        "event": lambda one: (one.event, -one.index),
        "what": lambda one: (sorting.natural(what_text(one)), -one.index),
        "action": lambda one: (sorting.told(one.intent), -one.index),
        "target": lambda one: (sorting.told(one.target), -one.index),
        "who": lambda one: (sorting.told(one.actor), -one.index),
    }
    return keys.get(column, lambda one: -one.index)


def haystack(entry: LogEntry) -> dict[str, str]:
    """Return what the filter looks in, by field. How far it is proved is not the entry's own."""
    return {
        "entry": str(entry.index),
        "event": entry.event,
        "what": what_text(entry),
        "action": f"{entry.intent} {entry.action}",
        "target": entry.target,
        "state": entry.state,
        "who": entry.actor,
    }
