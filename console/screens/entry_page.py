"""A ledger entry's page as plain data: every decoded value and every hash, whole."""

from __future__ import annotations

from adapters.records import App, LedgerEntry
from console.rows import accounts, chains, ledger, marks, numbers, times
from console.rows.context import Context, quality_text
from console.screens.labelled import copyable, labelled
from console.widgets.spans import Row, line, rule, spread
from console.widgets.wrapped import wrapped


def entry_rows(entry: LedgerEntry, context: Context, width: int) -> list[Row]:
    """Return the page of *entry* in *width* cells."""
    rows = [*_state(entry, context, width), Row(())]
    rows += labelled("when", times.when(entry.at, context.now), "", width)
    rows += _joined(entry, context, width)
    rows += [Row(()), rule(width, line(("VALUES", "title"), (f"  {len(entry.values)}", "dim")))]
    if not entry.values:
        rows += labelled("", "none, or they could not be decoded", "dim", width)
    for one in entry.values:
        rows += copyable(one.name or "—", one.text, width)
        rows[-1] = Row((*rows[-1].line, (f"   {one.type}", "dim")), rows[-1].targets)
    rows += [Row(()), rule(width, line(("ON THE CHAIN", "title")))]
    rows += copyable("transaction", entry.transaction or marks.NOTHING, width)
    rows += labelled("log", str(entry.index), "", width)
    rows += labelled("block", chains.height(entry.block), "", width)
    rows += copyable("block hash", entry.block_hash or marks.NOTHING, width)
    chain = context.store.chain_of(entry)
    count = ledger.confirmations(entry, chain)
    said = marks.NOTHING if count is None else numbers.plural(count, "block")
    rows += labelled("confirmations", said, "", width)
    final = chain.final if chain is not None else None
    rows += labelled("final up to", f"block {chains.height(final)}" if final else "not known",
                     "" if final else "unknown", width)  # fmt: skip
    sender = accounts.whole(entry.sender, entry.sender_name)
    rows += copyable("sent by", sender, width)
    return rows


def _state(entry: LedgerEntry, context: Context, width: int) -> list[Row]:
    chain = context.store.chain_of(entry)
    mark = ledger.mark(ledger.finality(entry, chain))
    trust = quality_text(*context.store.quality(entry), context.now)
    right = line((trust, "stale") if trust else ("live", "dim"), " ")
    head = line(
        (f" {mark.text} ", mark.tone), (entry.event or "not decoded", "title"),
        (f"   {ledger.final_text(entry, chain)}", mark.tone),
    )  # fmt: skip
    said = wrapped(entry.summary, width - 1, "", indent=3) if entry.summary else []
    return [Row(spread(head, right, width)), *said]


def _joined(entry: LedgerEntry, context: Context, width: int) -> list[Row]:
    """Return the contract, the app and the token that it is about; those that are here open."""
    store = context.store
    contract = store.contract_at(entry.chain_id, entry.contract)
    name = f"{entry.namespace} {entry.contract}"
    rows = labelled("contract", name, "", width, target=contract.key if contract else None)
    found: list[App] = store.apps_called(entry.app) if entry.app else []
    if entry.app and not found:
        rows += labelled("app", entry.app, "", width, hint="no such app is here now")
    for app in found:
        text = f"{app.namespace}/{app.name}  {app.workload} of {app.source}"
        rows += labelled("app", text, "", width, target=app.key, hint="enter opens it")
    token = store.token_told(entry)
    if token is not None:
        rows += labelled("token", ledger.token_text(entry), "", width, target=token.key,
                         hint="enter opens it")  # fmt: skip
    elif entry.token:
        rows += labelled("token", ledger.token_text(entry), "", width)
    return rows
