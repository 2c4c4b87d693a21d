"""Contracts as rows, and what they offer: their functions, and what they answer now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from adapters.records import Contract, Function, Parameter, Reading
from console.rows import accounts, amounts, marks, sorting
from console.rows.cells import Cell, Column
from console.rows.chains import height
from console.rows.context import Context, dressed, marked, with_doubt
from console.rows.severity import Severity
from console.rows.severity import mark as severity_mark
from console.rows.values import Value

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("name", "CONTRACT", 16, least=12, flex=1, priority=10),
    Column("address", "ADDRESS", 11, priority=8),
    Column("standard", "STANDARD", 8, priority=5),
    Column("why", "STATE", 30, least=24, flex=2, priority=7),
    Column("functions", "FUNCTIONS", 16, priority=6),
    Column("balance", "BALANCE", 16, least=10, align="right", priority=4),
    Column("block", "READ AT", 9, least=7, align="right", priority=3),
    Column("chain", "CHAIN", 12, priority=1),
    Column("source", "SOURCE", 8, priority=0),
)
DEFAULT_SORT = "mark"
FIELDS = ("name", "address", "standard", "function", "why", "source")
EMPTY = "The configuration names no contract: add one to the adapter's `contracts`."
VALUES = (
    Value("name", lambda one: one.name),
    Value("address", lambda one: one.address),
    Value("chain_id", lambda one: one.chain_id, "number", also=("chain",)),
    Value("standard", lambda one: one.standard),
    Value("deployed", lambda one: one.deployed),
    Value("why", lambda one: state_text(one)),
    Value("functions", lambda one: len(one.functions), "number"),
    Value("balance", lambda one: one.balance, "wei", "wei"),
    Value("block", lambda one: one.block, "number"),
    Value("source", lambda one: one.source),
)

_SHORT = 24
"""Characters of a reading that has a place in a line on the contract."""


def cells(contract: Contract, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, since = context.store.quality(contract)
    grade = of_contract(contract)
    mark = severity_mark(grade)
    tone = mark.tone if grade is not Severity.NONE else ""
    row = (
        Cell(contract.name),
        Cell(accounts.short(contract.address), "dim"),
        Cell(contract.standard or marks.NOTHING, "dim"),
        Cell(with_doubt(state_text(contract), quality, since, context.now), tone),
        Cell(functions_text(contract), "dim"),
        Cell(amounts.brief(contract.balance), "dim"),
        Cell(height(contract.block), "dim"),
        Cell(f"eip155:{contract.chain_id}", "dim"),
        Cell(contract.source, "dim"),
    )
    return (marked(mark, quality), *dressed(row, quality))


def of_contract(contract: Contract) -> Severity:
    """Judge *contract*: critical where there is no code at its address."""
    if contract.deployed is None:
        return Severity.UNKNOWN
    if not contract.deployed:
        return Severity.CRITICAL
    failed = any(one.error for one in contract.readings)
    return Severity.DEGRADED if failed else Severity.NONE


def state_text(contract: Contract) -> str:
    """Return the contract's state in a line: what it answers now, or why it does not."""
    if contract.deployed is None:
        return "whether it is deployed is not known"
    if not contract.deployed:
        return "no code at this address"
    failed = [one for one in contract.readings if one.error]
    if failed:
        return f"{failed[0].function}: {failed[0].error}"
    told = [
        one
        for one in contract.readings
        if one.value and len(one.value) <= _SHORT and not _constant(one.function)
    ]
    told.sort(key=lambda one: not (one.value or "").isdigit())  # what counts up says most
    read = [f"{plain(one.function)} {one.value}" for one in told]
    return " · ".join(read[:3]) or "deployed"


def plain(signature: str) -> str:
    """Return the name of a function without its parameters."""
    return signature.partition("(")[0]


def _constant(function: str) -> bool:
    """Whether it is one by Solidity's convention: it says nothing of how things are now."""
    return plain(function).isupper()


def functions_text(contract: Contract) -> str:
    """Return "9 read, 6 write"."""
    reads = sum(one.reads for one in contract.functions)
    return f"{reads} read, {len(contract.functions) - reads} write"


def parameters_text(parameters: Sequence[Parameter]) -> str:
    """Return "address to, uint256 tokenId"; a parameter without a name is its type."""
    return ", ".join(" ".join(filter(None, (one.type, one.name))) for one in parameters)


def reading_of(function: Function, contract: Contract) -> Reading | None:
    """Return what *function* answers now, None where it is not among what is read."""
    for one in contract.readings:
        if one.function in (function.signature, function.name):
            return one
    return None


def reading_cell(reading: Reading) -> Cell:
    """Return what *reading* says; that nobody knows is no value."""
    if reading.error:
        return Cell(reading.error, "warn")
    return Cell("not known", "unknown") if reading.value is None else Cell(reading.value)


def ordered(contract: Contract) -> tuple[list[Function], list[Function]]:
    """Return the functions that read and those that write, each by name; what is read now comes
    first, constants last of it.
    """
    live = {one.function for one in contract.readings}

    def place(function: Function) -> tuple[bool, bool, str, str]:
        alive = function.signature in live or function.name in live
        name = function.name
        return (not alive, _constant(name), name.lower(), function.signature)

    found = sorted(contract.functions, key=place)
    return [one for one in found if one.reads], [one for one in found if not one.reads]


def sort_key(column: str) -> Callable[[Contract], Any]:
    """Return the key by which *column* sorts; the first column sorts the worst to the top."""
    keys: dict[str, Callable[[Contract], Any]] = {
        "mark": lambda one: (of_contract(one), _by_name(one)),
        "address": lambda one: (one.address.lower(), _by_name(one)),
        "standard": lambda one: (sorting.told(one.standard), _by_name(one)),
        "why": lambda one: (of_contract(one), state_text(one), _by_name(one)),
        "functions": lambda one: (-len(one.functions), _by_name(one)),
        "balance": lambda one: (sorting.known(_less(amounts.wei_of(one.balance))), _by_name(one)),
        "block": lambda one: (sorting.known(one.block), _by_name(one)),
        "chain": lambda one: (one.chain_id, _by_name(one)),
        "source": lambda one: (one.source, _by_name(one)),
    }
    return keys.get(column, _by_name)


def _less(value: int | None) -> int | None:
    """Return *value* so that the most sorts to the top."""
    return None if value is None else -value


def _by_name(contract: Contract) -> tuple[Any, ...]:
    return (sorting.natural(contract.name), contract.source)


def haystack(contract: Contract) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "name": contract.name,
        "address": contract.address,
        "standard": contract.standard,
        "function": " ".join(one.signature for one in contract.functions),
        "why": state_text(contract),
        "source": contract.source,
    }
