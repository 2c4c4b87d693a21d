"""A contract's page as plain data: what it is, what it answers now, and what can be called."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.records import Contract, Function
from console.rows import amounts, chains, contracts, ledger, marks, numbers, severity
from console.rows.context import Context, quality_text
from console.screens.detail_page import section
from console.screens.labelled import copyable, labelled
from console.widgets.spans import Row, Span, Target, fit, line, line_width, rule, spread
from console.widgets.wrapped import wrapped

ENTRIES = 10
"""Ledger entries shown here; the Ledger panel has all."""


def contract_rows(
    contract: Contract, context: Context, width: int, *, acts: bool = True
) -> list[Row]:
    """Return the page of *contract* in *width* cells. Functions stand for themselves; where
    nobody may act here (*acts* is false) nothing says how one is called.
    """
    rows = [*_state(contract, context, width), Row(())]
    rows += copyable("address", contract.address or marks.NOTHING, width)
    chain = context.store.chain_of(contract)
    head = f" · {chains.head_text(chain)}" if chain is not None else ""
    rows += labelled("chain", f"eip155:{contract.chain_id}{head}", "", width)
    rows += labelled("standard", contract.standard or marks.NOTHING, "", width)
    rows += labelled("balance", amounts.amount(contract.balance), "", width)
    tokens = context.store.tokens_in(contract.chain_id, contract.address)
    if tokens:
        rows += labelled("tokens", numbers.count(tokens), "", width)
    if contract.events:
        rows += labelled("events", ", ".join(map(contracts.plain, contract.events)), "", width)
    reads, writes = contracts.ordered(contract)
    at = f"  at block {chains.height(contract.block)}" if contract.block is not None else ""
    key = context.keys.key("call")
    asks = f"  {key} asks one with arguments" * acts
    calls = f"  {key} begins a call" * acts
    rows += [Row(()), *_functions("READS", reads, contract, width, at + asks)]
    rows += [Row(()), *_functions("WRITES", writes, contract, width, calls)]
    found = context.store.ledger_at(contract.chain_id, contract.address)
    hint = (
        f"the last {ENTRIES} of {len(found)}, the Ledger panel has all"
        if len(found) > ENTRIES
        else ""
    )
    return [
        *rows, Row(()),
        *section("LEDGER", ledger, found[:ENTRIES], context, width, hint=hint),
    ]  # fmt: skip


def _state(contract: Contract, context: Context, width: int) -> list[Row]:
    mark = severity.mark(contracts.of_contract(contract))
    trust = quality_text(*context.store.quality(contract), context.now)
    right = line((trust, "stale") if trust else ("live", "dim"), " ")
    said = wrapped(contracts.state_text(contract), width - 30, mark.tone)
    head = line((f" {mark.text} ", mark.tone), *said[0].line)
    return [
        Row(spread(head, right, width)), *(Row((("   ", ""), *one.line)) for one in said[1:])
    ]  # fmt: skip


def _functions(
    title: str, functions: Sequence[Function], contract: Contract, width: int, hint: str
) -> list[Row]:
    head = line(
        (title, "title"), (f"  {len(functions)}", "dim"), (hint if functions else "", "dim")
    )
    rows = [rule(width, head)]
    if not functions:
        return [*rows, *labelled("", "none", "dim", width)]
    names = min(28, max(len(one.name) for one in functions) + 2)
    for one in functions:
        rows.append(_function(one, contract, names, width))
    return rows


def _function(one: Function, contract: Contract, names: int, width: int) -> Row:
    """Return one function in a row: its name, what it takes, and what it gives or gave."""
    takes = f"({contracts.parameters_text(one.inputs)})"
    gives = contracts.parameters_text(one.outputs)
    spans: list[Span] = [("  ", ""), (fit(one.name, names), "accent" if not one.reads else "")]
    reading = contracts.reading_of(one, contract)
    if reading is not None:
        cell = contracts.reading_cell(reading)
        spans += [(cell.text, cell.tone or "title"), (f"   {gives}", "dim")]
    else:
        spans.append((takes, ""))
        if gives:
            spans.append((f" → {gives}", "dim"))
        if one.mutability == "payable":
            spans.append(("   payable", "warn"))
    made = line(*spans)
    if line_width(made) > width:
        made = line(*spans[:2], fit(takes, max(0, width - names - 2)))
    return Row(made, (Target(0, line_width(made), one),))
