"""Tokens, contracts and the ledger, each in a line of the overview."""

from __future__ import annotations

import heapq

from adapters.records import Chain, Contract, LedgerEntry, Token
from console.related import chain_order
from console.rows import (
    accounts,
    chains,
    contracts,
    heads,
    identity,
    ledger,
    numbers,
    severity,
    times,
    tokens,
)
from console.rows.cells import Cell, Tone
from console.rows.context import Context
from console.rows.findings import worst
from console.rows.identity import Identity
from console.rows.severity import Severity
from console.rows.summary import WORST_KEPT, Summary, severity_counts


def tokens_summary(context: Context) -> Summary:
    """Count the tokens by how their identity stands, say what does not hold, and who holds most."""
    found = context.store.every(Token)
    look = identity.survey(context)
    counts: list[Cell] = []
    for states in ((Identity.MATCH,), (Identity.ORPHAN, Identity.MISMATCH)):
        if number := sum(look.counts.get(state, 0) for state in states):
            shape, tone = identity.mark(states[0])
            counts.append(Cell(f"{numbers.count(number)} {shape}", tone))
    words = []
    for verdict in look.wrong[:WORST_KEPT]:
        mark = identity.mark(verdict.state)
        words.append(Cell(f"{identity.subject(verdict)} {mark.text} {verdict.why}", mark.tone))
    for holder in tokens.holders(found)[:WORST_KEPT]:
        name = accounts.who(holder.address, holder.name)
        words.append(Cell(f"{name} {numbers.count(holder.tokens)}"))
    whole = Cell(numbers.plural(len(found), "token"), "" if found else "dim")
    return Summary("tokens", "Tokens", tuple(counts) or (whole,), tuple(words))


def contracts_summary(context: Context) -> Summary:
    """Count the contracts by severity, and say what they answer, the worst first."""
    found = sorted(context.store.every(Contract), key=contracts.sort_key("mark"))
    counts = severity_counts(contracts.of_contract(one) for one in found)
    words = []
    for one in found:
        grade = contracts.of_contract(one)
        tone: Tone = "" if grade is Severity.NONE else severity.mark(grade).tone
        text = contracts.state_text(one).removeprefix("deployed · ")
        words.append(Cell(f"{one.name} {text}", tone))
    return Summary("contracts", "Contracts", counts, tuple(words))


def ledger_summary(context: Context) -> Summary:
    """Tell how far the chain is, what is final, and what happened last."""
    heads_ = sorted(context.store.every(Chain), key=lambda one: (-(one.number or 0), one.name))
    counts = []
    words = []
    for chain in heads_[:1]:
        grade = worst(heads.of_chain(chain, context.now))
        tone: Tone = "" if grade is Severity.NONE else severity.mark(grade).tone
        counts.append(Cell(f"block {chains.height(chain.number)}", tone))
        if chain.final is not None:
            words.append(Cell(f"final {chains.height(chain.final)}", "dim"))
    if len(heads_) > 1:
        words.append(Cell(numbers.plural(len(heads_), "chain"), "dim"))
    for entry in newest_entries(context, 1):
        ago = times.age(entry.at, context.now)
        text = f"{entry.event} {said(entry)}, {ago}"
        words.append(Cell(text if ago == "new" else f"{text} ago"))
    return Summary("ledger", "Ledger", tuple(counts), tuple(words), entries_lately(context))


def said(entry: LedgerEntry) -> str:
    """Return what happened, without the event's name where that stands beside it."""
    return ledger.what_text(entry).replace(f"{entry.event} ", "", 1)


def newest_entries(context: Context, most: int) -> list[LedgerEntry]:
    """Return the last *most* entries of the ledger, the newest first."""
    found = context.store.every(LedgerEntry)
    return heapq.nlargest(most, found, key=lambda one: (one.at or one.received, chain_order(one)))


def entries_lately(context: Context, bins: int = 12, span: float = 3600.0) -> tuple[float, ...]:
    """Return how many entries the ledger got in each of the last *bins* spans, oldest first.

    Empty where there are none at all. It changes when an entry comes, and once a span.
    """
    end = (context.now // span + 1) * span
    counts = [0.0] * bins
    for entry in context.store.every(LedgerEntry):
        back = (end - entry.at) // span if entry.at is not None else bins
        if 0 <= back < bins:
            counts[bins - 1 - int(back)] += 1
    return tuple(counts) if any(counts) else ()
