"""Chains as rows: the head, how far it is final, and how the node is heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.records import AdapterStatus, Chain, Scope, ScopeState
from console.rows import amounts, bringers, heads, marks, numbers, severity, sorting, times
from console.rows.cells import Cell, Column
from console.rows.context import Context, dressed, marked, with_doubt
from console.rows.findings import words, worst
from console.rows.values import Value

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("name", "CHAIN", 14, least=12, priority=10),
    Column("number", "BLOCK", 10, least=7, align="right", priority=9),
    Column("final", "FINAL", 10, least=7, align="right", priority=8),
    Column("age", "AGE", 5, align="right", priority=7),
    Column("fee", "BASE FEE", 12, least=9, align="right", priority=4),
    Column("how", "HEARD BY", 12, priority=6),
    Column("reorgs", "REORGS", 6, align="right", priority=5),
    Column("why", "STATE", 26, least=14, flex=2, priority=6),
    Column("client", "CLIENT", 26, least=12, flex=1, priority=3),
    Column("source", "SOURCE", 8, priority=1),
)
DEFAULT_SORT = "mark"
FIELDS = ("name", "client", "how", "why", "source")
EMPTY = NO_CHAIN = "No chain is configured: add an adapter `chain` to this colony's configuration."
VALUES = (
    Value("name", lambda one: one.name),
    Value("chain_id", lambda one: one.chain_id, "number"),
    Value("block", lambda one: one.number, "number", also=("number",)),
    Value("final", lambda one: one.final, "number"),
    Value("block_time", lambda one: one.block_time, "time", also=("age",)),
    Value("block_hash", lambda one: one.block_hash),
    Value("base_fee", lambda one: one.base_fee, "wei", "wei", also=("fee",)),
    Value("how", lambda one: one.how),
    Value("reorgs", lambda one: one.reorgs, "number"),
    Value("peers", lambda one: one.peers, "number"),
    Value("why", lambda one: state_text(one, one.received)),
    Value("client", lambda one: one.client),
    Value("source", lambda one: one.source),
)


def cells(chain: Chain, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, since = context.store.quality(chain)
    mark = of_chain(chain, context.now)
    why = with_doubt(state_text(chain, context.now), quality, since, context.now)
    row = (
        Cell(chain.name or f"eip155:{chain.chain_id}"),
        Cell(height(chain.number)),
        Cell(height(chain.final), "dim" if chain.final is None else ""),
        Cell(times.age(chain.block_time, context.now)),
        Cell(amounts.brief(chain.base_fee, 2), "dim"),
        Cell(chain.how or marks.NOTHING, "dim"),
        Cell(numbers.count(chain.reorgs), "warn" if chain.reorgs else "dim"),
        Cell(why, mark.tone if mark.tone != "good" else ""),
        Cell(chain.client or marks.NOTHING, "dim"),
        Cell(chain.source, "dim"),
    )
    return (marked(mark, quality), *dressed(row, quality))


def height(number: int | None) -> str:
    """Return a block's number with every digit, "48,211"; a dash where it is not known."""
    return marks.NOTHING if number is None else f"{number:,}"


def of_chain(chain: Chain, now: float) -> Cell:
    """Return the mark of *chain*: ▲ or ✖ where something is wrong with its head."""
    return severity.mark(worst(heads.of_chain(chain, now)))


def head_text(chain: Chain) -> str:
    """Return "block 48,211 · final 48,209"; what the node does not say is not in it."""
    parts = [f"block {height(chain.number)}"]
    if chain.final is not None:
        parts.append(f"final {height(chain.final)}")
    return " · ".join(parts)


def state_text(chain: Chain, now: float) -> str:
    """Return what there is to say of *chain* beside its numbers."""
    found = heads.of_chain(chain, now)
    parts = [words(found)] if found else []
    if chain.final is None and chain.number is not None:
        parts.append("the node does not say what is final")
    if chain.peers == 0:
        parts.append("no peers")
    return " · ".join(parts) or "live"


def sort_key(column: str) -> Callable[[Chain], Any]:
    """Return the key by which *column* sorts."""
    keys: dict[str, Callable[[Chain], Any]] = {
        "mark": lambda one: (_grade(one), _by_name(one)),
        "number": lambda one: (sorting.known(one.number), _by_name(one)),
        "final": lambda one: (sorting.known(one.final), _by_name(one)),
        "age": lambda one: (sorting.known(one.block_time), _by_name(one)),
        "reorgs": lambda one: (-one.reorgs, _by_name(one)),
        "fee": lambda one: (sorting.known(amounts.wei_of(one.base_fee)), _by_name(one)),
        "how": lambda one: (sorting.told(one.how), _by_name(one)),
        "why": lambda one: (_grade(one), state_text(one, one.received), _by_name(one)),
        "client": lambda one: (sorting.told(one.client), _by_name(one)),
        "source": lambda one: (one.source, _by_name(one)),
    }
    return keys.get(column, _by_name)


def _grade(chain: Chain) -> int:
    """Return how bad *chain* is, without the hour: rows do not change places with the time."""
    return worst(heads.of_chain(chain, chain.received))


def _by_name(chain: Chain) -> tuple[Any, ...]:
    return (sorting.natural(chain.name), chain.source)


def haystack(chain: Chain) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "name": chain.name,
        "client": chain.client,
        "how": chain.how,
        "why": state_text(chain, chain.received),
        "source": chain.source,
    }


def why_none(empty: str, context: Context) -> str:
    """Return why a table of something on a chain is empty; *empty* where there truly is nothing."""
    store = context.store
    if store.disconnected_since is not None:
        return "no connection to the station"
    sources = {chain.source for chain in store.every(Chain)}
    if not sources:
        silent = [one for one in bringers.of("Chain", context) if not one.records]
        if silent:
            return f"waiting: {bringers.silence(silent[0])}"
        return NO_CHAIN if store.every(AdapterStatus) else "nothing received yet"
    waits = [
        " ".join(filter(None, (scope.source, scope.name, str(scope.state), scope.detail)))
        for scope in store.every(Scope)
        if scope.source in sources and scope.state not in (ScopeState.LIVE, ScopeState.ABSENT)
    ]
    return f"waiting: {waits[0]}" if waits else empty
