"""Accounts as rows, and addresses of a chain as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.records import Account
from console.rows import amounts, marks, numbers, sorting
from console.rows.cells import Cell, Column
from console.rows.context import Context, dressed, marked, with_doubt
from console.rows.values import Value

COLUMNS = (
    Column("mark", "", 2, priority=9),
    Column("name", "NAME", 14, least=9, priority=10),
    Column("address", "ADDRESS", 11, priority=8),
    Column("balance", "BALANCE", 18, align="right", priority=7),
    Column("nonce", "NONCE", 6, align="right", priority=3),
    Column("why", "SIGNS", 24, least=16, flex=1, priority=6),
    Column("source", "SOURCE", 10, least=8, priority=0),
)
DEFAULT_SORT = "mark"
FIELDS = ("name", "address", "signs", "source")
EMPTY = "The configuration names no account, and the node has none that can sign."
VALUES = (
    Value("name", lambda one: one.name),
    Value("address", lambda one: one.address),
    Value("chain_id", lambda one: one.chain_id, "number", also=("chain",)),
    Value("balance", lambda one: one.balance, "wei", "wei"),
    Value("nonce", lambda one: one.nonce, "number"),
    Value("signs", lambda one: one.signs),
    Value("locked", lambda one: one.locked),
    Value("source", lambda one: one.source),
)

_SHORT = 12
"""Characters up to which an address, or what passes for one, is shown whole."""


def short(address: str) -> str:
    """Return "0x5FbD…0aa3"; what is short enough stays whole, and a dash stands for none."""
    if len(address) <= _SHORT:
        return address or marks.NOTHING
    return f"{address[:6]}…{address[-4:]}"


def who(address: str, name: str = "") -> str:
    """Return who *address* is: its known name, else the short address."""
    return name or short(address)


def whole(address: str, name: str = "") -> str:
    """Return "ops  0x7099…79C8" with the address whole: what a page says."""
    return f"{name}  {address}" if name and address else name or address or marks.NOTHING


def cells(account: Account, context: Context) -> tuple[Cell, ...]:
    """Return one row, in the order of COLUMNS."""
    quality, since = context.store.quality(account)
    mark = of_account(account)
    row = (
        Cell(account.name),
        Cell(short(account.address), "dim"),
        Cell(amounts.brief(account.balance)),
        Cell(numbers.count(account.nonce), "dim"),
        Cell(with_doubt(signs_text(account), quality, since, context.now),
             mark.tone if account.signs else "dim"),
        Cell(account.source, "dim"),
    )  # fmt: skip
    return (marked(mark, quality), *dressed(row, quality))


def of_account(account: Account) -> Cell:
    """Return the mark of *account*: whether it can sign now, after a passphrase, or not."""
    if not account.signs:
        return Cell(marks.IDLE, "dim")
    return Cell(marks.BUSY, "info") if account.locked else Cell(marks.GOOD, "good")


def signs_text(account: Account) -> str:
    """Return whether *account* can sign, and what with."""
    if not account.signs:
        return "cannot sign"
    return f"{account.signs}, locked" if account.locked else f"by {account.signs}"


def sort_key(column: str) -> Callable[[Account], Any]:
    """Return the key by which *column* sorts; the first column sorts who can sign to the top."""
    keys: dict[str, Callable[[Account], Any]] = {
        "mark": lambda one: (not one.signs, one.locked, _by_name(one)),
        "address": lambda one: (one.address.lower(), _by_name(one)),
        "balance": lambda one: (_most(one), _by_name(one)),
        "nonce": lambda one: (sorting.known(one.nonce), _by_name(one)),
        "why": lambda one: (signs_text(one), _by_name(one)),
        "source": lambda one: (one.source, _by_name(one)),
    }
    return keys.get(column, _by_name)


def _by_name(account: Account) -> tuple[Any, ...]:
    return (account.chain_id, sorting.natural(account.name), account.source)


def _most(account: Account) -> sorting.Known:
    balance = amounts.wei_of(account.balance)
    return sorting.known(None if balance is None else -balance)


def haystack(account: Account) -> dict[str, str]:
    """Return what the filter looks in, by field."""
    return {
        "name": account.name,
        "address": account.address,
        "signs": signs_text(account),
        "source": account.source,
    }
