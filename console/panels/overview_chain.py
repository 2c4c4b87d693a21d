"""The overview's pieces on the chain as plain data: tokens, contracts, the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.records import Chain, Contract, Quality, Token
from console.rows import (
    accounts,
    chains,
    contracts,
    identity,
    ledger,
    marks,
    numbers,
    severity,
    times,
    tokens,
)
from console.rows.cells import Column
from console.rows.chain_summary import newest_entries, said
from console.rows.context import Context, marked
from console.rows.gauge import FREE, pool
from console.rows.severity import Severity
from console.widgets.spans import Line, Row, fit, line, row, short
from console.widgets.tablerows import table_rows
from console.widgets.wrapped import wrapped

_LEDGER = (
    Column("mark", "", 2, priority=9),
    Column("at", "", 6, priority=8),
    Column("event", "", 12, least=10, priority=9),
    Column("summary", "", 30, least=14, flex=1, priority=10),
    Column("by", "", 11, priority=5),
)
NARROW = 60
"""Cells below which names go without their namespaces."""
OWNER = 11
"""Cells of an owner's name."""


def ledger_rows(context: Context, width: int, limit: int) -> list[Row]:
    """Return the last entries of the ledger, the newest first."""
    if not context.store.records("LedgerEntry"):
        return wrapped(chains.why_none(ledger.EMPTY, context), width, "dim")
    names = [column.key for column in ledger.COLUMNS]
    rows = []
    for entry in newest_entries(context, limit):
        cells = dict(zip(names, ledger.cells(entry, context), strict=True))
        cells["at"] = cells["at"]._replace(text=times.minute(entry.at, context.now))
        text = said(entry) if width >= NARROW else short(said(entry))
        cells["summary"] = cells["summary"]._replace(text=text)
        rows.append(([cells[column.key] for column in _LEDGER], entry.key))
    return table_rows(_LEDGER, rows, width)


def ledger_corner(context: Context, room: int) -> Line:
    """Return how far the chain is, for the frame's corner; in *room* cells only the block."""
    found = sorted(context.store.every(Chain), key=lambda one: (-(one.number or 0), one.name))
    if not found:
        return ()
    text = chains.head_text(found[0])
    if len(text) + 2 > room:
        text = text.partition(" · ")[0]
    if context.store.quality(found[0])[0] is Quality.FRESH:
        return line(text)
    return line((text, "dim"), (f" {marks.STALE}", "warn"))


def token_rows(context: Context, width: int, limit: int) -> list[Row]:
    """Return who holds how many tokens, with bars, and below whose identity does not hold."""
    found = context.store.every(Token)
    if not found:
        return wrapped(chains.why_none(tokens.EMPTY, context), width, "dim")
    wrong = _wrong(context, width, max(0, limit - 3))
    holders = tokens.holders(found)
    rows = _holders(holders, width, max(2, limit - len(wrong) - 1))
    gap = [Row(())] if wrong and len(rows) + len(wrong) < limit else []
    return [*rows, *gap, *wrong]


def _wrong(context: Context, width: int, limit: int) -> list[Row]:
    """Return whose identity does not hold, each whole, in at most *limit* lines."""
    rows: list[Row] = []
    for verdict in identity.survey(context).wrong[:limit]:
        mark = identity.mark(verdict.state)
        record = verdict.token or next(iter(verdict.apps), None)
        text = f"{identity.subject(verdict)} {verdict.why}"
        lines = wrapped(text if width >= NARROW else short(text), width - 2)
        if len(rows) + len(lines) > limit:
            break
        for number, one in enumerate(lines):
            head = (f"{mark.text} " if not number else "  ", mark.tone)
            target = record.key if record is not None and not number else None
            rows.append(row(head, *one.line, target=target))
    return rows


def _holders(holders: Sequence[tokens.Holder], width: int, most: int) -> list[Row]:
    kept = list(holders[:most]) if len(holders) <= most else list(holders[: max(1, most - 1)])
    name_width = min(OWNER, max(len(_name(one)) for one in kept))
    whole = kept[0].tokens
    room = max(4, min(24, width - name_width - 7))
    rows = []
    for one in kept:
        # A block a token where there is room, else in proportion to who has the most.
        filled = pool(one.tokens, whole, room).rstrip(FREE)
        count = f" {numbers.count(one.tokens):>5} "
        rows.append(row(fit(_name(one), name_width), count, (filled, "info"), target="tokens"))
    if len(kept) < len(holders) and most > 1:
        rest = sum(one.tokens for one in holders[len(kept) :])
        owners = numbers.plural(len(holders) - len(kept), "more owner")
        rows.append(row((f"{owners}: {numbers.count(rest)}", "dim"), target="tokens"))
    return rows


def _name(holder: tokens.Holder) -> str:
    return accounts.who(holder.address, holder.name) if holder.address else "not known"


def contract_rows(context: Context, width: int, limit: int) -> list[Row]:
    """Return the contracts with what they answer now, the worst first."""
    found = sorted(context.store.every(Contract), key=contracts.sort_key("mark"))
    if not found:
        return wrapped(chains.why_none("no contract is configured", context), width, "dim")
    names = min(16, max(len(one.name) for one in found))
    rows = []
    for one in found[:limit]:
        grade = contracts.of_contract(one)
        mark = severity.mark(grade)
        trusted = marked(mark, context.store.quality(one)[0])
        text = contracts.state_text(one).removeprefix("deployed · ")
        tone = "dim" if grade is Severity.NONE else mark.tone
        rows.append(
            row((f"{trusted.text} ", trusted.tone), fit(one.name, names), "  ", (text, tone),
                target=one.key, width=width)
        )  # fmt: skip
    return rows
